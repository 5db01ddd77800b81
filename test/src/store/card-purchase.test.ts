import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AssertionFailed } from '#core/assert';
import type { Sale } from '#core/domain/sale';
import { ManualClock } from '#core/manual-clock';
import { sumMoney, yuan } from '#core/money';
import type { OfflineRules } from '#core/offline-budget';
import type { OfflineSources } from '#store/port';
import {
  type OfflineLimits,
  offlineAuthorised,
  offlineIntended,
  offlineNotDeducted,
  offlineTorn,
} from '#store/records/offline';
import { recoverIntents } from '#store/records/recover';
import type { SqliteStore } from '#store/sqlite-store';
import {
  cashier,
  morningMs,
  newFolder,
  openSale,
  openStore,
  proofOf,
  purchaseOf,
  refusedWith,
  requestOf,
  splitOf,
  wideLimits,
} from '../../helpers/till-records.ts';

const clock = new ManualClock(morningMs);
const card = '990101D1560000050000000000000001';
const other = '990101D1560000050000000000000002';
let folder: ReturnType<typeof newFolder>;
let store: SqliteStore;

beforeEach(() => {
  folder = newFolder();
  store = openStore(folder.path, clock);
});
afterEach(() => {
  store.close();
  folder.remove();
});

function stored(saleId: string): Sale {
  const sale = store.sale(saleId);
  if (sale === undefined) throw new Error('the sale is stored');
  return sale;
}

const stepOf = (sale: Sale) => ({ sale, nowMs: morningMs, operator: cashier.number });

function intentOf(sale: Sale, lane: string, limits: OfflineLimits = wideLimits) {
  return offlineIntended({
    ...stepOf(sale),
    request: requestOf(sale),
    lane,
    purchase: purchaseOf(lane),
    limits,
  });
}

/** A purchase that was put to the card: its 20.00 yuan may have been deducted. */
function intended(lane = card): Sale {
  const sale = openSale(store, morningMs);
  store.commit(intentOf(sale, lane));
  return stored(sale.saleId);
}

function torn(lane = card): Sale {
  const sale = intended(lane);
  store.commit(offlineTorn(stepOf(sale)));
  return stored(sale.saleId);
}

function authorise(sale: Sale, lane = card): void {
  const proof = proofOf(sale, lane, 'card');
  const more = { request: requestOf(sale), lane, proof, facts: { holderProvedBy: 'card-pin' } };
  store.commit(offlineAuthorised({ ...stepOf(sale), ...more }));
}

