import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AgencyClientOptions, createAgencyClient } from '#agency/client';
import type { AgencyPort, MessageContext } from '#agency/port';
import { businessDay } from '#core/business-time';
import { systemClock } from '#core/clock';
import type { Sale } from '#core/domain/sale';
import type { SettlementRequest } from '#core/domain/settlement';
import { wholeSplit } from '#core/domain/whole-split';
import { yuan } from '#core/money';
import type { AgencySimulator } from '#simulators/agency/simulator';
import { insuredHolder } from '#simulators/agency/training-persons';
import { offlineAuthorised } from '#store/records/offline';
import { settlementIntended, settlementSucceeded, settlementUnknown } from '#store/records/settlement';
import type { SqliteStore } from '#store/sqlite-store';
import { createSync, type Sync } from '#sync/sync';
import {
  cashier,
  line,
  newFolder,
  openSale,
  openStore,
  proofOf,
  requestOf,
  wideLimits,
} from '../../helpers/till-records.ts';
import { start } from '../simulators/agency/caller.ts';

/** The real protocol over HTTP against the simulated agency: what the till clears up, the agency's own books confirm. */
const person = insuredHolder('A');
const institution = { code: 'P99010000001', name: '示例大药房' };
const credentials = { account: 'shop', token: 'secret' };
let folder: ReturnType<typeof newFolder>;
let agency: AgencySimulator;
let client: AgencyPort;
let context: MessageContext;
let store: SqliteStore;
let sync: Sync;
let watchers: (() => void)[];

beforeEach(async () => {
  folder = newFolder();
  watchers = [];
  store = openStore(folder.path, systemClock);
  agency = await start({ institution: { code: institution.code, region: '990100' }, xTif: credentials });
  const options: AgencyClientOptions = {
    baseUrl: agency.url,
    institution,
    region: '990100',
    deviceNumber: 'POS-01',
    xTif: credentials,
    clock: systemClock,
    messageIds: store,
    timeouts: { answerMs: 3000 },
    relations: { firstSelfPayIsShare: true },
  };
  client = createAgencyClient(options);
  const signedIn = await client.signIn({ operator: cashier, signInNumber: '' });
  if (signedIn.kind !== 'success') throw new Error('signed in');
  context = { operator: cashier, signInNumber: signedIn.value.signInNumber };
  sync = newSync();
});
afterEach(async () => {
  await sync.stop();
  store.close();
  await agency.stop();
  folder.remove();
});

