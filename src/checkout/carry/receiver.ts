import type { Sale } from '#core/domain/sale';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import {
  answersContent,
  type CarriedMessage,
  type CarriedSale,
  type CarryAnswer,
  readSales,
} from '#store/carry/content';
import { type CarryHeader, openCarryFile } from '#store/carry/file-form';
import { readFromMedium, writeToMedium } from '#store/carry/medium';
import { encode } from '#store/codec/json';
import type { TillStore } from '#store/port';
import { carriedIn, carryFileNoted, carryGivenBack } from '#store/records/carry';
import { byItself } from '#store/records/step';
import { lastRestore, restoreHold } from '#store/restored';
import type { CarryFile } from '#store/tables/carry';
import { readableSale } from '#sync/readable';
import type { CarriedBook, OpenBook } from './book.ts';
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
  usOf,
} from './parts.ts';
import type { WrittenCarry } from './sender.ts';

/** Longest time that a sender can give. */
const longestMs = 61 * carryDayMs;
/** An answer tells of the files of this time. */
const answeredMs = 90 * carryDayMs;

export interface CarriedIn {
  readonly number: string;
  readonly partner: string;
  /** Sales that wait for their upload here from now on. */
  readonly imported: number;
  /** Sales that are here already, with an earlier file. */
  readonly known: number;
  readonly untilMs: number;
}

/** The terminal with a link: takes files in, uploads them from its book, and answers. */
export class CarryReceiver {
  readonly #parts: CarryParts;
  readonly #book: CarriedBook;

  constructor(parts: CarryParts, book: CarriedBook) {
    this.#parts = parts;
    this.#book = book;
  }

  files(): readonly CarryFile[] {
    return this.#parts.store.carry.files('in', filesLookedAt);
  }

  /**
   * Imports a file once, whole or not at all. Besides the faults of `openCarryFile`: `carry-file-seen`,
   * `carry-sale-differs`, `carry-expired`, `carry-clock-wrong`, `carry-before-restore`, `carry-book-lost`.
   */
  async take(path: string): Promise<Result<CarriedIn, Fault>> {
    const { store, medium, keyStore } = this.#parts;
    if (restoreHold(store) !== undefined) return err(fault('restore-hold'));
    const bytes = readFromMedium(medium, path);
    if (!bytes.ok) return bytes;
    const opened = await openCarryFile(keyStore, usOf(this.#parts), 'sales', bytes.value);
    if (!opened.ok) return opened;
    const { header, content, hash } = opened.value;
    const sales = readSales(content);
    if (sales === undefined || sales.length !== header.count)
      return err(fault('carry-file-altered', 'content'));
    const claimed = store.carry.file('in', header.terminal, header.number);
    if (claimed !== undefined && claimed.hash !== hash)
      return err(fault('carry-sale-differs', 'file number'));
    if (claimed?.state === 'done') return err(fault('carry-file-seen', header.number));
    const late = this.#wrongTime(header);
    if (late !== undefined) return err(late);
    const book = this.#book.open();
    return book.ok ? this.#import(book.value, header, hash, sales) : book;
  }

  /**
   * The till's own records claim the file before the book has it, and call it done afterwards: neither a crash in
   * between nor a lost book can have it imported twice.
   */
  #import(
    { store: book, sync }: OpenBook,
    header: CarryHeader,
    hash: string,
    sales: readonly CarriedSale[],
  ): Result<CarriedIn, Fault> {
    const { store, clock, operator } = this.#parts;
    const { terminal: partner, number, count: saleCount, untilMs } = header;
    const nowMs = clock.nowMs();
    const file: CarryFile = {
      way: 'in',
      partner,
      number,
      state: 'done',
      hash,
      saleCount,
      atMs: nowMs,
      untilMs,
    };
    const sorted = sortedOut(book, sales);
    if (sorted === undefined) return err(fault('carry-sale-differs', number));
    const at = { nowMs, operator: operator() };
    if (store.carry.file('in', partner, number) === undefined)
      store.commit(carryFileNoted({ ...at, file: { ...file, state: 'claimed' } }));
    const isHere = book.carry.file('in', partner, number) !== undefined;
    const { fresh, again } = sorted;
    if (!isHere) {
      const saleIds = sales.map(({ saleId }) => saleId);
      book.commit(carriedIn({ ...at, file, saleIds, fresh, again }));
    }
    const named = { way: 'in', partner, number } as const;
    store.commit({ carry: { file: { ...named, was: ['claimed'], to: 'done' } }, events: [] });
    sync.kick();
    if (isHere) return err(fault('carry-file-seen', number));
    const imported = fresh.length + again.length;
    return ok({ number, partner, imported, known: saleCount - imported, untilMs });
  }

  /**
   * Writes what became of every sale that one terminal carried here. Sales past their time, and with `giveBack` all
   * that were not begun, are given back: they are never uploaded from here any more.
   */
  async answer(
    to: string,
    wish: { readonly terminal?: string; readonly giveBack?: boolean } = {},
  ): Promise<Result<WrittenCarry, Fault>> {
    const parts = this.#parts;
    const { store, clock, medium, operator } = parts;
    const nowMs = clock.nowMs();
    const files = this.files().filter(({ atMs, state }) => state === 'done' && nowMs - atMs < answeredMs);
    const senders = [...new Set(files.map(({ partner }) => partner))];
    const [only] = senders;
    const partner = wish.terminal ?? (senders.length === 1 ? only : undefined);
    if (partner === undefined && senders.length > 1) return err(fault('carry-no-partner', senders.join(' ')));
    if (partner === undefined || !senders.includes(partner)) return err(fault('carry-nothing'));
    const key = partnerKey(parts, partner);
    if (key === undefined) return err(fault('carry-no-partner', partner));
    const book = this.#book.open();
    if (!book.ok) return book;
    const rows = files
      .filter((file) => file.partner === partner)
      .flatMap((file) => this.#answersOf(book.value, file, wish.giveBack === true));
    const number = nextNumber(parts, 'answer');
    const saleCount = rows.length;
    const named = { partner, number, saleCount, atMs: nowMs, untilMs: 0 };
    const facts = factsOf(parts, 'answers', named);
    const bytes = await made(parts, key, facts, answersContent(rows));
    if (!bytes.ok) return bytes;
    const file: CarryFile = { ...named, way: 'answer', state: 'done', hash: bytes.value.hash };
    store.commit(carryFileNoted({ file, nowMs, operator: operator() }));
    const written = writeToMedium(medium, to, fileName(facts), bytes.value.bytes);
    if (!written.ok) return written;
    return ok({ file: written.value, number, partner, sales: saleCount, untilMs: 0 });
  }

  #answersOf(book: OpenBook, file: CarryFile, giveBack: boolean): readonly CarryAnswer[] {
    const { clock } = this.#parts;
    const { store, sync } = book;
    const isOver = clock.nowMs() >= file.untilMs;
    const rows: CarryAnswer[] = [];
    for (const saleId of store.carry.sales('in', file.partner, file.number)) {
      const sale = readableSale(store, saleId);
      // A later file has brought it again: only that one is answered.
      if (sale === undefined || store.carry.lastOf(saleId)?.number !== file.number) continue;
      const free = store.upload(saleId)?.state === 'queued' && !sync.busy(saleId);
      if (free && (isOver || giveBack))
        store.commit(carryGivenBack({ sale, nowMs: clock.nowMs(), operator: byItself }));
      rows.push(answerOf(store, sale, file.number));
    }
    return rows;
  }

  #wrongTime({ createdAtMs, untilMs }: CarryHeader): Fault | undefined {
    const { store, clock } = this.#parts;
    const nowMs = clock.nowMs();
    if (createdAtMs > nowMs + carryMarginMs) return fault('carry-clock-wrong');
    if (nowMs >= untilMs || untilMs - createdAtMs > longestMs) return fault('carry-expired');
    const restored = lastRestore(store);
    return restored !== undefined && createdAtMs <= restored.restoredAtMs
      ? fault('carry-before-restore')
      : undefined;
  }
}

