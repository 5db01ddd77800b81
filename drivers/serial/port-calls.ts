import { stat } from 'node:fs/promises';
import type { SerialPort } from 'serialport';
import { err, ok, type Result } from '#core/result';
import type { SerialAddress } from '#core/serial-address';
import type { ByteOpener, BytePort } from './byte-port.ts';

/** A serial port of the operating system, eight data bits, no parity, one stop bit. */
export function serialOpener(address: SerialAddress): ByteOpener {
  return { open: () => openPort(address), identity: () => fileIdentity(address.path) };
}

async function openPort(address: SerialAddress): Promise<Result<BytePort, string>> {
  try {
    // Loaded on first use: the native binding is no business of a shop without serial devices.
    const { SerialPort } = await import('serialport');
    const { path, baudRate, flow } = address;
    const byBytes = flow === 'xonxoff';
    const settings = { path, baudRate, rtscts: flow === 'rtscts', xon: byBytes, xoff: byBytes };
    const port = new SerialPort({ ...settings, autoOpen: false });
    port.on('error', () => undefined);
    return await new Promise((resolve) => {
      port.open((error) => resolve(error ? err(error.message) : ok(bytePort(port))));
    });
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error));
  }
}

function bytePort(port: SerialPort): BytePort {
  return {
    // Not waited for until it is on the wire: such a wait blocks a thread of the process for as long as the
    // device holds the line.
    write: (bytes) =>
      new Promise((resolve) => {
        if (port.isOpen) port.write(Buffer.from(bytes), (error) => resolve(error?.message));
        else resolve('the port is not open');
      }),
    close: () =>
      new Promise((resolve) => {
        port.removeAllListeners('data');
        if (port.isOpen) port.close(() => resolve());
        else resolve();
      }),
    listen: (onBytes, onClose) => {
      // This listener also keeps a read under way, without which a dead port tells nothing.
      port.on('data', onBytes);
      port.on('close', onClose);
    },
  };
}

/** Each plugging-in makes a new device file. Windows has none; there the port itself tells. */
async function fileIdentity(path: string): Promise<string | undefined> {
  try {
    const { dev, ino, rdev } = await stat(path);
    return `${dev}:${ino}:${rdev}`;
  } catch {
    return undefined;
  }
}
