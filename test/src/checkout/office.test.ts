import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Fault } from '#core/fault';
import type { Result } from '#core/result';
import { openShop, type Shop } from '../../helpers/with-shop.ts';

const cashier = { number: '0101', pin: '1234' };
const manager = { number: '0102', pin: '5678' };
const byManager = { first: '0102', second: cashier, reason: '新员工入职' };
const wish = { number: '0103', name: '收银员丙', role: 'cashier', password: 'k7-mountain' } as const;

let shop: Shop;
beforeEach(async () => {
  shop = await openShop({
    toml: '[shop]\nsingle_handed = true\n[offline]\nenabled = true\nbasis = "test"\n',
  });
});
afterEach(() => shop.end());

const code = (answer: Result<unknown, Fault>) => (answer.ok ? 'ok' : answer.error.code);

async function sell(): Promise<string> {
  await shop.till.scan('6909901000017');
  await shop.till.quote();
  const paid = await shop.till.pay({ mode: 'insured', tenders: [] });
  expect(code(paid)).toBe('ok');
  const { sale } = await shop.until('done', (view) => view.sale.state === 'done');
  return sale.saleId;
}

describe('operators', () => {
  test('one who is added signs in, survives a restart, is disabled, and every step is journalled', async () => {
    expect(code(await shop.till.addOperator(wish, byManager))).toBe('ok');
    expect(code(await shop.till.addOperator(wish, byManager))).toBe('operator-exists');
    await shop.restart();
    const proved = await shop.till.checkOperator({ number: '0103', pin: wish.password });
    expect(proved.ok && proved.value.name).toBe('收银员丙');
    const disabled = await shop.till.changeOperator('0103', { state: 'disabled' }, byManager);
    expect(code(disabled)).toBe('ok');
    const after = await shop.till.checkOperator({ number: '0103', pin: wish.password });
    expect(code(after)).toBe('operator-unknown');
    expect(shop.till.operators().map(({ number }) => number)).toEqual(['0101', '0102']);
    const events = shop.store.journal(1, 1000).filter(({ kind }) => kind === 'operator-changed');
    expect(events.map(({ operator, facts }) => [operator, JSON.parse(facts)])).toEqual([
      [
        '0102',
        { action: 'added', number: '0103', reason: '新员工入职', role: 'cashier', secondOperator: '0101' },
      ],
      [
        '0102',
        { action: 'disabled', number: '0103', reason: '新员工入职', role: 'cashier', secondOperator: '0101' },
      ],
    ]);
  });

  test('no change without a manager, a second person, a reason and a password worth the name', async () => {
    const by = async (two: typeof byManager, password = wish.password as string) =>
      code(await shop.till.addOperator({ ...wish, password }, two));
    expect(await by({ ...byManager, first: '0101', second: manager })).toBe('right-missing');
    expect(await by({ ...byManager, second: manager })).toBe('operator-second-needed');
    expect(await by({ ...byManager, second: { number: '0101', pin: '9999' } })).toBe('operator-unknown');
    expect(await by({ ...byManager, reason: '新' })).toBe('reason-missing');
    for (const password of ['abc12', '123456', '111111', 'fedcba'])
      expect([password, await by(byManager, password)]).toEqual([password, 'password-weak']);
    expect(shop.till.operatorRows()).toHaveLength(2);
  });

  test('the last manager stays, and an inspector is nobody’s second person and opens no shift', async () => {
    const change = { role: 'cashier' } as const;
    expect(code(await shop.till.changeOperator('0102', change, byManager))).toBe('operator-last-manager');
    const inspector = { ...wish, role: 'inspector' } as const;
    expect(code(await shop.till.addOperator(inspector, byManager))).toBe('ok');
    const second = { number: '0103', pin: wish.password };
    const refused = await shop.till.changeOperator('0101', { name: '甲' }, { ...byManager, second });
    expect(code(refused)).toBe('right-missing');
    expect(code(await shop.till.openShift('0103'))).toBe('right-missing');
  });

  test('an account with a last day ends with that day', async () => {
    expect(code(await shop.till.addOperator({ ...wish, until: '2001-01-01' }, byManager))).toBe('ok');
    const after = await shop.till.checkOperator({ number: '0103', pin: wish.password });
    expect(code(after)).toBe('operator-unknown');
  });

  test('the quick PIN counts only where it is asked for, and after five failures only the password does', async () => {
    const set = await shop.till.changeOwnSecret(cashier, { kind: 'quick', to: '7294' });
    expect(code(set)).toBe('ok');
    const quick = { number: '0101', pin: '7294' };
    expect(code(await shop.till.checkOperator(quick))).toBe('operator-unknown');
    expect(code(await shop.till.checkOperator(quick, { quick: true }))).toBe('ok');
    expect(code(await shop.till.checkOperator(cashier, { quick: true }))).toBe('ok');
    const weak = await shop.till.changeOwnSecret(cashier, { kind: 'quick', to: '4567' });
    expect(code(weak)).toBe('password-weak');
  });
});

