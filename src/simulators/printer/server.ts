import { createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '#core/clock';
import { type DrawerPulse, VirtualPrinterEngine, type VirtualSlip } from './engine.ts';

export interface VirtualPrinterOptions {
  /** 0 takes a free port. */
  readonly port: number;
  readonly clock: Clock;
  readonly host?: string;
  /** 48 (80 mm, default) or 32 (58 mm). */
  readonly columns?: number;
  readonly answersInOrder?: boolean;
}

export interface VirtualPrinter {
  readonly port: number;
  /** The printer itself, for faults finer than those below. */
  readonly engine: VirtualPrinterEngine;
  /** Oldest first; the last 200. */
  slips(): readonly VirtualSlip[];
  onSlip(listener: (slip: VirtualSlip) => void): () => void;
  /** Text of a slip, or undefined when there is none with this id. */
  slipText(id: string): string | undefined;
  /** Each opening of the cash drawer, oldest first. */
  drawerPulses(): readonly DrawerPulse[];
  onDrawer(listener: (pulse: DrawerPulse) => void): () => void;
  setPaperOut(out: boolean): void;
  setPaperLow(low: boolean): void;
  setCoverOpen(open: boolean): void;
  /** Cable and power pulled: connections break, nothing listens. Plugged in again it has the same port. */
  setUnplugged(unplugged: boolean): Promise<void>;
  /** The next connection breaks after this many bytes were received. */
  breakAfterBytes(count: number): void;
  /** Takes bytes and never answers. */
  setMute(mute: boolean): void;
  state(): { readonly paperOut: boolean; readonly coverOpen: boolean; readonly unplugged: boolean };
  stop(): Promise<void>;
}

/** Starts a printer on a TCP port of this machine; rejects when the port is taken. */
export async function startVirtualPrinter(options: VirtualPrinterOptions): Promise<VirtualPrinter> {
  const engine = new VirtualPrinterEngine(options);
  const line = new PrinterLine(engine, options.host ?? '127.0.0.1');
  const port = await line.listen(options.port);
  let unplugged = false;
  const setUnplugged = async (wanted: boolean): Promise<void> => {
    if (wanted === unplugged) return;
    unplugged = wanted;
    if (wanted) {
      await line.close();
      engine.powerCycle();
    } else await line.listen(port);
  };
  return {
    port,
    engine,
    slips: () => engine.slips(),
    onSlip: (listener) => engine.onSlip(listener),
    slipText: (id) => engine.slips().find((slip) => slip.id === id)?.text,
    drawerPulses: () => engine.drawerPulses(),
    onDrawer: (listener) => engine.onDrawer(listener),
    setPaperOut: (out) => engine.setPaper(out ? 'out' : 'ok'),
    setPaperLow: (low) => engine.setPaper(low ? 'low' : 'ok'),
    setCoverOpen: (open) => engine.setCoverOpen(open),
    setUnplugged,
    breakAfterBytes: (count) => {
      line.breakAfterBytes = count;
    },
    setMute: (mute) => {
      line.mute = mute;
    },
    state: () => ({ paperOut: engine.state.paper === 'out', coverOpen: engine.state.coverOpen, unplugged }),
    stop: () => line.close(),
  };
}

/** The network side. Like real ones it serves one client at a time; others wait for their turn. */
class PrinterLine {
  readonly #engine: VirtualPrinterEngine;
  readonly #host: string;
  #server: Server | undefined;
  #sockets = new Set<Socket>();
  #waiting: Socket[] = [];
  #serving: Socket | undefined;
  breakAfterBytes: number | undefined;
  mute = false;

  constructor(engine: VirtualPrinterEngine, host: string) {
    this.#engine = engine;
    this.#host = host;
  }

  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const server = createServer({ noDelay: true, pauseOnConnect: true }, (socket) => this.#welcome(socket));
      server.once('error', reject);
      server.listen(port, this.#host, () => {
        this.#server = server;
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : port);
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      const server = this.#server;
      this.#server = undefined;
      this.#waiting = [];
      for (const socket of this.#sockets) socket.destroy();
      if (server === undefined) resolve();
      else server.close(() => resolve());
    });
  }

  #welcome(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#waiting = this.#waiting.filter((one) => one !== socket);
      if (this.#serving === socket) this.#serving = undefined;
      this.#serveNext();
    });
    this.#waiting.push(socket);
    this.#serveNext();
  }

  #serveNext(): void {
    if (this.#serving !== undefined) return;
    const socket = this.#waiting.shift();
    if (socket === undefined) return;
    this.#serving = socket;
    const stream = this.#engine.connect((bytes) => {
      if (!this.mute && socket.writable) socket.write(bytes);
    });
    socket.on('data', (bytes) => {
      const left = this.breakAfterBytes;
      if (left === undefined || bytes.length < left) {
        if (left !== undefined) this.breakAfterBytes = left - bytes.length;
        stream.receive(bytes);
        return;
      }
      stream.receive(bytes.subarray(0, left));
      this.breakAfterBytes = undefined;
      socket.destroy();
    });
    socket.on('close', () => stream.end());
    socket.resume();
  }
}
