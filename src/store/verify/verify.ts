import Database from 'better-sqlite3';
import { migrations } from '../migrations/list.ts';
import type { Seals } from '../seals.ts';
import { guarded } from '../store-error.ts';
import { EventContents } from '../tables/contents.ts';
import { JournalTable } from '../tables/journal.ts';
import { checkAnchor, checkSlipCode } from './anchor.ts';
import { ChainWalk, guardsOf, isDamage, type KnownKeys } from './chain.ts';
import type { FindingKind } from './finding.ts';
import { Findings } from './findings.ts';
import { orphans } from './rows.ts';
import { SaleCheck } from './sale-check.ts';
import type { Verification, VerifyOptions, VerifyProgress } from './verification.ts';

/** Sales between two moments at which somebody else may work; each costs about a millisecond. */
const SALES_AT_ONCE = 5;
const ORPHANS_AT_ONCE = 200;

/**
 * Looks at everything that the journal says and that the rows say, in pieces of a few milliseconds: between two
 * pieces the caller may let others work. Reads only. Every piece is consistent in itself, so it may run beside
 * commits on the same connection; beside another process it needs one read transaction around all pieces.
 */
export function* verification(
  db: Database.Database,
  seals: Seals | undefined,
  options: VerifyOptions = {},
): Generator<VerifyProgress, Verification> {
  const findings = new Findings();
  const journal = new JournalTable(db, seals === undefined ? undefined : new EventContents(db, seals));
  const keys: KnownKeys =
    options.keyIds === undefined ? undefined : new Set(options.keyIds.map((id) => id.toUpperCase()));
  const from = options.from ?? 1;
  const walk = new ChainWalk(db, journal, findings, from, keys);
  const progress = { entries: 0, sales: 0 };
  const whole = from === 1;
  try {
    if (whole) {
      lookAtFile(db, findings);
      yield { ...progress };
    }
    for (;;) {
      const over = guarded(() => walk.step());
      progress.entries = walk.entries;
      yield { ...progress };
      if (over) break;
    }
    if (whole && options.chainOnly !== true) yield* sales(db, journal, findings, seals, progress);
  } catch (error) {
    if (!isDamage(error)) throw error;
    findings.add('file-damaged', {}, error.fault.detail);
  }
  const proved = [
    ...(options.anchor === undefined ? [] : [checkAnchor(db, findings, options.anchor)]),
    ...(options.slips ?? []).map((code) => checkSlipCode(db, findings, code)),
  ];
  return {
    entries: walk.entries,
    head: journal.head(),
    findings: findings.all(),
    findingCount: findings.count,
    signatures: walk.signatures,
    provedUpTo: proved.length === 0 ? undefined : Math.max(...proved),
    sealsOpened: seals !== undefined,
    keysChecked: keys !== undefined,
  };
}

function* sales(
  db: Database.Database,
  journal: JournalTable,
  findings: Findings,
  seals: Seals | undefined,
  progress: { entries: number; sales: number },
): Generator<VerifyProgress, void> {
  const check = new SaleCheck(db, journal, findings, seals);
  for (let after: number | undefined = Number.MIN_SAFE_INTEGER; after !== undefined; ) {
    const place: number = after;
    after = guarded(() => check.page(place, SALES_AT_ONCE));
    progress.sales += SALES_AT_ONCE;
    yield { ...progress };
  }
  for (const found of orphans(db, ORPHANS_AT_ONCE)) {
    for (const { table, saleId } of found) findings.add(foreign[table], { saleId }, 'no such sale');
    yield { ...progress };
  }
}

const foreign: Readonly<Record<'messages' | 'settled' | 'cancelled' | 'uploads' | 'slips', FindingKind>> = {
  messages: 'message-foreign',
  settled: 'settled-foreign',
  cancelled: 'cancelled-foreign',
  uploads: 'upload-foreign',
  slips: 'slip-row-differs',
};

/** Guards that SQL keeps for us, and entries before the first. */
function lookAtFile(db: Database.Database, findings: Findings): void {
  const model = new Database(':memory:');
  try {
    for (const sql of migrations) model.exec(sql);
    const kept = guardsOf(db);
    for (const [name, sql] of guardsOf(model))
      if (kept.get(name) !== sql) findings.add('guard-missing', {}, name);
  } finally {
    model.close();
  }
  const before: unknown = db.prepare('SELECT sequence FROM journal WHERE sequence < 1 LIMIT 1').pluck().get();
  if (typeof before === 'bigint')
    findings.add('entry-changed', { sequence: Number(before) }, 'before the first');
}

/** Runs all pieces at once: for a program that does nothing else. */
export function verifyAll(pieces: Generator<VerifyProgress, Verification>): Verification {
  for (;;) {
    const piece = pieces.next();
    if (piece.done === true) return piece.value;
  }
}
