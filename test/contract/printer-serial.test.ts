import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#core/clock';
import { serialPrinter } from '#drivers/printer/serial';
import { VirtualPrinterEngine } from '#simulators/printer/engine';
import { printerContract } from './printer-contract.ts';

const timings = { connectMs: 2_000, answerMs: 500, transferMs: 5_000, confirmMs: 500 };

/** A printer at the far end of a real pseudo-terminal: socat owns the terminal, the engine its other side. */
class SerialPeer {
  readonly path: string;
  readonly engine = new VirtualPrinterEngine({ clock: systemClock });
  readonly #folder = mkdtempSync(join(tmpdir(), 'guitai-serial-'));
  #socat: ChildProcess | undefined;
  /** A line that broke by itself goes in its own time: a new one comes only when its name is gone. */
  #going: Promise<void> = Promise.resolve();
  mute = false;
  breakAfterBytes: number | undefined;

  constructor() {
    this.path = join(this.#folder, 'port');
  }

  async plug(): Promise<void> {
    await this.#going;
    if (this.#socat !== undefined) return;
    const socat = spawn('socat', [`PTY,link=${this.path},raw,echo=0`, 'STDIO'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#socat = socat;
    const stream = this.engine.connect((bytes) => {
      if (!this.mute && this.#socat === socat) socat.stdin?.write(bytes);
    });
    socat.stdin?.on('error', () => undefined);
    socat.stdout?.on('data', (bytes: Buffer) => {
      const left = this.breakAfterBytes;
      if (left === undefined) stream.receive(bytes);
      else if (bytes.length < left) {
        this.breakAfterBytes = left - bytes.length;
        stream.receive(bytes);
      } else {
        this.breakAfterBytes = undefined;
        stream.receive(bytes.subarray(0, left));
        void this.unplug();
      }
    });
    const endMs = performance.now() + 5_000;
    while (!existsSync(this.path)) {
      if (performance.now() > endMs) throw new Error('socat made no pseudo-terminal within 5 s');
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  unplug(): Promise<void> {
    const socat = this.#socat;
    this.#socat = undefined;
    if (socat !== undefined) this.#going = this.#end(socat);
    return this.#going;
  }

  async #end(socat: ChildProcess): Promise<void> {
    const gone = once(socat, 'exit');
    socat.kill('SIGTERM');
    await gone;
    rmSync(this.path, { force: true });
    this.engine.powerCycle();
  }

  async stop(): Promise<void> {
    await this.unplug();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

printerContract('serial, through a pseudo-terminal', async () => {
  const peer = new SerialPeer();
  await peer.plug();
  const { engine, path } = peer;
  const printer = serialPrinter({ path, baudRate: 115_200, flow: 'none', clock: systemClock, timings });
  return {
    printer,
    setPaper: (paper) => engine.setPaper(paper),
    setCoverOpen: (open) => engine.setCoverOpen(open),
    setOnline: (online) => engine.setOnline(online),
    setPlugged: (plugged) => (plugged ? peer.plug() : peer.unplug()),
    setMute: (mute) => {
      peer.mute = mute;
    },
    breakAfterBytes: (count) => {
      peer.breakAfterBytes = count;
    },
    slipTexts: () => engine.slips().map((slip) => slip.text),
    drawerPulses: () => engine.drawerPulses().length,
    beeps: () => engine.beeps,
    stop: async () => {
      await printer.close();
      await peer.stop();
    },
  };
});
