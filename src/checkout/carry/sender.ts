import type { Sale } from '#core/domain/sale';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { type CarryAnswer, isCarried, readAnswers, salesContent } from '#store/carry/content';
import { openCarryFile } from '#store/carry/file-form';
import { readFromMedium, writeToMedium } from '#store/carry/medium';
import type { Change, UploadRow } from '#store/port';
import {
  carriedOut,
  carriedRejected,
  carriedSettled,
  carryFileMade,
  carryFileNoted,
  carryFileVoid,
  carryFileWritten,
  carryReturned,
  carryTakenBack,
} from '#store/records/carry';
import { byItself } from '#store/records/step';
import { restoreHold } from '#store/restored';
import type { CarryFile } from '#store/tables/carry';
import { withComparison } from '#sync/compare-settled';
import { readableSale } from '#sync/readable';
import {
  type CarryParts,
  carryDayMs,
  carryMarginMs,
  factsOf,
  fileName,
  filesLookedAt,
  made,
  nextNumber,
  partnerKey,
  partnersOf,
  usOf,
} from './parts.ts';

/** A file that was put on a medium. */
export interface WrittenCarry {
  readonly file: string;
  readonly number: string;
  readonly partner: string;
  readonly sales: number;
  readonly untilMs: number;
}

/** What an answer file changed here. */
export interface CarriedBack {
  readonly accepted: number;
  readonly adjusted: number;
  readonly rejected: number;
  readonly returned: number;
  readonly waiting: number;
  /** Sales that are not out with that file any more: answered before, or taken back. */
  readonly ignored: number;
}

/** The terminal that sold offline: carries its queue out and takes the answers back. */
export class CarrySender {
  readonly #parts: CarryParts;
  readonly #busy: (saleId: string) => boolean;

  constructor(parts: CarryParts, busy: (saleId: string) => boolean) {
    this.#parts = parts;
    this.#busy = busy;
  }

  /** A file that was being made when the program ended was never written: its sales wait here again. */
  start(): void {
    const { store, clock } = this.#parts;
    for (const file of this.files().filter(({ state }) => state === 'making')) {
      const at = { nowMs: clock.nowMs(), operator: byItself };
      store.commit(carryFileVoid({ ...at, file, saleIds: this.stillOut(file) }));
    }
  }

  files(): readonly CarryFile[] {
    return this.#parts.store.carry.files('out', filesLookedAt);
  }

  /** Sales of a file that are out with it now, in its order. */
  stillOut({ number }: Pick<CarryFile, 'number'>): readonly string[] {
    const { store } = this.#parts;
    const out = store.uploads(['carried']).map(({ saleId }) => saleId);
    return out.filter((saleId) => store.carry.lastOf(saleId)?.number === number);
  }

  /**
   * Takes what waits out, whole cards in their order. Faults `carry-no-partner`, `carry-nothing`, `restore-hold`,
   * `carry-write-failed` (nothing is out), `carry-maybe-written` (it may be on the medium: all of it is out).
   */
  async out(to: string, terminal?: string): Promise<Result<WrittenCarry, Fault>> {
    const parts = this.#parts;
    const { store, clock, config } = parts;
    const partner = this.#partner(terminal);
    const key = partner === undefined ? undefined : partnerKey(parts, partner);
    if (partner === undefined || key === undefined) return err(fault('carry-no-partner', terminal));
    if (restoreHold(store) !== undefined) return err(fault('restore-hold'));
    const sales = this.#chosen();
    if (sales.length === 0) return err(fault('carry-nothing'));
    const nowMs = clock.nowMs();
    const file: CarryFile = {
      way: 'out',
      partner,
      number: nextNumber(parts, 'out'),
      state: 'making',
      hash: '',
      saleCount: sales.length,
      atMs: nowMs,
      untilMs: nowMs + config.carry.days * carryDayMs,
    };
    const saleIds = sales.map(({ saleId }) => saleId);
    const at = { file, nowMs, operator: parts.operator() };
    store.commit(carriedOut({ ...at, saleIds }));
    const facts = factsOf(parts, 'sales', file);
    const bytes = await made(parts, key, facts, salesContent(sales));
    if (!bytes.ok) {
      store.commit(carryFileVoid({ ...at, saleIds }));
      return bytes;
    }
    store.commit(carryFileMade({ ...at, hash: bytes.value.hash, body: bytes.value.bytes }));
    const written = writeToMedium(parts.medium, to, fileName(facts), bytes.value.bytes);
    if (written.ok) {
      store.commit(carryFileWritten(file));
      return ok(rowOf(written.value, file));
    }
    if (written.error.code === 'carry-write-failed')
      store.commit(carryFileVoid({ ...at, file: { ...file, hash: bytes.value.hash }, saleIds }));
    return written;
  }

