import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { systemClock } from '#core/clock';

/** A far end of a pseudo-terminal: whatever speaks bytes. */
export interface ByteDevice {
  connect(send: (bytes: Uint8Array) => void): { receive(bytes: Uint8Array): void; end(): void };
}

/** A device on a real pseudo-terminal (伪终端); Node makes none, so socat owns it. */
export interface DeviceOnPty {
  /** What a serial driver opens. */
  readonly path: string;
  /** Rejects when socat is not installed or makes no terminal within five seconds. */
  plug(): Promise<void>;
  unplug(): Promise<void>;
}

const PLUG_MS = 5_000;
const LOOK_EVERY_MS = 5;

/** Puts a device behind the path when it is plugged in. */
export function deviceOnPty(path: string, device: ByteDevice): DeviceOnPty {
  let socat: ChildProcess | undefined;
  const unplug = async (): Promise<void> => {
    const running = socat;
    socat = undefined;
    if (running?.pid === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const gone = once(running, 'exit');
    running.kill('SIGTERM');
    await gone;
    rmSync(path, { force: true });
  };
  const plug = async (): Promise<void> => {
    if (socat !== undefined) return;
    const started = spawn('socat', [`PTY,link=${path},raw,echo=0`, 'STDIO'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    socat = started;
    let failed: string | undefined;
    started.once('error', (error) => {
      failed = error.message;
    });
    started.stdin.on('error', () => undefined);
    const far = device.connect((bytes) => {
      if (socat === started) started.stdin.write(bytes);
    });
    started.stdout.on('data', (bytes: Buffer) => far.receive(bytes));
    started.once('close', () => far.end());
    const endMs = systemClock.monotonicMs() + PLUG_MS;
    while (!existsSync(path)) {
      if (failed === undefined && started.exitCode === null && systemClock.monotonicMs() < endMs) {
        await new Promise<void>((resolve) => void systemClock.after(LOOK_EVERY_MS, resolve));
        continue;
      }
      await unplug();
      throw new Error(`socat made no pseudo-terminal: ${failed ?? 'no reason given'}`);
    }
  };
  return { path, plug, unplug };
}
