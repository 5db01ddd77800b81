import { createHash, randomBytes } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import { type Fault, fault } from '#core/fault';
import { toHex } from '#core/hex';
import { err, ok, type Result } from '#core/result';
import { createSealer } from '#core/seal';
import { encryptSm2, sm2KeyId, verifySm2 } from '#core/sm2';

const FORMAT = 'guitai-carry-1';
const KEY_BYTES = 32;
const SIGNATURE_CHARS = 128;
/** Signature and its line end: the last thing that is written, and without it a file is nothing. */
export const TRAILER_BYTES = SIGNATURE_CHARS + 1;
const HEADER_MAX = 4096;
export const FILE_MAX_BYTES = 64 * 1024 * 1024;
const BODY_MAX_BYTES = 256 * 1024 * 1024;
const LINE_END = 0x0a;

const terminal = z.string().regex(/^[0-9A-Za-z]{1,8}$/);
const keyId = z.string().regex(/^[0-9a-fA-F]{16}$/);
const wholeNumber = z.number().int().min(0);

/** The first line of a carry file, in clear: who wrote it for whom. No person is in it. */
const carryHeader = z.strictObject({
  format: z.literal(FORMAT),
  kind: z.enum(['sales', 'answers']),
  institution: z.string().min(1).max(20),
  terminal,
  receiver: terminal,
  number: z.string().regex(/^[0-9A-Z-]{1,20}$/),
  count: wholeNumber,
  createdAtMs: wholeNumber,
  /** Until when the receiver may begin an upload; 0 in an answer. */
  untilMs: wholeNumber,
  bodyBytes: wholeNumber.max(FILE_MAX_BYTES),
  /** Key that signs the file, and key that opens it. */
  keyId,
  receiverKeyId: keyId,
  /** Content key, SM2-encrypted for the receiver, hex. */
  wrapped: z.string().regex(/^[0-9A-F]{200,400}$/),
});
export type CarryHeader = z.output<typeof carryHeader>;

/** What the caller says of a file; the rest of the header follows from it. */
export type CarryFacts = Pick<
  CarryHeader,
  'kind' | 'institution' | 'terminal' | 'receiver' | 'number' | 'count' | 'createdAtMs' | 'untilMs'
>;

/** The key store as a carry file needs it. */
export interface CarryKeys {
  current(): { readonly keyId: string } | undefined;
  keys(): readonly { readonly keyId: string }[];
  signWith(keyId: string, data: Uint8Array): Promise<Result<{ readonly signature: string }, Fault>>;
  unwrap(keyId: string, cipher: string): Promise<Result<Uint8Array, Fault>>;
}

/** A terminal with which files are exchanged. */
export interface CarryPartner {
  readonly terminal: string;
  /** 04 ‖ x ‖ y, 130 hex digits. */
  readonly publicKey: string;
}

/**
 * A file for exactly one terminal: the body is packed, sealed (SM4-CTR, HMAC-SM3) under a key of its own that is
 * SM2-encrypted for the receiver, and header and body are signed (SM2) by the sender. So two receivers can never
 * both open it. Layout: header JSON, line end, body, line end, signature in capital hex, line end.
 */
export async function makeCarryFile(
  keys: CarryKeys,
  receiverKey: string,
  facts: CarryFacts,
  content: string,
): Promise<Result<{ readonly bytes: Uint8Array; readonly hash: string }, Fault>> {
  const signer = keys.current();
  if (signer === undefined) return err(fault('key-none'));
  const contentKey = new Uint8Array(randomBytes(KEY_BYTES));
  const wrapped = encryptSm2(contentKey, receiverKey);
  if (wrapped === undefined) return err(fault('carry-no-partner', 'the public key is no point of the curve'));
  const packed = deflateRawSync(Buffer.from(content, 'utf8'));
  const body = createSealer(contentKey).sealBytes(packed, placeOf(facts));
  contentKey.fill(0);
  packed.fill(0);
  const header: CarryHeader = {
    format: FORMAT,
    ...facts,
    bodyBytes: body.length,
    keyId: signer.keyId,
    receiverKeyId: sm2KeyId(receiverKey),
    wrapped,
  };
  const signed = Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), body, Buffer.of(LINE_END)]);
  const signature = await keys.signWith(signer.keyId, signed);
  if (!signature.ok) return signature;
  const bytes = Buffer.concat([signed, Buffer.from(`${signature.value.signature.toUpperCase()}\n`)]);
  return ok({ bytes, hash: hashOf(bytes) });
}

export interface OpenedCarryFile {
  readonly header: CarryHeader;
  readonly content: string;
  readonly hash: string;
}

