import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { ManualClock } from '#core/manual-clock';
import { yuan } from '#core/money';
import { openKeyStore } from '#drivers/key-store/open';
import { ownPaySold } from '#store/records/settlement';
import { SqliteStore } from '#store/sqlite-store';
import { makeFolder } from '../../src/main/records.ts';
import { type Fate, ScriptedAgency } from '../helpers/scripted-agency.ts';
import { TillProcess } from '../helpers/till-process.ts';
import { cashier, holder, morningMs, openSale, splitOf } from '../helpers/till-records.ts';
import { factOf, type Mark } from './cut-facts.ts';
import { choose, seededRandom } from './seeded.ts';

/**
 * The program of which every write is recorded: the real records, keys and sync of a till sell for a while, and each
 * durable step is marked with all that it changed as soon as it returned. Arguments: folder, file of marks, seed, number
 * of the life, acts, and what SQLite is made to do instead of `synchronous = FULL`.
 */
const [root = '', marksFile = '', seedText, lifeText, actsText, synchronous = 'FULL'] = process.argv.slice(2);
const random = seededRandom(Number(seedText));
const life = Number(lifeText);
const acts = Number(actsText);
const marks = openSync(marksFile, 'a');

const ACTS = [
  'sell',
  'sell',
  'sell',
  'sell-offline',
  'sell-offline',
  'own-pay',
  'cancel',
  'print',
  'print',
  'note',
  'wait',
  'wait',
  'link',
  'reopen',
  'new-key',
] as const;
const FATES: readonly [Fate, ...Fate[]] = [
  'ok',
  'ok',
  'ok',
  'unreachable',
  'lose-request',
  'lose-reply',
  'refuse',
  'hang-before',
  'hang-after',
  { lateMs: 30_000 },
];

function mark(
  step: string,
  store: SqliteStore | undefined,
  keys: readonly string[],
  more: Partial<Mark> = {},
) {
  const facts = keys.map((key) => [key, store === undefined ? '' : factOf(store, key)] as const);
  const whole: Mark = { step, issued: [], ...more, facts: [...facts, ...(more.facts ?? [])] };
  writeSync(marks, `${JSON.stringify(whole)}\n`);
}

/** Every change of the records is told the moment it returns, as the till would tell cashier and agency. */
function tellEveryChange(): void {
  const store = SqliteStore.prototype;
  const { commit, saveBasket, nextMessageId, nextSaleNumber, setSlip, countCopy, setSetting } = store;
  const { setBlacklist, claimCertificate, rememberHolder, nextTerminalSequence } = store;
  store.commit = function (change) {
    const entries = commit.call(this, change);
    const messages = (change.messages ?? []).map(({ messageId }) => this.message(messageId)?.saleId);
    const sales = [
      change.sale?.row.saleId,
      ...messages,
      ...(change.newMessages ?? []).map(({ saleId }) => saleId),
      ...(change.uploads ?? []).map(({ saleId }) => saleId),
    ].filter((saleId) => saleId !== undefined);
    const cards = change.settled === undefined ? [] : [holder().cardId ?? ''];
    mark('commit', this, [
      ...[...new Set(sales)].map((saleId) => `sale:${saleId}`),
      ...cards.map((card) => `holder:${card}`),
      'balances',
      'queue',
      'slips',
      'head',
    ]);
    return entries;
  };
  store.saveBasket = function (sale) {
    saveBasket.call(this, sale);
    mark('basket', this, [`sale:${sale.saleId}`]);
  };
  store.nextMessageId = function (institution, nowMs) {
    const id = nextMessageId.call(this, institution, nowMs);
    mark('message-id', this, [], { issued: [id] });
    return id;
  };
  store.nextSaleNumber = function (day) {
    const number = nextSaleNumber.call(this, day);
    mark('sale-number', this, [], { issued: [number] });
    return number;
  };
  store.nextTerminalSequence = function (nowMs) {
    const sequence = nextTerminalSequence.call(this, nowMs);
    mark('terminal-sequence', this, [], { issued: [`sequence ${sequence}`] });
    return sequence;
  };
  store.setSlip = function (slipId, ...rest) {
    setSlip.call(this, slipId, ...rest);
    mark('slip', this, [`sale:${this.slip(slipId)?.saleId}`, 'slips', 'head']);
  };
  store.countCopy = function (slipId, atMs) {
    countCopy.call(this, slipId, atMs);
    mark('copy', this, [`sale:${this.slip(slipId)?.saleId}`, 'slips', 'head']);
  };
  store.setSetting = function (name, value) {
    setSetting.call(this, name, value);
    mark('setting', this, [`setting:${name}`]);
  };
  store.setBlacklist = function (list, nowMs) {
    setBlacklist.call(this, list, nowMs);
    mark('blacklist', this, ['blacklist', 'head']);
  };
  store.claimCertificate = function (qrText, nowMs) {
    const claimed = claimCertificate.call(this, qrText, nowMs);
    mark('certificate', this, [], { issued: [`certificate ${qrText}`] });
    return claimed;
  };
  store.rememberHolder = function (key, person) {
    rememberHolder.call(this, key, person);
    mark('holder', this, [`holder:${key}`]);
  };
}

