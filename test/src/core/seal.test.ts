import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSealer } from '#core/seal';

const key = (text: string): Uint8Array => Uint8Array.from(createHash('sm3').update(text).digest());
const sealer = createSealer(key('one'));
const place = 'persons.body.42';

function codeOf(sealed: string, where = place, by = sealer): string | undefined {
  const opened = by.open(sealed, where);
  return opened.ok ? undefined : opened.error.code;
}

describe('a sealed record', () => {
  it('opens at its place with its key, whatever the text', () => {
    const anyText = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.constant('王'.repeat(3000)));
    fc.assert(
      fc.property(anyText, fc.string({ unit: 'grapheme' }), (text, where) => {
        expect(sealer.open(sealer.seal(text, where), where)).toEqual({ ok: true, value: text });
      }),
      { numRuns: 200 },
    );
  });

  it('opens in a later process, which has the same key only', () => {
    expect(createSealer(key('one')).open(sealer.seal('text', place), place)).toEqual({
      ok: true,
      value: 'text',
    });
  });

  it('opens when it was written by an earlier release', () => {
    const written = 's1.vfoaLqcEeh3zKTyVxFjoeIEgqqpaxnuUSedQGIMJQB96CsiaQQpMxeFWBXvs052yC17tSGu6g3jGsQ2_hw';
    expect(sealer.open(written, place)).toEqual({ ok: true, value: '试验 990100' });
  });

  it('says nothing of the text but its length, and never looks the same twice', () => {
    const sealed = Array.from({ length: 1000 }, () => sealer.seal('990100200001010000', place));
    expect(new Set(sealed.map((one) => one.slice(0, 24))).size).toBe(1000);
    for (const one of sealed) {
      expect(Buffer.from(one.slice(3), 'base64url').includes('9901002000')).toBe(false);
      expect(one.length).toBe(sealed[0]?.length);
    }
  });
});

describe('a sealed record does not open', () => {
  it('at another place, with place and text shifted against each other, or with another key', () => {
    const sealed = sealer.seal('text', place);
    expect(codeOf(sealed, 'persons.body.43')).toBe('record-seal-broken');
    expect(codeOf(sealed, 'persons.body.4')).toBe('record-seal-broken');
    expect(codeOf(sealed, place, createSealer(key('two')))).toBe('record-seal-broken');
  });

  it('after any one bit was turned over', () => {
    const sealed = Buffer.from(sealer.seal('text', place).slice(3), 'base64url');
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(codeOf(`s1.${changed.toString('base64url')}`), `bit ${bit}`).toBe('record-seal-broken');
    }
  });

  it('when it was cut short, grew, or is any other text', () => {
    const sealed = sealer.seal('text', place);
    for (let length = 0; length < sealed.length; length += 1) {
      expect(codeOf(sealed.slice(0, length)), `${length}`).toBe('record-seal-broken');
    }
    for (const other of [
      `${sealed}A`,
      `${sealed}=`,
      `${sealed}\n`,
      sealed.replace('s1.', 's2.'),
      sealed.slice(3),
    ]) {
      expect(codeOf(other), other).toBe('record-seal-broken');
    }
    fc.assert(fc.property(fc.string(), (text) => codeOf(`s1.${text}`) === 'record-seal-broken'));
  });

  it('and the fault holds nothing of it', () => {
    const opened = sealer.open(sealer.seal('secret', place), 'elsewhere');
    expect(JSON.stringify(opened)).not.toContain('secret');
  });
});

describe('a digest for looking up', () => {
  it('is the same for the same text, key and column, and for nothing else', () => {
    const digest = sealer.digest('99010012', 'persons.card');
    expect(digest).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(createSealer(key('one')).digest('99010012', 'persons.card')).toBe(digest);
    const others = [
      sealer.digest('99010013', 'persons.card'),
      sealer.digest('99010012', 'persons.number'),
      sealer.digest('d99010012', 'persons.car'),
      createSealer(key('two')).digest('99010012', 'persons.card'),
    ];
    expect(others).not.toContain(digest);
  });
});

it('a key of another length is a bug and stops the program', () => {
  expect(() => createSealer(new Uint8Array(16))).toThrow('32 bytes');
});

describe('key streams made ahead while the program idles', () => {
  const idle = () => new Promise((resolve) => setTimeout(resolve, 5));
  const sizes = [0, 1, 3, 4, 5, 31, 1000, 8191, 8192, 8193, 40_000];

  it('never cipher two texts: no nonce comes twice, with streams at hand, with none, and in between', async () => {
    const one = createSealer(key('one'));
    const nonces: string[] = [];
    for (let round = 0; round < 40; round += 1) {
      // One to seven texts between two pauses: more than are ready, fewer, and just as many.
      for (let count = 0; count <= round % 7; count += 1) {
        const sealed = one.sealBytes(Buffer.alloc(64), place);
        nonces.push(Buffer.from(sealed.subarray(0, 16)).toString('hex'));
        nonces.push(Buffer.from(sealed.subarray(16, 32)).toString('hex'));
      }
      await idle();
    }
    // Of 64 zeros the cipher text is the key stream: that does not come twice either.
    expect(new Set(nonces).size).toBe(nonces.length);
  });

  it('never share a block, however many were made at once', async () => {
    const one = createSealer(key('one'));
    const blocks: string[] = [];
    for (let count = 0; count < 40; count += 1) {
      const sealed = Buffer.from(one.sealBytes(Buffer.alloc(8192), place)).subarray(16, 16 + 8192);
      for (let at = 0; at < sealed.length; at += 16) blocks.push(sealed.toString('hex', at, at + 16));
      await idle();
    }
    expect(new Set(blocks).size).toBe(blocks.length);
  });

  it('give what the cipher itself gives, at every size around theirs', async () => {
    const one = createSealer(key('one'));
    one.sealBytes(Buffer.alloc(1), place);
    for (const size of sizes) {
      await idle();
      const text = Buffer.from(Array.from({ length: size }, (_, index) => (index * 7 + size) % 256));
      const sealed = [0, 1, 2, 3, 4, 5].map(() => one.sealBytes(text, place));
      for (const each of sealed) {
        const opened = createSealer(key('one')).openBytes(each, place);
        expect(opened.ok && Buffer.from(opened.value).equals(text), `${size} bytes`).toBe(true);
      }
    }
  });
});
