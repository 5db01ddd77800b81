import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#core/clock';
import { serialCustomerDisplay } from '#drivers/customer-display/serial';
import { VirtualCustomerDisplay } from '#simulators/customer-display/virtual-display';
import { deviceOnPty } from '#simulators/pty';
import { customerDisplayContract } from './customer-display-contract.ts';

customerDisplayContract('serial, through a pseudo-terminal', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'guitai-display-'));
  const virtual = new VirtualCustomerDisplay({ clock: systemClock });
  const far = deviceOnPty(join(folder, 'display'), virtual);
  await far.plug();
  const display = serialCustomerDisplay({
    address: { path: far.path, baudRate: 19_200, flow: 'none' },
    clock: systemClock,
    columns: 20,
    charset: 'gb18030',
    retryMs: 50,
  });
  await display.start();
  return {
    display,
    lines: () => virtual.lines(),
    setPlugged: (plugged) => (plugged ? far.plug() : far.unplug()),
    stop: async () => {
      await display.stop();
      await far.unplug();
      rmSync(folder, { recursive: true, force: true });
      if (virtual.problems().length > 0) throw new Error(virtual.problems().join('; '));
    },
  };
});
