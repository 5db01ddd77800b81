import { execFile } from 'node:child_process';
import { setFlagsFromString } from 'node:v8';

/** So much bytecode a function runs before V8 optimises it; V8's own choice is 132 kB. */
const LATE_BYTES = 2_000_000;
const EARLY_BYTES = 3_000;
/** Two hundred sales: what V8 took back because it had guessed wrong is optimised a second time. */
const EARLY_STEPS = 400;

/** Sets the program's own process up, before it opens anything. */
export async function prepareProcess(): Promise<void> {
  await forbidCrashDumps();
  optimiseLate();
}

/**
 * A crash dump would hold names, numbers and keys. The limit of this process's own core file is set to zero;
 * children inherit it. Where the system has no such command (Windows, a bare container) its own rule stands.
 */
function forbidCrashDumps(): Promise<boolean> {
  if (process.platform !== 'linux') return Promise.resolve(false);
  return new Promise((resolve) => {
    execFile('prlimit', ['--pid', String(process.pid), '--core=0:0'], (error) => resolve(error === null));
  });
}

/**
 * Lets V8 optimise only what runs a great deal. It stops the program for it, 3 to 6 ms and several times that on an old
 * machine: over a day now here, now there, for functions that run a few times in a sale. A search or an import reaches
 * the mark at once all the same.
 */
export function optimiseLate(): void {
  setFlagsFromString(`--interrupt-budget=${LATE_BYTES}`);
}

/**
 * To be called at each step of a sale. The first steps of a process let V8 optimise at once what they run: left to itself
 * it would get to it after some thousand sales, which is no day's work. Then it is late again, for good.
 */
export function optimiseFirstSteps(): () => void {
  let steps = 0;
  return () => {
    steps += 1;
    if (steps === 1) setFlagsFromString(`--interrupt-budget=${EARLY_BYTES}`);
    if (steps === EARLY_STEPS) optimiseLate();
  };
}
