import type { Blacklist } from '#core/domain/blacklist';
import type { Holder } from '#core/domain/holder';
import type { ItemMapping, MappingState } from '#core/domain/item-mapping';
import type { JournalEntry, JournalKind, LedgerAccount, Posting } from '#core/domain/journal';
import type { MessageState, StoredMessage } from '#core/domain/message';
import type { OperatorRecord } from '#core/domain/operator-record';
import type { ClearingKey, Sale } from '#core/domain/sale';
import type { Cancellation, Settlement } from '#core/domain/settlement';
import type { SplitComparison } from '#core/domain/split-comparison';
import type { Fault } from '#core/fault';
import type { Money } from '#core/money';
import type { OfflineRules } from '#core/offline-budget';
import type { DiskState } from './reserve.ts';
import type { BrokenRecord } from './seals.ts';
import type { CarryFileChange, CarryTable } from './tables/carry.ts';
import type { PeopleTable } from './tables/people.ts';
import type { Verification, VerifyOptions, VerifyProgress } from './verify/verification.ts';

export type { DiskState } from './reserve.ts';
export type { BrokenRecord } from './seals.ts';

/** A new journal event; sequence and hashes are the store's business. */
export interface NewEvent {
  readonly kind: JournalKind;
  readonly saleId?: string;
  readonly atMs: number;
  readonly operator: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly postings?: readonly Posting[];
}

/**
 * State of one queued upload. A rejected one goes to the work-list and never stops the others. A carried one is out
 * in a file for another terminal: still owed and at risk, and never sent from here while it is out.
 */
export type UploadState =
  | 'queued'
  | 'sending'
  | 'accepted'
  | 'adjusted'
  | 'rejected'
  | 'ambiguous'
  | 'carried';

export interface UploadRow {
  readonly saleId: string;
  /**
   * Lane: the card; order inside a lane is kept and an ambiguous head blocks only its lane. In a new row the
   * card's id; in a stored one a digest of it, good for comparing only.
   */
  readonly lane: string;
  readonly state: UploadState;
  readonly attempts: number;
  readonly nextAtMs: number;
  readonly queuedAtMs: number;
  /** What the account paid offline: money at risk until accepted. */
  readonly account: Money;
  readonly faultCode?: string;
  readonly agencyText?: string;
  /** When its state last changed; absent in a new row. */
  readonly changedAtMs?: number;
  /** Who took note of an adjusted one. */
  readonly notedBy?: string;
}

/** What a person has used of the year, as far as this till knows. */
export interface KnownUse {
  readonly deductible: Money;
  readonly fundPaid: Money;
  /** In-scope cost. */
  readonly counted: Money;
  readonly visits: number;
  /** Sales of the day's month that bore a deductible. */
  readonly deductiblesThisMonth: number;
}

export type SlipKind = 'settlement' | 'offline' | 'own-pay' | 'cancellation';
export type SlipState = 'owed' | 'printing' | 'printed' | 'unclear';

/** A print job (own state: a printer never changes a sale). The document is made from the sale when printing. */
export interface SlipRow {
  readonly slipId: string;
  readonly saleId: string;
  readonly kind: SlipKind;
  readonly state: SlipState;
  /** Copies printed after the original; a copy says 补打. */
  readonly copies: number;
  readonly owedAtMs: number;
  readonly printedAtMs?: number;
  readonly faultCode?: string;
}

/** Settlement kept with a sale for slip, cancel and reconciliation. */
export interface SettledFacts {
  readonly messageId: string;
  readonly settlement: Settlement;
}

/** A cancellation as the agency answered it: a refund row of its own in the day's detail. */
export interface CancelledFacts {
  readonly saleId: string;
  /** Of the 2103. */
  readonly messageId: string;
  readonly cancellation: Cancellation;
}

/** When the agency told what an offline deduction rests on; ages are counted when it is committed. */
export interface OfflineSources {
  readonly dataAsOfMs: number;
  /** Undefined = there is none. */
  readonly blacklistAsOfMs: number | undefined;
  readonly policyAsOfMs: number | undefined;
  /** This machine's clock against the agency's; undefined = never told. */
  readonly driftMs: number | undefined;
}

/** What an offline deduction may cost at most, with the region's limits; checked in the transaction (P6). */
export interface OfflineBudget {
  /** The card, as its id. */
  readonly lane: string;
  /** What the account pays in this sale. */
  readonly account: Money;
  readonly rules: OfflineRules;
  readonly sources: OfflineSources;
}

/**
 * One durable unit of change: everything in it is written in a single FULL-synchronous transaction, or
 * nothing is. `expect` guards every transition: a row that is not in the expected state throws.
 */
