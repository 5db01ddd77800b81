import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '#core/manual-clock';
import { offlineAuthorised, offlineIntended } from '#store/records/offline';
import { ScriptedAgency } from '../../helpers/scripted-agency.ts';
import { requestLifeMs, TillProcess } from '../../helpers/till-process.ts';
import {
  cashier,
  morningMs,
  newFolder,
  openSale,
  proofOf,
  purchaseOf,
  requestOf,
  wideLimits,
} from '../../helpers/till-records.ts';

const card = '990101D1560000050000000000000001';
let folder: ReturnType<typeof newFolder>;
let clock: ManualClock;
let agency: ScriptedAgency;
let till: TillProcess;

beforeEach(() => {
  folder = newFolder();
  clock = new ManualClock(morningMs);
  agency = new ScriptedAgency(clock);
  till = new TillProcess(folder.path, clock, agency);
});
afterEach(() => {
  till.kill();
  folder.remove();
});

test('a purchase torn by a power cut is left to its card: nothing is sent, nobody can give it up, and words say what to do', async () => {
  const sale = openSale(till.store, clock.nowMs());
  const step = { nowMs: clock.nowMs(), operator: cashier.number };
  const purchase = purchaseOf(card);
  till.store.commit(
    offlineIntended({ ...step, sale, request: requestOf(sale), lane: card, purchase, limits: wideLimits }),
  );
  till.kill();
  till = new TillProcess(folder.path, clock, agency);
  expect(till.state(sale.saleId)).toBe('unknown');
  till.sync.giveUp(sale.saleId);
  await clock.advance(requestLifeMs * 10);
  expect(agency.log).toEqual([]);
  expect(till.state(sale.saleId)).toBe('unknown');
  expect(till.sync.progress(sale.saleId)?.zh).toContain('请让持卡人重新插入同一张卡');
  expect(till.sync.progress(sale.saleId)?.en).toContain('insert the same card again');

  const torn = till.store.tornPurchase(card);
  if (torn === undefined) throw new Error('the card finds its purchase');
  const proof = proofOf(torn, card, 'card');
  till.store.commit(
    offlineAuthorised({ ...step, sale: torn, request: requestOf(torn), lane: card, proof, facts: {} }),
  );
  till.sync.kick();
  await clock.advance(1000);
  expect(till.state(sale.saleId)).toBe('done');
  expect(agency.standing(torn.saleNumber)).toHaveLength(1);
  expect(till.store.balance('suspense')).toBe(0n);
  expect(till.errors).toEqual([]);
});