describe('a clinic with one person', () => {
  test('breaks the glass: recorded before it is done, told by the doctor until somebody else has seen it', async () => {
    await shop.insert('A');
    const saleId = await sell();
    const alone = await shop.till.cancelSale(saleId, cashier, '夜间顾客退药');
    expect(code(alone)).toBe('operator-second-needed');
    await shop.till.changeOperator('0102', { until: '2001-01-01' }, byManager);
    // Refused: it would have been the last manager.
    expect(shop.till.operators()).toHaveLength(2);
    await shop.till.changeOperator('0101', { state: 'disabled' }, byManager);
    await shop.till.openShift('0102');
    const done = await shop.till.cancelSale(saleId, manager, '夜间顾客退药');
    expect(code(done)).toBe('ok');
    const [row] = shop.till.glassRows();
    expect(row).toMatchObject({ operator: '0102', what: 'cancel', reason: '夜间顾客退药' });
    const told = (await shop.till.doctor()).find(({ part }) => part === 'break-glass');
    expect(told?.fault?.code).toBe('break-glass-unseen');
    const id = row?.id ?? '';
    expect(shop.store.journal(Number(id), 1)[0]?.kind).toBe('break-glass');
    expect(code(shop.till.seeGlass(id, '0102'))).toBe('operator-second-needed');
    expect(code(shop.till.seeGlass(id, '0101'))).toBe('ok');
    expect(shop.till.glassRows()).toEqual([]);
    const rows = await shop.till.doctor();
    expect(rows.some(({ part }) => part === 'break-glass')).toBe(false);
    const verified = await shop.till.verifyJournal();
    expect(verified.ok && verified.value.findings).toEqual([]);
  });
});

describe('who looked at whose data', () => {
  test('a card that is read is an enquiry until it is sold on; a preview is a look at a record', async () => {
    await shop.insert('A');
    const [first] = shop.till.looks(undefined);
    expect(first).toMatchObject({
      operator: '0101',
      operatorName: '收银员甲',
      medium: 'card',
      why: 'enquiry',
    });
    expect(first?.holder).toMatch(/^测\*+ \d{6}\*+\w{2}$/);
    const saleId = await sell();
    const receipt = shop.till.saleById(saleId);
    shop.till.slipPreview(saleId);
    const [preview, sold] = shop.till.looks(undefined);
    const saleNumber = receipt?.summary.saleNumber;
    expect(sold).toMatchObject({ why: 'sale', saleNumber });
    expect(preview).toMatchObject({ why: 'record', saleNumber, operator: '0101' });
    // Not whose shift it is, but whoever looks.
    shop.till.saleById(saleId, '0102');
    shop.till.slipPreview(saleId, 'program');
    const [program, manager] = shop.till.looks(undefined);
    expect(manager).toMatchObject({ why: 'record', saleNumber, operator: '0102', operatorName: '店长乙' });
    expect(program).toMatchObject({ why: 'record', saleNumber, operator: 'program' });
    expect(shop.till.looks('2001-01-01')).toEqual([]);
  });
});

describe("a day's picture", () => {
  test('adds up to the sales, tells payers, times and refusals, and leaves a cancelled sale out', async () => {
    await shop.insert('A');
    const saleId = await sell();
    shop.pull();
    await shop.until('nobody', ({ holder }) => holder.state === 'none');
    await shop.till.scan('6909901000017');
    await shop.till.quote();
    const { total } = shop.till.view().sale;
    await shop.till.pay({ mode: 'own-pay', tenders: [{ kind: 'cash', amount: '100' }] });
    await shop.until('done', ({ sale }) => sale.state === 'done');
    const picture = shop.till.dayPicture(undefined);
    expect(picture).toMatchObject({ sales: 2, ends: { insured: 1, offline: 0, ownPay: 1 }, cancelled: 0 });
    const fen = (text: string) => BigInt(text.replace('.', ''));
    const sum = (texts: readonly string[]) => texts.map(fen).reduce((a, b) => a + b, 0n);
    expect(sum(picture.payers.map(({ amount }) => amount))).toBe(fen(picture.total));
    expect(sum(picture.hours.map((hour) => hour.total))).toBe(fen(picture.total));
    expect(picture.payers.find(({ payer }) => payer === 'cash')?.sales).toBeGreaterThan(0);
    expect(fen(total)).toBeLessThan(fen(picture.total));
    expect(picture.times.measured).toBe(2);
    expect(picture.times.bands.reduce((count, { sales }) => count + sales, 0)).toBe(2);
    expect(picture.times.machineMedian).toBeLessThanOrEqual(picture.times.slowest);
    await shop.till.cancelSale(saleId, manager, '顾客退货');
    expect(shop.till.dayPicture(undefined)).toMatchObject({ sales: 1, cancelled: 1 });
    expect(shop.till.dayPicture('2001-01-01')).toMatchObject({ sales: 0, hours: [], payers: [] });
  });
});

test('settings are shown key by key, and no hash of a password among them', async () => {
  const { rows } = shop.till.settings();
  expect(rows.find(({ key }) => key === 'shop.single_handed')).toEqual({
    key: 'shop.single_handed',
    value: 'true',
    standard: false,
  });
  expect(rows.find(({ key }) => key === 'limits.account_per_sale')?.value).toBe('1000.00');
  expect(JSON.stringify(rows)).not.toContain('scrypt$');
});