export interface Change {
  /**
   * Refused with a code of `brokenOfflineBudget` when the money or the sales at risk would exceed it, with one of
   * `offlineTooOld` when what it rests on has aged, and
   * with `offline-card-torn` while an earlier purchase on the card has no outcome (`StoreError`).
   */
  readonly budget?: OfflineBudget;
  /** Whole new row of the sale, with the state it must have had (undefined = the row must be new). */
  readonly sale?: { readonly row: Sale; readonly was: Sale['state'] | undefined };
  readonly newMessages?: readonly StoredMessage[];
  readonly messages?: readonly {
    readonly messageId: string;
    readonly was: readonly MessageState[];
    readonly to: MessageState;
    readonly lastByteAtMs?: number;
    readonly answeredAtMs?: number;
    readonly answer?: string;
    readonly faultCode?: string;
  }[];
  readonly settled?: { readonly saleId: string } & SettledFacts;
  readonly cancelled?: CancelledFacts;
  /** How our split compares with the answer that this change records. */
  readonly comparison?: SplitComparison;
  readonly events: readonly NewEvent[];
  /** Small settings that must change together with the rows. */
  readonly settings?: readonly { readonly name: string; readonly value: string }[];
  /** New or changed operator. */
  readonly operator?: OperatorRecord;
  readonly slip?: { readonly slipId: string; readonly saleId: string; readonly kind: SlipKind };
  readonly upload?: UploadRow;
  readonly uploads?: readonly {
    readonly saleId: string;
    readonly was: readonly UploadState[];
    readonly to: UploadState;
    readonly attempts?: number;
    readonly nextAtMs?: number;
    readonly faultCode?: string;
    readonly agencyText?: string;
  }[];
  readonly carry?: CarryFileChange & {
    /** Sales of another terminal with their uploads, as a book of carried sales takes them in. */
    readonly sales?: readonly { readonly sale: Sale; readonly upload: UploadRow }[];
    /** Rejected ones of them that came once more, as they stand from now on. */
    readonly again?: readonly Sale[];
  };
}

/**
 * Records of one till (one data folder). Synchronous on purpose: better-sqlite3 transactions cannot be
 * interleaved with other requests. Throws only for broken assumptions and, as `StoreError` with a fault code,
 * for trouble of the disk, a budget that is used up (`Change.budget`) and a record whose seal is broken: a
 * single read of it throws `record-seal-broken`, a list leaves it out, and `brokenRecords` names it. Message
 * bodies and answers and the settlement of `settled` are opened, and refused, when they are read.
 */
export interface TillStore {
  /** Applies the change durably and answers the journal entries that it made. */
  commit(change: Change): readonly JournalEntry[];

  /** 30 characters; unique for ever in this data folder, also after a restart or a clock set back. */
  nextMessageId(institutionCode: string, nowMs: number): string;
  /** `yyMMdd` + terminal number + running number: at most 20 characters, never reused. */
  nextSaleNumber(businessDay: string): string;
  /** Terminal sequence (终端交易序号) of a sale that no card signs: 8 hex digits that rise, never reused. */
  nextTerminalSequence(nowMs: number): string;

  /** Keeps an open or held basket (no event, no money yet). Guarded: the stored state must be open or held. */
  saveBasket(sale: Sale): void;
  sale(saleId: string): Sale | undefined;
  saleByNumber(saleNumber: string): Sale | undefined;
  salesInState(states: readonly Sale['state'][]): readonly Sale[];
  salesOfDay(businessDay: string): readonly Sale[];
  settled(saleId: string): SettledFacts | undefined;
  settledOfDay(businessDay: string): readonly ({ readonly saleId: string } & SettledFacts)[];

  /** Cancellations (2103) answered on that day. */
  cancelledOfDay(businessDay: string): readonly CancelledFacts[];
  /** Clearing offices and types under which the agency has settled since that day. */
  clearingKeysSince(businessDay: string): readonly ClearingKey[];

  message(messageId: string): StoredMessage | undefined;
  messagesOfSale(saleId: string): readonly StoredMessage[];
  messagesInState(states: readonly MessageState[]): readonly StoredMessage[];

  upload(saleId: string): UploadRow | undefined;
  uploads(states: readonly UploadState[]): readonly UploadRow[];
  /** Without reading the rows: `waiting` are queued, sending and ambiguous ones; `carried` are out in a file. */
  uploadCounts(): {
    readonly waiting: number;
    readonly rejected: number;
    readonly toNote: number;
    readonly carried: number;
  };
  /** Carry files and their sales, for reading; they change with `Change.carry`. */
  readonly carry: Omit<CarryTable, 'apply'>;
  /** Operators, for reading; they change with `Change.operator`. And who looked at whose data. */
  readonly people: Pick<PeopleTable, 'operators' | 'noteLook' | 'looks'>;
  /** Uploads in which something changed since then, latest first. */
  uploadsChangedSince(sinceMs: number, limit: number): readonly UploadRow[];
  /** A person has seen that the agency adjusted an upload; journalled; false when it is not adjusted or was noted before. */
  noteUpload(saleId: string, operator: string, nowMs: number): boolean;
  /**
   * Account money deducted offline and not yet accepted, for one card (its id) or (undefined) the whole
   * terminal. A purchase that was put to a card counts from its intent on.
   */
  offlineAtRisk(lane?: string): { readonly amount: Money; readonly count: number };
  /** Account money paid by one person on one day, settled and queued together (limit per day). */
  accountPaidOn(businessDay: string, personNumber: string): Money;

