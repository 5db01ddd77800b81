import type { SerialPort } from 'serialport';
import type { Clock } from '#core/clock';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import type { SerialAddress } from '#core/serial-address';
import { type ByteLink, type PrinterTimings, usualTimings, withDeadline } from './link.ts';
import { type LinkOpener, LinkPrinter, type PrinterManner } from './link-printer.ts';
import type { PrinterPort } from './port.ts';

export interface SerialPrinterOptions extends SerialAddress {
  readonly clock: Clock;
  readonly timings?: Partial<PrinterTimings>;
  readonly manner?: PrinterManner;
}

const CLOSE_MS = 1_000;

/**
 * A printer on a serial port. The port stays open between slips, since opening it resets some printers; it is
 * dropped and opened anew after any failure, since a dead line sends no close event.
 */
export function serialPrinter(options: SerialPrinterOptions): PrinterPort {
  const timings = { ...usualTimings, ...options.timings };
  const opener = new SerialOpener(options, timings.connectMs);
  return new LinkPrinter(`serial:${options.path}`, opener, options.clock, timings, options.manner);
}

class SerialOpener implements LinkOpener {
  readonly #options: SerialPrinterOptions;
  readonly #connectMs: number;
  #port: SerialPort | undefined;

  constructor(options: SerialPrinterOptions, connectMs: number) {
    this.#options = options;
    this.#connectMs = connectMs;
  }

  async open(): Promise<Result<ByteLink, Fault>> {
    const { clock } = this.#options;
    if (this.#port?.isOpen) return ok(this.#link(this.#port));
    return withDeadline(this.#openPort(), clock, this.#connectMs, 'the port did not open in time');
  }

  async close(): Promise<void> {
    const port = this.#port;
    this.#port = undefined;
    if (port !== undefined) await this.#shut(port);
  }

  async #openPort(): Promise<Result<ByteLink, Fault>> {
    // Loaded on first use: the native binding is no business of a shop with a network printer.
    const { SerialPort } = await import('serialport');
    const { path, baudRate, flow } = this.#options;
    const byBytes = flow === 'xonxoff';
    const settings = { path, baudRate, rtscts: flow === 'rtscts', xon: byBytes, xoff: byBytes };
    return new Promise((resolve) => {
      const port = new SerialPort({ ...settings, autoOpen: false });
      port.on('error', () => undefined);
      port.open((error) => {
        if (error) {
          resolve(err(fault('printer-unreachable', error.message)));
          return;
        }
        this.#port = port;
        // Answers to an earlier, abandoned question must not be taken for today's.
        port.flush(() => resolve(ok(this.#link(port))));
      });
    });
  }

  #link(port: SerialPort): ByteLink {
    let onData: ((bytes: Uint8Array) => void) | undefined;
    let onClose: (() => void) | undefined;
    return {
      write: (bytes) =>
        new Promise((resolve, reject) => {
          port.write(Buffer.from(bytes), (error) => {
            if (error) reject(error);
            else port.drain((drainError) => (drainError ? reject(drainError) : resolve()));
          });
        }),
      onReceived: (listener) => {
        if (onData !== undefined) port.off('data', onData);
        onData = listener;
        if (listener !== undefined) port.on('data', listener);
      },
      onLost: (listener) => {
        if (onClose !== undefined) port.off('close', onClose);
        onClose = listener === undefined ? undefined : () => listener('the port was closed');
        if (onClose !== undefined) port.on('close', onClose);
      },
      release: () => undefined,
      destroy: () => {
        if (this.#port === port) this.#port = undefined;
        void this.#shut(port);
      },
    };
  }

  #shut(port: SerialPort): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(CLOSE_MS, () => resolve());
      port.close(() => {
        cancel();
        resolve();
      });
    });
  }
}
