import { randomBytes } from 'node:crypto';
import Database from 'better-sqlite3';
import type { JournalEntry } from '#core/domain/journal';
import { fen } from '#core/money';
import { genesisHash, hashOf } from '#store/tables/journal';

/** Days over which the sales are spread, so that no day's index is one long list. */
const DAYS = 3_000;
const IN_ONE = 10_000;
const DAY_MS = 86_400_000;
const FIRST_DAY_MS = Date.UTC(2018, 0, 1);

/**
 * Past sales for records that exist already and are closed: every row that a settled sale leaves behind, with a
 * true chain, and bytes that nobody opens where the program seals.
 */
export function fillRecords(path: string, sales: number): void {
  const db = new Database(path);
  db.pragma('synchronous = OFF');
  db.defaultSafeIntegers(true);
  const write = writer(db);
  let previousHash = genesisHash;
  for (let from = 0; from < sales; from += IN_ONE) {
    db.transaction(() => {
      for (let index = from; index < Math.min(sales, from + IN_ONE); index += 1)
        previousHash = write(index, previousHash);
    })();
  }
  const total = BigInt(sales) * 4000n;
  const balance = db.prepare('INSERT INTO balances VALUES (?, ?)');
  balance.run('receivable:fund:310100', total / 2n);
  balance.run('receivable:account', total / 2n);
  balance.run('revenue', -total);
  db.close();
}

function writer(db: Database.Database): (index: number, previousHash: string) => string {
  const content = randomBytes(2_600);
  const [body, outcome] = [content.subarray(0, 1_500), content];
  const seal = content.subarray(0, 32);
  const contentSeal = seal.toString('base64url');
  const sale = db.prepare(
    `INSERT INTO sales (sale_id, sale_number, state, business_day, person_number, total, account, fund, deductible,
       in_scope, row, content_event) VALUES (?, ?, 'done', ?, ?, 4000, 2000, 2000, 0, 4000, '', ?)`,
  );
  const basket = db.prepare('INSERT INTO baskets (content) VALUES (?)');
  const message = db.prepare(
    `INSERT INTO messages (message_id, sale_id, transaction_number, body, prepared_at_ms, state, answered_at_ms,
       body_event, answer_event) VALUES (?, ?, '2102', '', ?, 'succeeded', ?, ?, ?)`,
  );
  const settled = db.prepare("INSERT INTO settled VALUES (?, ?, ?, '990100', '41', '', ?)");
  const slip = db.prepare(
    "INSERT INTO slips (slip_id, sale_id, kind, state, copies, owed_at_ms) VALUES (?, ?, 'settlement', 'printed', 0, ?)",
  );
  const journal = db.prepare(
    `INSERT INTO journal (sequence, kind, sale_id, at_ms, business_day, operator, facts, previous_hash, hash, content_seal, content)
     VALUES (?, ?, ?, ?, ?, '0101', ?, ?, ?, ?, ?)`,
  );
  const ledger = db.prepare('INSERT INTO ledger VALUES (?, ?, ?, ?)');
  const event = (entry: Omit<JournalEntry, 'hash'>, bytes: Uint8Array): string => {
    const hash = hashOf(entry);
    const { sequence, kind, saleId, atMs, businessDay, facts, previousHash, postings } = entry;
    journal.run(sequence, kind, saleId, atMs, businessDay, facts, previousHash, hash, seal, bytes);
    for (const [place, { account, amount }] of postings.entries())
      ledger.run(sequence, place, account, amount);
    return hash;
  };
  return (index, previousHash) => {
    const saleId = `past-${index}`;
    const messageId = `P99010199999${String(index).padStart(18, '0')}`;
    const atMs = FIRST_DAY_MS + (index % DAYS) * DAY_MS;
    const businessDay = new Date(atMs).toISOString().slice(0, 10);
    const sequence = index * 2 + 1;
    sale.run(saleId, `past${index}`, businessDay, `person-${index % 20_000}`, sequence + 1);
    basket.run(body);
    message.run(messageId, saleId, atMs, atMs, sequence, sequence + 1);
    settled.run(saleId, messageId, businessDay, sequence + 1);
    slip.run(`${saleId}:settlement`, saleId, atMs);
    const common = { saleId, atMs, businessDay, operator: '0101', contentSeal };
    const facts = `{"messageId":"${messageId}","saleNumber":"past${index}","total":"40.00"}`;
    const intent = {
      ...common,
      sequence,
      kind: 'settlement-intended',
      facts,
      postings: [],
      previousHash,
    } as const;
    const hash = event(intent, body);
    const postings = [
      { account: 'receivable:fund:310100', amount: fen(2000n) },
      { account: 'receivable:account', amount: fen(2000n) },
      { account: 'revenue', amount: fen(-4000n) },
    ] as const;
    return event(
      { ...common, sequence: sequence + 1, kind: 'settled', facts, postings, previousHash: hash },
      outcome,
    );
  };
}
