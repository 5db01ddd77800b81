import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assert } from '#core/assert';
import type { Policy } from '#core/policy';
import { parsePolicy } from '#core/policy/parse';

/** Every policy document (TOML, JSON) of a folder, by name. Throws with file and place when one is wrong. */
export function readPolicyFolder(folder: string): Policy[] {
  return readdirSync(folder)
    .filter((name) => /\.(toml|json)$/i.test(name))
    .sort()
    .map((name) => {
      const read = parsePolicy(readFileSync(join(folder, name), 'utf8'));
      if (read.ok) return read.value;
      throw new Error(`${join(folder, name)}: ${read.error.fault.detail ?? 'is no policy document'}`);
    });
}

/** The documents that ship with the program: the terminal and this agency read the same files. */
export function shippedPolicyFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    assert(dirname(folder) !== folder, 'the program lies in its package');
    folder = dirname(folder);
  }
  return join(folder, 'src', 'benefits', 'documents');
}
