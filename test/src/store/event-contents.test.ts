import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Sale } from '#core/domain/sale';
import type { Split } from '#core/domain/split';
import { ManualClock } from '#core/manual-clock';
import { fen, yuan } from '#core/money';
import { createSealer } from '#core/seal';
import { encodeHolder, encodeSale, encodeSettlement } from '#store/codec/values';
import { applicationId, migrations } from '#store/migrations/list';
import { openTillStore, recordsFile } from '#store/open';
import { cancelIntended } from '#store/records/cancel';
import { settlementIntended, settlementSucceeded, settlementUnknown } from '#store/records/settlement';
import type { SqliteStore } from '#store/sqlite-store';
import {
  cashier,
  holder,
  institution,
  morningMs,
  newFolder,
  openSale,
  openStore,
  refusedWith,
  requestOf,
  settlementOf,
  testSealKey,
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

function reopen(): void {
  store.close();
  store = openStore(folder.path, clock);
}

function edit(work: (db: Database.Database) => void): void {
  store.close();
  const db = new Database(join(folder.path, recordsFile));
  db.exec('DROP TRIGGER IF EXISTS journal_no_update');
  work(db);
  db.close();
  store = openStore(folder.path, clock);
}

const saleOf = (saleId: string): Sale => {
  const sale = store.sale(saleId);
  if (sale === undefined) throw new Error('the sale is stored');
  return sale;
};
const stepOf = (sale: Sale) => ({ sale, nowMs: morningMs, operator: cashier.number });
const message = (body = '{"input":{}}') => ({
  messageId: store.nextMessageId(institution, morningMs),
  body,
  preparedAtMs: morningMs,
});

function settle(balanceAfter = yuan('480.00'), scheme = '310'): { saleId: string; messageId: string } {
  const basket = openSale(store, morningMs);
  const request = { ...requestOf(basket), scheme };
  const sent = message();
  store.commit(settlementIntended({ ...stepOf(basket), request, message: sent }));
  const { messageId } = sent;
  const settlement = settlementOf(basket, morningMs);
  const split: Split = { ...settlement.split, balanceAfter };
  const answer = `{"setl_id":"${basket.saleId}"}`;
  const sale = saleOf(basket.saleId);
  store.commit(
    settlementSucceeded({ ...stepOf(sale), messageId, answer, settlement: { ...settlement, split } }),
  );
  return { saleId: basket.saleId, messageId };
}

describe('what a step writes under a seal', () => {
  test('stands in its event alone: the other rows name the event and hold nothing of it', () => {
    const { saleId } = settle();
    store.close();
    const db = new Database(join(folder.path, recordsFile));
    expect(db.prepare('SELECT row, content_event FROM sales').all()).toEqual([{ row: '', content_event: 2 }]);
    expect(db.prepare('SELECT body, body_event, answer, answer_event FROM messages').all()).toEqual([
      { body: '', body_event: 1, answer: '', answer_event: 2 },
    ]);
    expect(db.prepare('SELECT row, content_event FROM settled').all()).toEqual([
      { row: '', content_event: 2 },
    ]);
    expect(db.prepare('SELECT COUNT(*) FROM journal WHERE content IS NULL').pluck().get()).toBe(0);
    db.close();
    store = openStore(folder.path, clock);
    expect(store.settled(saleId)?.settlement.split.balanceAfter).toBe(yuan('480.00'));
    expect(saleOf(saleId)).toMatchObject({ state: 'done', holder: holder(), request: { scheme: '310' } });
  });

  test('comes back exactly, whatever fields a sale gained, changed and lost on its way, also from disk', () => {
    const seed = Number(process.env['GUITAI_SEED'] ?? Date.now() % 2_147_483_647);
    process.stdout.write(`sales by events: GUITAI_SEED=${seed}\n`);
    const change = fc.record(
      {
        manualReason: fc.string(),
        changeDue: fc.bigInt({ min: -(10n ** 29n), max: 10n ** 29n }).map(fen),
        lines: fc.nat(2),
        split: fc.boolean(),
        age: fc.string(),
        holder: fc.boolean(),
        clearing: fc.record({ office: fc.string(), type: fc.string() }),
      },
      { requiredKeys: ['lines', 'split', 'holder'] },
    );
    const step = fc.record({ change, how: fc.constantFrom('event', 'event', 'basket', 'bare', 'reopen') });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const first = openSale(store, morningMs);
        let expected: Sale = first;
        for (const { change: to, how } of steps) {
          const { lines, split, age, holder: known, ...texts } = to;
          const { holder: _holder, split: _split, ...rest } = first;
          expected = {
            ...rest,
            ...texts,
            lines: first.lines.slice(0, lines),
            ...(split && first.split !== undefined ? { split: first.split } : {}),
            ...(known ? { holder: { ...holder(), age: age ?? '36.2' } } : {}),
          };
          if (how === 'basket') store.saveBasket(expected);
          const event = { saleId: first.saleId, atMs: 1, operator: '1', facts: {} };
          const events = how === 'bare' ? [] : [{ ...event, kind: 'operator-decided' as const }];
          if (how !== 'basket') store.commit({ sale: { row: expected, was: 'open' }, events });
          if (how === 'reopen') reopen();
          expect(store.sale(first.saleId)).toEqual(expected);
        }
        reopen();
        expect(store.sale(first.saleId)).toEqual(expected);
        expect(store.verifyJournal().brokenAt).toBeUndefined();
      }),
      { seed, numRuns: 25, endOnFailure: true },
    );
  }, 60_000);

  test('of a settlement is what the agency said, also where that differs from the sale and after later steps', () => {
    const basket = openSale(store, morningMs);
    const sent = message();
    store.commit(settlementIntended({ ...stepOf(basket), request: requestOf(basket), message: sent }));
    const reason = { step: 's', policy: 'p', version: '1', amount: yuan('1.00'), zh: '甲', en: 'A' };
    const told = settlementOf(basket, morningMs);
    const split = { ...told.split, own: yuan('9.99'), reasons: [reason], balanceAfter: yuan('0.00') };
    const settlement = { ...told, split, brokenRelations: ['own'] };
    const answer = { messageId: sent.messageId, answer: '{}' };
    store.commit(settlementSucceeded({ ...stepOf(saleOf(basket.saleId)), ...answer, settlement }));
    const { split: _split, ...bare } = saleOf(basket.saleId);
    const event = { saleId: basket.saleId, atMs: 1, operator: '1', facts: {} };
    const events = [{ ...event, kind: 'operator-decided' as const }];
    store.commit({ sale: { row: bare, was: 'disputed' }, events });
    reopen();
    expect(store.settled(basket.saleId)?.settlement).toEqual(settlement);
    expect(saleOf(basket.saleId)).toEqual(bare);
    const unsaid = { sale: { row: { ...bare, lines: [] }, was: 'disputed' as const }, events: [] };
    expect(() => store.commit(unsaid)).toThrow('by events alone');
  });

  test('is undone with its step: a refused step leaves the sale, its next step and the chain as they were', () => {
    const basket = openSale(store, morningMs);
    const change = settlementIntended({ ...stepOf(basket), request: requestOf(basket), message: message() });
    const unbalanced = [{ account: 'revenue' as const, amount: yuan('1.00') }];
    const wrong = change.events.map((event) => ({ ...event, postings: unbalanced }));
    expect(() => store.commit({ ...change, events: wrong })).toThrow('add up to zero');
    expect(saleOf(basket.saleId)).toEqual(basket);
    expect(store.messagesOfSale(basket.saleId)).toEqual([]);
    store.commit(change);
    store.countSold(['S1']);
    reopen();
    expect(saleOf(basket.saleId)).toEqual({ ...basket, state: 'committing', request: requestOf(basket) });
    expect(store.verifyJournal()).toEqual({ entries: 1 });
  });

  test('of a step without an event is sealed in its own row, as before, and later steps go on from it', () => {
    const { saleId, messageId } = settle();
    const sent = message('{"cancel":1}');
    const who = { settledMessageId: messageId, secondOperator: '0900', reason: 'wrong drug' };
    store.commit(cancelIntended({ ...stepOf(saleOf(saleId)), message: sent, ...who }));
    const was = ['intent' as const];
    store.commit({ messages: [{ messageId: sent.messageId, was, to: 'refused', answer: '闭' }], events: [] });
    reopen();
    const [, cancel] = store.messagesOfSale(saleId);
    expect(cancel).toMatchObject({ state: 'refused', body: '{"cancel":1}', answer: '闭' });
  });
});