describe('a purchase on the card', () => {
  test('is on disk before the card is asked, and its money counts against the budgets from then on', () => {
    const sale = intended();
    expect(sale).toMatchObject({ state: 'committing', mode: 'offline', cardPurchase: purchaseOf(card) });
    expect(store.offlineAtRisk(card)).toEqual({ amount: yuan('20.00'), count: 1 });
    expect(store.offlineAtRisk(other)).toEqual({ amount: 0n, count: 0 });
    expect(store.offlineAtRisk()).toEqual({ amount: yuan('20.00'), count: 1 });
    expect(store.journalOfSale(sale.saleId).map(({ kind }) => kind)).toEqual(['offline-intended']);
    expect(store.balances().size).toBe(0);
  });

  test('that the card made is queued with its proof and counted once', () => {
    const sale = intended();
    authorise(sale);
    const queued = stored(sale.saleId);
    expect(queued.state).toBe('queued');
    expect(queued.offlineProof).toEqual(proofOf(sale, card, 'card'));
    expect(queued.cardPurchase).toBeUndefined();
    expect(store.offlineAtRisk(card)).toEqual({ amount: yuan('20.00'), count: 1 });
    expect(store.tornPurchase(card)).toBeUndefined();
    expect(store.slips(['owed'])).toMatchObject([{ kind: 'offline' }]);
  });

  test('torn, it is unknown and found by its card alone; when the card proves it, it is queued', () => {
    const sale = torn();
    expect(sale).toMatchObject({ state: 'unknown', mode: 'offline', cardPurchase: purchaseOf(card) });
    expect(store.balance('suspense')).toBe(yuan('28.93'));
    expect(store.offlineAtRisk()).toEqual({ amount: yuan('20.00'), count: 1 });
    expect(store.tornPurchase(other)).toBeUndefined();
    expect(store.tornPurchase(card)?.saleId).toBe(sale.saleId);
    authorise(sale);
    expect(stored(sale.saleId).state).toBe('queued');
    expect(store.tornPurchase(card)).toBeUndefined();
    expect(store.balance('suspense')).toBe(0n);
    expect(store.balance('offline-at-risk')).toBe(yuan('28.93'));
    expect(sumMoney(store.balances().values())).toBe(0n);
    expect(store.verifyJournal().brokenAt).toBeUndefined();
  });

  test('torn and not made: the basket waits on hold, no money moved and the budgets are free again', () => {
    const sale = torn();
    store.commit(offlineNotDeducted(stepOf(sale)));
    const held = stored(sale.saleId);
    expect(held).toMatchObject({ state: 'held', lines: sale.lines, holder: sale.holder, tenders: [] });
    expect([held.split, held.request, held.cardPurchase, held.mode]).toEqual(Array(4).fill(undefined));
    expect(store.offlineAtRisk()).toEqual({ amount: 0n, count: 0 });
    expect(store.balance('suspense')).toBe(0n);
    expect(store.journalOfSale(sale.saleId).map(({ kind }) => kind)).toEqual([
      'offline-intended',
      'offline-torn',
      'offline-not-deducted',
    ]);
  });

  test('not made while the card is still there: the basket is open again', () => {
    const sale = intended();
    store.commit(offlineNotDeducted(stepOf(sale)));
    expect(stored(sale.saleId)).toMatchObject({ state: 'open', lines: sale.lines });
    expect(store.tornPurchase(card)).toBeUndefined();
  });

  test('under way when the power failed: torn after the restart, never taken as done or as not made', () => {
    const sale = intended();
    store.close();
    store = openStore(folder.path, clock);
    expect(recoverIntents(store, morningMs + 1000)).toBe(1);
    expect(stored(sale.saleId).state).toBe('unknown');
    expect(store.tornPurchase(card)?.saleId).toBe(sale.saleId);
    expect(recoverIntents(store, morningMs + 2000)).toBe(0);
  });

  test('is not put to a card of which an earlier one has no outcome, but to any other card', () => {
    torn();
    const second = openSale(store, morningMs);
    expect(refusedWith(() => store.commit(intentOf(second, card)))).toBe('offline-card-torn');
    expect(stored(second.saleId).state).toBe('open');
    store.commit(intentOf(second, other));
    expect(stored(second.saleId).state).toBe('committing');
  });

  test("never takes from a relative's account", () => {
    const sale = openSale(store, morningMs);
    const split = splitOf(yuan('44.69'), yuan('10.00'));
    const shared = { ...sale, split: { ...split, familyAccount: yuan('10.00'), cash: yuan('15.76') } };
    expect(() => intentOf(shared, card)).toThrow(AssertionFailed);
  });
});

