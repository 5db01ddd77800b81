import { pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { type Fault, fault } from '#core/fault';
import { fromHex, toHex } from '#core/hex';
import { err, ok, type Result } from '#core/result';
import type { KekKeeper } from './kek-keeper.ts';
import { moveFile, readPrivateText, replaceFile } from './safe-files.ts';

const SALT_BYTES = 16;
const SECRET_BYTES = 32;
const KEK_BYTES = 32;
/** A made secret has 256 bits and needs none of it; a secret that somebody chose does. Under 0.1 s. */
const ITERATIONS = 60_000;
/** Shorter ones are mistakes: an empty or cut file. */
const SHORTEST_SECRET = 16;

const derive = promisify(pbkdf2);

/** KEK from a secret file by PBKDF2-SM3. The file is made, 64 hex digits, when there is no key file yet. */
export function secretKeeper(path: string): KekKeeper {
  return {
    kind: 'secret',
    async create() {
      const existing = await readSecret(path);
      const secret = existing.ok && existing.value === undefined ? await makeSecret(path) : existing;
      if (!secret.ok) return secret;
      if (secret.value === undefined) return locked('secret file missing');
      const salt = Uint8Array.from(randomBytes(SALT_BYTES));
      const kek = await kekOf(secret.value, salt, ITERATIONS);
      return ok({ kek, protection: { kind: 'secret', salt: toHex(salt), iterations: ITERATIONS } });
    },
    async renew() {
      const secret = await makeSecret(nextOf(path));
      if (!secret.ok) return secret;
      const salt = Uint8Array.from(randomBytes(SALT_BYTES));
      const kek = await kekOf(secret.value, salt, ITERATIONS);
      const protection = { kind: 'secret', salt: toHex(salt), iterations: ITERATIONS } as const;
      return ok({ kek, protection, settle: () => moveFile(nextOf(path), path) });
    },
    async unsettled(protection) {
      if (protection.kind !== 'secret') return ok(undefined);
      const secret = await readSecret(nextOf(path));
      if (!secret.ok) return secret;
      if (secret.value === undefined) return ok(undefined);
      const kek = await kekOf(secret.value, fromHex(protection.salt), protection.iterations);
      return ok({ kek, settle: () => moveFile(nextOf(path), path) });
    },
    async open(protection) {
      if (protection.kind !== 'secret') return locked(`kept by ${protection.kind}, not by a secret file`);
      const secret = await readSecret(path);
      if (!secret.ok) return secret;
      if (secret.value === undefined) return locked('secret file missing');
      return ok(await kekOf(secret.value, fromHex(protection.salt), protection.iterations));
    },
  };
}

/** Where the next secret lies until the key file is written under it. */
function nextOf(path: string): string {
  return `${path}.next`;
}

/** Undefined when there is no such file. */
async function readSecret(path: string): Promise<Result<string | undefined, Fault>> {
  const read = await readPrivateText(path);
  switch (read.kind) {
    case 'none':
      return ok(undefined);
    case 'exposed':
      return locked('secret file readable by others');
    case 'unreadable':
      return locked(`secret file unreadable (${read.reason})`);
    case 'text': {
      const secret = read.text.trim();
      return secret.length < SHORTEST_SECRET ? locked('secret file too short') : ok(secret);
    }
  }
}

async function makeSecret(path: string): Promise<Result<string, Fault>> {
  const secret = toHex(randomBytes(SECRET_BYTES));
  const written = await replaceFile(path, `${secret}\n`);
  return written.ok ? ok(secret) : written;
}

async function kekOf(secret: string, salt: Uint8Array, iterations: number): Promise<Uint8Array> {
  return derive(Buffer.from(secret, 'utf8'), salt, iterations, KEK_BYTES, 'sm3');
}

function locked(detail: string): Result<never, Fault> {
  return err(fault('key-store-locked', detail));
}
