import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The far end of a real pseudo-terminal: socat owns the terminal, `onBytes` and `send` are its other side. */
export class SerialPeer {
  readonly path: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'guitai-serial-'));
  #socat: ChildProcess | undefined;
  onBytes: (bytes: Uint8Array) => void = () => undefined;

  constructor() {
    this.path = join(this.#folder, 'port');
  }

  async plug(): Promise<void> {
    if (this.#socat !== undefined) return;
    const socat = spawn('socat', [`PTY,link=${this.path},raw,echo=0`, 'STDIO'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#socat = socat;
    socat.stdin?.on('error', () => undefined);
    socat.stdout?.on('data', (bytes: Buffer) => {
      if (this.#socat === socat) this.onBytes(bytes);
    });
    await until(() => existsSync(this.path), 'socat made no pseudo-terminal');
  }

  send(bytes: Uint8Array): void {
    this.#socat?.stdin?.write(bytes);
  }

  /** Stops the reader of the far side: the line's own buffers then fill up. */
  hold(held: boolean): void {
    this.#socat?.kill(held ? 'SIGSTOP' : 'SIGCONT');
  }

  async unplug(): Promise<void> {
    const socat = this.#socat;
    this.#socat = undefined;
    if (socat === undefined) return;
    const gone = once(socat, 'exit');
    socat.kill('SIGKILL');
    await gone;
    rmSync(this.path, { force: true });
  }

  async stop(): Promise<void> {
    await this.unplug();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Waits for a condition with a deadline. */
export async function until(holds: () => boolean, what: string, withinMs = 8_000): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > endMs) throw new Error(`${what} within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