describe('the chain covers what events carry', () => {
  const flip = (db: Database.Database) => {
    const read = db.prepare('SELECT content FROM journal WHERE sequence = 3').pluck();
    const bytes = Buffer.from(read.get() as Buffer);
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    db.prepare('UPDATE journal SET content = ? WHERE sequence = 3').run(bytes);
  };
  const copied = (to: number) => (db: Database.Database) => {
    const from = 'SELECT content FROM journal WHERE sequence = 1';
    db.exec(`UPDATE journal SET content = (${from}) WHERE sequence = ${to}`);
  };
  const set = (to: string, at: number) => (db: Database.Database) => {
    db.exec(`UPDATE journal SET content = ${to} WHERE sequence = ${at}`);
  };

  test.each([
    ['changed by one bit', flip, 3],
    ['put back from another event', copied(3), 3],
    ['cut out', set('NULL', 4), 4],
    ['cut short', set("x'00'", 4), 4],
    ['added where there was none', copied(5), 5],
  ])('a content %s is found where it is, and it costs its own sale only', (_what, tamper, brokenAt) => {
    const [one, two] = [settle(), settle()];
    store.setSlip(`${two.saleId}:settlement`, ['owed'], 'printed', morningMs);
    expect(store.verifyJournal()).toEqual({ entries: 5 });
    const whole = saleOf(two.saleId);
    edit(tamper);
    expect(store.verifyJournal()).toEqual({ entries: brokenAt - 1, brokenAt });
    expect(saleOf(one.saleId).state).toBe('done');
    if (brokenAt === 5) return expect(saleOf(two.saleId)).toEqual(whole);
    expect(refusedWith(() => store.sale(two.saleId))).toBe('record-seal-broken');
    expect(store.salesOfDay('2026-03-02').map(({ saleId }) => saleId)).toEqual([one.saleId]);
    expect(store.message(two.messageId)?.state).toBe('succeeded');
    const words = brokenAt === 3 ? 'body' : 'answer';
    expect(refusedWith(() => store.message(two.messageId)?.[words])).toBe('record-seal-broken');
    expect(store.brokenRecords()).toMatchObject([
      { column: 'sales.row', id: two.saleId },
      { column: `messages.${words}`, id: two.messageId },
    ]);
  });

  test.each([
    [
      'a seal put back from another event',
      'content_seal = (SELECT content_seal FROM journal WHERE sequence = 1)',
    ],
    ['a seal cut out with its content', 'content_seal = NULL, content = NULL'],
  ])('%s breaks the chain itself: such records are not opened', (_what, sets) => {
    settle();
    store.close();
    const db = new Database(join(folder.path, recordsFile));
    db.exec('DROP TRIGGER journal_no_update');
    db.exec(`UPDATE journal SET ${sets} WHERE sequence = 2`);
    db.close();
    const opened = openTillStore({ folder: folder.path, terminal: '01', clock, sealKey: testSealKey });
    expect(opened.ok ? 'opened' : opened.error.code).toBe('store-damaged');
    folder.remove();
    folder = newFolder();
    store = openStore(folder.path, clock);
  });

  test('an older basket of the same sale put back under its events does not open', () => {
    const basket = openSale(store, morningMs);
    let old: unknown;
    edit((db) => {
      old = db.prepare('SELECT content FROM baskets').pluck().get();
    });
    const fewer = { ...basket, lines: basket.lines.slice(0, 1) };
    store.saveBasket(fewer);
    const request = requestOf(fewer);
    store.commit(settlementIntended({ ...stepOf(fewer), request, message: message() }));
    edit((db) => db.prepare('UPDATE baskets SET content = ?').run(old));
    expect(refusedWith(() => store.sale(basket.saleId))).toBe('record-seal-broken');
    expect(store.brokenRecords()).toMatchObject([{ column: 'sales.row', id: basket.saleId }]);
    expect(store.messagesInState(['intent'])[0]?.body).toBe('{"input":{}}');
    expect(store.verifyJournal().brokenAt).toBeUndefined();
  });
});