  /**
   * What this till knows that a person has used of the calendar year up to `day`: settled and queued sales,
   * also those whose outcome is open. Other shops' sales are not in it.
   */
  usedThisYear(personNumber: string, day: string): KnownUse;

  /** Newest blacklist of cards that was stored, with the agency's time. */
  blacklist(): Blacklist | undefined;
  /** Replaces the blacklist; journals its version. */
  setBlacklist(list: Blacklist, nowMs: number): void;

  /**
   * Remembers that a certificate's QR text was scanned (only its digest is kept); false = it was before.
   * Kept for two days: such codes live for minutes.
   */
  claimCertificate(qrText: string, nowMs: number): boolean;

  /** The sale whose purchase was put to this card and has no outcome yet (committing or unknown); at most one. */
  tornPurchase(cardId: string): Sale | undefined;

  slip(slipId: string): SlipRow | undefined;
  slips(states: readonly SlipState[]): readonly SlipRow[];
  slipsOfSale(saleId: string): readonly SlipRow[];
  /** Guarded change of a slip's own state; journals `slip-printed` by itself. */
  setSlip(slipId: string, was: readonly SlipState[], to: SlipState, atMs: number, fault?: Fault): void;
  /** Journals `slip-copied` by itself. */
  countCopy(slipId: string, atMs: number): void;

  /** Last answer of the agency about a person, by card id or other medium key. */
  rememberHolder(key: string, holder: Holder): void;
  rememberedHolder(key: string): Holder | undefined;
  /**
   * The most that an account (险种) can hold by what the agency told when it was asked about the person last and by what
   * was given back since; undefined when it was not asked about it. A settlement that tells more is wrong or knows of
   * money that came in: the agency can be asked, but offline nobody counts on it (relation 9).
   */
  balanceAtMost(key: string, scheme: string): Money | undefined;

  /** Small settings that must survive a restart (shift, forced offline, catalogue in use). */
  setting(name: string): string | undefined;
  setSetting(name: string, value: string): void;

  journal(fromSequence: number, limit: number): readonly JournalEntry[];
  /** Events of one sale, oldest first. */
  journalOfSale(saleId: string): readonly JournalEntry[];
  /** Recomputes the chain; answers the first sequence whose hash does not fit, or undefined. */
  verifyJournal(): { readonly entries: number; readonly brokenAt?: number };
  /** Last entry of the journal; sequence 0 while it is empty. */
  journalHead(): { readonly sequence: number; readonly hash: string };
  /**
   * Looks at journal, ledger, signatures and every row that the events speak of, in pieces of a few milliseconds:
   * between two pieces others may commit. Reads only.
   */
  verification(options?: VerifyOptions): Generator<VerifyProgress, Verification>;
  balance(account: LedgerAccount): Money;
  balances(): ReadonlyMap<LedgerAccount, Money>;
  mapping(shopCode: string): ItemMapping | undefined;
  /** By state, surest first. */
  mappings(states: readonly MappingState[], limit: number): readonly ItemMapping[];
  mappingCounts(): ReadonlyMap<MappingState, number>;
  /** Writes rows in one transaction of at most a thousand; guarded like a sale: `was` undefined = the row must be new. */
  setMappings(
    rows: readonly { readonly row: ItemMapping; readonly was: readonly (MappingState | undefined)[] }[],
  ): void;

  /** Keeps how our split of a sale compares with the agency's; a later one of the same kind replaces it. */
  noteSplitComparison(comparison: SplitComparison): void;
  splitComparison(saleId: string, against: SplitComparison['against']): SplitComparison | undefined;
  splitComparisons(
    fromDay: string,
    toDay: string,
    only: 'all' | 'different',
    limit: number,
  ): readonly SplitComparison[];
  splitComparisonCounts(
    fromDay: string,
    toDay: string,
  ): { readonly compared: number; readonly different: number };

  /** Policies in use from now on: one that was never compared with the agency counts from here. */
  meetPolicies(policies: readonly { readonly id: string; readonly version: string }[], nowMs: number): void;
  /** When this version last agreed with an answer of the agency, or first came to this till. */
  policyAgreedAtMs(id: string, version: string): number | undefined;

  /** Counts the products of a finished sale; outside the sale's own transaction, because nothing hangs on it. */
  countSold(shopCodes: readonly string[]): void;
  /** How often products were sold, by shop code in capitals: ranks the search. */
  productsSold(): ReadonlyMap<string, number>;

  /** Room on the disk of the records, and whether the reserve for running sales is still there. */
  disk(): DiskState;

  /** Records met since the opening whose seal is broken: each costs itself and nothing else. */
  brokenRecords(): readonly BrokenRecord[];
  close(): void;
}
