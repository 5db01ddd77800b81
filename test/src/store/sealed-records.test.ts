import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Sale } from '#core/domain/sale';
import { ManualClock } from '#core/manual-clock';
import { yuan } from '#core/money';
import { openTillStore, recordsFile } from '#store/open';
import { cancelIntended, cancelSucceeded } from '#store/records/cancel';
import { noted } from '#store/records/noted';
import { offlineAuthorised, offlineIntended, offlineTorn } from '#store/records/offline';
import { settlementIntended, settlementRefused, settlementSucceeded } from '#store/records/settlement';
import { uploadIntended, uploadRejected } from '#store/records/upload';
import type { SqliteStore } from '#store/sqlite-store';
import {
  cashier,
  holder,
  institution,
  morningMs,
  newFolder,
  openSale,
  openStore,
  proofOf,
  purchaseOf,
  refusedWith,
  requestOf,
  settlementOf,
  testSealKey,
  wideLimits,
} from '../../helpers/till-records.ts';

const clock = new ManualClock(morningMs);
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

/** What must not stand in clear anywhere, of one random person and whoever acts for them. */
const secrets = fc.record({
  name: fc.stringMatching(/^[赵钱孙李周吴郑王][明芳伟娜强磊]{1,2}[甲乙丙丁戊己]$/),
  identityNumber: fc.stringMatching(/^9901\d{2}19[5-9]\d(0[1-9]|1[0-2])(0[1-9]|1\d|2[0-8])\d{3}[\dX]$/),
  personNumber: fc.stringMatching(/^9901\d{16}$/),
  cardNumber: fc.stringMatching(/^[A-Z]\d{8}$/),
  cardId: fc.stringMatching(/^990101[0-9A-F]{26}$/),
  actingName: fc.stringMatching(/^[冯陈褚卫蒋沈韩杨][静敏杰勇艳]{1,2}[子丑寅卯辰]$/),
  actingNumber: fc.stringMatching(/^9901\d{2}19[5-9]\d(0[1-9]|1[0-2])(0[1-9]|1\d|2[0-8])\d{3}[\dX]$/),
  certificate: fc.stringMatching(/^28[0-9A-Za-z]{30}$/),
});
type Secrets = typeof secrets extends fc.Arbitrary<infer T> ? T : never;

function expectNothingInClear(person: Secrets, step: string): void {
  const files = readdirSync(folder.path).filter((name) => name.startsWith(recordsFile));
  expect(files).toContain(`${recordsFile}-wal`);
  for (const file of files) {
    const bytes = readFileSync(join(folder.path, file));
    for (const [what, secret] of Object.entries(person)) {
      for (const encoding of ['utf8', 'utf16le'] as const) {
        const at = bytes.indexOf(Buffer.from(secret, encoding));
        expect({ file, step, what, at }).toEqual({ file, step, what, at: -1 });
      }
    }
  }
}

function saleOf(saleId: string): Sale {
  const sale = store.sale(saleId);
  if (sale === undefined) throw new Error('the sale is stored');
  return sale;
}

function basketOf(person: Secrets): Sale {
  return openSale(store, morningMs, {
    holder: {
      ...holder(person.personNumber),
      name: person.name,
      certificateNumber: person.identityNumber,
      mediumNumber: person.cardNumber,
      cardId: person.cardId,
    },
    actingPerson: { relation: 'child', name: person.actingName, identityNumber: person.actingNumber },
    manualReason: `${person.name}的卡不能读`,
  });
}

