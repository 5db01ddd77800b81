import { constants } from 'node:fs';
import { access, type FileHandle, open, stat } from 'node:fs/promises';
import type { Clock } from '#core/clock';
import { delay } from '#core/clock';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { type PrinterManner, usualManner } from './link-printer.ts';
import { Lock } from './lock.ts';
import type { PrinterPort, PrinterStatus } from './port.ts';
import { buzzer, drawerPulse } from './signals.ts';

export interface FilePrinterOptions {
  /** A device file such as `/dev/usb/lp0`, or a plain file that collects the bytes. */
  readonly path: string;
  readonly clock: Clock;
  /** Deadline for a whole slip. */
  readonly transferMs?: number;
  readonly manner?: PrinterManner;
}

const RETRY_MS = 20;

/**
 * A device file. It cannot be asked, so paper is `unknown` and a slip counts as printed when the device took
 * all bytes. A missing device is never created: a plain file under /dev would swallow slips without a word.
 */
export function filePrinter(options: FilePrinterOptions): PrinterPort {
  const { path, clock } = options;
  const transferMs = options.transferMs ?? 20_000;
  const { drawer } = options.manner ?? usualManner;
  const lock = new Lock();
  let closed = false;
  const gone = () => err(fault('printer-unreachable', 'closed'));
  const send = (bytes: Uint8Array): Promise<Result<void, Fault>> =>
    lock.run(() => (closed ? Promise.resolve(gone()) : printToFile(path, bytes, clock, transferMs)));
  return {
    address: `file:${path}`,
    status: () => lock.run(() => (closed ? Promise.resolve(gone()) : fileStatus(path))),
    print: send,
    openDrawer: () =>
      drawer === undefined ? Promise.resolve(err(fault('drawer-none'))) : send(drawerPulse(drawer)),
    beep: async () => void (await send(buzzer)),
    close: () =>
      lock.run(() => {
        closed = true;
        return Promise.resolve();
      }),
  };
}

async function fileStatus(path: string): Promise<Result<PrinterStatus, Fault>> {
  const why = await unusable(path);
  return why === undefined ? ok({ online: true, paper: 'unknown', coverOpen: false }) : err(why);
}

async function unusable(path: string): Promise<Fault | undefined> {
  try {
    const found = await stat(path);
    if (isDevicePath(path) && found.isFile()) {
      return fault('printer-unreachable', 'a plain file lies in the place of the device');
    }
    await access(path, constants.W_OK);
    return undefined;
  } catch (error) {
    if (!isDevicePath(path) && codeOf(error) === 'ENOENT') return undefined;
    return fault('printer-unreachable', codeOf(error));
  }
}

async function printToFile(
  path: string,
  bytes: Uint8Array,
  clock: Clock,
  transferMs: number,
): Promise<Result<void, Fault>> {
  const why = await unusable(path);
  if (why !== undefined) return err(why);
  const create = isDevicePath(path) ? 0 : constants.O_CREAT;
  // Without O_NONBLOCK a printer without paper would hold a thread of the process for good.
  const flags = constants.O_WRONLY | constants.O_APPEND | (constants.O_NONBLOCK ?? 0) | create;
  let file: FileHandle;
  try {
    file = await open(path, flags, 0o600);
  } catch (error) {
    return err(fault('printer-unreachable', codeOf(error)));
  }
  try {
    return await writeAll(file, bytes, clock, transferMs);
  } finally {
    await file.close().catch(() => undefined);
  }
}

async function writeAll(
  file: FileHandle,
  bytes: Uint8Array,
  clock: Clock,
  transferMs: number,
): Promise<Result<void, Fault>> {
  const endMs = clock.monotonicMs() + transferMs;
  let done = 0;
  const failed = (detail: string) =>
    err(fault(done === 0 ? 'printer-unreachable' : 'printer-outcome-unknown', detail));
  while (done < bytes.length) {
    try {
      done += (await file.write(bytes, done)).bytesWritten;
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') return failed(codeOf(error));
      if (clock.monotonicMs() >= endMs) return failed('the device took no more bytes in time');
      await delay(clock, RETRY_MS);
    }
  }
  return ok(undefined);
}

function isDevicePath(path: string): boolean {
  return path.startsWith('/dev/') || path.startsWith('\\\\.\\');
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
