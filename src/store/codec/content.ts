import { assert } from '#core/assert';

/** What a part of an event's content is; the numbers stand on disk and never change their meaning. */
export const contentKinds = { sale: 1, body: 2, answer: 3, settlement: 4, cancellation: 5 } as const;
export type ContentKind = keyof typeof contentKinds;

/** One value that an event carries: `id` is the sale or the message to which it belongs. */
export interface ContentPart {
  readonly kind: ContentKind;
  readonly id: string;
  readonly text: string;
}

const VERSION = 1;
/** Of a part: kind 1, length of the id 1, length of the text 4. */
const HEAD_BYTES = 6;
/** What its length of one byte can tell. */
const MOST_ID_BYTES = 255;
/** A character of a string takes at most this many bytes of UTF-8. */
const MOST_BYTES = 3;

let scratch = Buffer.alloc(32 * 1024);

/**
 * Hands the packed parts to `use`: version 1 byte, then for each part kind, length of the id, length of the text
 * (big-endian), id and text in UTF-8. The bytes are wiped when `use` has returned.
 */
export function withPacked<T>(parts: readonly ContentPart[], use: (bytes: Uint8Array) => T): T {
  let most = 1;
  for (const { id, text } of parts) most += HEAD_BYTES + (id.length + text.length) * MOST_BYTES;
  if (most > scratch.length) scratch = Buffer.alloc(2 * most);
  scratch[0] = VERSION;
  let at = 1;
  for (const { kind, id, text } of parts) {
    const idBytes = scratch.write(id, at + HEAD_BYTES);
    const textBytes = scratch.write(text, at + HEAD_BYTES + idBytes);
    assert(idBytes <= MOST_ID_BYTES, 'an id is short');
    scratch[at] = contentKinds[kind];
    scratch[at + 1] = idBytes;
    at = scratch.writeUInt32BE(textBytes, at + 2) + idBytes + textBytes;
  }
  try {
    return use(scratch.subarray(0, at));
  } finally {
    scratch.fill(0, 0, at);
  }
}

/** The text of one part, undefined when it is not among them. Throws `SyntaxError` for bytes that are no content. */
export function unpacked(bytes: Uint8Array, kind: ContentKind, id: string): string | undefined {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view[0] !== VERSION) throw new SyntaxError('the content of an event has a form that is not known');
  for (let at = 1; at < view.length; ) {
    if (at + HEAD_BYTES > view.length) break;
    const idAt = at + HEAD_BYTES;
    const textAt = idAt + view.readUInt8(at + 1);
    const end = textAt + view.readUInt32BE(at + 2);
    if (end > view.length) break;
    const found = view.readUInt8(at) === contentKinds[kind] && view.toString('utf8', idAt, textAt) === id;
    if (found) return view.toString('utf8', textAt, end);
    at = end;
    if (at === view.length) return undefined;
  }
  if (view.length === 1) return undefined;
  throw new SyntaxError('the content of an event is cut');
}
