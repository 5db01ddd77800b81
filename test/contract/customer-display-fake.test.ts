import { FakeCustomerDisplay } from '#drivers/customer-display/fake';
import { customerDisplayContract } from './customer-display-contract.ts';

customerDisplayContract('fake', async () => {
  const display = new FakeCustomerDisplay(20, 'gb18030');
  await display.start();
  return {
    display,
    lines: () => display.lines(),
    setPlugged: (plugged) => display.setPlugged(plugged),
    stop: () => display.stop(),
  };
});