describe('the balance that a settlement told', () => {
  test('is known to the next sale of the person, after a restart too, until the agency is asked again', () => {
    store.rememberHolder('card', holder());
    settle(yuan('470.00'));
    settle(yuan('33.00'));
    expect(store.rememberedHolder('card')?.insurances[0]?.balance).toBe(yuan('33.00'));
    reopen();
    expect(store.rememberedHolder('card')?.insurances[0]?.balance).toBe(yuan('33.00'));
    store.rememberHolder('card', holder());
    expect(store.rememberedHolder('card')).toEqual(holder());
  });

  test('raises what an account can hold at most by nothing; only asking again does', () => {
    store.rememberHolder('card', holder());
    settle(yuan('500.01'));
    expect(store.rememberedHolder('card')?.insurances[0]?.balance).toBe(yuan('500.01'));
    expect(store.balanceAtMost('card', '310')).toBe(yuan('500.00'));
    expect(store.balanceAtMost('card', '390')).toBeUndefined();
    expect(store.balanceAtMost('other', '310')).toBeUndefined();
  });

  test('of one insurance leaves the balance of another as the agency told it', () => {
    const [own] = holder().insurances;
    if (own === undefined) throw new Error('the holder is insured');
    const both = [own, { ...own, scheme: '390', balance: yuan('9.00') }];
    store.rememberHolder('card', { ...holder(), insurances: both });
    settle(yuan('8.00'), '390');
    settle(yuan('480.00'), '310');
    const balances = store.rememberedHolder('card')?.insurances.map(({ balance }) => balance);
    expect(balances).toEqual([yuan('480.00'), yuan('8.00')]);
  });
});

