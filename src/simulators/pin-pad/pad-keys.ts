import { createCipheriv, createHash, createHmac } from 'node:crypto';

/** The pad's own keys and secured payloads: drivers/pin-pad/PROTOCOL.md sections 2 and 3. */
export class PadSession {
  readonly #cipherKey: Buffer;
  readonly #macKey: Buffer;
  #outgoing = 0;
  #incoming = 0;

  constructor(transportKey: Uint8Array, terminalRandom: Uint8Array, padRandom: Uint8Array) {
    const key = (use: number) =>
      createHmac('sm3', transportKey)
        .update(Buffer.of(use))
        .update(terminalRandom)
        .update(padRandom)
        .digest();
    this.#cipherKey = key(1).subarray(0, 16);
    this.#macKey = key(2);
  }

  mac(...parts: readonly Uint8Array[]): Buffer {
    const hmac = createHmac('sm3', this.#macKey);
    for (const part of parts) hmac.update(part);
    return hmac.digest().subarray(0, 16);
  }

  /** Payload of the next frame to the terminal; `secret`, 16 bytes, is enciphered behind the body. */
  secure(command: number, body: Uint8Array, secret?: Uint8Array): Buffer {
    this.#outgoing += 1;
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.#outgoing);
    const whole =
      secret === undefined ? Buffer.from(body) : Buffer.concat([body, this.#hide(secret, counter)]);
    return Buffer.concat([counter, whole, this.mac(Buffer.of(0x50), counter, Buffer.of(command), whole)]);
  }

  /** Body of a payload from the terminal; undefined when it is not the next genuine one. */
  unwrap(command: number, payload: Buffer): Buffer | undefined {
    if (payload.length < 20) return undefined;
    const counter = payload.subarray(0, 4);
    const body = payload.subarray(4, -16);
    const genuine = this.mac(Buffer.of(0x54), counter, Buffer.of(command), body).equals(
      payload.subarray(-16),
    );
    if (!genuine || counter.readUInt32BE() !== this.#incoming + 1) return undefined;
    this.#incoming += 1;
    return body;
  }

  #hide(secret: Uint8Array, counter: Buffer): Buffer {
    const start = Buffer.concat([Buffer.of(0x50), Buffer.alloc(7), counter, Buffer.alloc(4)]);
    return createCipheriv('sm4-ctr', this.#cipherKey, start).update(secret);
  }
}

export function padKeyCheckValue(transportKey: Uint8Array): Buffer {
  return sm4Block(transportKey, Buffer.alloc(16)).subarray(0, 3);
}

/** The block for the card: SM4 under the first half of SM3 of the digits, over the challenge twice. */
export function cardBlock(digits: Uint8Array, challenge: Uint8Array): Buffer {
  const key = createHash('sm3').update(digits).digest().subarray(0, 16);
  const block = sm4Block(key, Buffer.concat([challenge, challenge]));
  key.fill(0);
  return block;
}

function sm4Block(key: Uint8Array, data: Uint8Array): Buffer {
  const cipher = createCipheriv('sm4-ecb', key, null);
  cipher.setAutoPadding(false);
  return cipher.update(data);
}
