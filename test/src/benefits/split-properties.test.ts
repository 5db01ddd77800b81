import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitRefund } from '#benefits/refund-case';
import type { BenefitCase, BenefitLine, BenefitSplit } from '#core/domain/benefit';
import type { Reason } from '#core/domain/split';
import { fen, lineAmount, type Quantity, type Ratio, type UnitPrice } from '#core/money';
import { itemCategories, layers, type PolicyText } from '#core/policy';
import { account, cutSteps, smallPolicy, splitOf, visit } from './small-policy.ts';

const seed = Number(process.env['GUITAI_SEED'] ?? Date.now() % 2 ** 31);
const settings = { seed, numRuns: 200 };

/** Every step kind but the quota, whose cost is shared out by other rules. */
const layered: PolicyText['steps'] = [
  { kind: 'scope', rule: 'T.1', prescriptionFor: ['drug'] },
  ...cutSteps.slice(1),
  {
    kind: 'limit',
    nameZh: '检查费',
    nameEn: 'tests',
    categories: ['test', 'operation'],
    per: 'visit',
    entries: [{ rule: 'T.4', amount: '300.00' }],
  },
  { kind: 'yearly-counted', entries: [{ rule: 'T.5', amount: '20000.00' }] },
  { kind: 'deductible', per: 'yearly', entries: [{ rule: 'T.5', amount: '200.00' }] },
  {
    kind: 'bands',
    layer: 'basic',
    runsOn: 'case',
    ownMultiplier: [{ rule: 'T.7', when: { groups: ['retired'] }, ratio: '0.6' }],
    entries: [
      {
        rule: 'T.6',
        bands: [
          { to: '1000.00', fundRatio: '0.5' },
          { from: '1000.00', ownRatio: '0.333' },
        ],
      },
    ],
  },
  {
    kind: 'bands',
    layer: 'seriousIllness',
    runsOn: 'above-yearly-counted',
    entries: [{ rule: 'T.7', bands: [{ fundRatio: '0.8' }] }],
  },
  {
    kind: 'daily-addition',
    layer: 'basic',
    nameZh: '护理补助',
    nameEn: 'nursing',
    categories: ['nursing'],
    entries: [{ rule: 'T.7', perDay: '10.00', most: '200.00' }],
  },
  { kind: 'yearly-payment', layer: 'basic', entries: [{ rule: 'T.8', amount: '3000.00' }] },
  { kind: 'fill', layer: 'assistance', entries: [{ rule: 'T.8', when: { tags: ['2303'] }, share: '0.9' }] },
  account,
];
const policy = smallPolicy(layered);
const byQuota = smallPolicy([
  ...cutSteps,
  {
    kind: 'quota',
    rule: 'T.6',
    basicRatio: '0.70',
    assisted: { tags: ['2303'] },
    assistedOwn: '0.10',
    overrun: 'half-patient',
  },
  account,
]);

const line = fc
  .record({
    price: fc.bigInt({ min: 0n, max: 3_000_000_000n }),
    quantity: fc.bigInt({ min: 1n, max: 300_000n }),
    category: fc.constantFrom(...itemCategories),
    insuranceClass: fc.constantFrom('A', 'B', 'C'),
    ratio: fc.bigInt({ min: 0n, max: 10_000n }),
    ceiling: fc.option(fc.bigInt({ min: 0n, max: 3_000_000_000n })),
    named: fc.boolean(),
    mapped: fc.boolean(),
    prescription: fc.boolean(),
  })
  .map((drawn) => (lineNumber: number): BenefitLine => {
    const { category, mapped, prescription } = drawn;
    const quantity = drawn.quantity as Quantity;
    return {
      ...{ lineNumber, category, mapped, prescription, quantity },
      insuranceClass: drawn.insuranceClass as BenefitLine['insuranceClass'],
      amount: lineAmount(drawn.price as UnitPrice, quantity, 'half-up'),
      firstSelfPayRatio: drawn.ratio as Ratio,
      ...(drawn.named ? { unitPrice: drawn.price as UnitPrice } : {}),
      ...(drawn.ceiling === null ? {} : { ceiling: drawn.ceiling as UnitPrice }),
    };
  });