describe('records of the program before this shape', () => {
  test('are read as they are, and their sales go on with events', () => {
    const template = openSale(store, morningMs);
    store.close();
    folder.remove();
    folder = newFolder();
    const db = new Database(join(folder.path, recordsFile));
    db.pragma('journal_mode = WAL');
    for (const sql of migrations.slice(0, 3)) db.exec(sql);
    const sealer = createSealer(testSealKey);
    const seal = (column: string, id: string, value: string) => sealer.seal(value, `${column}.${id}`);
    db.prepare('INSERT INTO settings VALUES (?, ?)').run(
      'seal-check',
      sealer.seal('seal-check', 'seal-check'),
    );
    const insert =
      db.prepare(`INSERT INTO sales (sale_id, sale_number, state, business_day, person_number, total,
      account, fund, deductible, row) VALUES (?, ?, ?, '2026-03-02', ?, 4469, 2000, 893, 0, ?)`);
    const old = (saleId: string, state: Sale['state']): Sale => ({
      ...template,
      saleId,
      saleNumber: saleId,
      state,
      request: requestOf(template),
    });
    const digest = sealer.digest(holder().personNumber, 'person-number');
    for (const sale of [old('s-1', 'done'), old('s-2', 'committing'), old('s-3', 'open')]) {
      const row = seal('sales.row', sale.saleId, encodeSale(sale));
      insert.run(sale.saleId, sale.saleNumber, sale.state, digest, row);
    }
    const add =
      db.prepare(`INSERT INTO messages (message_id, sale_id, transaction_number, body, prepared_at_ms,
      state, answer) VALUES (?, ?, '2102', ?, 1, ?, ?)`);
    add.run(
      'm-1',
      's-1',
      seal('messages.body', 'm-1', 'body 1'),
      'succeeded',
      seal('messages.answer', 'm-1', 'yes'),
    );
    add.run('m-2', 's-2', seal('messages.body', 'm-2', 'body 2'), 'intent', null);
    const settlement = settlementOf(old('s-1', 'done'), morningMs);
    const settledRow = seal('settled.row', 's-1', encodeSettlement(settlement));
    db.prepare("INSERT INTO settled VALUES ('s-1', 'm-1', '2026-03-02', '990199', '41', ?)").run(settledRow);
    const key = sealer.digest('card', 'holder-key');
    db.prepare('INSERT INTO persons VALUES (?, 1, ?)').run(
      key,
      seal('persons.row', key, encodeHolder(holder())),
    );
    db.pragma(`application_id = ${applicationId}`);
    db.pragma('user_version = 3');
    db.close();

    store = openStore(folder.path, clock);
    expect(saleOf('s-1')).toEqual(old('s-1', 'done'));
    expect(store.settled('s-1')?.settlement).toEqual(settlement);
    expect(store.message('m-1')).toMatchObject({ body: 'body 1', answer: 'yes' });
    expect(store.rememberedHolder('card')).toEqual(holder());
    const faultCode = 'agency-no-answer' as const;
    const unanswered = { messageId: 'm-2', lastByteAtMs: morningMs, faultCode };
    store.commit(settlementUnknown({ ...stepOf(saleOf('s-2')), ...unanswered }));
    store.saveBasket({ ...old('s-3', 'held'), lines: [] });
    reopen();
    expect(saleOf('s-2')).toEqual({ ...old('s-2', 'unknown') });
    expect(store.message('m-2')).toMatchObject({ state: 'unknown', body: 'body 2' });
    expect(saleOf('s-3')).toEqual({ ...old('s-3', 'held'), lines: [] });
    expect(store.verifyJournal()).toEqual({ entries: 1 });
    expect(store.brokenRecords()).toEqual([]);
  });
});
