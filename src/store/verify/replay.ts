import type { JournalEntry, JournalKind } from '#core/domain/journal';
import type { MessageState } from '#core/domain/message';
import type { SaleState } from '#core/domain/sale';
import type { SlipKind, UploadState } from '../port.ts';
import { type Facts, factsOf } from './facts.ts';

/** Where the events of a sale leave its message. Only what events tell: in between a try may be closed unsent. */
export interface ExpectedMessage {
  readonly transaction: '2102' | '2103' | '2601';
  readonly states: readonly MessageState[];
  /** The event that said so. */
  readonly sequence: number;
}

/** A settlement or cancellation that the events speak of. */
export interface ExpectedAnswer {
  readonly messageId: string;
  readonly facts: Facts;
  readonly sequence: number;
  readonly atMs: number;
}

/** What the rows of one sale must say, as far as its events tell. */
export interface ExpectedSale {
  readonly states: ReadonlySet<SaleState>;
  /** Last event that set the state; undefined = the sale has none. */
  readonly sequence: number | undefined;
  readonly saleNumber: string | undefined;
  /** Yuan as text; absent where the basket was opened again and may have changed since. */
  readonly total: string | undefined;
  readonly account: string | undefined;
  readonly fund: string | undefined;
  readonly messages: ReadonlyMap<string, ExpectedMessage>;
  /** Settlements found twice: a 2103 that gives one of them back again may have no event of its own. */
  readonly secondCharges: ReadonlySet<string>;
  readonly settled: ExpectedAnswer | undefined;
  readonly cancelled: (ExpectedAnswer & { readonly row: 'must' | 'may' | 'none' }) | undefined;
  readonly upload:
    | { readonly states: readonly UploadState[]; readonly account: string; readonly sequence: number }
    | undefined;
  readonly slips: ReadonlyMap<SlipKind, { readonly sequence: number }>;
  readonly printed: ReadonlyMap<string, { readonly originals: number; readonly copies: number }>;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Book = Mutable<ExpectedSale> & {
  readonly messages: Map<string, ExpectedMessage>;
  readonly secondCharges: Set<string>;
  readonly slips: Map<SlipKind, { readonly sequence: number }>;
  readonly printed: Map<string, { readonly originals: number; readonly copies: number }>;
};
type Effect = (book: Book, facts: Facts, entry: JournalEntry) => void;

const basket: readonly SaleState[] = ['open', 'held'];
const onTheWay: readonly UploadState[] = ['queued', 'sending', 'ambiguous', 'rejected'];

/** Replays the events of one sale, oldest first. Undefined facts mean an entry that the chain already names. */
export function replay(events: readonly JournalEntry[]): ExpectedSale {
  const book: Book = {
    states: new Set(basket),
    sequence: undefined,
    saleNumber: undefined,
    total: undefined,
    account: undefined,
    fund: undefined,
    messages: new Map(),
    secondCharges: new Set(),
    settled: undefined,
    cancelled: undefined,
    upload: undefined,
    slips: new Map(),
    printed: new Map(),
  };
  for (const entry of events) {
    const facts = factsOf(entry);
    if (facts === undefined) continue;
    if (facts.saleNumber !== undefined) book.saleNumber = facts.saleNumber;
    // A kind of a later program says nothing here: its own verification knows it.
    const effect: Effect | undefined = effects[entry.kind];
    effect?.(book, facts, entry);
  }
  return book;
}

const nothing: Effect = () => undefined;

/** What each kind of event does to the rows of its sale; mirrors `store/records`. */
const effects: Readonly<Record<JournalKind, Effect>> = {
  'settlement-intended': (book, facts, entry) => {
    message(book, facts.messageId, '2102', ['intent', 'refused'], entry);
    if (!book.states.has('open')) return;
    move(book, ['committing'], entry);
    amounts(book, facts.expected ?? {});
  },
  'settlement-unknown': (book, facts, entry) => {
    message(book, facts.messageId, '2102', ['unknown'], entry);
    if (book.states.has('queued')) waits(book, entry);
    else move(book, ['unknown'], entry);
  },
  'settlement-refused': (book, facts, entry) => {
    message(book, facts.messageId, '2102', ['refused'], entry);
    if (book.states.has('committing')) reopen(book, basket, entry);
    else move(book, ['refused'], entry);
  },
  settled: (book, facts, entry) =>
    settle(book, facts, entry, facts.foundBy === undefined ? ['done'] : ['done', 'disputed']),
  'settled-disputed': (book, facts, entry) => settle(book, facts, entry, ['disputed']),
  'dispute-accepted': (book, _facts, entry) => move(book, ['done'], entry),
  'own-pay-sold': (book, facts, entry) => {
    move(book, ['done'], entry);
    amounts(book, facts);
    book.slips.set('own-pay', entry);
  },
  'offline-intended': (book, facts, entry) => {
    move(book, ['committing'], entry);
    amounts(book, facts);
  },
  'offline-torn': (book, _facts, entry) => move(book, ['unknown'], entry),
  'offline-not-deducted': (book, _facts, entry) => reopen(book, basket, entry),
  'offline-authorised': (book, facts, entry) => {
    move(book, ['queued'], entry);
    amounts(book, facts);
    book.upload = { states: onTheWay, account: facts.account ?? '', sequence: entry.sequence };
    book.slips.set('offline', entry);
  },
  'offline-accepted': (book, facts, entry) => uploaded(book, facts, entry, 'accepted'),
  'offline-adjusted': (book, facts, entry) => uploaded(book, facts, entry, 'adjusted'),
  'offline-rejected': (book, facts, entry) => {
    message(book, facts.messageId, '2102', ['refused'], entry);
    move(book, ['rejected'], entry);
    uploadIs(book, ['rejected'], entry);
  },
  'reversal-intended': (book, facts, entry) =>
    message(book, facts.messageId, '2601', ['intent', 'unknown', 'refused'], entry),
  'reversal-accepted': (book, facts, entry) => {
    message(book, facts.messageId, '2601', ['succeeded'], entry);
    message(book, facts.originalMessageId, undefined, ['reversed-unproved'], entry);
  },
  'reversal-refused': (book, facts, entry) => message(book, facts.messageId, '2601', ['refused'], entry),
  'reversal-proved': (book, facts, entry) => {
    message(book, facts.messageId, undefined, ['reversed'], entry);
    if (book.states.has('suspense')) move(book, ['unknown'], entry);
  },
  'second-charge-found': (book, facts, entry) => {
    const { messageId, day } = facts;
    if (messageId !== undefined) {
      book.secondCharges.add(messageId);
      // Proved not to be there, and in doubt again since it was found; programs that told no day left it as it was.
      if (day !== undefined && book.messages.get(messageId)?.states.includes('reversed'))
        message(book, messageId, undefined, ['reversed-unproved'], entry);
    }
    message(book, text(facts.giveBack), '2103', ['intent'], entry);
  },
  'second-charge-returned': (book, facts, entry) => {
    message(book, text(facts.giveBack), '2103', ['succeeded'], entry);
    message(book, facts.messageId, undefined, ['returned'], entry);
    if (book.states.has('suspense')) move(book, ['unknown'], entry);
  },
  'sale-abandoned': (book, _facts, entry) => move(book, ['abandoned'], entry),
  'cancel-intended': (book, facts, entry) =>
    message(book, facts.messageId, '2103', ['intent', 'refused'], entry),
  cancelled: (book, facts, entry) => {
    const row = facts.answeredTotal !== undefined ? 'must' : facts.messageId === undefined ? 'none' : 'may';
    message(book, facts.messageId, '2103', ['succeeded'], entry);
    move(book, ['cancelled'], entry);
    book.cancelled = { ...answer(facts, entry), row };
    book.slips.set('cancellation', entry);
  },
  'cancel-refused': (book, facts, entry) => message(book, facts.messageId, '2103', ['refused'], entry),
  'cancel-unknown': (book, facts, entry) => {
    message(book, facts.messageId, '2103', ['unknown'], entry);
    if (facts.giveBack !== true) move(book, ['unknown'], entry);
  },
  'parked-in-suspense': (book, _facts, entry) => {
    if (!book.states.has('queued')) move(book, ['suspense'], entry);
  },
  'operator-decided': (book, facts, entry) => decided(book, facts, entry),
  'slip-printed': (book, facts) => printed(book, facts.slipId, 1, 0),
  'slip-copied': (book, facts) => printed(book, facts.slipId, 0, 1),
  'shift-opened': nothing,
  'shift-closed': nothing,
  'drawer-opened': nothing,
  'own-pay-consent': nothing,
  'rest-begun': nothing,
  'rest-given-up': (book, _facts, entry) => move(book, ['abandoned'], entry),
  'operator-changed': nothing,
  'list-switched': nothing,
  'break-glass': nothing,
  'break-glass-seen': nothing,
  'blacklist-received': nothing,
  'terminal-key': nothing,
  'carry-file': nothing,
  'carried-out': (book, _facts, entry) => uploadIs(book, ['carried'], entry),
  'carried-back': (book, _facts, entry) => uploadIs(book, onTheWay, entry),
  'carried-in': (book, facts, entry) => {
    move(book, ['queued'], entry);
    amounts(book, facts);
    book.upload = { states: onTheWay, account: facts.account ?? '', sequence: entry.sequence };
  },
  'card-pin-changed': nothing,
  'identified-by-hand': nothing,
  'journal-signed': nothing,
  restored: nothing,
  'restore-reconciled': nothing,
};

/** What a person decided; the settlement that a decision `settled` brings has an event of its own before it. */
function decided(book: Book, facts: Facts, entry: JournalEntry): void {
  const { decision = '', messageId } = facts;
  if (decision === 'settled') return;
  if (decision === 'not-settled') message(book, messageId, undefined, ['reversed-unproved'], entry);
  if (decision === 'upload-again') uploadIs(book, onTheWay, entry);
  const states = afterDecision[decision] ?? (decision.startsWith('collected-') ? ['done'] : anyEnd);
  move(book, states, entry);
}

const afterDecision: Readonly<Record<string, readonly SaleState[]>> = {
  'settlement-kept': ['done', 'disputed'],
  'written-off': ['abandoned'],
  'not-settled': ['abandoned'],
  'not-deducted': ['abandoned'],
  'upload-again': ['queued'],
};
const anyEnd: readonly SaleState[] = ['done', 'disputed', 'abandoned', 'unknown', 'queued', 'cancelled'];

function settle(book: Book, facts: Facts, entry: JournalEntry, states: readonly SaleState[]): void {
  message(book, facts.messageId, '2102', ['succeeded'], entry);
  move(book, states, entry);
  book.settled = answer(facts, entry);
  book.account = facts.account;
  book.fund = facts.fundTotal;
  book.slips.set('settlement', entry);
}

function uploaded(book: Book, facts: Facts, entry: JournalEntry, state: 'accepted' | 'adjusted'): void {
  message(book, facts.messageId, '2102', ['succeeded'], entry);
  move(book, [facts.brokenRelations === undefined ? 'done' : 'disputed'], entry);
  book.settled = answer(facts, entry);
  book.account = facts.account;
  book.fund = facts.fundTotal;
  uploadIs(book, [state], entry);
}

function uploadIs(book: Book, states: readonly UploadState[], { sequence }: JournalEntry): void {
  if (book.upload !== undefined) book.upload = { ...book.upload, states, sequence };
}

/** An unanswered upload is out, and owed again as soon as its try is cleared up (which is no event). */
function waits(book: Book, entry: JournalEntry): void {
  if (book.upload !== undefined) book.upload = { ...book.upload, sequence: entry.sequence };
}

function answer(facts: Facts, { sequence, atMs }: JournalEntry): ExpectedAnswer {
  return { messageId: facts.messageId ?? '', facts, sequence, atMs };
}

function move(book: Book, states: readonly SaleState[], { sequence }: JournalEntry): void {
  book.states = new Set(states);
  book.sequence = sequence;
}

function reopen(book: Book, states: readonly SaleState[], entry: JournalEntry): void {
  move(book, states, entry);
  amounts(book, {});
}

function amounts(book: Book, { total, account, fundTotal }: Pick<Facts, 'total' | 'account' | 'fundTotal'>) {
  book.total = total;
  book.account = account;
  book.fund = fundTotal;
}

function message(
  book: Book,
  messageId: string | undefined,
  transaction: ExpectedMessage['transaction'] | undefined,
  states: readonly MessageState[],
  { sequence }: JournalEntry,
): void {
  if (messageId === undefined) return;
  const known = transaction ?? book.messages.get(messageId)?.transaction ?? '2102';
  book.messages.set(messageId, { transaction: known, states, sequence });
}

function printed(book: Book, slipId: string | undefined, originals: number, copies: number): void {
  if (slipId === undefined) return;
  const before = book.printed.get(slipId) ?? { originals: 0, copies: 0 };
  book.printed.set(slipId, { originals: before.originals + originals, copies: before.copies + copies });
}

function text(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
