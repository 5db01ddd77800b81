import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openShop, type Shop } from '../../helpers/with-shop.ts';

let shop: Shop;

beforeEach(async () => {
  shop = await openShop({ cashDrawer: true });
});

afterEach(async () => {
  await shop.end();
});

async function sellForCash(amount: string): Promise<string> {
  await shop.till.scan('6909901000017');
  await shop.till.quote();
  const paid = await shop.till.pay({ mode: 'own-pay', tenders: [{ kind: 'cash', amount }] });
  expect(paid.ok ? '' : paid.error.code).toBe('');
  const { sale } = await shop.until('done', (view) => view.sale.state === 'done' && view.printer.owed === 0);
  return sale.saleId;
}

const opened = () => shop.store.journal(1, 200).filter(({ kind }) => kind === 'drawer-opened');

describe('the cash drawer', () => {
  test('opens once for a sale with cash, and not again for a copy or after a restart', async () => {
    const saleId = await sellForCash('10.00');
    expect(opened()).toMatchObject([{ saleId }]);
    expect(shop.printer.drawerPulses()).toHaveLength(1);
    await shop.till.printAgain(saleId);
    await shop.restart();
    expect(opened()).toHaveLength(1);
    expect(shop.printer.drawerPulses()).toHaveLength(1);
  });

  test('stays shut for a sale that the account pays whole', async () => {
    await shop.insert('A');
    await shop.till.scan('6909901000017');
    await shop.till.quote();
    await shop.till.pay({ mode: 'insured', tenders: [] });
    await shop.until('done', ({ sale }) => sale.state === 'done');
    expect(opened()).toHaveLength(0);
    expect(shop.printer.drawerPulses()).toHaveLength(0);
  });

  test('opens by hand with a reason that is kept', async () => {
    const short = await shop.till.openDrawer('换');
    expect(short.ok ? '' : short.error.code).toBe('reason-missing');
    const byHand = await shop.till.openDrawer('兑换零钱');
    expect(byHand.ok ? '' : byHand.error.code).toBe('');
    expect(opened()[0]?.facts).toContain('兑换零钱');
  });
});

test('the day is closed over slips that are not printed: it is said with a next step until they are out', async () => {
  shop.printer.setPaperOut(true);
  await shop.till.scan('6909901000017');
  await shop.till.quote();
  await shop.till.pay({ mode: 'own-pay', tenders: [{ kind: 'cash', amount: '10.00' }] });
  await shop.until('done', ({ sale }) => sale.state === 'done');
  const closed = await shop.till.closeShift();
  expect(closed.ok ? closed.value.shift : closed.error).toMatchObject({
    state: 'closed',
    fault: { code: 'slips-unprinted' },
  });
  expect(shop.till.owed().rows).toMatchObject([{ kind: 'slip' }]);
  shop.printer.setPaperOut(false);
  const view = await shop.until('the slip is out', ({ printer }) => printer.owed === 0);
  expect(view.shift.fault).toBeUndefined();
  expect(shop.printer.slips()).toHaveLength(1);
});

describe('scanners and displays', () => {
  test('a scan by a scanner of its own becomes a line, and an unknown code is said on the screen', async () => {
    shop.scanner.scan('6909901000017');
    await shop.until('the line is there', ({ sale }) => sale.lines.length === 1);
    shop.scanner.scan('6909901000018');
    const view = await shop.until('the reason is shown', ({ sale }) => sale.fault !== undefined);
    expect(view.sale.fault?.code).toBe('scan-check-digit');
    expect(view.sale.lines).toHaveLength(1);
    shop.scanner.scan('6909901000017');
    await shop.until('the fault is gone', ({ sale }) => sale.fault === undefined);
    expect(shop.till.view().sale.lines[0]?.quantity).toBe('2');
  });

  test('nobody signed in: a scan does nothing', async () => {
    await shop.till.closeShift();
    shop.scanner.scan('6909901000017');
    expect(shop.till.view().sale.lines).toHaveLength(0);
  });

  test('the pole display follows the sale from the line to the change, and asks for the card', async () => {
    await shop.insert('A');
    await shop.till.scan('6909901000017');
    expect(shop.display.lines()[0]).toContain('9.80');
    await shop.till.quote();
    expect(shop.display.lines()[1]).toContain('账户');
    await shop.till.pay({ mode: 'insured', tenders: [] });
    await shop.until('done', ({ sale }) => sale.state === 'done');
    expect(shop.display.lines().join('')).toContain('请取卡');
    expect(shop.till.customer()).toMatchObject({ hint: 'remove-card', account: '9.80', cash: '0.00' });
    shop.pull();
    await shop.till.nextSale();
    expect(shop.display.lines().join('')).toContain('欢迎光临');
    await sellForCash('10.00');
    expect(shop.display.lines().join('')).toContain('找零');
    expect(shop.display.lines().join('')).toContain('0.20');
  });

  test('a held sale is told to the customer until the next thing happens, and so is its return', async () => {
    await shop.till.scan('6909901000017');
    await shop.till.hold();
    expect(shop.till.customer()).toMatchObject({ hint: 'held', lines: [], mode: 'normal', speech: false });
    expect(shop.display.lines().join('')).toContain('商品已暂存');
    const [held] = shop.till.view().pending;
    await shop.till.recall(held?.saleId ?? '');
    expect(shop.till.customer()).toMatchObject({ hint: 'recalled', total: '9.80' });
    await shop.till.scan('6909901000017');
    expect(shop.till.customer()).toMatchObject({ hint: 'scanning', total: '19.60' });
    await shop.till.clearSale();
    expect(shop.till.customer().hint).toBe('welcome');
  });

  test("the customer's view names no number, no card and no operator", async () => {
    await shop.insert('A');
    await shop.till.scan('6909901000017');
    await shop.till.quote();
    const text = JSON.stringify(shop.till.customer());
    expect(shop.till.customer()).toMatchObject({ holderName: '测**', hint: 'check', total: '9.80' });
    for (const hidden of ['测试甲', '990100', 'Z0000', '0101']) expect(text).not.toContain(hidden);
  });
});

describe('the list of devices', () => {
  test('tells every device with its state, the last fault and how many there were', async () => {
    const kinds = shop.till.devices().map(({ kind }) => kind);
    expect(kinds).toEqual([
      'card-reader',
      'card-reader',
      'security-module',
      'pin-pad',
      'scanner',
      'printer',
      'cash-drawer',
      'customer-display',
      'key-store',
    ]);
    shop.scanner.setPlugged(false);
    expect(shop.till.view().devices.find(({ kind }) => kind === 'scanner')).toMatchObject({
      state: 'fault',
      fault: { code: 'scanner-missing' },
      faults: 1,
    });
    const broken = (await shop.till.doctor()).find(({ part }) => part === 'scanner');
    expect(broken).toMatchObject({ state: 'fault', fault: { code: 'scanner-missing' } });
    shop.scanner.setPlugged(true);
    const back = shop.till.devices().find(({ kind }) => kind === 'scanner');
    expect(back).toMatchObject({ state: 'ready', lastFault: { code: 'scanner-missing' }, faults: 1 });
    const cured = (await shop.till.doctor()).find(({ part }) => part === 'scanner');
    expect(cured?.state).toBe('ok');
    expect(cured?.zh).toContain('上次故障');
  });
});
