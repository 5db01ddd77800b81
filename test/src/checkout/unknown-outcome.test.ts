import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { formatMoney } from '#core/money';
import { openShop, type Shop } from '../../helpers/with-shop.ts';

let shop: Shop;

beforeEach(async () => {
  shop = await openShop({ requestLifeMs: 400, answerTimeoutMs: 600 });
});

afterEach(async () => {
  await shop.end();
});

async function payInsured(): Promise<string> {
  await shop.insert('A');
  await shop.till.scan('6909901000017');
  const quoted = await shop.till.quote();
  expect(quoted.ok ? '' : quoted.error.code).toBe('');
  return shop.till.view().sale.saleId;
}

function saleNumberOf(saleId: string): string {
  return shop.store.sale(saleId)?.saleNumber ?? '';
}

describe('a settlement without a readable answer', () => {
  test('reply lost: reversed, settled again, and the account is charged once', async () => {
    const saleId = await payInsured();
    await shop.agency.control.setFault({ kind: 'lose-reply', transaction: '2102', count: 1 });
    const paid = await shop.till.pay({ mode: 'insured', tenders: [] });
    expect(paid.ok ? paid.value.sale.state : paid.error).toBe('unknown');
    expect(shop.till.view().sale.fault?.retry).toBe('ambiguous');
    expect(shop.till.view().pending[0]).toMatchObject({ saleId, state: 'unknown' });
    expect(shop.till.view().pending[0]?.progressZh).toMatch(/核实|冲正/);
    await shop.until('the sale is settled again', ({ sale }) => sale.state === 'done');
    const charges = shop.agency.control.chargesOf(saleNumberOf(saleId));
    expect(charges.standing).toHaveLength(1);
    expect(formatMoney(charges.account)).toBe('9.80');
    expect(formatMoney(shop.store.balance('receivable:account'))).toBe('9.80');
    expect(formatMoney(shop.store.balance('suspense'))).toBe('0.00');
    await shop.until('the slip is out', ({ printer }) => printer.owed === 0);
    expect(shop.printer.slips()).toHaveLength(1);
    expect(shop.till.view().holder.balance).toBe('490.20');
  });

  test('request lost: the same, and the agency saw only one settlement', async () => {
    const saleId = await payInsured();
    await shop.agency.control.setFault({ kind: 'lose-request', transaction: '2102', count: 1 });
    await shop.till.pay({ mode: 'insured', tenders: [] });
    await shop.until('the sale is settled again', ({ sale }) => sale.state === 'done');
    expect(shop.agency.control.chargesOf(saleNumberOf(saleId)).standing).toHaveLength(1);
  });

  test('request arriving after its reversal: the detail of the day shows it and it is given back', async () => {
    const saleId = await payInsured();
    await shop.agency.control.setFault({ kind: 'late-after-reversal', transaction: '2102', count: 1 });
    await shop.till.pay({ mode: 'insured', tenders: [] });
    await shop.until('the sale is settled again', ({ sale }) => sale.state === 'done');
    const reconciled = await shop.till.reconcile();
    expect(reconciled.ok ? '' : reconciled.error.code).toBe('');
    await shop.until(
      'the second charge is given back',
      () => shop.agency.control.chargesOf(saleNumberOf(saleId)).standing.length === 1,
    );
    const kinds = shop.store.journalOfSale(saleId).map(({ kind }) => kind);
    expect(kinds).toContain('second-charge-found');
    expect(kinds).toContain('second-charge-returned');
    expect(formatMoney(shop.agency.control.chargesOf(saleNumberOf(saleId)).account)).toBe('9.80');
  });

  test('garbage and a server error are unknown, never failed or done', async () => {
    for (const kind of ['garbage', 'server-error'] as const) {
      const saleId = await payInsured();
      await shop.agency.control.setFault({ kind, transaction: '2102', count: 1 });
      const paid = await shop.till.pay({ mode: 'insured', tenders: [] });
      expect(paid.ok ? paid.value.sale.state : paid.error, kind).toBe('unknown');
      await shop.until('settled again', ({ sale }) => sale.state === 'done');
      expect(shop.agency.control.chargesOf(saleNumberOf(saleId)).standing, kind).toHaveLength(1);
      await shop.till.nextSale();
      shop.pull();
    }
  });

  test('the next customer is served while the first sale is being cleared up', async () => {
    const first = await payInsured();
    await shop.agency.control.setFault({ kind: 'lose-reply', transaction: '2102', count: 1 });
    await shop.till.pay({ mode: 'insured', tenders: [] });
    await shop.till.nextSale();
    await shop.till.scan('6909901000017');
    await shop.till.quote();
    const second = await shop.till.pay({ mode: 'insured', tenders: [] });
    expect(second.ok ? '' : second.error.code).toBe('');
    await shop.until('both are settled', ({ pending }) => pending.every(({ state }) => state !== 'unknown'));
    await shop.until('first done', () => shop.store.sale(first)?.state === 'done');
    expect(shop.agency.control.chargesOf(saleNumberOf(first)).standing).toHaveLength(1);
  });

  test('wrong sums after success are disputed: settled, under check, never settled again', async () => {
    await payInsured();
    await shop.agency.control.setFault({ kind: 'wrong-sums', transaction: '2102', relation: '4', count: 1 });
    const paid = await shop.till.pay({ mode: 'insured', tenders: [] });
    expect(paid.ok ? '' : paid.error.code).toBe('');
    const { sale } = shop.till.view();
    expect(shop.store.sale(sale.saleId)?.state).toBe('disputed');
    expect(shop.till.view().sale.fault?.code).toBe('sale-disputed');
    const accepted = await shop.till.decideDispute(
      sale.saleId,
      'accept',
      { number: '0102', pin: '5678' },
      '已核对',
    );
    expect(accepted.ok ? '' : accepted.error.code).toBe('');
    expect(shop.store.sale(sale.saleId)?.state).toBe('done');
    expect(shop.agency.control.settlements()).toHaveLength(1);
  });

  test('a trial with wrong sums is refused with its code and nothing is charged', async () => {
    await shop.insert('A');
    await shop.till.scan('6909901000017');
    await shop.agency.control.setFault({ kind: 'wrong-sums', transaction: '2101', relation: '1', count: 1 });
    const quoted = await shop.till.quote();
    expect(quoted.ok ? '' : quoted.error.code).toBe('agency-sums-wrong');
    expect(shop.agency.control.settlements()).toHaveLength(0);
  });

  test('restart between intent and answer: reversed and settled again, charged once', async () => {
    const saleId = await payInsured();
    await shop.agency.control.setFault({ kind: 'lose-reply', transaction: '2102', count: 1 });
    await shop.till.pay({ mode: 'insured', tenders: [] });
    await shop.restart();
    await shop.until('the sale is settled again', () => shop.store.sale(saleId)?.state === 'done');
    expect(shop.agency.control.chargesOf(saleNumberOf(saleId)).standing).toHaveLength(1);
  });
});
