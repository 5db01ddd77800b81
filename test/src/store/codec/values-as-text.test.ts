import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Money } from '#core/money';
import { type ContentPart, unpacked, withPacked } from '#store/codec/content';
import { applied, delta } from '#store/codec/delta';
import { canonical, encode, type Json } from '#store/codec/json';
import { canonicalEntry } from '#store/tables/journal';

const seed = Number(process.env['GUITAI_SEED'] ?? Date.now() % 2_147_483_647);
process.stdout.write(`values as text: GUITAI_SEED=${seed}\n`);
const laws = { seed, numRuns: 500, endOnFailure: true };

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constant('"\\\n\ud800'),
);
const key = fc.oneof(fc.constantFrom('a', 'b', 'lines', 'split'), text);
const leaf = fc.oneof(
  text,
  fc.bigInt(),
  fc.double({ noNaN: true }),
  fc.integer(),
  fc.boolean(),
  fc.constant(undefined),
);
const { value } = fc.letrec<{ value: unknown; object: object }>((tie) => ({
  object: fc.dictionary(key, tie('value'), { maxKeys: 5 }),
  value: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('value'), { maxLength: 4 }), tie('object')),
}));
const object = fc.dictionary(key, value, { maxKeys: 6 });

const byReplacer = (whole: unknown) =>
  JSON.stringify(whole, (_key, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part));

describe('a value as text', () => {
  test('is what JSON.stringify with a replacer writes, for any value', () => {
    fc.assert(
      fc.property(object, (whole) => {
        expect(encode(whole)).toBe(byReplacer(whole));
      }),
      laws,
    );
  });

  test('of integers beyond 2^53, and of those just below, keeps every digit', () => {
    const edges = [0n, -1n, 9_007_199_254_740_991n, 9_007_199_254_740_993n, -9_007_199_254_740_993n];
    expect(encode(edges)).toBe(JSON.stringify(edges.map((edge) => `${edge}n`)));
  });

  test('a delta leads from any value to any other, and there is none between equal ones', () => {
    fc.assert(
      fc.property(object, object, (from, to) => {
        const change = delta(from, to);
        expect(delta(JSON.parse(encode(to)), JSON.parse(encode(to)))).toBeUndefined();
        const start: Json = JSON.parse(encode(from));
        const reached = change === undefined ? start : applied(start, JSON.parse(change));
        expect(reached).toEqual(JSON.parse(encode(to)));
      }),
      laws,
    );
  });

  test('a delta of a small change deep inside is small, and a misfit one is refused', () => {
    const lines = Array.from({ length: 5 }, (_, index) => ({ lineNumber: index, amount: 100n, name: '药' }));
    const changed = lines.map((line) => (line.lineNumber === 3 ? { ...line, amount: 101n } : line));
    expect(delta({ lines }, { lines: changed })).toBe('[{},{"lines":[{},{"3":[{"amount":"101n"}]}]}]');
    for (const wrong of ['{}', '[1]', '[{},{"x":[{}]}]', '[{},{},["gone"]]', '[{},{},{}]', 'null']) {
      expect(() => applied({ lines: [] }, JSON.parse(wrong)), wrong).toThrow(SyntaxError);
    }
  });

  test('an entry of the journal, written field by field, is its canonical form', () => {
    const entry = fc.record(
      {
        sequence: fc.nat(),
        kind: fc.constant('settled' as const),
        saleId: text,
        atMs: fc.nat(),
        businessDay: text,
        operator: text,
        facts: text,
        contentSeal: text,
        postings: fc.array(
          fc.record({
            account: fc.constant('revenue' as const),
            amount: fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }).map((fen) => fen as Money),
          }),
        ),
      },
      { requiredKeys: ['sequence', 'kind', 'atMs', 'businessDay', 'operator', 'facts', 'postings'] },
    );
    fc.assert(
      fc.property(entry, (each) => {
        expect(canonicalEntry({ ...each, previousHash: '' })).toBe(canonical(each));
      }),
      laws,
    );
  });
});

describe('the content of an event', () => {
  const parts: readonly ContentPart[] = [
    { kind: 'body', id: 'm-1', text: '{"药":1}' },
    { kind: 'answer', id: 'm-1', text: '' },
    { kind: 'body', id: 'm-2', text: 'x'.repeat(70_000) },
  ];

  test('gives each part back by kind and id, and none that is not there', () => {
    const bytes = withPacked(parts, (packed) => Uint8Array.from(packed));
    for (const { kind, id, text: part } of parts) expect(unpacked(bytes, kind, id)).toBe(part);
    expect(unpacked(bytes, 'answer', 'm-2')).toBeUndefined();
    expect(unpacked(bytes, 'sale', 'm-1')).toBeUndefined();
  });

  test('is refused when it is cut anywhere or of another form', () => {
    const bytes = withPacked(parts.slice(0, 2), (packed) => Uint8Array.from(packed));
    for (let end = 0; end < bytes.length; end += 1) {
      const read = () => unpacked(bytes.subarray(0, end), 'answer', 'm-1');
      // Cut between two parts it is a shorter content: the seal tells that, not the form.
      if (end === 1 || end === bytes.length - 9) expect(read()).toBeUndefined();
      else expect(read, `${end} bytes`).toThrow(SyntaxError);
    }
    expect(() => unpacked(Uint8Array.of(2), 'sale', 's')).toThrow(SyntaxError);
  });

  test('is wiped from memory after it was used', () => {
    let packed: Uint8Array = new Uint8Array(0);
    withPacked(parts, (bytes) => {
      packed = bytes;
    });
    expect(packed.every((byte) => byte === 0)).toBe(true);
  });
});
