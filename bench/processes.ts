import { type ChildProcess, execFile, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assert } from '#core/assert';

/** Folder of package.json. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    assert(dirname(folder) !== folder, 'the program lies in its package');
    folder = dirname(folder);
  }
  return folder;
}

/** Runs a program in the package's folder to its end; rejects with what it wrote to standard error when it fails. */
export function run(file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      file,
      [...args],
      { cwd: packageRoot(), env: { ...process.env, ...env } },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`${file}: ${stderr.trim() || error.message}`));
      },
    );
  });
}

/** A helper process of a measure that answers each message with one message. */
export class Helper {
  readonly #child: ChildProcess;

  /** `entry` is a compiled module of this folder, for example `card-slot`. */
  constructor(entry: string, args: readonly string[], execArgv: readonly string[] = []) {
    this.#child = fork(join(packageRoot(), 'dist', 'bench', `${entry}.js`), [...args], {
      execArgv: [...execArgv],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
  }

  /** The first message that it sends of itself. */
  ready<T>(): Promise<T> {
    return new Promise((resolve, reject) => {
      const ended = () => reject(new Error('a helper of the measure ended early'));
      this.#child.once('exit', ended);
      this.#child.once('message', (message) => {
        this.#child.off('exit', ended);
        resolve(message as T);
      });
    });
  }

  ask<T>(message: object): Promise<T> {
    const answer = this.ready<T>();
    this.#child.send(message);
    return answer;
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => {
      this.#child.once('exit', resolve);
    });
    this.#child.kill('SIGKILL');
    await ended;
  }
}