  /** The same file once more: for a medium that was lost or pulled too soon. Without a number the newest one. */
  again(to: string, number?: string): Result<WrittenCarry, Fault> {
    const { store, clock, medium } = this.#parts;
    const file = this.#outFile(number);
    const bytes = file === undefined ? undefined : store.carry.body(file.partner, file.number);
    if (file === undefined || bytes === undefined) return err(fault('carry-file-unknown', number));
    if (clock.nowMs() >= file.untilMs) return err(fault('carry-expired', file.number));
    const written = writeToMedium(medium, to, fileName(factsOf(this.#parts, 'sales', file)), bytes);
    if (!written.ok) return written;
    store.commit(carryFileWritten(file));
    return ok(rowOf(written.value, file));
  }

  /**
   * Applies an answer file: each sale of it becomes what it would have become by an upload from here. Checked whole
   * before anything changes; each sale is a transaction of its own, and one that was answered is left alone.
   */
  async back(path: string): Promise<Result<CarriedBack, Fault>> {
    const { store, clock, medium, keyStore, operator } = this.#parts;
    if (restoreHold(store) !== undefined) return err(fault('restore-hold'));
    const bytes = readFromMedium(medium, path);
    if (!bytes.ok) return bytes;
    const opened = await openCarryFile(keyStore, usOf(this.#parts), 'answers', bytes.value);
    if (!opened.ok) return opened;
    const { header, content, hash } = opened.value;
    if (store.carry.file('back', header.terminal, header.number) !== undefined)
      return err(fault('carry-file-seen', header.number));
    const rows = readAnswers(content);
    if (rows?.length !== header.count) return err(fault('carry-file-altered', 'content'));
    const nowMs = clock.nowMs();
    const changes = rows.map((row) => this.#answered(row, header.terminal, nowMs));
    if (changes.includes('wrong')) return err(fault('carry-result-wrong', header.number));
    const counts = { accepted: 0, adjusted: 0, rejected: 0, returned: 0, waiting: 0, ignored: 0 };
    for (const change of changes) {
      if (change === 'wrong') continue;
      if (typeof change !== 'string') store.commit(change.change);
      counts[typeof change === 'string' ? change : change.as] += 1;
    }
    const file: CarryFile = {
      way: 'back',
      partner: header.terminal,
      number: header.number,
      state: 'done',
      hash,
      saleCount: header.count,
      atMs: nowMs,
      untilMs: 0,
    };
    store.commit(carryFileNoted({ file, nowMs, operator: operator() }));
    return ok(counts);
  }

  /** By two people, after the receiver's time; the operator and the second person are proved by the caller. */
  takeBack(
    number: string,
    by: { readonly operator: string; readonly secondOperator: string; readonly reason: string },
  ): Result<{ readonly sales: number }, Fault> {
    const { store, clock } = this.#parts;
    const file = this.#outFile(number);
    if (file === undefined) return err(fault('carry-file-unknown', number));
    const nowMs = clock.nowMs();
    if (nowMs < takeBackFromMs(file)) return err(fault('carry-still-out', file.number));
    const saleIds = this.stillOut(file);
    store.commit(carryTakenBack({ ...by, file, saleIds, nowMs }));
    return ok({ sales: saleIds.length });
  }

  #partner(terminal: string | undefined): string | undefined {
    const terminals = [...new Set(partnersOf(this.#parts).map((partner) => partner.terminal))];
    if (terminal !== undefined) return terminals.find((one) => one === terminal);
    return terminals.length === 1 ? terminals[0] : undefined;
  }

  /** Newest file, or the named one, of which something is out. */
  #outFile(number: string | undefined): CarryFile | undefined {
    return this.files()
      .filter((file) => number === undefined || file.number === number)
      .find((file) => (file.state === 'writing' || file.state === 'out') && this.stillOut(file).length > 0);
  }

  /** In the order of the queue, lanes whole from their head: nothing overtakes a sale of its own card. */
  #chosen(): readonly Sale[] {
    const { store, config } = this.#parts;
    const stopped = new Set<string>();
    const sales: Sale[] = [];
    for (const row of store.uploads(['queued', 'sending', 'ambiguous', 'carried'])) {
      if (stopped.has(row.lane)) continue;
      const sale = this.#free(row);
      if (sale === undefined || sales.length >= config.carry.sales) stopped.add(row.lane);
      else sales.push(sale);
    }
    return sales;
  }

  #free(row: UploadRow): Sale | undefined {
    if (row.state !== 'queued' || this.#busy(row.saleId)) return undefined;
    // Came back without an answer: nobody else may have it before the agency was asked.
    if (this.#parts.store.carry.takenBackSince(row.saleId) !== undefined) return undefined;
    const sale = readableSale(this.#parts.store, row.saleId);
    return sale !== undefined && isCarried(sale) ? sale : undefined;
  }

  #answered(row: CarryAnswer, partner: string, nowMs: number): Answered {
    const { store, operator } = this.#parts;
    const { saleId } = row;
    const file = store.carry.lastOf(saleId);
    const sale = readableSale(store, saleId);
    if (file === undefined || sale?.saleNumber !== row.saleNumber || file.partner !== partner) return 'wrong';
    if (file.number !== row.file || store.upload(saleId)?.state !== 'carried') return 'ignored';
    const step = { sale, nowMs, operator: operator(), file };
    switch (row.outcome) {
      case 'waiting':
        return 'waiting';
      case 'returned':
        return { as: 'returned', change: carryReturned({ ...step, saleId }) };
      case 'rejected':
        if (row.message !== undefined && store.message(row.message.messageId) !== undefined) return 'wrong';
        return { as: 'rejected', change: carriedRejected({ ...row, ...step }) };
      case 'accepted': {
        const { settlement, message } = row;
        if (!isAnswerTo(sale, settlement) || store.message(message.messageId) !== undefined) return 'wrong';
        const change = carriedSettled({ ...step, settlement, message });
        const as = change.uploads?.some(({ to }) => to === 'adjusted') === true ? 'adjusted' : 'accepted';
        return { as, change: withComparison(change, store, sale, settlement, nowMs) };
      }
    }
  }
}

type Answered =
  | 'wrong'
  | 'ignored'
  | 'waiting'
  | { readonly as: 'accepted' | 'adjusted' | 'rejected' | 'returned'; readonly change: Change };

function isAnswerTo(
  { request }: Sale,
  settlement: Extract<CarryAnswer, { outcome: 'accepted' }>['settlement'],
): boolean {
  return (
    request !== undefined &&
    settlement.settlementId !== undefined &&
    settlement.personNumber === request.personNumber &&
    settlement.split.total === request.total
  );
}

export function takeBackFromMs({ untilMs }: CarryFile): number {
  return untilMs + carryMarginMs;
}

function rowOf(path: string, { number, partner, saleCount, untilMs }: CarryFile): WrittenCarry {
  return { file: path, number, partner, sales: saleCount, untilMs };
}
