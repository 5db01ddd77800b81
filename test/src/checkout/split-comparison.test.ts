import { afterEach, expect, test } from 'vitest';
import { ratio } from '#core/money';
import type { Policy } from '#core/policy';
import { trainingPolicies } from '../../helpers/policies.ts';
import { openShop, type Shop } from '../../helpers/with-shop.ts';

let shop: Shop;
afterEach(() => shop.end());

/** Enough for the fund to pay: 80 packs of class A at 9.80, the deductible is 200. */
async function sellMuch(): Promise<void> {
  await shop.till.addProduct('100001', '80');
  const quoted = await shop.till.quote();
  expect(quoted.ok ? quoted.value.sale.state : quoted.error.code).toBe('confirming');
}

async function payAndFinish(): Promise<string> {
  const cash = shop.till.view().sale.split?.cash ?? '0.00';
  const paid = await shop.till.pay({ mode: 'insured', tenders: [{ kind: 'cash', amount: cash }] });
  expect(paid.ok ? '' : paid.error.code).toBe('');
  const view = await shop.until('done', ({ sale }) => sale.state === 'done');
  return view.sale.saleId;
}

/** The agency pays employees less than the till's document says. */
function lessForEmployees(policy: Policy): Policy {
  const steps = policy.steps.map((step) => {
    if (step.kind !== 'bands') return step;
    const entries = step.entries.map((entry) => ({
      ...entry,
      bands: entry.bands.map((band) => ({ ...band, fundRatio: ratio('0.55') })),
    }));
    return { ...step, entries };
  });
  return policy.schemes.includes('310') ? { ...policy, steps } : policy;
}

test('where both compute the same, our rule and version explain the agency’s amounts, and nothing is reported', async () => {
  shop = await openShop();
  await shop.insert('A');
  await sellMuch();
  const { split, lines } = shop.till.view().sale;
  expect(split?.source).toBe('agency');
  const fund = split?.reasons.find(({ amount }) => amount === split.fundTotal);
  expect(fund).toMatchObject({ policy: 'training-310-pharmacy', version: '2026-1' });
  expect(lines[0]?.split?.reasons.every(({ policy }) => policy === 'training-310-pharmacy')).toBe(true);
  await payAndFinish();
  expect(shop.till.splitReport()).toMatchObject({ compared: 2, different: 0, rows: [] });
  const slip = shop.printer.slips().at(-1)?.text.replaceAll(/\s/g, '') ?? '';
  expect(slip).toContain('training-310-pharmacy');
});

test('an agency that pays by another ratio: its amounts are charged, both differences go to the manager', async () => {
  shop = await openShop({ agencyPolicies: trainingPolicies().map(lessForEmployees) });
  await shop.insert('A');
  await sellMuch();
  const { split } = shop.till.view().sale;
  expect(split?.reasons[0]?.policy).toBe('agency');
  const saleId = await payAndFinish();
  const report = shop.till.splitReport();
  expect(report).toMatchObject({ compared: 2, different: 2 });
  expect(report.rows.map(({ against }) => against).sort()).toEqual(['settlement', 'trial']);
  const funds = report.rows.map((row) => row.differences.find(({ field }) => field === 'fundTotal'));
  // 80 × 9.80 = 784.00 in scope, 584.00 above the deductible: 60 % of it here, 55 % there.
  for (const fund of funds) expect(fund).toMatchObject({ ours: '350.40', agency: '321.20' });
  expect(shop.store.settled(saleId)?.settlement.split.fundTotal).toBe(32_120n);
  const doctor = await shop.till.doctor();
  expect(doctor.find(({ part }) => part === 'benefit')).toMatchObject({ state: 'warning' });
});

test('an offline sale that is uploaded is compared with what the agency books', async () => {
  shop = await openShop({
    toml: '[offline]\nenabled = true\nbasis = "test"\nper_sale = "30.00"\nper_card = "40.00"\nper_terminal = "60.00"\n',
  });
  await shop.insert('A');
  shop.pull();
  await shop.agency.control.cut();
  await shop.insert('A');
  await shop.until('offline', ({ connectivity }) => connectivity.state === 'offline');
  await shop.till.scan('6909901000017');
  await shop.till.quote();
  expect(shop.till.view().sale.split?.reasons.some(({ rule }) => rule !== undefined)).toBe(true);
  const paid = await shop.till.pay({ mode: 'offline', tenders: [], pin: '123456', acceptOfflineRisk: true });
  expect(paid.ok ? '' : paid.error.code).toBe('');
  await shop.agency.control.restore();
  await shop.till.syncNow();
  await shop.until('uploaded', ({ queue }) => queue.waiting === 0, 15_000);
  expect(shop.till.splitReport()).toMatchObject({ compared: 1, different: 0 });
});