const money = (max: bigint) => fc.bigInt({ min: 0n, max }).map(fen);
const anyVisit = fc
  .record({
    lines: fc.array(line, { maxLength: 12 }),
    group: fc.constantFrom('active', 'retired'),
    poor: fc.boolean(),
    deductible: money(30_000n),
    counted: money(2_500_000n),
    fundPaid: money(350_000n),
    tests: money(40_000n),
    days: fc.nat(30),
    balance: fc.option(fc.bigInt({ min: -10_000n, max: 100_000n }).map(fen)),
    use: fc.boolean(),
    possible: fc.boolean(),
    quota: money(500_000n),
  })
  .map(
    (drawn): BenefitCase =>
      visit(
        drawn.lines.map((make, index) => make(index + 1)),
        {
          visitKind: 'inpatient',
          person: {
            scheme: '310',
            group: drawn.group,
            age: 40,
            tags: drawn.poor ? [{ code: '2303' }] : [],
          },
          usedThisYear: {
            deductible: drawn.deductible,
            counted: drawn.counted,
            fundPaid: drawn.fundPaid,
            byLayer: {},
            stays: 0,
            visits: 0,
          },
          thisVisit: { counted: { test: drawn.tests } },
          stay: { days: drawn.days },
          oneStop: { possible: drawn.possible, reason: '未接入' },
          quota: { disease: 'A01', amount: drawn.quota },
          account: { ...(drawn.balance === null ? {} : { balance: drawn.balance }), use: drawn.use },
        },
      ),
  );

function holds(property: (split: BenefitSplit, each: BenefitCase) => void): void {
  for (const document of [policy, byQuota]) {
    fc.assert(
      fc.property(anyVisit, (each) => property(splitOf(document, each), each)),
      settings,
    );
  }
}

const sum = (amounts: readonly bigint[]) => amounts.reduce((whole, part) => whole + part, 0n);

