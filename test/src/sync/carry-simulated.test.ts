import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createAgencyClient } from '#agency/client';
import type { AgencyPort, MessageContext } from '#agency/port';
import { CarryDesk } from '#checkout/carry/desk';
import { businessDay } from '#core/business-time';
import { systemClock } from '#core/clock';
import { parseConfig } from '#core/config/parse';
import { type OfflineProof, offlineProofText } from '#core/domain/offline-proof';
import { wholeSplit } from '#core/domain/whole-split';
import { FakeKeyStore } from '#drivers/key-store/fake';
import type { AgencySimulator } from '#simulators/agency/simulator';
import { realMedium } from '#store/carry/medium';
import { openTillStore, recordsFile } from '#store/open';
import { offlineAuthorised } from '#store/records/offline';
import type { SqliteStore } from '#store/sqlite-store';
import { verifyAll } from '#store/verify/verify';
import { createSync, type Sync, type SyncConfig } from '#sync/sync';
import { publicKeyOf, wellOf } from '../../helpers/carrying-till.ts';
import {
  cashier,
  line,
  newFolder,
  openSale,
  openStore,
  requestOf,
  testSealKey,
  wideLimits,
} from '../../helpers/till-records.ts';
import { start } from '../simulators/agency/caller.ts';
import { cardProof, offlineHolder } from '../simulators/agency/offline-proofs.ts';

/** Two terminals with their own key stores and the real protocol over HTTP: the simulated agency checks every proof. */
const institution = { code: 'P99010000001', name: '示例大药房' };
const xTif = { account: 'shop', token: 'secret' };

interface Terminal {
  readonly store: SqliteStore;
  readonly client: AgencyPort;
  readonly context: MessageContext;
  readonly sync: Sync;
  readonly desk: CarryDesk;
  stop(): Promise<void>;
}

let folder: ReturnType<typeof newFolder>;
let agency: AgencySimulator;
let keys: { readonly village: FakeKeyStore; readonly town: FakeKeyStore };
let village: Terminal;
let town: Terminal;
let watchers: (() => void)[];

beforeEach(async () => {
  folder = newFolder();
  watchers = [];
  agency = await start({ institution: { code: institution.code, region: '990100' }, xTif });
  const clock = systemClock;
  keys = { village: new FakeKeyStore({ clock }), town: new FakeKeyStore({ clock }) };
  village = await terminal('01', keys.village, { terminal: '02', publicKey: publicKeyOf(keys.town) });
  town = await terminal('02', keys.town, { terminal: '01', publicKey: publicKeyOf(keys.village) });
});
afterEach(async () => {
  await village.stop();
  await town.stop();
  await agency.stop();
  folder.remove();
});

async function terminal(
  number: string,
  keyStore: FakeKeyStore,
  partner: { readonly terminal: string; readonly publicKey: string },
): Promise<Terminal> {
  const at = join(folder.path, number);
  mkdirSync(at);
  const store = openStore(at, systemClock, { terminal: number });
  const client = createAgencyClient({
    baseUrl: agency.url,
    institution,
    region: '990100',
    deviceNumber: `POS-${number}`,
    xTif,
    clock: systemClock,
    messageIds: store,
    timeouts: { answerMs: 3000 },
    relations: { firstSelfPayIsShare: true },
  });
  const signedIn = await client.signIn({ operator: cashier, signInNumber: '' });
  if (signedIn.kind !== 'success') throw new Error('signed in');
  const context = { operator: cashier, signInNumber: signedIn.value.signInNumber };
  const config = parseConfig(
    `[shop]\ninstitution_code = "${institution.code}"\nterminal = "${number}"\n[[carry.partners]]\nterminal = "${partner.terminal}"\npublic_key = "${partner.publicKey}"\n`,
    {},
  );
  if (!config.ok) throw new Error(config.error.detail);
  const common: SyncConfig = {
    store,
    agency: client,
    clock: systemClock,
    context: () => context,
    link: { usable: () => true, report: () => undefined },
    options: { requestLifeMs: 300, backoffBaseMs: 20, backoffCapMs: 100, uploadRandomStartMs: 0 },
    knownElsewhere: (messageId) => desk.knows(messageId),
    onChange: () => {
      for (const watcher of watchers) watcher();
    },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  };
  const sync = createSync(common);
  const book = join(at, 'carried');
  const desk: CarryDesk = new CarryDesk(
    {
      ...{ store, keyStore, clock: systemClock, config: config.value, medium: realMedium },
      randomMark: () => 'A1B2',
      operator: () => cashier.number,
    },
    {
      medium: realMedium,
      hasBook: () => existsSync(join(book, recordsFile)),
      openBook: () =>
        openTillStore({ folder: book, terminal: number, clock: systemClock, sealKey: testSealKey }),
    },
    (carried, { mayUpload, knownElsewhere }) =>
      createSync({ ...common, store: carried, mayUpload, knownElsewhere }),
    { busy: (saleId) => sync.busy(saleId), newId: () => `book-${number}` },
  );
  desk.start({ error: () => undefined });
  const stop = async () => {
    await sync.stop();
    await desk.stop();
    store.close();
  };
  return { store, client, context, sync, desk, stop };
}

