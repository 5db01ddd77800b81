/** The pad's own framing, written from drivers/pin-pad/PROTOCOL.md section 1 and sharing no code with the driver. */
export type Arrival =
  | { readonly what: 'frame'; readonly sequence: number; readonly command: number; readonly payload: Buffer }
  | { readonly what: 'ack'; readonly sequence: number }
  | { readonly what: 'nak' }
  | { readonly what: 'damage' };

const LONGEST = 2 + 512;

const crcTable = Array.from({ length: 256 }, (_, index) => {
  let value = index << 8;
  for (let bit = 0; bit < 8; bit += 1) value = value & 0x8000 ? ((value << 1) ^ 0x1021) & 0xffff : value << 1;
  return value & 0xffff;
});

export function checksum(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) crc = ((crc << 8) & 0xffff) ^ (crcTable[(crc >> 8) ^ byte] ?? 0);
  return crc;
}

export function packFrame(sequence: number, command: number, payload: Uint8Array): Buffer {
  const frame = Buffer.alloc(payload.length + 8);
  frame[0] = 0x02;
  frame.writeUInt16BE(payload.length + 2, 1);
  frame[3] = sequence;
  frame[4] = command;
  frame.set(payload, 5);
  frame.writeUInt16BE(checksum(frame.subarray(1, 5 + payload.length)), 5 + payload.length);
  frame[frame.length - 1] = 0x03;
  return frame;
}

/** Collects bytes until something is complete; keeps one longest frame at most. */
export class WireReader {
  #held: number[] = [];

  get inFrame(): boolean {
    return this.#held.length > 0;
  }

  /** A pause inside a frame: forget it. */
  giveUp(): void {
    this.#held = [];
  }

  read(bytes: Uint8Array): Arrival[] {
    const arrivals: Arrival[] = [];
    for (const byte of bytes) {
      this.#held.push(byte);
      this.#settle(arrivals);
    }
    return arrivals;
  }

  #settle(arrivals: Arrival[]): void {
    while (this.#held.length > 0) {
      const [first, second, third] = this.#held;
      if (first === 0x06 || first === 0x15) {
        if (second === undefined) return;
        arrivals.push(first === 0x06 ? { what: 'ack', sequence: second } : { what: 'nak' });
        this.#held.splice(0, 2);
        continue;
      }
      if (first === 0x02) {
        if (second === undefined || third === undefined) return;
        const length = second * 256 + third;
        const sound = length >= 2 && length <= LONGEST;
        if (sound && this.#held.length < length + 6) return;
        const frame = sound ? this.#frame(length) : undefined;
        if (frame !== undefined) {
          arrivals.push(frame);
          this.#held.splice(0, length + 6);
          continue;
        }
        arrivals.push({ what: 'damage' });
      }
      this.#held.shift();
    }
  }

  #frame(length: number): Arrival | undefined {
    const bytes = Buffer.from(this.#held.slice(0, length + 6));
    const crcAt = 3 + length;
    if (bytes[crcAt + 2] !== 0x03 || bytes.readUInt16BE(crcAt) !== checksum(bytes.subarray(1, crcAt)))
      return undefined;
    const payload = bytes.subarray(5, crcAt);
    return { what: 'frame', sequence: bytes.readUInt8(3), command: bytes.readUInt8(4), payload };
  }
}