/** The life of an insured and an offline sale with one person; each step's words name the person. */
function live(person: Secrets, after: (step: string) => void): void {
  const words = `${person.name}（${person.identityNumber}）待遇封锁 ${person.personNumber}`;
  const message = () => ({
    messageId: store.nextMessageId(institution, morningMs),
    body: JSON.stringify({ psn_no: person.personNumber, certno: person.identityNumber, name: person.name }),
    preparedAtMs: morningMs,
  });
  const step = (sale: Sale) => ({ sale, nowMs: morningMs, operator: cashier.number });
  const basket = basketOf(person);
  store.rememberHolder(person.cardId, { ...holder(), ...basket.holder });
  after('basket');
  const first = message();
  store.commit(settlementIntended({ ...step(basket), request: requestOf(basket), message: first }));
  after('intent');
  const refused = {
    messageId: first.messageId,
    answer: words,
    faultCode: 'agency-refused',
    agencyText: words,
  };
  store.commit(settlementRefused({ ...step(saleOf(basket.saleId)), ...refused }));
  after('refused');
  const again = { ...basket, state: 'open' as const };
  const second = message();
  store.commit(settlementIntended({ ...step(again), request: requestOf(again), message: second }));
  const settlement = settlementOf(again, morningMs, {
    split: { ...(again.split ?? settlementOf(again, 0).split), balanceAfter: yuan('7.00') },
  });
  const { messageId } = second;
  store.commit(settlementSucceeded({ ...step(saleOf(again.saleId)), messageId, answer: words, settlement }));
  after('settled');
  const third = message();
  const who = { settledMessageId: messageId, secondOperator: '0900', reason: words };
  store.commit(cancelIntended({ ...step(saleOf(again.saleId)), message: third, ...who }));
  const { visitId, settlementId = '', split } = settlement;
  const { total, fundTotal, account } = split;
  const cancellation = { visitId, settlementId, total, fundTotal, account };
  const undone = { messageId: third.messageId, answer: words, settlement, cancellation };
  store.commit(cancelSucceeded({ ...step(saleOf(again.saleId)), ...undone }));
  store.commit(noted({ ...step(basket), kind: 'identified-by-hand', facts: { reason: words } }));
  after('cancelled');
  liveOffline(person, words, message, after);
  store.claimCertificate(person.certificate, morningMs);
  const cards = [person.cardId, person.cardNumber];
  const ranges = [{ from: person.cardNumber, to: person.cardNumber }];
  store.setBlacklist({ version: '0000000002', asOfMs: morningMs, cards, ranges }, morningMs);
  after('blacklist and certificate');
}

function liveOffline(
  person: Secrets,
  words: string,
  message: () => { messageId: string; body: string; preparedAtMs: number },
  after: (step: string) => void,
): void {
  const lane = person.cardId;
  const offline = basketOf(person);
  const step = () => ({ sale: saleOf(offline.saleId), nowMs: morningMs, operator: cashier.number });
  const request = requestOf(offline);
  store.commit(offlineIntended({ ...step(), request, lane, purchase: purchaseOf(lane), limits: wideLimits }));
  after('offline intent');
  store.commit(offlineTorn(step()));
  after('torn');
  const proof = proofOf(offline, lane, 'card');
  store.commit(offlineAuthorised({ ...step(), request, lane, proof, facts: { holderProvedBy: 'card-pin' } }));
  after('queued');
  const upload = store.upload(offline.saleId);
  if (upload === undefined) throw new Error('the upload is queued');
  const fourth = message();
  store.commit(uploadIntended({ ...step(), message: fourth, upload }));
  const refusal = { messageId: fourth.messageId, answer: words, faultCode: 'agency-refused' };
  store.commit(uploadRejected({ ...step(), ...refusal, agencyText: words }));
  expect(store.upload(offline.saleId)?.agencyText).toBe(words);
  after('rejected');
}

