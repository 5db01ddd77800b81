import { describe, expect, it } from 'vitest';
import { choosePolicy } from '#benefits/choose-policy';
import { splitSale } from '#benefits/split-sale';
import type { BasketLine, Product } from '#core/domain/product';
import { fen, type Quantity, type Ratio, type UnitPrice } from '#core/money';
import type { Policy, PolicyText } from '#core/policy';
import { validatePolicy } from '#core/policy/parse';
import type { InsuredPerson } from '#simulators/agency/person';
import type { CatalogEntry } from '#simulators/agency/policy';
import { insuredHolder, trainingInsuredPersons } from '#simulators/agency/training-persons';
import { trainingPolicies } from '../../../helpers/policies.ts';
import { choose, runLength, seededRandom } from '../../../simulation/seeded.ts';
import { amountOf, Caller, catalog, fenOf, type Line, node, rows, start } from './caller.ts';

const { seed } = runLength('DIFFERENCE', 0);
const two: readonly Line[] = [{ code: 'XA-JIA', count: 10_000n, price: 200_000_000n }];
const institution = { level: 'community', kind: 'pharmacy' } as const;

describe(`what the terminal computes beside the agency’s answers, seed ${seed}`, () => {
  const people: readonly [string, InsuredPerson][] = [
    ['310, employed', insuredHolder('employee')],
    ['310, retired', insured('郑退休')],
    ['390', insuredHolder('resident')],
  ];

  it.each(people)(
    '%s: a year of baskets, cap and cancellations included, to the fen',
    async (_, person) => {
      const random = seededRandom(seed);
      const agency = await start();
      const caller = new Caller(agency);
      await caller.signIn();
      const [insurance] = person.schemes;
      if (insurance === undefined) throw new Error('the person is insured');
      const used = { deductible: 0n, fundPaid: 0n, counted: 0n };
      for (let sale = 1; sale <= 40; sale += 1) {
        const lines = basket(random);
        const useAccount = random() < 0.7;
        const balance = agency.control.account(person.personNumber)?.balance ?? fen(0n);
        const message = caller.settlement(person, lines, `S${sale}`, {
          acct_used_flag: useAccount ? '1' : '0',
        });
        const day = String(node(node(message, 'input'), 'druginfo')['begntime']).slice(0, 10);
        const who = { scheme: insurance.scheme, personType: insurance.personType, age: 50, tags: [] };
        const policy = choosePolicy(trainingPolicies(), { region: person.region, day, institution, ...who });
        if (!policy.ok) throw new Error(policy.error.code);
        const ours = splitSale({
          policy: policy.value,
          lines: lines.map(basketLine),
          person: who,
          institution,
          day,
          used: {
            deductible: fen(used.deductible),
            fundPaid: fen(used.fundPaid),
            counted: fen(used.counted),
          },
          ...(insurance.scheme === '310' ? { balance } : {}),
          useAccount,
        });
        if (!ours.ok) throw new Error(ours.error.code);
        const { output } = await caller.post('2102', message);
        const info = node(output, 'setlinfo');
        expect([sale, sumsOf(info)]).toEqual([
          sale,
          [
            ours.value.total,
            ours.value.outOfScope,
            ours.value.overCeiling,
            ours.value.firstSelfPay,
            ours.value.inScope,
            ours.value.deductible,
            ours.value.fundTotal,
            ours.value.account,
            ours.value.cash,
          ],
        ]);
        expect(rows(output, 'detlcutinfo').map(cutOf)).toEqual(
          ours.value.lines.map((line) => [
            line.outOfScope,
            line.overCeiling,
            line.firstSelfPay,
            line.inScope,
          ]),
        );
        if (random() < 0.2) {
          const undone = await caller.reversal(person, String(message['msgid']));
          expect(undone.infcode).toBe('0');
          continue;
        }
        used.deductible += ours.value.deductible;
        used.fundPaid += ours.value.fundTotal;
        used.counted += ours.value.inScope;
      }
      expect(agency.control.account(person.personNumber)?.years).toMatchObject([
        { deductible: used.deductible, fund: used.fundPaid, counted: used.counted },
      ]);
      expect(used.fundPaid).toBe(insurance.scheme === '310' ? 3000_00n : 1000_00n);
    },
    60_000,
  );
});

