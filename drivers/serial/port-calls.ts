import { stat } from 'node:fs/promises';
import type { SerialPort } from 'serialport';
import type { Clock } from '#core/clock';
import { err, ok, type Result } from '#core/result';
import type { SerialAddress } from '#core/serial-address';

const CLOSE_MS = 1_000;

/** Opens a port within `openMs`; the error says why not. A port that opens too late is closed again. */
export function openPort(
  address: SerialAddress,
  clock: Clock,
  openMs: number,
): Promise<Result<SerialPort, string>> {
  return new Promise((resolve) => {
    let late = false;
    const cancel = clock.after(openMs, () => {
      late = true;
      resolve(err('the port did not open in time'));
    });
    void tryToOpen(address).then((opened) => {
      cancel();
      if (late && opened.ok) void closePort(opened.value, clock);
      resolve(opened);
    });
  });
}

async function tryToOpen(address: SerialAddress): Promise<Result<SerialPort, string>> {
  try {
    // Loaded on first use: the native binding is no business of a shop without serial devices.
    const { SerialPort } = await import('serialport');
    const { path, baudRate, flow } = address;
    const byBytes = flow === 'xonxoff';
    const settings = { path, baudRate, rtscts: flow === 'rtscts', xon: byBytes, xoff: byBytes };
    const port = new SerialPort({ ...settings, autoOpen: false });
    port.on('error', () => undefined);
    return await new Promise((resolve) => {
      port.open((error) => resolve(error ? err(error.message) : ok(port)));
    });
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error));
  }
}

/** Closes a port; ends after one second at the latest, whatever the driver does. */
export function closePort(port: SerialPort, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(CLOSE_MS, resolve);
    const done = () => {
      cancel();
      resolve();
    };
    port.removeAllListeners('data');
    if (port.isOpen) port.close(done);
    else done();
  });
}

/**
 * Hands bytes to the operating system; answers why that failed, or undefined. It does not wait until they are
 * on the wire: such a wait blocks a thread of the process for as long as the device holds the line.
 */
export function writePort(
  port: SerialPort,
  bytes: Uint8Array,
  clock: Clock,
  writeMs: number,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    if (!port.isOpen) {
      resolve('the port is not open');
      return;
    }
    const cancel = clock.after(writeMs, () => resolve('the device took no bytes in time'));
    port.write(Buffer.from(bytes), (error) => {
      cancel();
      resolve(error ? error.message : undefined);
    });
  });
}

/** What tells one device file from the next under the same name; undefined where there are no such files. */
export async function nodeIdentity(path: string): Promise<string | undefined> {
  try {
    const { dev, ino, rdev } = await stat(path);
    return `${dev}:${ino}:${rdev}`;
  } catch {
    return undefined;
  }
}
