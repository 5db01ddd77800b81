import { assert } from '#core/assert';
import type { BuildProgress } from '#core/ports/agency-catalog';

/** Four times a second. */
const TELL_EVERY_MS = 250;

/** What the parent told this process on its command line. */
export function orderOf<Order>(): Order {
  return JSON.parse(process.argv[2] ?? '');
}

/** The builder's answer, once, after which its process ends. */
export function answer(message: object): void {
  assert(process.send !== undefined, 'the builder is started by fork');
  // A parent that is gone hears nothing; the process ends all the same.
  if (process.connected) process.send(message, () => process.connected && process.disconnect());
}

/** Runs `build`; what the machine refused becomes an error code, broken assumptions end the process. */
export async function machineFailure<T>(
  build: () => T | Promise<T>,
): Promise<T | { readonly kind: 'failed'; readonly detail: string }> {
  try {
    return await build();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (code === undefined) throw error;
    return { kind: 'failed', detail: code };
  }
}

/** Ends the process when its parent is gone; what it was writing is removed by the next builder. */
export function endWithParent(): void {
  process.once('disconnect', () => process.exit());
}

/** Nobody waits for a version whose parent is gone: it is given up, so that none appears unasked. */
export function parentIsGone(): boolean {
  const parent = Number(process.argv[3]);
  if (process.platform !== 'win32') return process.ppid !== parent;
  try {
    process.kill(parent, 0);
    return false;
  } catch {
    return true;
  }
}

/** Tells the parent how far the build has come; a new phase at once, the same one four times a second. */
export function progressTeller(): (progress: BuildProgress) => void {
  let toldAtMs = Number.NEGATIVE_INFINITY;
  let before = '';
  return (progress) => {
    const phase = `${progress.phase} ${progress.of}`;
    const nowMs = performance.now();
    if (phase === before && nowMs - toldAtMs < TELL_EVERY_MS) return;
    before = phase;
    toldAtMs = nowMs;
    if (process.connected) process.send?.({ progress });
  };
}
