import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { journalCode } from '#core/journal-code';
import { fen, formatMoney } from '#core/money';
import { parseSlipCode, type SlipFacts, slipCodeBytes, slipCodeText, slipSealFits } from '#core/slip-code';
import { proveSignature, publicKeysIn, readSlip, wordsThatDiffer } from '#core/slip-proof';
import { generateSm2, signSm2, sm2KeyId } from '#core/sm2';

const pair = generateSm2();
const other = generateSm2();
const check = journalCode(1207, '9f3a77c210be44d0a1b2c3d4e5f60718293a4b5c6d7e8f900112233445566778');

const facts: SlipFacts = {
  institution: 'P99010100001',
  terminal: 'T01',
  saleNumber: '260305T010000001',
  kind: 'settlement',
  at: '2026-03-05 10:20:30',
  total: fen(8_980n),
  fund: fen(2_555n),
  account: fen(4_425n),
  cash: fen(2_000n),
  check,
};

function signed(what: SlipFacts): string {
  const keyId = sm2KeyId(pair.publicKey);
  return slipCodeText(what, { keyId, signature: signSm2(slipCodeBytes(what, keyId), pair) });
}

function verdict(text: string, keys: readonly string[] = [pair.publicKey]): string {
  const read = readSlip(text);
  if (!read.ok) return read.error.code;
  const words = wordsThatDiffer(read.value);
  const proof = proveSignature(read.value.code, keys);
  return words?.code ?? (proof.ok ? 'proved' : proof.error.code);
}

describe('the signed code of a slip', () => {
  test('says after a scan exactly what was signed, whatever sale it is', () => {
    const amount = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }).map(fen);
    const any = fc.record({
      institution: fc.stringMatching(/^[PH]\d{11}$/),
      terminal: fc.stringMatching(/^[A-Za-z0-9]{1,6}$/),
      saleNumber: fc.stringMatching(/^\d{6}[A-Z0-9]{3}\d{7}$/),
      kind: fc.constantFrom(
        'settlement' as const,
        'offline' as const,
        'own-pay' as const,
        'cancellation' as const,
      ),
      at: fc.constant('2026-12-31 23:59:59'),
      total: amount,
      fund: amount,
      account: amount,
      cash: amount,
      check: fc.constant(check),
    });
    const seal = { keyId: sm2KeyId(pair.publicKey).toUpperCase(), signature: 'A1'.repeat(64) };
    fc.assert(
      fc.property(any, (one) => {
        expect(parseSlipCode(slipCodeText(one, seal))?.signed).toEqual({ facts: one, seal });
      }),
      { numRuns: 200 },
    );
  });

  test('is proved by the key of the terminal and by no other, and needs one', () => {
    expect(verdict(signed(facts))).toBe('proved');
    expect(verdict(signed(facts), [other.publicKey])).toBe('slip-foreign');
    expect(verdict(signed(facts), [])).toBe('slip-unproved');
    const forged = signed(facts).replace(
      sm2KeyId(pair.publicKey).toUpperCase(),
      sm2KeyId(other.publicKey).toUpperCase(),
    );
    expect(verdict(forged, [pair.publicKey, other.publicKey])).toBe('slip-altered');
  });

  test('with any one character changed is never proved', () => {
    const text = signed(facts);
    for (let at = 0; at < text.length; at += 1) {
      for (const char of ['0', '9', 'Z']) {
        const changed = text.slice(0, at) + char + text.slice(at + 1);
        if (changed !== text) expect(verdict(changed), `${at} ${char}`).not.toBe('proved');
      }
    }
  });

  test('with a higher amount, another sale or an earlier day is altered', () => {
    const seal = parseSlipCode(signed(facts))?.signed?.seal ?? expect.unreachable('signed');
    const changes: Partial<SlipFacts>[] = [
      { total: fen(9_980n) },
      { fund: fen(0n) },
      { account: fen(44_250n) },
      { cash: fen(0n) },
      { saleNumber: '260305T010000002' },
      { at: '2026-03-04 10:20:30' },
      { kind: 'cancellation' },
      { institution: 'P99010100002' },
      { terminal: 'T02' },
    ];
    for (const change of changes) {
      expect(verdict(slipCodeText({ ...facts, ...change }, seal)), JSON.stringify(Object.keys(change))).toBe(
        'slip-altered',
      );
      expect(slipSealFits({ ...facts, ...change }, seal, pair.publicKey)).toBe(false);
    }
  });
});

describe('the text of a slip', () => {
  const paper = (total: string, cash: string, saleNumber = facts.saleNumber) =>
    [
      `流水号 ${saleNumber} 终端 T01`,
      `费用总额              ${total}`,
      `个人现金支付          ${cash}`,
      `[${signed(facts)}]`,
      '      校验码 1207-KWX7F-GGGQR',
    ].join('\n');

  test('is held against its own QR code', () => {
    expect(verdict(paper(formatMoney(facts.total), formatMoney(facts.cash)))).toBe('proved');
    expect(verdict(paper('189.80', '20.00'))).toBe('slip-text-differs');
    expect(verdict(paper('89.80', '0.00'))).toBe('slip-text-differs');
    expect(verdict(paper('89.80', '20.00', '260305T010000009'))).toBe('slip-text-differs');
  });

  test('without any code in it is no slip', () => {
    expect(verdict('谢谢惠顾')).toBe('slip-code-invalid');
    expect(verdict('1207-KWX7F-GGGQX')).toBe('slip-code-invalid');
  });
});

test('public keys are found in hex digits and in the list of the key command', () => {
  expect(publicKeysIn(pair.publicKey)).toEqual({ ok: true, value: [pair.publicKey] });
  const list = JSON.stringify([{ keyId: 'x', publicKey: pair.publicKey }, { publicKey: other.publicKey }]);
  expect(publicKeysIn(list)).toEqual({ ok: true, value: [pair.publicKey, other.publicKey] });
  expect(publicKeysIn('none')).toMatchObject({ ok: false, error: { code: 'slip-unproved' } });
});
