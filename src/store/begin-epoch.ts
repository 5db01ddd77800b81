import type { Database } from 'better-sqlite3';
import type { JournalEntry } from '#core/domain/journal';
import type { Sale } from '#core/domain/sale';
import type { FaultCode } from '#core/fault';
import type { NewEvent } from './port.ts';
import { byItself } from './records/step.ts';
import { holdSetting, type Restore, restoredSetting, restoreText } from './restored.ts';
import type { CounterTable } from './tables/counters.ts';
import type { JournalTable } from './tables/journal.ts';
import type { NoteTable } from './tables/notes.ts';
import type { SaleTable } from './tables/sales.ts';

export interface EpochParts {
  readonly db: Database;
  readonly counters: CounterTable;
  readonly journal: JournalTable;
  readonly notes: NoteTable;
  readonly sales: SaleTable;
}

/** What is known of the backup when its records are taken into use. */
export interface EpochStart {
  readonly nowMs: number;
  readonly backupAtMs: number;
}

/**
 * The first step of restored records, inside one transaction: the event that chains on to the backup's head, new
 * numbers for all that follows, and whatever the lost days may have finished is not done a second time: open
 * baskets are given up with their numbers, slips that may be printed say so, nobody is signed in.
 */
export function beginEpoch(parts: EpochParts, { nowMs, backupAtMs }: EpochStart): JournalEntry {
  const { db, counters, journal, notes, sales } = parts;
  const head = journal.head();
  const epoch = counters.beginEpoch(nowMs);
  const restore: Restore = {
    restoredAtMs: nowMs,
    backupAtMs,
    sequence: head.sequence,
    hash: head.hash,
    epoch,
  };
  const facts = { backupSequence: head.sequence, backupHash: head.hash, backupAtMs, epoch };
  const baskets = sales.inStates(['open', 'held']);
  const events: NewEvent[] = [
    { kind: 'restored', atMs: nowMs, operator: byItself, facts },
    ...baskets.map((sale) => givenUp(sale, nowMs)),
  ];
  for (const sale of baskets) sales.update({ ...sale, state: 'abandoned' }, sale.state);
  db.prepare(
    `UPDATE slips SET state = 'unclear', fault_code = ? WHERE state = 'owed' OR state = 'printing'`,
  ).run('printer-outcome-unknown' satisfies FaultCode);
  notes.setSetting(holdSetting, restoreText(restore));
  notes.setSetting(restoredSetting, restoreText(restore));
  notes.setSetting('shift.open', 'no');
  notes.setSetting('shift.sign-in-number', '');
  const [first] = journal.append(events);
  if (first === undefined) throw new Error('the event of a restore is written');
  return first;
}

function givenUp(sale: Sale, atMs: number): NewEvent {
  const facts = { reason: 'restored' };
  return { kind: 'sale-abandoned', saleId: sale.saleId, atMs, operator: byItself, facts };
}
