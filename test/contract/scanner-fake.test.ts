import { FakeScanner } from '#drivers/scanner/fake';
import { scannerContract } from './scanner-contract.ts';

scannerContract('fake', async () => {
  const scanner = new FakeScanner();
  return {
    scanner,
    scan: (bytes) => scanner.scan(bytes),
    garble: () => scanner.garble(),
    setPlugged: (plugged) => scanner.setPlugged(plugged),
    stop: () => scanner.stop(),
  };
});
