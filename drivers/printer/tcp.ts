import { connect, type Socket } from 'node:net';
import type { Clock } from '#core/clock';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { type ByteLink, type PrinterTimings, usualTimings } from './link.ts';
import { LinkPrinter, type PrinterManner } from './link-printer.ts';
import type { PrinterPort } from './port.ts';

export interface TcpPrinterOptions {
  readonly host: string;
  readonly port: number;
  readonly clock: Clock;
  readonly timings?: Partial<PrinterTimings>;
  readonly manner?: PrinterManner;
}

/**
 * A network printer (raw port, usually 9100). Each exchange has a connection of its own: such printers serve
 * one client at a time and drop idle ones, and an old connection tells nothing about the printer now.
 */
export function tcpPrinter(options: TcpPrinterOptions): PrinterPort {
  const timings = { ...usualTimings, ...options.timings };
  const { host, port, clock } = options;
  const shown = host.includes(':') ? `[${host}]` : host;
  const opener = {
    open: () => openSocket(host, port, clock, timings.connectMs),
    close: () => Promise.resolve(),
  };
  return new LinkPrinter(`tcp://${shown}:${port}`, opener, clock, timings, options.manner);
}

function openSocket(
  host: string,
  port: number,
  clock: Clock,
  connectMs: number,
): Promise<Result<ByteLink, Fault>> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true });
    const refuse = (detail: string) => {
      cancel();
      socket.destroy();
      resolve(err(fault('printer-unreachable', detail)));
    };
    const cancel = clock.after(connectMs, () => refuse('no connection in time'));
    socket.once('error', (error) => refuse(error.message));
    socket.once('connect', () => {
      cancel();
      resolve(ok(socketLink(socket)));
    });
  });
}

function socketLink(socket: Socket): ByteLink {
  let received: ((bytes: Uint8Array) => void) | undefined;
  let lost: ((detail: string) => void) | undefined;
  socket.on('data', (bytes) => received?.(bytes));
  socket.on('error', (error) => lost?.(error.message));
  socket.on('close', () => lost?.('connection closed'));
  socket.on('end', () => lost?.('connection ended by the printer'));
  return {
    write: (bytes) =>
      new Promise((resolve, reject) => {
        socket.write(bytes, (error) => (error ? reject(error) : resolve()));
      }),
    onReceived: (listener) => {
      received = listener;
    },
    onLost: (listener) => {
      lost = listener;
    },
    release: () => {
      socket.end();
      socket.unref();
    },
    destroy: () => socket.destroy(),
  };
}