/**
 * Opens a file of this institution that a known partner made for this terminal. Faults, in the order of the looks:
 * `carry-file-cut`, `carry-file-altered`, `carry-sender-unknown`, `carry-other-institution`, `carry-not-for-us`,
 * and those of the key store.
 */
export async function openCarryFile(
  keys: CarryKeys,
  us: { readonly institution: string; readonly terminal: string; readonly partners: readonly CarryPartner[] },
  kind: CarryHeader['kind'],
  bytes: Uint8Array,
): Promise<Result<OpenedCarryFile, Fault>> {
  const parts = partsOf(bytes);
  if (!parts.ok) return parts;
  const { header, signed, body, signature } = parts.value;
  const known = us.partners.find(({ publicKey }) => sm2KeyId(publicKey) === header.keyId);
  if (known === undefined) return err(fault('carry-sender-unknown', `key ${header.keyId}`));
  if (!verifySm2(signed, signature, known.publicKey)) return err(fault('carry-file-altered', 'signature'));
  // Signed by a partner from here on: what is wrong now is no accident of the medium.
  if (known.terminal !== header.terminal)
    return err(fault('carry-sender-unknown', `terminal ${header.terminal}`));
  if (header.institution !== us.institution) return err(fault('carry-other-institution', header.institution));
  const ours = keys.keys().some((key) => key.keyId === header.receiverKeyId);
  if (header.receiver !== us.terminal || !ours)
    return err(fault('carry-not-for-us', `terminal ${header.receiver}`));
  if (header.kind !== kind) return err(fault('carry-file-altered', `holds ${header.kind}`));
  const key = await keys.unwrap(header.receiverKeyId, header.wrapped);
  if (!key.ok) return key.error.code === 'record-seal-broken' ? err(fault('carry-not-for-us', 'key')) : key;
  if (key.value.length !== KEY_BYTES) return err(fault('carry-file-altered', 'content key'));
  const opened = createSealer(key.value).openBytes(body, placeOf(header));
  key.value.fill(0);
  if (!opened.ok) return err(fault('carry-file-altered', 'seal'));
  const content = unpacked(opened.value);
  opened.value.fill(0);
  return content === undefined
    ? err(fault('carry-file-altered', 'packing'))
    : ok({ header, content, hash: hashOf(bytes) });
}

interface Parts {
  readonly header: CarryHeader;
  readonly signed: Uint8Array;
  readonly body: Uint8Array;
  readonly signature: string;
}

function partsOf(bytes: Uint8Array): Result<Parts, Fault> {
  const lineEnd = bytes.subarray(0, HEADER_MAX).indexOf(LINE_END);
  if (lineEnd < 0) {
    const begins = Buffer.from(`{"format":"${FORMAT}"`);
    const start = Buffer.from(bytes.subarray(0, begins.length));
    const isCut = bytes.length < HEADER_MAX && begins.subarray(0, start.length).equals(start);
    return err(fault(isCut ? 'carry-file-cut' : 'carry-file-altered', 'no header'));
  }
  const header = headerOf(Buffer.from(bytes.subarray(0, lineEnd)).toString('utf8'));
  if (header === undefined) return err(fault('carry-file-altered', 'header'));
  const bodyAt = lineEnd + 1;
  const trailerAt = bodyAt + header.bodyBytes + 1;
  const whole = trailerAt + TRAILER_BYTES;
  if (bytes.length < whole) return err(fault('carry-file-cut', `${bytes.length} of ${whole} bytes`));
  const trailer = Buffer.from(bytes.subarray(trailerAt)).toString('latin1');
  const sound = bytes[trailerAt - 1] === LINE_END && /^[0-9A-F]{128}\n$/.test(trailer);
  if (bytes.length > whole || !sound) return err(fault('carry-file-altered', 'end'));
  return ok({
    header,
    signed: bytes.subarray(0, trailerAt),
    body: bytes.subarray(bodyAt, trailerAt - 1),
    signature: trailer.slice(0, SIGNATURE_CHARS),
  });
}

function headerOf(line: string): CarryHeader | undefined {
  try {
    const parsed = carryHeader.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** A partner's file may still be wrong: it is never unpacked beyond what memory can hold. */
function unpacked(bytes: Uint8Array): string | undefined {
  try {
    return inflateRawSync(bytes, { maxOutputLength: BODY_MAX_BYTES }).toString('utf8');
  } catch {
    return undefined;
  }
}

function placeOf({ kind, institution, terminal: from, receiver, number }: CarryFacts): string {
  return `carry.${kind}.${institution}.${from}.${receiver}.${number}`;
}

function hashOf(bytes: Uint8Array): string {
  return toHex(createHash('sm3').update(bytes).digest());
}
