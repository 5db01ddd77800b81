import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shippedPolicies } from '#benefits/choose-policy';
import { coveredByLine, type Purchase, splitPurchase } from '#benefits/split-purchase';
import type { BasketLine } from '#core/domain/product';
import type { Split } from '#core/domain/split';
import { fen, lineAmount, type Quantity, type Ratio, sumMoney, type UnitPrice } from '#core/money';
import { product } from './lines.ts';

const seed = Number(process.env['GUITAI_SEED'] ?? Date.now() % 2 ** 31);
const settings = { seed, numRuns: 400 };
const [policy] = shippedPolicies().filter((document) => document.scheme === '310');
if (policy === undefined) throw new Error('the employee document is shipped');

const money = (max: bigint) => fc.bigInt({ min: 0n, max }).map(fen);
const basketLine = fc
  .record({
    price: fc.bigInt({ min: 1n, max: 5_000_000_000n }),
    quantity: fc.bigInt({ min: 1n, max: 300_000n }),
    insuranceClass: fc.constantFrom('A', 'B', 'C'),
    ratio: fc.bigInt({ min: 0n, max: 10_000n }),
    ceiling: fc.option(fc.bigInt({ min: 1n, max: 5_000_000_000n })),
    coded: fc.boolean(),
  })
  .map((drawn) => (lineNumber: number): BasketLine => {
    const { nationalCode, ...rest } = product({
      price: drawn.price as UnitPrice,
      insuranceClass: drawn.insuranceClass as 'A' | 'B' | 'C',
      firstSelfPayRatio: (drawn.insuranceClass === 'B' ? drawn.ratio : 0n) as Ratio,
      ...(drawn.ceiling === null ? {} : { ceiling: drawn.ceiling as UnitPrice }),
    });
    const sold = drawn.coded && nationalCode !== undefined ? { ...rest, nationalCode } : rest;
    const count = drawn.quantity as Quantity;
    const amount = lineAmount(sold.price, count, 'half-up');
    return { lineNumber, product: sold, quantity: count, amount, catalogVersion: 'test' };
  });

const purchase = fc
  .record({
    lines: fc.array(basketLine, { maxLength: 20 }),
    personType: fc.constantFrom('1101', '1102', '1201', '1260'),
    deductible: money(30_000n),
    fundPaid: money(350_000n),
    balance: fc.option(fc.bigInt({ min: -10_000n, max: 100_000n }).map(fen)),
    useAccount: fc.boolean(),
    paysOutOfScope: fc.boolean(),
    paysOverCeiling: fc.boolean(),
  })
  .map(
    (drawn): Purchase => ({
      policy: {
        ...policy,
        account: { paysOutOfScope: drawn.paysOutOfScope, paysOverCeiling: drawn.paysOverCeiling },
      },
      lines: drawn.lines.map((make, index) => make(index + 1)),
      person: { scheme: '310', personType: drawn.personType },
      usedThisYear: { deductible: drawn.deductible, fundPaid: drawn.fundPaid },
      ...(drawn.balance === null ? {} : { balance: drawn.balance }),
      useAccount: drawn.useAccount,
    }),
  );

function holds(property: (split: Split, bought: Purchase) => void): void {
  fc.assert(
    fc.property(purchase, (bought) => property(splitPurchase(bought), bought)),
    settings,
  );
}

describe(`any purchase (GUITAI_SEED=${seed})`, () => {
  test('each line and the sale are the sum of their parts', () => {
    holds((split, bought) => {
      for (const part of split.lines) {
        expect(part.outOfScope + part.overCeiling + part.firstSelfPay + part.inScope).toBe(part.total);
      }
      expect(split.total).toBe(sumMoney(bought.lines.map((line) => line.amount)));
      for (const name of ['total', 'outOfScope', 'overCeiling', 'firstSelfPay', 'inScope'] as const) {
        expect(split[name]).toBe(sumMoney(split.lines.map((part) => part[name])));
      }
      expect(split.fundTotal + split.account + split.cash).toBe(split.total);
    });
  });

  test('nothing is negative', () => {
    holds((split) => {
      const { total, deductible, fundTotal, own, account, cash } = split;
      const sale = [total, deductible, fundTotal, own, account, cash];
      const lines = split.lines.flatMap((part) => [
        part.outOfScope,
        part.overCeiling,
        part.firstSelfPay,
        part.inScope,
      ]);
      expect([...sale, ...lines, ...coveredByLine(split)].every((amount) => amount >= 0n)).toBe(true);
    });
  });

  test('the fund stays inside the cap, the deductible inside what is left of it, the account inside its balance', () => {
    holds((split, bought) => {
      const room = 300_000n - bought.usedThisYear.fundPaid;
      expect(split.fundTotal <= (room > 0n ? room : 0n)).toBe(true);
      const left = 20_000n - bought.usedThisYear.deductible;
      expect(split.deductible <= (left > 0n ? left : 0n)).toBe(true);
      expect(split.deductible <= split.inScope).toBe(true);
      const balance = bought.balance ?? 0n;
      expect(split.account <= (balance > 0n ? balance : 0n)).toBe(true);
      if (!bought.useAccount) expect(split.account).toBe(0n);
      if (!bought.policy.account.paysOutOfScope) expect(split.cash >= split.outOfScope).toBe(true);
    });
  });

  test('what the fund covers of the lines adds up to the fund and never exceeds a line’s in-scope part', () => {
    holds((split) => {
      const covered = coveredByLine(split);
      expect(sumMoney(covered)).toBe(split.fundTotal);
      covered.forEach((amount, index) => {
        expect(amount <= (split.lines[index]?.inScope ?? 0n)).toBe(true);
      });
    });
  });

  test('every yuan that is not zero has a reason with the same amount (P4)', () => {
    holds((split) => {
      const explained = (step: string) => split.reasons.find((why) => why.step === step)?.amount ?? 0n;
      expect(explained('deductible')).toBe(split.deductible);
      expect(explained('fund')).toBe(split.fundTotal);
      expect(explained('account')).toBe(split.account);
      expect(explained('cash')).toBe(split.cash);
      for (const part of split.lines) {
        expect(sumMoney(part.reasons.map((why) => why.amount))).toBe(part.total);
      }
    });
  });
});
