import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PLACES = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so',
];

/** Library of SoftHSM2 (Debian package softhsm2), undefined where it is not installed. */
export const softTokenLibrary: string | undefined = PLACES.find((place) => existsSync(place));

export interface SoftToken {
  readonly library: string;
  readonly token: string;
  readonly pin: string;
  /** Takes the token away, as a pulled Ukey is; `putBack` undoes it. */
  pull(): void;
  putBack(): void;
  remove(): void;
}

/** A software token of its own in a temporary folder; this process sees no other while it exists. */
export function makeSoftToken(): SoftToken {
  if (softTokenLibrary === undefined) throw new Error('SoftHSM is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'guitai-token-'));
  const configuration = (tokens: string): string => {
    const path = join(folder, `${tokens}.conf`);
    mkdirSync(join(folder, tokens));
    writeFileSync(
      path,
      `directories.tokendir = ${join(folder, tokens)}\nobjectstore.backend = file\nlog.level = ERROR\n`,
    );
    return path;
  };
  const own = configuration('tokens');
  const empty = configuration('empty');
  const before = process.env['SOFTHSM2_CONF'];
  process.env['SOFTHSM2_CONF'] = own;
  const [token, pin] = ['guitai test token', '98765432'];
  const pins = ['--pin', pin, '--so-pin', '87654321'];
  execFileSync('softhsm2-util', ['--init-token', '--free', '--label', token, ...pins], { stdio: 'pipe' });
  return {
    library: softTokenLibrary,
    token,
    pin,
    pull: () => {
      process.env['SOFTHSM2_CONF'] = empty;
    },
    putBack: () => {
      process.env['SOFTHSM2_CONF'] = own;
    },
    remove: () => {
      if (before === undefined) delete process.env['SOFTHSM2_CONF'];
      else process.env['SOFTHSM2_CONF'] = before;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
