import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AgencyClientOptions, createAgencyClient } from '#agency/client';
import type { AgencyPort, MessageContext } from '#agency/port';
import { businessDay } from '#core/business-time';
import { systemClock } from '#core/clock';
import type { OfflineProof } from '#core/domain/offline-proof';
import type { Sale } from '#core/domain/sale';
import type { SettlementRequest } from '#core/domain/settlement';
import type { Split } from '#core/domain/split';
import { wholeSplit } from '#core/domain/whole-split';
import { yuan } from '#core/money';
import type { InsuredPerson } from '#simulators/agency/person';
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
  requestOf,
  wideLimits,
} from '../../helpers/till-records.ts';
import { start } from '../simulators/agency/caller.ts';
import { cardProof, offlineHolder, TestKey } from '../simulators/agency/offline-proofs.ts';

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

function basket(holder: InsuredPerson): { readonly sale: Sale; readonly request: SettlementRequest } {
  const first = line(1, '60.00', '2');
  const goods = { ...first, product: { ...first.product, nationalCode: 'XA-JIA' } };
  const nowMs = systemClock.nowMs();
  const {
    split: _split,
    changeDue: _change,
    ...sale
  } = openSale(store, nowMs, { lines: [goods], tenders: [] });
  const { card, personNumber } = holder;
  const mediumNumber = card?.cardNumber ?? '';
  const request = { ...requestOf(sale), personNumber, mediumNumber, insuredRegion: '990100' };
  return { sale, request };
}

async function quoted(
  holder = person,
): Promise<{ readonly sale: Sale & { readonly split: Split }; readonly request: SettlementRequest }> {
  const { sale, request } = basket(holder);
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

  /** A sale that the holder's card has paid while the agency was cut off; `change` forges its stored proof. */
  async function soldOffline(change: (proof: OfflineProof) => OfflineProof): Promise<string> {
    const key = new TestKey();
    const { keyId } = key;
    const { publicKey } = key.pair;
    const enrolmentCode = agency.control.issueEnrolmentCode();
    const enrolled = await client.terminalKey({ action: 'enrol', keyId, publicKey, enrolmentCode }, context);
    expect(enrolled.kind).toBe('success');
    const { sale, request } = await quoted(offlineHolder);
    await agency.control.setFault('cut');
    const { total, account } = sale.split;
    const { saleNumber: number, createdAtMs: atMs } = sale;
    const proof = key.sign(cardProof({ number, atMs, total, account }));
    const step = {
      sale: { ...sale, mode: 'offline' as const },
      nowMs: systemClock.nowMs(),
      operator: '0101',
    };
    const { cardId } = proof;
    const more = { request, lane: cardId, proof: change(proof), facts: {}, limits: wideLimits };
    store.commit(offlineAuthorised({ ...step, ...more }));
    sync.start();
    await until(() => (store.upload(sale.saleId)?.attempts ?? 0) >= 2);
    expect(agency.control.chargesOf(number).records).toEqual([]);
    await agency.control.restore();
    return sale.saleId;
  }

  test('cut off, a sale is queued; when the agency is back its proof is taken, once, and the day balances', async () => {
    const saleId = await soldOffline((proof) => proof);
    await until(() => saleOf(saleId).state !== 'queued');
    expect(store.upload(saleId)).toMatchObject({ state: 'accepted' });
    expect(agency.control.chargesOf(saleOf(saleId).saleNumber).standing).toHaveLength(1);
    expect(store.balance('offline-at-risk')).toBe(yuan('0.00'));
    const result = await sync.reconcile(businessDay(systemClock.nowMs()));
    expect(result).toEqual({ ok: true, value: { proved: 0, returned: 0, differences: 0 } });
  });

  test('an altered proof is refused at upload and goes to the work-list, its money still at risk', async () => {
    const saleId = await soldOffline((proof) => ({ ...proof, terminalSequence: 'FFFFFFF0' }));
    await until(() => saleOf(saleId).state !== 'queued');
    expect(saleOf(saleId).state).toBe('rejected');
    expect(store.upload(saleId)).toMatchObject({
      state: 'rejected',
      agencyText: expect.stringMatching(/TAC/),
    });
    expect(agency.control.chargesOf(saleOf(saleId).saleNumber).records).toEqual([]);
    expect(store.offlineAtRisk().count).toBe(1);
  });
});
