import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { type Fault, fault } from '#core/fault';
import { toHex } from '#core/hex';
import { err, ok, type Result } from '#core/result';

/** Ending of a backup's records and of the manifest beside it. */
export const copyEnding = '.backup';
export const manifestEnding = '.backup.json';

const form = z.strictObject({
  form: z.literal(1),
  program: z.literal('guitai'),
  terminal: z.string(),
  /** Instant at which the copied records stood as they are in the copy. */
  atMs: z.number().int(),
  schema: z.number().int(),
  /** Last journal entry in the copy; sequence 0 = none. */
  head: z.strictObject({ sequence: z.number().int(), hash: z.string() }),
  file: z.strictObject({ name: z.string(), bytes: z.number().int(), sm3: z.string() }),
  /** Which sealing key opens the copy; tells nothing of the key itself. */
  keyId: z.string(),
});

/** What a backup says of itself. A copy without a manifest is no backup. */
export type Manifest = z.infer<typeof form>;

const signed = form.extend({ seal: z.string() });

/** Text of a manifest, sealed under the key of the records so that a changed one is known. */
export function manifestText(manifest: Manifest, sealKey: Uint8Array): string {
  return `${JSON.stringify({ ...manifest, seal: sealOf(manifest, sealKey) }, undefined, 2)}\n`;
}

/** A manifest as it stands in its file; nothing of it is proved before `checkManifest`. */
export interface ReadManifest {
  readonly manifest: Manifest;
  readonly seal: string;
}

/** Fault `backup-damaged` for any text that is no manifest of this form. */
export function readManifest(text: string): Result<ReadManifest, Fault> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return err(fault('backup-damaged', 'the manifest is no JSON'));
  }
  const parsed = signed.safeParse(json);
  if (!parsed.success) return err(fault('backup-damaged', 'the manifest has another form'));
  const { seal, ...manifest } = parsed.data;
  return ok({ manifest, seal });
}

/** Faults `store-key-wrong` (sealed with another key) and `backup-damaged` (changed). */
export function checkManifest({ manifest, seal }: ReadManifest, sealKey: Uint8Array): Result<void, Fault> {
  if (manifest.keyId !== sealKeyId(sealKey)) return err(fault('store-key-wrong', `key ${manifest.keyId}`));
  const right = Buffer.from(sealOf(manifest, sealKey));
  const found = Buffer.from(seal);
  if (right.length === found.length && timingSafeEqual(right, found)) return ok(undefined);
  return err(fault('backup-damaged', 'the manifest was changed'));
}

/** Names a sealing key without telling anything of it. */
export function sealKeyId(sealKey: Uint8Array): string {
  return toHex(createHash('sm3').update(subKey(sealKey, 'id')).digest().subarray(0, 8));
}

function sealOf(manifest: Manifest, sealKey: Uint8Array): string {
  // The parser puts members in the order of their declaration, whatever the order in the file was.
  const canonical = JSON.stringify(form.parse(manifest));
  return toHex(createHmac('sm3', subKey(sealKey, 'manifest')).update(canonical).digest());
}

function subKey(sealKey: Uint8Array, use: string): Uint8Array {
  return new Uint8Array(hkdfSync('sm3', sealKey, new Uint8Array(0), `guitai-backup-1-${use}`, 32));
}