/** A worse setting of SQLite in place of the program's own, as a mistake would put it there. */
function weaken(): void {
  const { pragma } = Database.prototype;
  Database.prototype.pragma = function (source: string, options) {
    if (/^synchronous\s*=/.test(source)) return pragma.call(this, `synchronous = ${synchronous}`, options);
    return source === 'synchronous' ? 2n : pragma.call(this, source, options);
  };
}

if (synchronous !== 'FULL') weaken();
tellEveryChange();
const clock = new ManualClock(morningMs + life * 3_600_000);
const agency = new ScriptedAgency(clock);
// Settlements of earlier lives keep their numbers to themselves.
for (let number = 0; number < life * 1000; number += 1) agency.charges.push(strangersCharge(number));
const folder = join(root, 'data');
if (!makeFolder(folder).ok) throw new Error('no folder for the data');
const opened = await openKeyStore({ store: 'file', folder: join(folder, 'keys'), clock });
if (!opened.ok) throw new Error(`the key store does not open: ${opened.error.code}`);
const keyStore = opened.value;
const keysFact = () => keyStore.keys().map(({ keyId, state }) => `${keyId} ${state}`);
mark('keys', undefined, [], { facts: [['keys', keysFact().join()]] });
const records = { sealKey: keyStore.derive('records') };
let till = new TillProcess(folder, clock, agency, {}, records);
const sold: string[] = [];

for (let act = 0; act < acts; act += 1) await doOne(choose(random, ACTS));
if (till.errors.length > 0) throw new Error(till.errors.join('\n'));
if (random() < 0.5) till.kill();
// Also with sales under way: the process ends here as it is.
process.exit(0);

async function doOne(act: (typeof ACTS)[number]): Promise<void> {
  const { store } = till;
  switch (act) {
    case 'sell':
      agency.fates['2102'].push(choose(random, FATES));
      agency.fates['2601'].push(choose(random, ['ok', 'ok', 'lose-reply', 'unreachable']));
      return underWay(async () => void sold.push(await till.sell()));
    case 'sell-offline':
      // What the checkout asks for before it lets the module sign.
      store.nextTerminalSequence(clock.nowMs());
      sold.push(till.sellOffline(choose(random, ['card-1', 'card-2', 'card-3'])));
      till.sync.kick();
      return;
    case 'own-pay':
      store.commit(
        ownPaySold({
          sale: openSale(store, clock.nowMs(), { mode: 'own-pay' }),
          nowMs: clock.nowMs(),
          operator: cashier.number,
        }),
      );
      return;
    case 'cancel':
      return cancelOne(store);
    case 'print':
      return printOne(store);
    case 'note':
      return noteOne(store);
    case 'wait':
      return clock.advance(1 + Math.floor(random() * 60_000));
    case 'link':
      till.usable = !till.usable;
      till.sync.kick();
      return;
    case 'reopen':
      till.kill();
      till = new TillProcess(folder, clock, agency, {}, records);
      return;
    case 'new-key':
      return newKey();
  }
}

/** Not waited for to its end: an answer may never come. */
async function underWay(work: () => Promise<void>): Promise<void> {
  work().catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  });
  await clock.advance(1);
}

function cancelOne(store: SqliteStore): Promise<void> {
  const done = sold.filter((saleId) => {
    const sale = store.sale(saleId);
    const isIdle = store.messagesOfSale(saleId).every(({ state }) => state !== 'intent');
    return sale?.state === 'done' && sale.mode === 'insured' && isIdle;
  });
  const [first, ...others] = done;
  if (first === undefined) return Promise.resolve();
  agency.fates['2103'].push(choose(random, FATES));
  return underWay(() => till.cancel(choose(random, [first, ...others])));
}

function printOne(store: SqliteStore): void {
  const [owed] = store.slips(['owed', 'printing']);
  const [printed] = store.slips(['printed']);
  const nowMs = clock.nowMs();
  if (owed?.state === 'owed') store.setSlip(owed.slipId, ['owed'], 'printing', nowMs);
  else if (owed !== undefined) store.setSlip(owed.slipId, ['printing'], 'printed', nowMs);
  else if (printed !== undefined) store.countCopy(printed.slipId, nowMs);
}

function noteOne(store: SqliteStore): void {
  const text = String(Math.floor(random() * 1e9));
  const nowMs = clock.nowMs();
  const list = { version: text, asOfMs: nowMs, cards: [text], ranges: [] };
  const notes = [
    () => store.setSetting(choose(random, ['shift', 'reference:1', 'reference:2']), text),
    () => store.claimCertificate(text, nowMs),
    () => store.rememberHolder(holder().cardId ?? '', { ...holder(), asOfMs: nowMs }),
    () => store.setBlacklist(list, nowMs),
  ] as const;
  choose(random, notes)();
}

async function newKey(): Promise<void> {
  const made = await keyStore.make();
  if (!made.ok) throw new Error(made.error.code);
  mark('keys', undefined, [], { facts: [['keys', keysFact().join()]] });
  const marked = await keyStore.mark(made.value.keyId, 'enrolled');
  if (!marked.ok) throw new Error(marked.error.code);
  mark('keys', undefined, [], { facts: [['keys', keysFact().join()]] });
}

function strangersCharge(number: number): ScriptedAgency['charges'][number] {
  const id = String(number);
  const split = splitOf(yuan('1.00'), yuan('1.00'));
  const common = { messageId: id, settlementId: id, visitId: id, personNumber: '', saleNumber: '', day: '' };
  return { ...common, split, state: 'reversed' };
}