/** Resolves at the change of the records that makes `holds` true; fails after twenty seconds. */
async function until(holds: () => boolean): Promise<void> {
  if (holds()) return;
  await new Promise<void>((resolve, reject) => {
    const cancel = systemClock.after(20_000, () => reject(new Error('the records did not come to it')));
    watchers.push(() => {
      if (!holds()) return;
      cancel();
      resolve();
    });
  });
}

/** A sale that the holder's card has paid offline, signed by the village's terminal key, which the agency knows. */
async function soldOffline(): Promise<string> {
  const { store, client, context } = village;
  const keyId = keys.village.current()?.keyId ?? '';
  const publicKey = publicKeyOf(keys.village);
  const enrolmentCode = agency.control.issueEnrolmentCode();
  const enrolled = await client.terminalKey({ action: 'enrol', keyId, publicKey, enrolmentCode }, context);
  expect(enrolled).toMatchObject({ kind: 'success' });
  const first = line(1, '60.00', '2');
  const goods = { ...first, product: { ...first.product, nationalCode: 'XA-JIA' } };
  const nowMs = systemClock.nowMs();
  const {
    split: _split,
    changeDue: _change,
    ...sale
  } = openSale(store, nowMs, { lines: [goods], tenders: [] });
  const { card, personNumber } = offlineHolder;
  const mediumNumber = card?.cardNumber ?? '';
  const request = { ...requestOf(sale), personNumber, mediumNumber, insuredRegion: '990100' };
  const trial = await client.trial(request, context);
  if (trial.kind !== 'success') throw new Error(JSON.stringify(trial));
  const split = wholeSplit(sale.lines, trial.value.split);
  const { clearingOffice: office, clearingType: type } = trial.value;
  const tenders = [{ kind: 'cash' as const, amount: split.cash }];
  const paid = { ...sale, split, clearing: { office, type }, tenders, mode: 'offline' as const };
  store.saveBasket(paid);
  const { total, account } = split;
  const unsigned = cardProof({ number: sale.saleNumber, atMs: sale.createdAtMs, total, account });
  const data = new TextEncoder().encode(offlineProofText(unsigned));
  const { signature } = wellOf(await keys.village.signWith(keyId, data));
  const proof: OfflineProof = { ...unsigned, terminal: { keyId, signature } };
  const more = { request, lane: proof.cardId, proof, facts: {}, limits: wideLimits };
  store.commit(offlineAuthorised({ sale: paid, nowMs, operator: '0101', ...more }));
  return sale.saleId;
}

test('sold offline at one terminal, uploaded by another one, answered back: the agency takes the proof, once, and both days balance', async () => {
  const saleId = await soldOffline();
  const stick = join(folder.path, 'stick');
  mkdirSync(stick);
  const { file } = wellOf(await village.desk.sender.out(stick));
  await agency.control.setFault({ kind: 'lose-reply', transaction: '2102', count: 1 });
  expect(wellOf(await town.desk.receiver.take(file))).toMatchObject({ imported: 1, known: 0 });
  const book = () => town.desk.book.opened()?.store;
  await until(() => book()?.upload(saleId)?.state === 'accepted');
  const answer = wellOf(await town.desk.receiver.answer(stick));
  expect(wellOf(await village.desk.sender.back(answer.file))).toMatchObject({ accepted: 1 });

  const sale = village.store.sale(saleId);
  expect(sale?.state).toBe('done');
  const charges = agency.control.chargesOf(sale?.saleNumber ?? '');
  expect(charges.standing).toHaveLength(1);
  expect(charges.account).toBe(village.store.balance('receivable:account'));
  expect(village.store.balance('offline-at-risk')).toBe(0n);
  const day = businessDay(systemClock.nowMs());
  const balanced = { ok: true, value: { proved: 0, returned: 0, differences: 0 } };
  expect(await village.sync.reconcile(day)).toMatchObject(balanced);
  expect(await town.sync.reconcile(day)).toMatchObject(balanced);
  expect(town.store.salesOfDay(day)).toEqual([]);
  expect(town.store.balances().size).toBe(0);
  for (const { store } of [village, town]) expect(verifyAll(store.verification()).findings).toEqual([]);
  expect(agency.control.violations()).toEqual([]);
});
