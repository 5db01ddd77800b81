import { readdirSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { JournalEntry } from '#core/domain/journal';
import type { Anchor, JournalHead } from '#core/domain/journal-head';
import { type JournalCode, journalCode, parseJournalCode } from '#core/journal-code';
import { ManualClock } from '#core/manual-clock';
import { generateSm2, sm2KeyId } from '#core/sm2';
import { recordsFile } from '#store/open';
import { openForLooking } from '#store/verify/look';
import type { Verification, VerifyOptions } from '#store/verify/verification';
import { verification, verifyAll } from '#store/verify/verify';
import {
  closeShift,
  copyFolder,
  type LivedShift,
  liveShift,
  putBack,
  rechain,
  signatureOf,
  tamper,
} from '../../helpers/tampered.ts';
import { morningMs, newFolder, openStore, testSealKey } from '../../helpers/till-records.ts';

const key = generateSm2();
const keyIds = [sm2KeyId(key.publicKey)];

/** One closed till that every test changes a copy of. */
let original: ReturnType<typeof newFolder>;
let lived: LivedShift;
let head: JournalHead;
let entries: readonly JournalEntry[];

let folder: ReturnType<typeof copyFolder>;

beforeAll(() => {
  original = newFolder();
  const clock = new ManualClock(morningMs);
  const store = openStore(original.path, clock);
  lived = liveShift(store, clock);
  head = closeShift(store, clock, key);
  entries = store.journal(1, 1000);
  store.close();
});
afterAll(() => original.remove());
beforeEach(() => {
  folder = copyFolder(original.path);
});
afterEach(() => folder.remove());

function look(
  options: VerifyOptions = { keyIds },
  sealKey: Uint8Array | 'no key' = testSealKey,
): Verification {
  const opened = openForLooking(folder.path, sealKey === 'no key' ? undefined : sealKey);
  if (!opened.ok) throw new Error(`${opened.error.code} ${opened.error.detail ?? ''}`);
  try {
    return verifyAll(verification(opened.value.db, opened.value.seals, options));
  } finally {
    opened.value.close();
  }
}

function found(verified: Verification): readonly string[] {
  return verified.findings.map(({ kind, sequence, saleId }) =>
    [kind, sequence, saleId].filter((part) => part !== undefined).join(' '),
  );
}

function entryOf(kind: JournalEntry['kind'], saleId?: string): JournalEntry {
  const entry = entries.find((one) => one.kind === kind && (saleId === undefined || one.saleId === saleId));
  if (entry === undefined) throw new Error(`no ${kind}`);
  return entry;
}

function anchor(): Anchor {
  const last = entries.at(-1);
  if (last === undefined) throw new Error('the journal is not empty');
  const { sequence, hash } = last;
  const signed = { head, signature: signatureOf(head, key) };
  return { latest: { head: { ...head, sequence, hash } }, earlier: [signed] };
}

function slipCode(entry: JournalEntry): JournalCode {
  const code = parseJournalCode(`${entry.sequence}-${journalCode(entry.sequence, entry.hash).code}`);
  if (code === undefined) throw new Error('a code that was just made is read');
  return code;
}

describe('records that nobody touched', () => {
  test('pass, with every seal opened, the signature good and nothing made in the folder', () => {
    const verified = look();
    expect(found(verified)).toEqual([]);
    expect(verified).toMatchObject({
      entries: entries.length,
      signatures: { good: 1, unsigned: 0, signedUpTo: head.sequence },
      sealsOpened: true,
      keysChecked: true,
      provedUpTo: undefined,
    });
    expect(readdirSync(folder.path).filter((name) => name.startsWith(recordsFile))).toEqual([recordsFile]);
  });

  test('pass without any key too, and say what could not be looked at', () => {
    const verified = look({}, 'no key');
    expect(found(verified)).toEqual([]);
    expect(verified).toMatchObject({ sealsOpened: false, keysChecked: false });
  });

  test('an anchor and a slip prove that nothing was cut off', () => {
    const last = entries.at(-1)?.sequence;
    expect(look({ keyIds, anchor: anchor() })).toMatchObject({ findingCount: 0, provedUpTo: last });
    const slip = entryOf('settled', lived.settled);
    expect(look({ keyIds, slips: [slipCode(slip)] })).toMatchObject({
      findingCount: 0,
      provedUpTo: slip.sequence,
    });
  });

  test('are looked at beside a till that has them open and goes on selling, without a file made', () => {
    const clock = new ManualClock(morningMs + 3_600_000);
    const store = openStore(folder.path, clock);
    try {
      const before = readdirSync(folder.path);
      const opened = openForLooking(folder.path, testSealKey);
      if (!opened.ok) throw new Error(opened.error.code);
      const pieces = verification(opened.value.db, opened.value.seals, { keyIds });
      pieces.next();
      liveShift(store, clock);
      const verified = verifyAll(pieces);
      expect(found(verified)).toEqual([]);
      expect(verified.entries).toBe(entries.length);
      opened.value.close();
      expect(readdirSync(folder.path)).toEqual(before);
      expect(found(look())).toEqual([]);
    } finally {
      store.close();
    }
  });

  test('pass on the till itself while it commits between two pieces', () => {
    const clock = new ManualClock(morningMs + 3_600_000);
    const store = openStore(folder.path, clock);
    try {
      const pieces = store.verification({ keyIds });
      let rounds = 0;
      for (let piece = pieces.next(); ; piece = pieces.next()) {
        if (piece.done === true) {
          expect(found(piece.value)).toEqual([]);
          break;
        }
        rounds += 1;
        if (rounds === 1) liveShift(store, clock);
      }
      expect(rounds).toBeGreaterThan(3);
    } finally {
      store.close();
    }
  });
});

/** Everything that stands in one entry's row, so that two can be exchanged. */
const columns = 'kind, sale_id, at_ms, business_day, operator, facts, previous_hash, hash';

function setFacts(db: Database.Database, sequence: number, from: string, to: string): void {
  const { changes } = db
    .prepare('UPDATE journal SET facts = replace(facts, ?, ?) WHERE sequence = ?')
    .run(from, to, BigInt(sequence));
  expect(changes).toBe(1);
}

function copyEntry(db: Database.Database, from: number, to: number): void {
  db.prepare(
    `INSERT INTO journal (sequence, ${columns}) SELECT ?, ${columns} FROM journal WHERE sequence = ?`,
  ).run(BigInt(to), BigInt(from));
  db.prepare('UPDATE ledger SET sequence = ? WHERE sequence = ?').run(BigInt(to), BigInt(from));
  db.prepare('DELETE FROM journal WHERE sequence = ?').run(BigInt(from));
}

function run(sql: string, ...values: (string | bigint)[]) {
  return (db: Database.Database) => {
    expect(db.prepare(sql).run(...values).changes).toBeGreaterThan(0);
  };
}

describe('a change made with another tool is found, and its place is named', () => {
  const cases: readonly {
    readonly what: string;
    readonly change: () => (db: Database.Database) => void;
    readonly names: () => readonly string[];
    readonly options?: () => VerifyOptions;
  }[] = [
    {
      what: '1. the facts of an entry',
      change: () => (db) => setFacts(db, entryOf('own-pay-sold').sequence, '"cash":"', '"cash":"9'),
      names: () => [`entry-changed ${entryOf('own-pay-sold').sequence} ${lived.ownPay}`],
    },
    {
      what: '2. an amount in the ledger, with the balances set to fit',
      change: () => (db) => {
        const { sequence } = entryOf('own-pay-sold');
        const move = db.prepare('UPDATE ledger SET amount = amount + ? WHERE sequence = ? AND account = ?');
        const balance = db.prepare('UPDATE balances SET amount = amount + ? WHERE account = ?');
        for (const [account, amount] of [
          ['tender:cash', -500n],
          ['revenue', 500n],
        ] as const) {
          move.run(amount, BigInt(sequence), account);
          balance.run(amount, account);
        }
      },
      names: () => [`entry-changed ${entryOf('own-pay-sold').sequence} ${lived.ownPay}`],
    },
    {
      what: '3. an entry taken out of the middle',
      change: () => (db) => {
        const { sequence } = entryOf('slip-printed');
        run('DELETE FROM journal WHERE sequence = ?', BigInt(sequence))(db);
      },
      names: () => [
        `entry-missing ${entryOf('slip-printed').sequence}`,
        `slip-row-differs ${entryOf('settled', lived.settled).sequence} ${lived.settled}`,
      ],
    },
    {
      what: '4. the last entries cut off: found by the anchor',
      change: () => (db) => run('DELETE FROM journal WHERE sequence >= ?', BigInt(head.sequence))(db),
      names: () => [`anchor-ahead ${head.sequence}`, `anchor-ahead ${head.sequence}`],
      options: () => ({ keyIds, anchor: anchor() }),
    },
    {
      what: '5. two entries exchanged',
      change: () => (db) => {
        const { sequence } = entryOf('slip-copied');
        copyEntry(db, sequence, 900_000);
        copyEntry(db, sequence - 1, sequence);
        copyEntry(db, 900_000, sequence - 1);
      },
      names: () => {
        const { sequence, saleId } = entryOf('slip-copied');
        const next = entries.find((entry) => entry.sequence === sequence + 1);
        return [
          `entry-moved ${sequence - 1} ${saleId}`,
          `entry-moved ${sequence} ${saleId}`,
          `link-broken ${sequence + 1} ${next?.saleId}`,
        ];
      },
    },
    {
      what: '6. an entry put in, and every later hash computed anew: found by the signature',
      change: () => (db) => {
        const { sequence } = entryOf('shift-closed');
        const last = entries.at(-1)?.sequence ?? 0;
        for (let from = last; from >= sequence; from -= 1) copyEntry(db, from, from + 1);
        db.prepare(
          `INSERT INTO journal (sequence, kind, sale_id, at_ms, business_day, operator, facts, previous_hash, hash)
             SELECT ?, 'drawer-opened', NULL, at_ms, business_day, operator,
             '{"by":"hand","reason":"找零钱"}', previous_hash, hash FROM journal WHERE sequence = ?`,
        ).run(BigInt(sequence), BigInt(sequence + 1));
        rechain(db, sequence);
      },
      names: () => [`signed-entry-differs ${head.sequence}`],
    },
    {
      what: '7. a rejected sale made a finished one in its row',
      change: () => run("UPDATE sales SET state = 'done' WHERE sale_id = ?", lived.unknown),
      names: () => {
        const { sequence } = entryOf('settlement-unknown', lived.unknown);
        return [`sale-differs ${sequence} ${lived.unknown}`, `sale-differs ${sequence} ${lived.unknown}`];
      },
      options: () => ({ keyIds }),
    },
    {
      what: '8. the total and the account share of a sale',
      change: () =>
        run('UPDATE sales SET total = total - 100, account = account - 100 WHERE sale_id = ?', lived.settled),
      names: () => {
        const { sequence } = entryOf('settled', lived.settled);
        return Array.from({ length: 4 }, () => `sale-differs ${sequence} ${lived.settled}`);
      },
    },
    {
      what: '9. the state of a message, so that it looks reversed',
      change: () =>
        run(
          "UPDATE messages SET state = 'reversed' WHERE sale_id = ? AND state = 'succeeded'",
          lived.settled,
        ),
      names: () => [`message-differs ${entryOf('settled', lived.settled).sequence} ${lived.settled}`],
    },
    {
      what: '10. the signed event itself, with the last hash computed anew',
      change: () => (db) => {
        const { sequence } = entryOf('journal-signed');
        setFacts(db, sequence, '"day":"2026-03-02"', '"day":"2026-03-01"');
        rechain(db, sequence);
      },
      names: () => [`signature-wrong ${entryOf('journal-signed').sequence}`],
    },
    {
      what: '11. the sealed settlement of another sale put in its place',
      change: () =>
        run(
          `UPDATE settled SET content_event = (SELECT content_event FROM settled WHERE sale_id = ?) WHERE sale_id = ?`,
          lived.cancelled,
          lived.settled,
        ),
      names: () => [`settled-unreadable ${entryOf('settled', lived.settled).sequence} ${lived.settled}`],
    },
    {
      what: '11a. what one event carries under its seal put into another',
      change: () =>
        run(
          `UPDATE journal SET content = (SELECT content FROM journal WHERE sequence = ?) WHERE sequence = ?`,
          BigInt(entryOf('settled', lived.cancelled).sequence),
          BigInt(entryOf('settled', lived.settled).sequence),
        ),
      names: () => [
        `content-changed ${entryOf('settled', lived.settled).sequence} ${lived.settled}`,
        `message-unreadable ${entryOf('settled', lived.settled).sequence} ${lived.settled}`,
        `settled-unreadable ${entryOf('settled', lived.settled).sequence} ${lived.settled}`,
        `sale-unreadable ${entryOf('settled', lived.settled).sequence} ${lived.settled}`,
      ],
    },
    {
      what: '12. the stored answer of the agency',
      change: () =>
        run(
          `UPDATE messages SET answer = substr(answer, 1, 20)
            || CASE substr(answer, 21, 1) WHEN 'A' THEN 'B' ELSE 'A' END || substr(answer, 22) WHERE sale_id = ?`,
          lived.uploaded,
        ),
      names: () => [`message-unreadable ${entryOf('offline-accepted').sequence} ${lived.uploaded}`],
    },
    {
      what: '13. an offline sale marked as uploaded',
      change: () => run("UPDATE uploads SET state = 'accepted' WHERE sale_id = ?", lived.queued),
      names: () => [`upload-differs ${entryOf('offline-authorised', lived.queued).sequence} ${lived.queued}`],
    },
    {
      what: '14. a settlement taken away',
      change: () => run('DELETE FROM settled WHERE sale_id = ?', lived.settled),
      names: () => [`settled-missing ${entryOf('settled', lived.settled).sequence} ${lived.settled}`],
    },
    {
      what: '15. a cancellation of other sums',
      change: () =>
        run("UPDATE cancelled SET cancelled_day = '2026-03-01' WHERE sale_id = ?", lived.cancelled),
      names: () => [`cancelled-differs ${entryOf('cancelled').sequence} ${lived.cancelled}`],
    },
    {
      what: '16. a balance of the ledger alone',
      change: () => run("UPDATE balances SET amount = amount + 1 WHERE account = 'tender:cash'"),
      names: () => ['balance-differs'],
    },
    {
      what: '17. a whole sale with its rows taken away',
      change: () => (db) => {
        for (const table of ['slips', 'sales'])
          run(`DELETE FROM ${table} WHERE sale_id = ?`, lived.ownPay)(db);
      },
      names: () =>
        entries
          .filter(({ saleId }) => saleId === lived.ownPay)
          .map(({ sequence }) => `sale-missing ${sequence} ${lived.ownPay}`),
    },
    {
      what: '18. a posting without an event',
      change: () => (db) => {
        const insert = db.prepare('INSERT INTO ledger VALUES (?, ?, ?, ?)');
        insert.run(500n, 0n, 'tender:cash', -1n);
        insert.run(500n, 1n, 'revenue', 1n);
      },
      names: () => ['ledger-foreign 1'],
    },
  ];

  test.each(cases)('$what', ({ change, names, options }) => {
    expect(found(look(options?.()))).toEqual([]);
    tamper(folder.path, change());
    const verified = look(options?.());
    expect(found(verified)).toEqual(names());
    expect(verified.findings.every(({ zh, en }) => /\p{Script=Han}/u.test(zh) && en.length > 10)).toBe(true);
  });
});

describe('what the chain alone cannot show', () => {
  test('a cut tail passes without an anchor, and a slip from it is enough to find it', () => {
    tamper(folder.path, (db) => {
      const from = BigInt(entryOf('own-pay-sold').sequence);
      for (const table of ['journal', 'ledger'])
        db.prepare(`DELETE FROM ${table} WHERE sequence >= ?`).run(from);
      const gone = [lived.ownPay, lived.queued, lived.uploaded];
      for (const table of ['slips', 'uploads', 'settled', 'messages', 'sales'])
        for (const saleId of gone) db.prepare(`DELETE FROM ${table} WHERE sale_id = ?`).run(saleId);
      db.exec("UPDATE slips SET state = 'owed', copies = 0");
      db.exec(
        `DELETE FROM balances; INSERT INTO balances SELECT account, SUM(amount) FROM ledger GROUP BY account`,
      );
    });
    expect(found(look())).toEqual([]);
    const cut = entryOf('own-pay-sold');
    expect(found(look({ keyIds, slips: [slipCode(cut)] }))).toEqual([`slip-ahead ${cut.sequence}`]);
    expect(found(look({ keyIds, anchor: anchor() }))).toContain(`anchor-ahead ${cut.sequence}`);
  });

  test('an old file put back passes without an anchor, and the anchor tells', () => {
    const old = copyFolder(folder.path);
    const clock = new ManualClock(morningMs + 86_400_000);
    const store = openStore(folder.path, clock);
    liveShift(store, clock);
    const { sequence, hash } = store.journalHead();
    store.close();
    putBack(old.path, folder.path);
    old.remove();
    expect(found(look())).toEqual([]);
    const later = { latest: { head: { ...head, sequence, hash } }, earlier: [] };
    expect(found(look({ keyIds, anchor: later }))).toEqual([
      `anchor-ahead ${(entries.at(-1)?.sequence ?? 0) + 1}`,
    ]);
  });

  test('a journal computed anew and signed with another key is found by the key store, the anchor and a slip', () => {
    const stranger = generateSm2();
    const { sequence } = entryOf('own-pay-sold');
    tamper(folder.path, (db) => {
      setFacts(db, sequence, '"cash":"', '"cash":"9');
      rechain(db, sequence);
      const signedAt = entryOf('journal-signed').sequence;
      const hash = String(
        db.prepare('SELECT hash FROM journal WHERE sequence = ?').pluck().get(BigInt(head.sequence)),
      );
      const forged = { ...head, hash };
      const facts = { ...forged, at: 'shift-close', ...signatureOf(forged, stranger) };
      db.prepare('UPDATE journal SET facts = ? WHERE sequence = ?').run(
        JSON.stringify(facts),
        BigInt(signedAt),
      );
      rechain(db, signedAt);
      // The row is brought into line too, so that only what lies outside of the file can tell.
    });
    expect(found(look())).toEqual([`signing-key-unknown ${entryOf('journal-signed').sequence}`]);
    const blind = look({}, 'no key');
    expect(found(blind)).toEqual([]);
    expect(found(look({ anchor: anchor() }, 'no key'))).toEqual([
      `anchor-differs ${head.sequence}`,
      `anchor-differs ${entries.at(-1)?.sequence}`,
    ]);
    expect(found(look({ slips: [slipCode(entryOf('own-pay-sold'))] }, 'no key'))).toEqual([
      `slip-differs ${sequence}`,
    ]);
  });

  test('a guard that was dropped and not put back is named', () => {
    tamper(folder.path, () => undefined, 'journal_no_update');
    expect(look().findings.map(({ kind, zh }) => [kind, zh])).toEqual([
      ['guard-missing', expect.stringContaining('journal_no_update')],
    ]);
  });
});