describe('the budgets of offline deductions', () => {
  const tight = (rules: Partial<OfflineRules>, sources: Partial<OfflineSources> = {}): OfflineLimits => ({
    rules: { ...wideLimits.rules, ...rules },
    sources: { ...wideLimits.sources, ...sources },
  });

  test.each([
    ['limit-offline-per-sale', { perSale: yuan('19.99') }, card],
    ['limit-offline-per-card', { perCard: yuan('39.99') }, card],
    ['limit-offline-per-terminal', { perTerminal: yuan('39.99') }, other],
    ['limit-offline-sales-card', { salesPerCard: 1 }, card],
    ['limit-offline-sales-terminal', { salesPerTerminal: 1 }, other],
  ] as const)(
    '%s: of two changes made from the same view, the second is refused and writes nothing',
    (code, more, lane) => {
      const limits = tight(more);
      const [first, second] = [openSale(store, morningMs), openSale(store, morningMs)];
      const changes = [intentOf(first, card, code === 'limit-offline-per-sale' ? wideLimits : limits)];
      const proof = proofOf(second, lane);
      const atOnce = { request: requestOf(second), lane, proof, facts: {}, limits };
      changes.push(offlineAuthorised({ ...stepOf(second), ...atOnce }));
      const [one, two] = changes;
      if (one === undefined || two === undefined) throw new Error('two changes are made');
      store.commit(one);
      if (lane === card) authorise(stored(first.saleId));
      const before = store.journal(1, 100);
      expect(refusedWith(() => store.commit(two))).toBe(code);
      expect(stored(second.saleId).state).toBe('open');
      expect(store.journal(1, 100)).toEqual(before);
      expect(store.offlineAtRisk()).toEqual({ amount: yuan('20.00'), count: 1 });
      store.commit(offlineAuthorised({ ...stepOf(second), ...atOnce, limits: wideLimits }));
      expect(store.offlineAtRisk().count).toBe(2);
    },
  );

  test.each([
    ['offline-data-too-old', { dataAgeMaxMs: 3_600_000 }, { dataAsOfMs: morningMs - 3_600_001 }],
    ['offline-data-too-old', {}, { dataAsOfMs: morningMs + 7_200_000 }],
    ['offline-blacklist-too-old', {}, { blacklistAsOfMs: undefined }],
    ['offline-blacklist-too-old', { blacklistAgeMaxMs: 1000 }, { blacklistAsOfMs: morningMs - 1001 }],
    ['offline-policy-too-old', {}, { policyAsOfMs: undefined }],
    ['offline-policy-too-old', { policyAgeMaxMs: 1000 }, { policyAsOfMs: morningMs - 1001 }],
    ['offline-clock-drift', { driftMaxMs: 1000 }, { driftMs: -1001 }],
  ] as const)(
    '%s: a deduction that rests on what has aged meanwhile is refused in its own transaction',
    (code, rules, sources) => {
      const sale = openSale(store, morningMs);
      expect(refusedWith(() => store.commit(intentOf(sale, card, tight(rules, sources))))).toBe(code);
      expect(stored(sale.saleId).state).toBe('open');
      expect(store.offlineAtRisk().count).toBe(0);
    },
  );

  test('the amounts tighten as the data age: what is allowed in the morning is refused at night', () => {
    const rules = { perSale: yuan('30.00'), dataAgeMaxMs: 10 * 3_600_000, tightestPercent: 25 };
    const sale = openSale(store, morningMs);
    // Nine of ten hours old: 40 % of 30.00 are left, the sale deducts 20.00.
    const late = tight(rules, { dataAsOfMs: morningMs - 9 * 3_600_000 });
    expect(refusedWith(() => store.commit(intentOf(sale, card, late)))).toBe('limit-offline-per-sale');
    store.commit(intentOf(sale, card, tight(rules, { dataAsOfMs: morningMs - 5 * 3_600_000 })));
    expect(stored(sale.saleId).state).toBe('committing');
  });

  test('a deduction that the card has made is recorded although the limits were lowered meanwhile', () => {
    const sale = torn();
    const proof = proofOf(sale, card, 'card');
    const limits = tight({ perSale: yuan('1.00'), perCard: yuan('1.00'), perTerminal: yuan('1.00') });
    const more = { request: requestOf(sale), lane: card, proof, facts: {}, limits };
    store.commit(offlineAuthorised({ ...stepOf(sale), ...more }));
    expect(stored(sale.saleId).state).toBe('queued');
  });

  test('an offline sale at once without limits is a broken assumption', () => {
    const sale = openSale(store, morningMs);
    const more = { request: requestOf(sale), lane: card, proof: proofOf(sale, card), facts: {} };
    expect(() => offlineAuthorised({ ...stepOf(sale), ...more })).toThrow(AssertionFailed);
  });
});

describe('what offline sales need to know', () => {
  test('a certificate is claimed once, also after a restart, and forgotten after two days', () => {
    const qrText = '2801234567890123456789ABCDEF';
    expect(store.claimCertificate(qrText, morningMs)).toBe(true);
    store.close();
    store = openStore(folder.path, clock);
    expect(store.claimCertificate(qrText, morningMs + 47 * 3_600_000)).toBe(false);
    expect(store.claimCertificate(qrText, morningMs + 49 * 3_600_000)).toBe(true);
  });

  test('a new blacklist is journaled by its version; the same one again only renews its time', () => {
    const list = { version: '7', asOfMs: 1, cards: [card], ranges: [{ from: 'A00000001', to: 'A00000009' }] };
    expect(store.blacklist()).toBeUndefined();
    store.setBlacklist(list, morningMs);
    store.setBlacklist({ ...list, asOfMs: 2 }, morningMs);
    expect(store.blacklist()).toEqual({ ...list, asOfMs: 2 });
    store.setBlacklist({ version: '8', asOfMs: 3, cards: [], ranges: [] }, morningMs);
    const facts = store.journal(1, 10).map(({ kind, facts }) => [kind, JSON.parse(facts)]);
    expect(facts).toEqual([
      ['blacklist-received', { version: '7', cards: 1, ranges: 1 }],
      ['blacklist-received', { version: '8', cards: 0, ranges: 0 }],
    ]);
    store.close();
    store = openStore(folder.path, clock);
    expect(store.blacklist()?.version).toBe('8');
  });
});
