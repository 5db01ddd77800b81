import { copyFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type HeadSignature, type JournalHead, signedHeadText } from '#core/domain/journal-head';
import type { ManualClock } from '#core/manual-clock';
import { type Sm2KeyPair, signSm2, sm2KeyId } from '#core/sm2';
import { recordsFile } from '#store/open';
import { cancelIntended, cancelSucceeded } from '#store/records/cancel';
import { offlineAuthorised } from '#store/records/offline';
import { reversalAccepted, reversalIntended } from '#store/records/reversal';
import {
  ownPaySold,
  settlementIntended,
  settlementSucceeded,
  settlementUnknown,
} from '#store/records/settlement';
import { journalSigned } from '#store/records/signed';
import { uploadIntended, uploadSettled } from '#store/records/upload';
import type { SqliteStore } from '#store/sqlite-store';
import { genesisHash, hashOf } from '#store/tables/journal';
import {
  cashier,
  institution,
  openSale,
  proofOf,
  requestOf,
  settlementOf,
  wideLimits,
} from './till-records.ts';

/** Sales of one small shift, so that every kind of row has at least one. */
export interface LivedShift {
  readonly settled: string;
  readonly cancelled: string;
  readonly unknown: string;
  readonly ownPay: string;
  readonly queued: string;
  readonly uploaded: string;
}

/** Sells: insured, insured and cancelled, unknown with a reversal, own pay, offline, offline and uploaded. */
export function liveShift(store: SqliteStore, clock: ManualClock): LivedShift {
  shiftEvent(store, clock, 'shift-opened');
  const lived = {
    settled: sell(store, clock),
    cancelled: sellAndCancel(store, clock),
    unknown: loseAnswer(store, clock),
    ownPay: sellOwnPay(store, clock),
    queued: sellOffline(store, clock, 'B'),
    uploaded: upload(store, clock, sellOffline(store, clock, 'C')),
  };
  for (const saleId of [lived.settled, lived.ownPay]) {
    const slip = store.slipsOfSale(saleId)[0];
    if (slip === undefined) throw new Error('a slip is owed');
    store.setSlip(slip.slipId, ['owed'], 'printed', clock.nowMs());
    store.countCopy(slip.slipId, clock.nowMs());
  }
  return lived;
}

/** Closes the shift and signs the head, as the till does. */
export function closeShift(store: SqliteStore, clock: ManualClock, key: Sm2KeyPair): JournalHead {
  shiftEvent(store, clock, 'shift-closed');
  const head = { institution, terminal: '01', day: '2026-03-02', ...store.journalHead() };
  store.commit(journalSigned({ ...head, at: 'shift-close', ...signatureOf(head, key) }, clock.nowMs()));
  return head;
}

export function signatureOf(head: JournalHead, key: Sm2KeyPair): HeadSignature {
  const { publicKey } = key;
  return { keyId: sm2KeyId(publicKey), publicKey, signature: signSm2(signedHeadText(head), key) };
}

function shiftEvent(store: SqliteStore, clock: ManualClock, kind: 'shift-opened' | 'shift-closed'): void {
  store.commit({ events: [{ kind, atMs: clock.nowMs(), operator: cashier.number, facts: {} }] });
}

function step(store: SqliteStore, clock: ManualClock, saleId: string) {
  clock.advance(1_000);
  const sale = store.sale(saleId);
  if (sale === undefined) throw new Error('the sale is stored');
  return { sale, nowMs: clock.nowMs(), operator: cashier.number };
}

function message(store: SqliteStore, clock: ManualClock) {
  return {
    messageId: store.nextMessageId(institution, clock.nowMs()),
    body: '{}',
    preparedAtMs: clock.nowMs(),
  };
}

function intend(store: SqliteStore, clock: ManualClock): { saleId: string; messageId: string } {
  const { saleId } = openSale(store, clock.nowMs());
  const at = step(store, clock, saleId);
  const sent = message(store, clock);
  store.commit(settlementIntended({ ...at, request: requestOf(at.sale), message: sent }));
  return { saleId, messageId: sent.messageId };
}

function sell(store: SqliteStore, clock: ManualClock): string {
  const { saleId, messageId } = intend(store, clock);
  const at = step(store, clock, saleId);
  const settlement = settlementOf(at.sale, at.nowMs);
  store.commit(settlementSucceeded({ ...at, messageId, answer: '{"infcode":0}', settlement }));
  return saleId;
}

function sellAndCancel(store: SqliteStore, clock: ManualClock): string {
  const saleId = sell(store, clock);
  const settled = store.settled(saleId);
  if (settled === undefined) throw new Error('the sale is settled');
  const sent = message(store, clock);
  const who = { settledMessageId: settled.messageId, secondOperator: '0102', reason: '拿错了药' };
  store.commit(cancelIntended({ ...step(store, clock, saleId), message: sent, ...who }));
  const { settlement } = settled;
  const { total, fundTotal, account } = settlement.split;
  const { visitId, settlementId = '' } = settlement;
  const cancellation = { visitId, settlementId, total, fundTotal, account };
  const { messageId } = sent;
  store.commit(
    cancelSucceeded({ ...step(store, clock, saleId), messageId, answer: '{}', settlement, cancellation }),
  );
  return saleId;
}

