import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { type Fault, fault } from '#core/fault';
import { fromHex, toHex } from '#core/hex';
import { err, ok, type Result } from '#core/result';
import { createSealer, type Sealer } from '#core/seal';
import { isPrivateKey, sm2KeyId, sm2PublicKey } from '#core/sm2';
import type { HeldKey } from './key-ring.ts';

/** Which form of file this program writes and reads. */
const VERSION = 1;

const hex = z.string().regex(/^(?:[0-9A-F]{2})*$/);
const protectionForm = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('secret'),
    salt: hex.length(32),
    /** Bounds keep a changed file from making the start endless or the secret guessable. */
    iterations: z.number().int().min(10_000).max(2_000_000),
  }),
  z.strictObject({
    kind: z.literal('pkcs11'),
    token: z.string().min(1),
    method: z.enum(['aes', 'rsa']),
    /** IV of `aes`, empty for `rsa`. */
    iv: hex,
    wrapped: hex,
  }),
]);
/** How the file's own key (key encryption key, KEK) is come by. */
export type Protection = z.infer<typeof protectionForm>;

const bodyForm = z.strictObject({
  version: z.literal(VERSION),
  protection: protectionForm,
  /** Tells a wrong secret from a changed file. */
  keyCheck: hex.length(32),
  root: hex,
  keys: z.array(
    z.strictObject({
      keyId: hex.length(16),
      publicKey: hex.length(130),
      createdAtMs: z.number().int(),
      state: z.enum(['new', 'enrolled', 'retired', 'revoked']),
      wrapped: hex,
    }),
  ),
});
type Body = z.infer<typeof bodyForm>;

const fileForm = z.strictObject({ body: bodyForm, checksum: hex.length(64), seal: hex.length(64) });

/** What stands in a key file that parses; nothing of it is trusted before `openKeyFile`. */
export interface KeyFile {
  readonly body: Body;
  readonly seal: string;
}

export interface KeyFileContent {
  /** 32 bytes. */
  readonly root: Uint8Array;
  readonly keys: readonly HeldKey[];
}

/** Text of a key file: keys sealed one by one under the KEK, and all of it under one seal. */
export function writeKeyFile(kek: Uint8Array, protection: Protection, content: KeyFileContent): string {
  const sealer = createSealer(kek);
  const body: Body = {
    version: VERSION,
    protection,
    keyCheck: keyCheckOf(kek),
    root: toHex(sealer.sealBytes(content.root, 'root')),
    keys: content.keys.map(({ keyId, publicKey, createdAtMs, state, privateKey }) => ({
      keyId,
      publicKey,
      createdAtMs,
      state,
      wrapped: toHex(sealer.sealBytes(privateKey, `key.${keyId}`)),
    })),
  };
  return `${JSON.stringify({ body, checksum: checksumOf(body), seal: sealOf(kek, body) }, undefined, 2)}\n`;
}

/** Fault `key-store-damaged` for any text that was not written by `writeKeyFile`, or changed by accident. */
export function parseKeyFile(text: string): Result<KeyFile, Fault> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return damaged('not JSON');
  }
  const newer = z.object({ body: z.object({ version: z.number().gt(VERSION) }) }).safeParse(json);
  if (newer.success) return err(fault('key-store-locked', `file of version ${newer.data.body.version}`));
  const parsed = fileForm.safeParse(json);
  if (!parsed.success) return damaged('not a key file');
  const { body, checksum, seal } = parsed.data;
  if (checksumOf(body) !== checksum) return damaged('checksum does not fit');
  return ok({ body, seal });
}

/** Faults `key-store-locked` (another KEK) and `key-store-damaged` (changed on purpose). */
export function openKeyFile(kek: Uint8Array, { body, seal }: KeyFile): Result<KeyFileContent, Fault> {
  if (!equalHex(body.keyCheck, keyCheckOf(kek))) return err(fault('key-store-locked', 'secret does not fit'));
  if (!equalHex(seal, sealOf(kek, body))) return damaged('seal does not fit');
  const sealer = createSealer(kek);
  const root = sealer.openBytes(fromHex(body.root), 'root');
  if (!root.ok || root.value.length !== 32) return damaged('root key');
  const keys: HeldKey[] = [];
  for (const entry of body.keys) {
    const key = openKey(sealer, entry);
    if (!key.ok) return key;
    keys.push(key.value);
  }
  return ok({ root: root.value, keys });
}

function openKey(sealer: Sealer, entry: Body['keys'][number]): Result<HeldKey, Fault> {
  const { wrapped, ...rest } = entry;
  const opened = sealer.openBytes(fromHex(wrapped), `key.${entry.keyId}`);
  if (!opened.ok || !isPrivateKey(opened.value)) return damaged(`key ${entry.keyId}`);
  const fits = sm2PublicKey(opened.value) === entry.publicKey && sm2KeyId(entry.publicKey) === entry.keyId;
  return fits ? ok({ ...rest, privateKey: opened.value }) : damaged(`key ${entry.keyId}`);
}

/** Members in the order of their declaration: the parser puts them so, whatever the file's order was. */
function canonical(body: Body): string {
  return JSON.stringify(bodyForm.parse(body));
}

function checksumOf(body: Body): string {
  return toHex(createHash('sm3').update(canonical(body)).digest());
}

function sealOf(kek: Uint8Array, body: Body): string {
  return toHex(createHmac('sm3', subKey(kek, 'file')).update(canonical(body)).digest());
}

function keyCheckOf(kek: Uint8Array): string {
  return toHex(subKey(kek, 'check').subarray(0, 16));
}

function subKey(kek: Uint8Array, use: string): Uint8Array {
  return new Uint8Array(hkdfSync('sm3', kek, new Uint8Array(0), `guitai-key-file-1-${use}`, 32));
}

function equalHex(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

function damaged(detail: string): Result<never, Fault> {
  return err(fault('key-store-damaged', detail));
}
