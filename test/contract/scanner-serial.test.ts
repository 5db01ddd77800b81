import { systemClock } from '#core/clock';
import { serialScanner } from '#drivers/scanner/serial';
import { SerialPeer } from '../helpers/serial-peer.ts';
import { scannerContract } from './scanner-contract.ts';

for (const [name, end] of [
  ['CR', '\r'],
  ['CR LF', '\r\n'],
] as const) {
  scannerContract(`serial, through a pseudo-terminal, ended by ${name}`, async () => {
    const peer = new SerialPeer();
    const address = { path: peer.path, baudRate: 9600, flow: 'none' } as const;
    const scanner = serialScanner({ address, clock: systemClock, retryMs: 30 });
    return {
      scanner,
      scan: (bytes) => peer.send(Buffer.concat([bytes, Buffer.from(end)])),
      // Neither UTF-8 nor GB18030.
      garble: () => peer.send(Buffer.from([0xff, 0xff, 0x80, 0xff, ...Buffer.from(end)])),
      setPlugged: (plugged) => (plugged ? peer.plug() : peer.unplug()),
      stop: async () => {
        await scanner.stop();
        await peer.stop();
      },
    };
  });
}