describe('a region whose document has layers, limits by visit and a deductible once a month', () => {
  const poor: InsuredPerson = { ...insuredHolder('employee'), identities: ['2303'], openingBalance: 0n };

  const plain = { ...poor, identities: [] };

  it('limits by visit, bears a deductible once a month, and no more of it once its yearly most is borne', async () => {
    const { buy } = await openWithoutProof(plain);
    // 200.00, of which 180.00 count: 50.00 deductible, then 100.00 at half and 30.00 at 80 %.
    expect(await buy('2026-03-10')).toEqual([200_00n, 50_00n, 74_00n, 126_00n]);
    // The same month again: no deductible, 100.00 at half and 80.00 at 80 %.
    expect(await buy('2026-03-11')).toEqual([200_00n, 0n, 114_00n, 86_00n]);
    // The next month: 30.00 of the yearly 80.00 are left; 40.00 of the year's 400.00 still count, 140.00 lie above.
    expect(await buy('2026-04-01')).toEqual([200_00n, 30_00n, 5_00n + 112_00n, 83_00n]);
    // Everything lies above now: 180.00 at 80 %.
    expect(await buy('2026-05-01')).toEqual([200_00n, 0n, 144_00n, 56_00n]);
  });

  it('names every paying fund with its own amount and row, and a cancellation gives each back', async () => {
    const { agency, caller, buy, answers } = await openWithoutProof(poor);
    await buy('2026-03-10');
    await buy('2026-03-11');
    await buy('2026-04-01');
    const [, , third] = answers;
    if (third === undefined) throw new Error('three were bought');
    const amounts = ['hifp_pay', 'hifob_pay', 'maf_pay', 'hifmi_pay', 'oth_pay', 'fund_pay_sumamt'];
    expect(fieldsOf(third.output, ...amounts)).toEqual([5_00n, 112_00n, 63_00n, 0n, 0n, 180_00n]);
    const fundsOf = (output: Record<string, unknown>) =>
      rows(output, 'setldetail').map((row) => [row['fund_pay_type'], fenOf(row, 'fund_payamt')]);
    expect(fundsOf(third.output)).toEqual([
      ['310100', 5_00n],
      ['330100', 112_00n],
      ['610100', 63_00n],
    ]);
    const before = agency.control.account(poor.personNumber)?.years[0];
    expect(before).toMatchObject({
      counted: 400_00n,
      deductible: 80_00n,
      visits: 3,
      byLayer: { seriousIllness: 112_00n },
    });
    const cancelled = await caller.cancellation(poor, third);
    expect(fieldsOf(cancelled.output, ...amounts)).toEqual([-5_00n, -112_00n, -63_00n, 0n, 0n, -180_00n]);
    expect(fundsOf(cancelled.output)).toEqual([
      ['310100', -5_00n],
      ['330100', -112_00n],
      ['610100', -63_00n],
    ]);
    const after = agency.control.account(poor.personNumber)?.years[0];
    expect(after).toMatchObject({ counted: 360_00n, deductible: 50_00n, visits: 2 });
    expect(await buy('2026-04-02')).toEqual([200_00n, 30_00n, 180_00n, 20_00n]);
  });

  it('refuses a person or a kind of visit of which no document speaks instead of paying nothing', async () => {
    const foreign = { ...plain, schemes: plain.schemes.map((each) => ({ ...each, personType: '1300' })) };
    const { caller } = await openWithoutProof(foreign);
    const refusals = await Promise.all(
      [{}, { med_type: '13' }].map((more) =>
        caller.post('2102', caller.settlement(foreign, two, 'S1', more)),
      ),
    );
    expect(refusals.map(({ infcode, text }) => [infcode, text.replace(/\[.*/, '')])).toEqual([
      ['-1', 'FSI-待遇政策对本次就诊没有规定'],
      ['-1', 'FSI-该医疗类别不能在定点药店结算'],
    ]);
  });
});

const fieldsOf = (output: Record<string, unknown>, ...fields: string[]) =>
  fields.map((field) => fenOf(node(output, 'setlinfo'), field));

/** A region that asks no proof of a purchase of an earlier day. */
async function openWithoutProof(person: InsuredPerson) {
  const agency = await start({
    persons: [person],
    policies: [layered()],
    behaviour: { requireOfflineProof: false },
  });
  const caller = new Caller(agency);
  await caller.signIn();
  let sale = 0;
  const answers: Awaited<ReturnType<Caller['post']>>[] = [];
  const buy = async (day: string) => {
    sale += 1;
    const begun = { begntime: `${day} 09:00:00` };
    const answer = await caller.post('2102', caller.settlement(person, two, `S${sale}`, begun));
    answers.push(answer);
    return fieldsOf(answer.output, 'medfee_sumamt', 'act_pay_dedc', 'fund_pay_sumamt', 'psn_part_amt');
  };
  return { agency, caller, buy, answers };
}

function insured(name: string): InsuredPerson {
  const person = trainingInsuredPersons.find((each) => each.name === name);
  if (person === undefined) throw new Error(`nobody is called ${name}`);
  return person;
}

/** What the region of the second half ordains; rules 1 to 8 in its order. */
function layered(): Policy {
  return policy({
    id: 'layered',
    schemes: ['310'],
    funds: [
      { layer: 'basic', code: '310100', nameZh: '统筹基金', nameEn: 'pooled fund' },
      { layer: 'seriousIllness', code: '330100', nameZh: '大额补助', nameEn: 'large-sum fund' },
      { layer: 'assistance', code: '610100', nameZh: '医疗救助', nameEn: 'assistance' },
    ],
    steps: [
      { kind: 'scope', rule: '1' },
      {
        kind: 'limit',
        nameZh: '药品',
        nameEn: 'drugs',
        categories: ['drug'],
        per: 'visit',
        entries: [{ rule: '2', amount: '180.00' }],
      },
      { kind: 'yearly-counted', entries: [{ rule: '3', amount: '400.00' }] },
      {
        kind: 'deductible',
        per: 'visit',
        timesAMonth: 1,
        yearlyMost: '80.00',
        entries: [{ rule: '4', amount: '50.00' }],
      },
      {
        kind: 'bands',
        layer: 'basic',
        runsOn: 'after-deductible',
        entries: [
          {
            rule: '5',
            bands: [
              { to: '100.00', fundRatio: '0.50' },
              { from: '100.00', ownRatio: '0.20' },
            ],
          },
        ],
      },
      {
        kind: 'bands',
        layer: 'seriousIllness',
        runsOn: 'above-yearly-counted',
        entries: [{ rule: '6', bands: [{ fundRatio: '0.80' }] }],
      },
      {
        kind: 'fill',
        layer: 'assistance',
        entries: [{ rule: '7', when: { tags: ['2303'] }, share: '0.90' }],
      },
      { kind: 'account', rule: '8', paysOutOfScope: false, paysOverCeiling: true },
    ],
  });
}

function policy(own: Pick<PolicyText, 'id' | 'schemes' | 'funds' | 'steps'>): Policy {
  const checked = validatePolicy({
    version: '1',
    titleZh: '测试',
    titleEn: 'test',
    status: 'training',
    basis: 'invented for a test',
    regions: ['990100'],
    visitKinds: ['pharmacy'],
    validFrom: '2020-01-01',
    groups: [{ id: 'active', nameZh: '在职', nameEn: 'employed', personTypes: ['11'] }],
    ...own,
  });
  if (!checked.ok) throw new Error(checked.error.fault.detail);
  return checked.value;
}

function basket(random: () => number): Line[] {
  const codes = ['XA-JIA', 'XA-JIA', 'XB-YI', 'XB-CEILING', 'ZC-BING', 'NOT-INSURED'] as const;
  return Array.from({ length: 1 + Math.floor(random() * 6) }, () => ({
    code: choose(random, codes),
    count: BigInt(choose(random, [10_000, 20_000, 5_000, 1 + Math.floor(random() * 60_000)])),
    price: BigInt(1 + Math.floor(random() * 300_000_000)),
  }));
}

/** The line as the terminal has it in its basket. */
function basketLine(line: Line, place: number): BasketLine {
  const entry: CatalogEntry | undefined = catalog.find(({ nationalCode }) => nationalCode === line.code);
  const product: Product = {
    shopCode: `SHOP-${place + 1}`,
    ...(entry === undefined ? {} : { nationalCode: entry.nationalCode }),
    genericName: '测试药品',
    form: '片剂',
    specification: '1g',
    maker: '示例药厂',
    packUnit: '盒',
    price: line.price as UnitPrice,
    insuranceClass: entry?.class ?? 'C',
    firstSelfPayRatio: (entry?.class === 'B' ? entry.firstSelfPayRatio : 0n) as Ratio,
    ...(entry?.ceiling === undefined ? {} : { ceiling: entry.ceiling as UnitPrice }),
    category: 'drug',
    prescriptionOnly: false,
  };
  return {
    lineNumber: place + 1,
    product,
    quantity: line.count as Quantity,
    amount: fen(amountOf(line)),
    catalogVersion: 'test',
  };
}

function sumsOf(info: Record<string, unknown>): bigint[] {
  return [
    'medfee_sumamt',
    'fulamt_ownpay_amt',
    'overlmt_selfpay',
    'preselfpay_amt',
    'inscp_scp_amt',
    'act_pay_dedc',
    'fund_pay_sumamt',
    'acct_pay',
    'psn_cash_pay',
  ].map((field) => fenOf(info, field));
}

function cutOf(row: Record<string, unknown>): bigint[] {
  return ['fulamt_ownpay_amt', 'overlmt_amt', 'preselfpay_amt', 'inscp_scp_amt'].map((field) =>
    fenOf(row, field),
  );
}