function loseAnswer(store: SqliteStore, clock: ManualClock): string {
  const { saleId, messageId } = intend(store, clock);
  const lost = { messageId, lastByteAtMs: clock.nowMs(), faultCode: 'agency-no-answer' as const };
  store.commit(settlementUnknown({ ...step(store, clock, saleId), ...lost }));
  const original = store.message(messageId);
  if (original === undefined) throw new Error('the message is stored');
  const sent = message(store, clock);
  store.commit(reversalIntended({ ...step(store, clock, saleId), original, message: sent, attempt: 1 }));
  const accepted = { messageId: sent.messageId, answer: '{}', originalMessageId: messageId };
  store.commit(reversalAccepted({ ...step(store, clock, saleId), ...accepted }));
  return saleId;
}

function sellOwnPay(store: SqliteStore, clock: ManualClock): string {
  const { saleId } = openSale(store, clock.nowMs(), { mode: 'own-pay' });
  store.commit(ownPaySold(step(store, clock, saleId)));
  return saleId;
}

function sellOffline(store: SqliteStore, clock: ManualClock, card: string): string {
  const { saleId } = openSale(store, clock.nowMs(), { mode: 'offline' });
  const at = step(store, clock, saleId);
  const lane = `990101D15600000${card}`.padEnd(32, '0');
  const proof = proofOf(at.sale, lane);
  const limits = wideLimits;
  store.commit(offlineAuthorised({ ...at, request: requestOf(at.sale), lane, proof, facts: {}, limits }));
  return saleId;
}

function upload(store: SqliteStore, clock: ManualClock, saleId: string): string {
  const row = store.upload(saleId);
  if (row === undefined) throw new Error('the sale is queued');
  const sent = message(store, clock);
  store.commit(uploadIntended({ ...step(store, clock, saleId), message: sent, upload: row }));
  const at = step(store, clock, saleId);
  const settlement = settlementOf(at.sale, at.nowMs);
  store.commit(uploadSettled({ ...at, messageId: sent.messageId, answer: '{}', settlement }).change);
  return saleId;
}

/** Somebody with another SQLite tool: drops the guards, changes what they like, and puts the guards back. */
export function tamper(
  folder: string,
  change: (db: Database.Database) => void,
  forgottenGuard?: string,
): void {
  const db = new Database(join(folder, recordsFile));
  db.defaultSafeIntegers(true);
  try {
    db.pragma('foreign_keys = OFF');
    const guards = db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all();
    const named = guards as readonly { name: string; sql: string }[];
    for (const { name } of named) db.exec(`DROP TRIGGER ${name}`);
    change(db);
    for (const { name, sql } of named) if (name !== forgottenGuard) db.exec(sql);
  } finally {
    db.close();
  }
}

/** Recomputes every hash from one entry on, as somebody would who knows SM3 and has no key. */
export function rechain(db: Database.Database, from: number): void {
  const before = db
    .prepare('SELECT hash FROM journal WHERE sequence = ?')
    .pluck()
    .get(BigInt(from - 1));
  let previousHash = typeof before === 'string' ? before : genesisHash;
  const rows = db.prepare('SELECT * FROM journal WHERE sequence >= ? ORDER BY sequence').all(BigInt(from));
  const postings = db.prepare('SELECT account, amount FROM ledger WHERE sequence = ? ORDER BY position');
  const write = db.prepare('UPDATE journal SET previous_hash = ?, hash = ? WHERE sequence = ?');
  for (const row of rows as readonly Record<string, never>[]) {
    const {
      sequence,
      kind,
      sale_id: saleId,
      at_ms: atMs,
      business_day: businessDay,
      operator,
      facts,
      content_seal: contentSeal,
    } = row;
    const entry = {
      sequence: Number(sequence),
      kind: kind as never,
      ...(saleId === null ? {} : { saleId: String(saleId) }),
      atMs: Number(atMs),
      businessDay: String(businessDay),
      operator: String(operator),
      facts: String(facts),
      ...(contentSeal === null
        ? {}
        : { contentSeal: Buffer.from(contentSeal as unknown as Uint8Array).toString('base64url') }),
      postings: postings.all(sequence) as never,
      previousHash,
    };
    const hash = hashOf(entry);
    write.run(previousHash, hash, sequence);
    previousHash = hash;
  }
}

/** A copy of the whole folder, for an old file that is put back later. */
export function copyFolder(folder: string): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'guitai-copy-'));
  cpSync(folder, path, { recursive: true });
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export function putBack(from: string, folder: string): void {
  for (const name of ['-wal', '-shm']) rmSync(join(folder, recordsFile + name), { force: true });
  copyFileSync(join(from, recordsFile), join(folder, recordsFile));
}