describe('records at rest', () => {
  test('no name and no number of a person stands in any byte of the files, after any step of a sale', {
    timeout: 120_000,
  }, () => {
    const seed = Number(process.env['GUITAI_SEED'] ?? Date.now() % 2_147_483_647);
    process.stdout.write(`sealed records: GUITAI_SEED=${seed}\n`);
    fc.assert(
      fc.property(secrets, (person) => {
        live(person, (step) => expectNothingInClear(person, step));
        store.close();
        store = openStore(folder.path, clock);
        expectNothingInClear(person, 'opened again');
        expect(store.rememberedHolder(person.cardId)?.name).toBe(person.name);
        expect(store.claimCertificate(person.certificate, morningMs)).toBe(false);
        expect(store.blacklist()?.cards).toContain(person.cardId);
        store.close();
        folder.remove();
        folder = newFolder();
        store = openStore(folder.path, clock);
      }),
      { seed, numRuns: 6, endOnFailure: true },
    );
  });

  test('another key is refused before anything is changed, and the right one still opens', () => {
    const sale = openSale(store, morningMs);
    store.close();
    const before = readFileSync(join(folder.path, recordsFile));
    const sealKey = new Uint8Array(32).fill(1);
    const opened = openTillStore({ folder: folder.path, terminal: '01', clock, sealKey });
    expect(opened.ok ? 'opened' : opened.error.code).toBe('store-key-wrong');
    expect(readFileSync(join(folder.path, recordsFile)).equals(before)).toBe(true);
    store = openStore(folder.path, clock);
    expect(store.sale(sale.saleId)).toEqual(sale);
  });

  test('records whose check value was taken out are refused as damaged', () => {
    store.close();
    edit("DELETE FROM settings WHERE name = 'seal-check'");
    const opened = openTillStore({ folder: folder.path, terminal: '01', clock, sealKey: testSealKey });
    expect(opened.ok ? 'opened' : opened.error.code).toBe('store-damaged');
    folder.remove();
    folder = newFolder();
    store = openStore(folder.path, clock);
  });
});

function edit(sql: string): void {
  const db = new Database(join(folder.path, recordsFile));
  db.exec(sql);
  db.close();
}

const placeOf = (sale: Sale | undefined) => `(SELECT place FROM sales WHERE sale_id = '${sale?.saleId}')`;

describe('a record whose seal is broken', () => {
  test('a basket copied to another sale does not open there; the other sales are read as ever', () => {
    const [one, two, three] = [1, 2, 3].map(() => openSale(store, morningMs));
    store.close();
    edit(`UPDATE baskets SET content = (SELECT content FROM baskets WHERE place = ${placeOf(one)})
          WHERE place = ${placeOf(two)}`);
    store = openStore(folder.path, clock);
    expect(refusedWith(() => store.sale(two?.saleId ?? ''))).toBe('record-seal-broken');
    expect(store.salesInState(['open']).map(({ saleId }) => saleId)).toEqual([one?.saleId, three?.saleId]);
    expect(store.salesOfDay('2026-03-02')).toHaveLength(2);
    expect(store.brokenRecords()).toMatchObject([
      { column: 'sales.row', id: two?.saleId, fault: { code: 'record-seal-broken' } },
    ]);
  });

  test('a message keeps its state and its place in the story; only its text is refused', () => {
    const sale = openSale(store, morningMs);
    const messageId = store.nextMessageId(institution, morningMs);
    const message = { messageId, body: '{"input":{}}', preparedAtMs: morningMs };
    const step = { sale, nowMs: morningMs, operator: cashier.number };
    store.commit(settlementIntended({ ...step, request: requestOf(sale), message }));
    store.close();
    edit('UPDATE messages SET body_event = 7');
    store = openStore(folder.path, clock);
    const [stored] = store.messagesInState(['intent']);
    expect(stored?.state).toBe('intent');
    expect(refusedWith(() => stored?.body)).toBe('record-seal-broken');
    expect(store.brokenRecords()).toMatchObject([{ column: 'messages.body', id: messageId }]);
    expect(store.sale(sale.saleId)?.state).toBe('committing');
  });

  test('a remembered holder is forgotten, so that a settlement is not held up by the cache', () => {
    store.rememberHolder('card-1', holder());
    store.close();
    edit("UPDATE persons SET row = 's1.broken'");
    store = openStore(folder.path, clock);
    expect(store.rememberedHolder('card-1')).toBeUndefined();
    expect(store.brokenRecords()).toMatchObject([{ column: 'persons.row' }]);
    store.rememberHolder('card-1', holder());
    expect(store.rememberedHolder('card-1')).toEqual(holder());
    expect(store.brokenRecords()).toEqual([]);
  });
});