describe(`any case (GUITAI_SEED=${seed})`, () => {
  test('each line and the sale are the sum of their parts, and lines add up to the sale', () => {
    holds((split, each) => {
      for (const part of split.lines) {
        expect(part.outOfScope + part.overCeiling + part.firstSelfPay + part.inScope).toBe(part.total);
      }
      expect(split.total).toBe(sum(each.lines.map(({ amount }) => amount)));
      for (const name of ['total', 'outOfScope', 'overCeiling', 'firstSelfPay', 'inScope', 'own'] as const) {
        expect(split[name]).toBe(sum(split.lines.map((part) => part[name])));
      }
      expect(sum(split.lines.map(({ covered }) => covered))).toBe(split.fundTotal);
      expect(sum(layers.map((layer) => split.funds[layer]))).toBe(split.fundTotal);
      expect(split.fundTotal + split.institution + split.account + split.cash).toBe(split.total);
    });
  });

  test('nothing is negative, and no line is paid beyond its total', () => {
    holds((split) => {
      const { total, deductible, counted, fundTotal, institution, own, account: paid, cash } = split;
      const lines = split.lines.flatMap((part) => [
        part.outOfScope,
        part.overCeiling,
        part.firstSelfPay,
        part.inScope,
        part.covered,
        part.own,
      ]);
      const sale = [total, deductible, counted, fundTotal, institution, own, paid, cash];
      expect(
        [...sale, ...layers.map((layer) => split.funds[layer]), ...lines].every((amount) => amount >= 0n),
      ).toBe(true);
    });
  });

  test('limits and bars of the document hold', () => {
    fc.assert(
      fc.property(anyVisit, (each) => {
        const split = splitOf(policy, each);
        const { deductible, counted, fundPaid } = each.usedThisYear;
        const left = (most: bigint, used: bigint) => (most > used ? most - used : 0n);
        expect(split.deductible <= left(20_000n, deductible)).toBe(true);
        expect(split.counted <= left(2_000_000n, counted)).toBe(true);
        expect(split.funds.basic <= left(300_000n, fundPaid)).toBe(true);
        const balance = each.account.balance ?? 0n;
        expect(split.account <= (each.account.use && balance > 0n ? balance : 0n)).toBe(true);
        if (split.account > 0n)
          expect(split.cash >= (split.own < split.outOfScope ? split.own : split.outOfScope)).toBe(true);
      }),
      settings,
    );
  });

  test('one fen to a thousand yuan more of goods in scope never makes the own part smaller inside a band', () => {
    const simple = smallPolicy(layered.filter(({ kind }) => kind !== 'fill' && kind !== 'daily-addition'));
    fc.assert(
      fc.property(anyVisit, money(100_000n), (each, more) => {
        const extra = (amount: bigint): BenefitLine => ({
          ...{ lineNumber: 99, category: 'service', insuranceClass: 'A', mapped: true, prescription: true },
          ...{ amount: fen(amount), quantity: 10_000n as Quantity, firstSelfPayRatio: 0n as Ratio },
        });
        const own = (amount: bigint) =>
          splitOf(simple, { ...each, lines: [...each.lines, extra(amount)] }).own;
        expect(own(1_000n + more) >= own(1_000n)).toBe(true);
      }),
      settings,
    );
  });

  test('the order of lines does not decide who pays what', () => {
    for (const document of [policy, byQuota]) {
      fc.assert(
        fc.property(anyVisit, (each) => {
          const money = ({ lines: _, reasons: __, ...sums }: BenefitSplit) => sums;
          const reversed = { ...each, lines: [...each.lines].reverse() };
          expect(money(splitOf(document, reversed))).toEqual(money(splitOf(document, each)));
        }),
        settings,
      );
    }
  });

  test('a full refund returns exactly what was taken, of every line and payer', () => {
    for (const document of [policy, byQuota]) {
      fc.assert(
        fc.property(anyVisit, (each) => {
          const taken = splitOf(document, each);
          const all = each.lines.map(({ lineNumber, quantity }) => ({ lineNumber, quantity }));
          const back = splitRefund(document, each, all);
          if (!back.ok) throw new Error(back.error.detail);
          const { reasons: _, lines: takenLines, policy: __, version: ___, ...sums } = taken;
          for (const [name, amount] of Object.entries(sums)) {
            if (name !== 'funds') expect(back.value[name as 'total']).toBe(-(amount as bigint));
          }
          for (const layer of layers) expect(back.value.funds[layer]).toBe(-taken.funds[layer]);
          takenLines.forEach(({ covered, own, total }, index) => {
            expect(back.value.lines[index]).toMatchObject({ covered: -covered, own: -own, total: -total });
          });
        }),
        settings,
      );
    }
  });

  test('a refund in two parts gives back what one refund of both does', () => {
    fc.assert(
      fc.property(anyVisit, (each) => {
        const [first, second, ...others] = each.lines;
        if (first === undefined || second === undefined) return;
        const whole = (lines: readonly BenefitLine[]) =>
          lines.map(({ lineNumber, quantity }) => ({ lineNumber, quantity }));
        const refund = (from: readonly BenefitLine[], back: readonly BenefitLine[]) => {
          const done = splitRefund(policy, { ...each, lines: from }, whole(back));
          if (!done.ok) throw new Error(done.error.detail);
          return done.value.own;
        };
        const both = refund(each.lines, [first, second]);
        expect(refund(each.lines, [first]) + refund([second, ...others], [second])).toBe(both);
      }),
      settings,
    );
  });

  test('every yuan of the result has a reason with the same amount, and parts of own add up (P4)', () => {
    holds((split) => {
      const explained = (step: string) => split.reasons.find((why) => why.step === step)?.amount ?? 0n;
      expect(explained('deductible')).toBe(split.deductible);
      expect(explained('account')).toBe(split.account);
      expect(explained('cash')).toBe(split.cash);
      expect(explained('own')).toBe(split.own);
      for (const [step, amount] of [
        ['scope', split.outOfScope],
        ['ceiling', split.overCeiling],
        ['first-self-pay', split.firstSelfPay],
        ['institution', split.institution],
      ] as const) {
        expect(explained(step)).toBe(amount);
      }
      const own = split.reasons.find(({ step }) => step === 'own');
      if (own !== undefined) expect(sum((own.parts ?? []).map(({ amount }) => amount))).toBe(split.own);
      const told = new Set(split.reasons.map(({ amount }) => amount));
      for (const layer of layers)
        if (split.funds[layer] > 0n) expect(told.has(split.funds[layer])).toBe(true);
      for (const part of split.lines) {
        expect(sum(part.reasons.map(({ amount }) => amount))).toBe(part.total);
      }
      for (const why of [...split.reasons, ...split.lines.flatMap(({ reasons }) => reasons)])
        expectWords(why);
    });
  });
});

function expectWords({ zh, en, parts }: Reason): void {
  expect(zh).toMatch(/[\u4e00-\u9fff]/);
  expect(en).toMatch(/[a-z]{3}/);
  expect(`${zh}${en}`).not.toMatch(/undefined|NaN|\[object/);
  for (const part of parts ?? []) expectWords(part);
}
