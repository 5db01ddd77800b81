import { systemClock } from '#core/clock';
import { hidScanner } from '#drivers/scanner/hid';
import { SimulatedHidScanner } from '#simulators/scanner/hid-scanner';
import { scannerContract } from './scanner-contract.ts';

scannerContract('HID POS, by reports', async () => {
  const device = new SimulatedHidScanner();
  const { vendorId, productId, access } = device;
  const scanner = hidScanner({ vendorId, productId, clock: systemClock, access, lookMs: 20 });
  return {
    scanner,
    // No symbology, so that texts are compared as the other kinds send them.
    scan: (bytes) => device.scan(bytes, '\0\0\0'),
    garble: () => device.send(Uint8Array.from([2, 200, 0x5d, 0x45, 0x30, 0x36])),
    setPlugged: (plugged) => device.setPlugged(plugged),
    stop: () => scanner.stop(),
  };
});