/** Which sales are new, which come again; undefined when one has the number or id of another one that is here. */
function sortedOut(
  book: TillStore,
  sales: readonly CarriedSale[],
): { readonly fresh: readonly CarriedSale[]; readonly again: readonly Sale[] } | undefined {
  const fresh: CarriedSale[] = [];
  const again: Sale[] = [];
  for (const sale of sales) {
    const here = book.saleByNumber(sale.saleNumber) ?? book.sale(sale.saleId);
    if (here === undefined) fresh.push(sale);
    else if (identityOf(here) !== identityOf(sale)) return undefined;
    else if (here.state === 'rejected') again.push(here);
  }
  return { fresh, again };
}

/** What makes a sale the same sale: its names, what the agency is asked and what proves it. */
function identityOf({ saleId, saleNumber, request, offlineProof }: Sale): string {
  return encode({ saleId, saleNumber, request, offlineProof });
}

function answerOf(store: TillStore, sale: Sale, file: string): CarryAnswer {
  const { saleId, saleNumber } = sale;
  const named = { saleId, saleNumber, file };
  const upload = store.upload(saleId);
  const settled = store.settled(saleId);
  const settledBy = settled === undefined ? undefined : messageOf(store, settled.messageId);
  if (settled !== undefined && settledBy !== undefined)
    return { ...named, outcome: 'accepted', message: settledBy, settlement: settled.settlement };
  if (upload?.state !== 'rejected') return { ...named, outcome: 'waiting' };
  const { faultCode = 'carry-returned', agencyText = '' } = upload;
  if (faultCode === 'carry-returned') return { ...named, outcome: 'returned' };
  const refused = store
    .messagesOfSale(saleId)
    .findLast(({ transaction, state }) => transaction === '2102' && state === 'refused');
  const message = refused === undefined ? undefined : messageOf(store, refused.messageId);
  return {
    ...named,
    outcome: 'rejected',
    ...(message === undefined ? {} : { message }),
    faultCode,
    agencyText,
  };
}

function messageOf(store: TillStore, messageId: string): CarriedMessage | undefined {
  const found = store.message(messageId);
  if (found === undefined) return undefined;
  const { body, preparedAtMs, answer = '' } = found;
  return { messageId, body, preparedAtMs, answer };
}
