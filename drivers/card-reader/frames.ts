/**
 * Messages as bytes on the pipe between the till and the card reader's child: two lengths, then the message as
 * JSON or, for everything that goes to a card and comes from it, as bytes. Node's own channel between processes
 * takes longer than a quick card for twelve answers, or would carry the bytes as text, which nobody could wipe
 * after a PIN was in it.
 */
/** The child's end of the pipe. */
export const PIPE_FD = 3;

const LENGTHS = 8;
/** More than any message of either side. */
const LONGEST = 1 << 20;
const NOTHING = new Uint8Array();

/** A message for the pipe that goes as JSON. */
export function encodeText(message: object): Buffer {
  const text = JSON.stringify(message);
  const textLength = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafeSlow(LENGTHS + textLength);
  frame.writeUInt32LE(textLength, 0);
  frame.writeUInt32LE(0, 4);
  frame.write(text, LENGTHS);
  return frame;
}

/** A message for the pipe that goes as bytes: numbers of 32 bits, then the parts, two bytes of length before each. */
export function encodeBytes(numbers: readonly number[], parts: readonly Uint8Array[]): Uint8Array {
  let bytesLength = 4 * numbers.length;
  for (const part of parts) bytesLength += 2 + part.length;
  // Of its own memory, so that wiping it leaves nothing behind.
  const frame = new Uint8Array(LENGTHS + bytesLength);
  const view = new DataView(frame.buffer);
  view.setUint32(4, bytesLength, true);
  let at = LENGTHS;
  for (const number of numbers) {
    view.setUint32(at, number, true);
    at += 4;
  }
  for (const part of parts) {
    view.setUint16(at, part.length);
    frame.set(part, at + 2);
    at += 2 + part.length;
  }
  return frame;
}

/** Cuts what comes out of the pipe into messages: objects, or the bytes of those that go as bytes. */
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

function readFrame(text: Uint8Array, bytes: Uint8Array): unknown {
  // The same memory, but no Buffer: those cut and copy by other rules.
  if (text.length === 0) return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  try {
    const message: unknown = JSON.parse(Buffer.from(text.buffer, text.byteOffset, text.length).toString());
    return bytes.length === 0 && typeof message === 'object' && message !== null ? message : undefined;
  } catch {
    return undefined;
  }
}
