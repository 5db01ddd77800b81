import { execFile } from 'node:child_process';

/**
 * A crash dump would hold names, numbers and keys. The limit of this process's own core file is set to zero;
 * children inherit it. Where the system has no such command (Windows, a bare container) its own rule stands.
 */
export function forbidCrashDumps(): Promise<boolean> {
  if (process.platform !== 'linux') return Promise.resolve(false);
  return new Promise((resolve) => {
    execFile('prlimit', ['--pid', String(process.pid), '--core=0:0'], (error) => resolve(error === null));
  });
}
