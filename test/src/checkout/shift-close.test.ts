import { afterEach, beforeEach, expect, test } from 'vitest';
import { openShop, type Shop } from '../../helpers/with-shop.ts';

const CODE = '6909901000017';
const PIN = '123456';
let shop: Shop;

beforeEach(async () => {
  shop = await openShop({
    requestLifeMs: 400,
    answerTimeoutMs: 600,
    toml: '[offline]\nenabled = true\nbasis = "test"\nper_sale = "30.00"\nper_card = "40.00"\nper_terminal = "60.00"\n',
  });
});

afterEach(async () => {
  await shop.end();
});

async function quoted(): Promise<void> {
  await shop.insert('A');
  await shop.till.scan(CODE);
  const answer = await shop.till.quote();
  expect(answer.ok ? '' : answer.error.code).toBe('');
}

async function refusedClose(): Promise<string> {
  const closed = await shop.till.closeShift();
  expect(shop.till.view().shift.state).toBe('open');
  return closed.ok ? '' : closed.error.code;
}

function signOuts() {
  return shop.agency.control.messages().filter(({ infno }) => infno === '9002');
}

async function closes(): Promise<void> {
  const closed = await shop.till.closeShift();
  expect(closed.ok ? closed.value.shift.state : closed.error).toBe('closed');
}

test('a settlement without an answer holds the signing out back until it is cleared up', async () => {
  await quoted();
  await shop.agency.control.setFault({ kind: 'lose-reply', transaction: '2102', count: 1 });
  await shop.till.pay({ mode: 'insured', tenders: [] });
  expect(shop.till.view().sale.state).toBe('unknown');
  expect(await refusedClose()).toBe('shift-not-balanced');
  expect(signOuts()).toHaveLength(0);
  await shop.until('the sale is settled again', ({ sale }) => sale.state === 'done');
  await closes();
  expect(signOuts()).toHaveLength(1);
});

test('an offline sale that is not uploaded holds the signing out back, whatever the link', async () => {
  await shop.insert('A');
  shop.pull();
  await shop.agency.control.cut();
  await shop.insert('A');
  await shop.until('offline', ({ connectivity }) => connectivity.state === 'offline');
  await shop.till.scan(CODE);
  await shop.till.quote();
  const paid = await shop.till.pay({ mode: 'offline', tenders: [], pin: PIN, acceptOfflineRisk: true });
  expect(paid.ok ? '' : paid.error.code).toBe('');
  expect(await refusedClose()).toBe('shift-not-balanced');
  await shop.agency.control.restore();
  await shop.till.syncNow();
  await shop.until('the sale is uploaded', ({ queue }) => queue.waiting === 0, 15_000);
  await closes();
});

test('a sale that an agency booked with wrong sums holds the signing out back until two people decided', async () => {
  await quoted();
  await shop.agency.control.setFault({ kind: 'wrong-sums', transaction: '2102', relation: '4', count: 1 });
  await shop.till.pay({ mode: 'insured', tenders: [] });
  expect(await refusedClose()).toBe('shift-not-balanced');
  const { saleId } = shop.till.view().sale;
  await shop.till.decideDispute(saleId, 'accept', { number: '0102', pin: '5678' }, '与中心核对一致');
  await closes();
});

test('without a link the day cannot be compared, so nobody signs out; with it back the shift closes', async () => {
  await quoted();
  const paid = await shop.till.pay({ mode: 'insured', tenders: [] });
  expect(paid.ok ? '' : paid.error.code).toBe('');
  await shop.agency.control.cut();
  expect(await refusedClose()).not.toBe('');
  await shop.agency.control.restore();
  await closes();
});