function newSync(): Sync {
  return createSync({
    store,
    agency: client,
    clock: systemClock,
    context: () => context,
    link: { usable: () => true, report: () => undefined },
    options: { requestLifeMs: 300, backoffBaseMs: 20, backoffCapMs: 100 },
    onChange: () => {
      for (const watcher of watchers) watcher();
    },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
}

/** Resolves at the change of the records that makes `holds` true; fails after ten seconds. */
async function until(holds: () => boolean): Promise<void> {
  if (holds()) return;
  await new Promise<void>((resolve, reject) => {
    const cancel = systemClock.after(10_000, () =>
      reject(new Error('the records did not come to it in time')),
    );
    watchers.push(() => {
      if (!holds()) return;
      cancel();
      resolve();
    });
  });
}

function basket(): { readonly sale: Sale; readonly request: SettlementRequest } {
  const first = line(1, '60.00', '2');
  const goods = { ...first, product: { ...first.product, nationalCode: 'XA-JIA' } };
  const nowMs = systemClock.nowMs();
  const {
    split: _split,
    changeDue: _change,
    ...sale
  } = openSale(store, nowMs, { lines: [goods], tenders: [] });
  const { card, personNumber } = person;
  const mediumNumber = card?.cardNumber ?? '';
  const request = { ...requestOf(sale), personNumber, mediumNumber, insuredRegion: '990100' };
  return { sale, request };
}

async function quoted(): Promise<{ readonly sale: Sale; readonly request: SettlementRequest }> {
  const { sale, request } = basket();
  const trial = await client.trial(request, context);
  if (trial.kind !== 'success') throw new Error(JSON.stringify(trial));
  const { clearingOffice: office, clearingType: type } = trial.value;
  const split = wholeSplit(sale.lines, trial.value.split);
  const paid = {
    ...sale,
    split,
    clearing: { office, type },
    tenders: [{ kind: 'cash' as const, amount: split.cash }],
  };
  store.saveBasket(paid);
  return { sale: paid, request };
}

async function sell(): Promise<Sale> {
  const { sale, request } = await quoted();
  const prepared = client.prepareSettlement(request, context);
  if (!prepared.ok) throw new Error(prepared.error.code);
  const message = prepared.value;
  const step = { nowMs: systemClock.nowMs(), operator: cashier.number };
  store.commit(settlementIntended({ ...step, sale, request, message }));
  const outcome = await client.sendSettlement(message);
  const stored = saleOf(sale.saleId);
  const { messageId } = message;
  if (outcome.kind === 'success') {
    const { answer, value: settlement } = outcome;
    store.commit(settlementSucceeded({ ...step, sale: stored, messageId, answer, settlement }));
  } else if (outcome.kind === 'unknown') {
    const { lastByteAtMs, fault } = outcome;
    store.commit(
      settlementUnknown({ ...step, sale: stored, messageId, lastByteAtMs, faultCode: fault.code }),
    );
  } else throw new Error(JSON.stringify(outcome));
  sync.kick();
  return saleOf(sale.saleId);
}

function saleOf(saleId: string): Sale {
  const sale = store.sale(saleId);
  if (sale === undefined) throw new Error('the sale is stored');
  return sale;
}

function firstCharge(saleId: string): string | undefined {
  return store.messagesOfSale(saleId).find((message) => message.transaction === '2102')?.state;
}

describe('against the simulated agency over HTTP', () => {
  test.each([
    ['lose-reply', 'reversed'],
    ['lose-request', 'reversed'],
    ['garbage', 'reversed'],
    ['server-error', 'reversed'],
    ['late-after-reversal', 'returned'],
  ] as const)('%s at the settlement: charged once, the first charge proved %s', async (kind, proof) => {
    sync.start();
    await agency.control.setFault({ kind, transaction: '2102', count: 1 });
    const sale = await sell();
    expect(sale.state).toBe('unknown');
    await until(() => firstCharge(sale.saleId) === proof);
    expect(saleOf(sale.saleId).state).toBe('done');
    const charges = agency.control.chargesOf(sale.saleNumber);
    expect(charges.standing).toHaveLength(1);
    expect(charges.account).toBe(store.balance('receivable:account'));
    expect(store.balance('suspense')).toBe(0n);
    const again = await sync.reconcile(businessDay(systemClock.nowMs()));
    expect(again).toEqual({ ok: true, value: { proved: 0, returned: 0, differences: 0 } });
    expect(agency.control.violations()).toEqual([]);
  });

  test('cut off, a sale is queued; when the agency is back it is uploaded once and the day balances', async () => {
    const { sale, request } = await quoted();
    await agency.control.setFault('cut');
    const step = {
      sale: { ...sale, mode: 'offline' as const },
      nowMs: systemClock.nowMs(),
      operator: '0101',
    };
    const proof = proofOf(sale, 'card-a');
    store.commit(
      offlineAuthorised({ ...step, request, lane: 'card-a', proof, facts: {}, limits: wideLimits }),
    );
    sync.start();
    await until(() => (store.upload(sale.saleId)?.attempts ?? 0) >= 2);
    expect(agency.control.chargesOf(sale.saleNumber).records).toEqual([]);
    await agency.control.restore();
    await until(() => saleOf(sale.saleId).state === 'done');
    expect(store.upload(sale.saleId)?.state).toBe('accepted');
    expect(agency.control.chargesOf(sale.saleNumber).standing).toHaveLength(1);
    expect(store.balance('offline-at-risk')).toBe(yuan('0.00'));
    const result = await sync.reconcile(businessDay(systemClock.nowMs()));
    expect(result).toEqual({ ok: true, value: { proved: 0, returned: 0, differences: 0 } });
  });
});
