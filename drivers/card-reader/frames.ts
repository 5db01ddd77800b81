/**
 * Messages as bytes on the pipe between the till and the card reader's child: two lengths, the message as JSON,
 * then its bytes as they are. Node's own channel between processes takes longer than a quick card for twelve
 * answers, or would carry the bytes as text, which nobody could wipe after a PIN was in it.
 */
/** The child's end of the pipe. */
export const PIPE_FD = 3;

const LENGTHS = 8;
/** More than any message of either side. */
const LONGEST = 1 << 20;
const NOTHING = new Uint8Array();

/** A message for the pipe: `head` goes as JSON, the parts as bytes, two bytes of length before each. */
export function encodeFrame(head: object, parts: readonly Uint8Array[] = []): Buffer {
  const text = JSON.stringify(head);
  const textLength = Buffer.byteLength(text);
  let bytesLength = 0;
  for (const part of parts) bytesLength += 2 + part.length;
  // Of its own memory, so that wiping it leaves nothing behind.
  const frame = Buffer.allocUnsafeSlow(LENGTHS + textLength + bytesLength);
  frame.writeUInt32LE(textLength, 0);
  frame.writeUInt32LE(bytesLength, 4);
  frame.write(text, LENGTHS);
  let at = LENGTHS + textLength;
  for (const part of parts) {
    frame.writeUInt16BE(part.length, at);
    frame.set(part, at + 2);
    at += 2 + part.length;
  }
  return frame;
}

/** Cuts what comes out of the pipe into messages; their parts come together, as `packed`. */
export class FrameReader {
  #rest: Uint8Array = NOTHING;

  /** The messages that are whole now; undefined stands for one that cannot be read. Never throws. */
  take(chunk: Uint8Array): unknown[] {
    let rest = this.#joined(chunk);
    const messages: unknown[] = [];
    while (rest.length >= LENGTHS) {
      const lengths = new DataView(rest.buffer, rest.byteOffset, LENGTHS);
      const textEnd = LENGTHS + lengths.getUint32(0, true);
      const end = textEnd + lengths.getUint32(4, true);
      if (end > LONGEST) {
        // Where the next message begins cannot be known any more.
        messages.push(undefined);
        rest = NOTHING;
        break;
      }
      if (rest.length < end) break;
      messages.push(readFrame(rest.subarray(LENGTHS, textEnd), rest.subarray(textEnd, end)));
      rest = rest.subarray(end);
    }
    this.#rest = rest;
    return messages;
  }

  #joined(chunk: Uint8Array): Uint8Array {
    const rest = this.#rest;
    if (rest.length === 0) return chunk;
    const whole = new Uint8Array(rest.length + chunk.length);
    whole.set(rest);
    whole.set(chunk, rest.length);
    // A PIN may be in there, and only the whole is wiped by its reader.
    rest.fill(0);
    chunk.fill(0);
    return whole;
  }
}

function readFrame(text: Uint8Array, packed: Uint8Array): unknown {
  try {
    const head: unknown = JSON.parse(Buffer.from(text.buffer, text.byteOffset, text.length).toString());
    if (typeof head !== 'object' || head === null) return undefined;
    if (packed.length === 0) return head;
    // The same memory, but no Buffer: those cut and copy by other rules.
    return Object.assign(head, { packed: new Uint8Array(packed.buffer, packed.byteOffset, packed.length) });
  } catch {
    return undefined;
  }
}
