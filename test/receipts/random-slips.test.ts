import fc from 'fast-check';
import { expect, test } from 'vitest';
import { systemClock } from '#core/clock';
import { fen, formatMoney, type Quantity, type Ratio, type UnitPrice } from '#core/money';
import { checkText, type SlipDocument, type SlipLine } from '#receipts/document';
import { slipBytes } from '#receipts/escpos';
import { spelledOut } from '#receipts/rare-characters';
import { printable } from '#receipts/text-columns';
import { VirtualPrinterEngine } from '#simulators/printer/engine';
import { amountsOf, sampleDocument, slipKinds } from './sample-slips.ts';

const amount = fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }).map(fen);
const name = fc
  .oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
    fc
      .array(fc.integer({ min: 0x4e00, max: 0x9fa5 }), { minLength: 1, maxLength: 40 })
      .map((codes) => String.fromCodePoint(...codes)),
    fc
      .array(fc.constantFrom('𠮷', '𡃁', '（', '·', '℃', '阿', 'A', '9', ' '), {
        minLength: 1,
        maxLength: 30,
      })
      .map((parts) => parts.join('')),
  )
  // Private-use characters have different codes in different GB18030 tables; no catalogue holds them.
  .map((text) => text.replaceAll(/[\p{Co}\p{Cn}\uFE10-\uFE19\u9FB4-\u9FBB\u1E3F\uE000-\uF8FF]/gu, ''))
  .filter((text) => printable(text).trim() !== '');

const line: fc.Arbitrary<SlipLine> = fc.record(
  {
    genericName: name,
    tradeName: name,
    specification: name,
    nationalCode: fc.stringMatching(/^[XZ][A-Z0-9]{19,22}$/),
    shopCode: fc.stringMatching(/^[A-Z0-9]{1,20}$/),
    quantity: fc.bigInt({ min: 1n, max: 10n ** 9n }).map((value) => value as Quantity),
    unit: fc.constantFrom('盒', '瓶', '支'),
    unitPrice: fc.bigInt({ min: 0n, max: 10n ** 12n }).map((value) => value as UnitPrice),
    amount,
    insuranceClass: fc.constantFrom('A', 'B', 'C'),
    firstSelfPayRatio: fc.bigInt({ min: 0n, max: 10_000n }).map((value) => value as Ratio),
    parts: fc.record({ covered: amount, own: amount }),
    reasons: fc.array(name, { maxLength: 2 }),
  },
  {
    requiredKeys: [
      'genericName',
      'specification',
      'shopCode',
      'quantity',
      'unit',
      'unitPrice',
      'amount',
      'insuranceClass',
      'firstSelfPayRatio',
      'reasons',
    ],
  },
);

const slip: fc.Arbitrary<SlipDocument> = fc
  .record({
    kind: fc.constantFrom(...slipKinds),
    copyNumber: fc.nat({ max: 99 }),
    training: fc.boolean(),
    underCheck: fc.boolean(),
    institution: fc.record({ name, code: fc.stringMatching(/^[A-Z0-9]{1,12}$/) }),
    lines: fc.array(line, { maxLength: 8 }),
    total: amount,
    cash: amount,
    fund: amount,
    fundName: name,
    notices: fc.array(name, { maxLength: 3 }),
  })
  .map(({ total, cash, fund, fundName, ...parts }) => {
    const base = sampleDocument(parts.kind);
    const split = {
      ...base.split,
      total,
      cash,
      fundTotal: fund,
      funds: [{ nameZh: fundName, amount: fund }],
    };
    return { ...base, ...parts, split };
  });

test('any document comes off the printer whole: each amount and name, no row wider than the paper', () => {
  fc.assert(
    fc.property(slip, fc.constantFrom(32 as const, 48 as const), (document, columns) => {
      const engine = new VirtualPrinterEngine({ clock: systemClock, columns });
      engine.connect(() => undefined).receive(slipBytes(document, { columns }));
      expect(engine.slips()).toHaveLength(1);
      const [paper] = engine.slips();
      expect(paper?.problems).toEqual([]);
      for (const money of amountsOf(document)) expect(paper?.text).toContain(formatMoney(money));
      const squeezed = paper?.text.replaceAll(/\s/g, '') ?? '';
      for (const { genericName } of document.lines) {
        const onPaper = spelledOut(printable(genericName), { charset: 'gb18030' });
        expect(squeezed).toContain(onPaper.replaceAll(/\s/g, ''));
      }
      expect(paper?.qrCodes).toEqual([checkText(document)]);
    }),
    { numRuns: 100 },
  );
});
