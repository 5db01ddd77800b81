import Database from 'better-sqlite3';
import { AssertionFailed, assert } from '#core/assert';
import type { Clock } from '#core/clock';
import type { Blacklist } from '#core/domain/blacklist';
import type { Holder } from '#core/domain/holder';
import type { ItemMapping, MappingState } from '#core/domain/item-mapping';
import type { JournalEntry, LedgerAccount } from '#core/domain/journal';
import type { MessageState, StoredMessage } from '#core/domain/message';
import type { ClearingKey, Sale } from '#core/domain/sale';
import type { SplitComparison } from '#core/domain/split-comparison';
import { type Fault, fault } from '#core/fault';
import { type Money, zeroMoney } from '#core/money';
import { beginEpoch, type EpochStart } from './begin-epoch.ts';
import { IdleCheckpoint } from './idle-checkpoint.ts';
import { asksForMoney, beginsSale } from './kinds-of-change.ts';
import { brokenBudget } from './offline-guard.ts';
import type {
  BrokenRecord,
  CancelledFacts,
  Change,
  KnownUse,
  OfflineBudget,
  SettledFacts,
  SlipRow,
  SlipState,
  TillStore,
  UploadRow,
  UploadState,
} from './port.ts';
import { byItself } from './records/step.ts';
import { type DiskState, Reserve } from './reserve.ts';
import { restoreHold, spentInLostDays } from './restored.ts';
import type { Seals } from './seals.ts';
import { guarded, StoreError } from './store-error.ts';
import { BlacklistTable } from './tables/blacklist.ts';
import { CarryTable } from './tables/carry.ts';
import { CertificateTable } from './tables/certificates.ts';
import { ComparisonTable } from './tables/comparisons.ts';
import { EventContents } from './tables/contents.ts';
import { CounterTable } from './tables/counters.ts';
import { HolderTable } from './tables/holders.ts';
import { JournalTable } from './tables/journal.ts';
import { MappingTable } from './tables/mappings.ts';
import { MessageTable } from './tables/messages.ts';
import { NoteTable } from './tables/notes.ts';
import { PeopleTable } from './tables/people.ts';
import { SaleTable } from './tables/sales.ts';
import { SlipTable } from './tables/slips.ts';
import { SoldTable } from './tables/sold.ts';
import { UploadTable } from './tables/uploads.ts';
import type { Verification, VerifyOptions, VerifyProgress } from './verify/verification.ts';
import { verification } from './verify/verify.ts';

/** Keeps a transaction under 50 ms (design section 5). */
const MAPPINGS_AT_ONCE = 1_000;
const basketStates: readonly Sale['state'][] = ['open', 'held'];

/** The records of one till in one SQLite file; see `TillStore` for the promises. Made by `openTillStore`. */
export class SqliteStore implements TillStore {
  readonly carry: CarryTable;
  readonly people: PeopleTable;
  readonly #db: Database.Database;
  readonly #clock: Clock;
  readonly #terminal: string;
  readonly #release: () => void;
  readonly #sales: SaleTable;
  readonly #messages: MessageTable;
  readonly #uploads: UploadTable;
  readonly #slips: SlipTable;
  readonly #journal: JournalTable;
  readonly #notes: NoteTable;
  readonly #holders: HolderTable;
  readonly #counters: CounterTable;
  readonly #blacklist: BlacklistTable;
  readonly #certificates: CertificateTable;
  readonly #mappings: MappingTable;
  readonly #comparisons: ComparisonTable;
  readonly #sold: SoldTable;
  readonly #seals: Seals;
  readonly #reserve: Reserve;
  readonly #checkpoint: IdleCheckpoint;
  readonly #stepTaken: (() => void) | undefined;
  readonly #contents: EventContents;
  readonly #inOne: Database.Transaction<(work: () => unknown) => unknown>;

  constructor(
    db: Database.Database,
    options: {
      readonly terminal: string;
      readonly clock: Clock;
      readonly seals: Seals;
      readonly reserve?: Reserve;
      readonly stepTaken?: () => void;
    },
    release: () => void,
  ) {
    this.#reserve = options.reserve ?? new Reserve('', 0);
    this.#db = db;
    this.#clock = options.clock;
    this.#terminal = options.terminal;
    this.#release = release;
    const { seals } = options;
    this.#stepTaken = options.stepTaken;
    this.#seals = seals;
    this.#contents = new EventContents(db, seals);
    this.#checkpoint = new IdleCheckpoint(db, options.clock);
    this.#inOne = db.transaction((work: () => unknown) => work());
    this.#sales = new SaleTable(db, seals, this.#contents);
    this.#messages = new MessageTable(db, seals, this.#contents);
    this.#uploads = new UploadTable(db, seals);
    this.carry = new CarryTable(db);
    this.people = new PeopleTable(db, seals);
    this.#slips = new SlipTable(db);
    this.#journal = new JournalTable(db, this.#contents);
    this.#notes = new NoteTable(db, seals);
    this.#holders = new HolderTable(this.#notes, this.#sales);
    this.#counters = new CounterTable(db, options.terminal);
    this.#blacklist = new BlacklistTable(this.#notes, seals);
    this.#certificates = new CertificateTable(db, seals);
    this.#mappings = new MappingTable(db);
    this.#comparisons = new ComparisonTable(db);
    this.#sold = new SoldTable(db);
  }

  /** The first step of records that were put back from a backup. */
  beginEpoch(start: EpochStart): JournalEntry {
    const parts = { db: this.#db, counters: this.#counters, journal: this.#journal };
    return this.#write(() => beginEpoch({ ...parts, notes: this.#notes, sales: this.#sales }, start));
  }

  commit(change: Change): readonly JournalEntry[] {
    this.#stepTaken?.();
    if (!beginsSale(change)) return this.#reserve.spend(() => this.#write(() => this.#apply(change)));
    this.#reserve.refuseWhenGivenUp();
    return this.#write(() => this.#apply(change));
  }

  nextMessageId(institutionCode: string, nowMs: number): string {
    return this.#reserve.spend(() => guarded(() => this.#counters.nextMessageId(institutionCode, nowMs)));
  }

  nextSaleNumber(businessDay: string): string {
    return guarded(() => this.#counters.nextSaleNumber(businessDay, this.#terminal));
  }

  nextTerminalSequence(nowMs: number): string {
    return guarded(() => this.#counters.nextTerminalSequence(nowMs));
  }

  saveBasket(sale: Sale): void {
    assert(basketStates.includes(sale.state), 'only an open or held basket is kept without an event');
    if (sale.lines.length > 0) this.#reserve.refuseWhenGivenUp();
    this.#write(() => {
      const stored = this.#sales.state(sale.saleId);
      if (stored === undefined) return this.#sales.insert(sale);
      const was = basketStates.find((state) => state === stored);
      assert(was !== undefined, 'a basket is not written over a sale that has left it');
      this.#sales.update(sale, was);
    });
  }

  sale(saleId: string): Sale | undefined {
    return guarded(() => this.#sales.byId(saleId));
  }

  saleByNumber(saleNumber: string): Sale | undefined {
    return guarded(() => this.#sales.byNumber(saleNumber));
  }

  /** Cheap for unfinished states; asking for finished ones reads every sale. */
  salesInState(states: readonly Sale['state'][]): readonly Sale[] {
    return guarded(() => this.#sales.inStates(states));
  }

  salesOfDay(businessDay: string): readonly Sale[] {
    return guarded(() => this.#sales.ofDay(businessDay));
  }

  settled(saleId: string): SettledFacts | undefined {
    return guarded(() => this.#sales.settled(saleId));
  }

  settledOfDay(businessDay: string): readonly ({ readonly saleId: string } & SettledFacts)[] {
    return guarded(() => this.#sales.settledOfDay(businessDay));
  }

  cancelledOfDay(businessDay: string): readonly CancelledFacts[] {
    return guarded(() => this.#sales.cancelledOfDay(businessDay));
  }

  usedThisYear(personNumber: string, day: string): KnownUse {
    return guarded(() => this.#sales.usedThisYear(personNumber, day));
  }

  journalOfSale(saleId: string): readonly JournalEntry[] {
    return guarded(() => this.#journal.ofSale(saleId));
  }

  clearingKeysSince(businessDay: string): readonly ClearingKey[] {
    return guarded(() => this.#sales.clearingKeysSince(businessDay));
  }

  message(messageId: string): StoredMessage | undefined {
    return guarded(() => this.#messages.byId(messageId));
  }

  messagesOfSale(saleId: string): readonly StoredMessage[] {
    return guarded(() => this.#messages.ofSale(saleId));
  }

  messagesInState(states: readonly MessageState[]): readonly StoredMessage[] {
    return guarded(() => this.#messages.inStates(states));
  }

  upload(saleId: string): UploadRow | undefined {
    return guarded(() => this.#uploads.byId(saleId));
  }

  uploads(states: readonly UploadState[]): readonly UploadRow[] {
    return guarded(() => this.#uploads.inStates(states));
  }

  uploadCounts(): ReturnType<TillStore['uploadCounts']> {
    return guarded(() => this.#uploads.counts());
  }

  uploadsChangedSince(sinceMs: number, limit: number): readonly UploadRow[] {
    return guarded(() => this.#uploads.changedSince(sinceMs, limit));
  }

  noteUpload(saleId: string, operator: string, nowMs: number): boolean {
    return this.#write(() => {
      if (!this.#uploads.note(saleId, operator)) return false;
      const facts = { decision: 'adjustment-noted' };
      this.#journal.append([{ kind: 'operator-decided', saleId, atMs: nowMs, operator, facts }]);
      return true;
    });
  }

  offlineAtRisk(lane?: string): { readonly amount: Money; readonly count: number } {
    return guarded(() => this.#uploads.atRisk(lane));
  }

  accountPaidOn(businessDay: string, personNumber: string): Money {
    return guarded(() => this.#sales.accountPaidOn(businessDay, personNumber));
  }

  blacklist(): Blacklist | undefined {
    return guarded(() => this.#blacklist.read());
  }

  /** Journals a new version; the same one again only renews its time. */
  setBlacklist(list: Blacklist, nowMs: number): void {
    const known = this.blacklist()?.version;
    const sealed = this.#blacklist.sealed(list);
    const facts = { version: list.version, cards: list.cards.length, ranges: list.ranges.length };
    this.#write(() => {
      this.#blacklist.write(sealed);
      if (known === list.version) return;
      this.#journal.append([{ kind: 'blacklist-received', atMs: nowMs, operator: byItself, facts }]);
    });
  }

  claimCertificate(qrText: string, nowMs: number): boolean {
    return this.#write(() => this.#certificates.claim(qrText, nowMs));
  }

  tornPurchase(cardId: string): Sale | undefined {
    return guarded(() => this.#sales.pendingOn(cardId));
  }

  slip(slipId: string): SlipRow | undefined {
    return guarded(() => this.#slips.byId(slipId));
  }

  slips(states: readonly SlipState[]): readonly SlipRow[] {
    return guarded(() => this.#slips.inStates(states));
  }

  slipsOfSale(saleId: string): readonly SlipRow[] {
    return guarded(() => this.#slips.ofSale(saleId));
  }

  /** Journals `slip-printed` by itself when the slip becomes printed. */
  setSlip(slipId: string, was: readonly SlipState[], to: SlipState, atMs: number, found?: Fault): void {
    const set = () => {
      this.#slips.set(slipId, was, to, atMs, found?.code);
      if (to === 'printed') this.#journalSlip('slip-printed', slipId, atMs);
    };
    this.#reserve.spend(() => this.#write(set));
  }

  /** Journals `slip-copied` by itself. */
  countCopy(slipId: string, atMs: number): void {
    this.#write(() => {
      this.#slips.countCopy(slipId);
      this.#journalSlip('slip-copied', slipId, atMs);
    });
  }

  rememberHolder(key: string, holder: Holder): void {
    guarded(() => this.#holders.set(key, holder, this.#journal.head().sequence));
  }

  rememberedHolder(key: string): Holder | undefined {
    return guarded(() => this.#holders.get(key));
  }

  balanceAtMost(key: string, scheme: string): Money | undefined {
    return guarded(() => this.#holders.balanceAtMost(key, scheme));
  }

  setting(name: string): string | undefined {
    return guarded(() => this.#notes.setting(name));
  }

  setSetting(name: string, value: string): void {
    this.#reserve.spend(() => guarded(() => this.#notes.setSetting(name, value)));
  }

  journal(fromSequence: number, limit: number): readonly JournalEntry[] {
    return guarded(() => this.#journal.page(fromSequence, limit));
  }

  verifyJournal(): { readonly entries: number; readonly brokenAt?: number } {
    return guarded(() => this.#journal.verify(1, 'with-contents'));
  }

  journalHead(): { readonly sequence: number; readonly hash: string } {
    return guarded(() => this.#journal.head());
  }

  verification(options?: VerifyOptions): Generator<VerifyProgress, Verification> {
    return verification(this.#db, this.#seals, options);
  }

  balance(account: LedgerAccount): Money {
    return this.balances().get(account) ?? zeroMoney;
  }

  balances(): ReadonlyMap<LedgerAccount, Money> {
    return guarded(() => this.#journal.balances());
  }

  mapping(shopCode: string): ItemMapping | undefined {
    return guarded(() => this.#mappings.byShopCode(shopCode));
  }

  mappings(states: readonly MappingState[], limit: number): readonly ItemMapping[] {
    return guarded(() => this.#mappings.inStates(states, limit));
  }

  mappingCounts(): ReadonlyMap<MappingState, number> {
    return guarded(() => this.#mappings.counts());
  }

  setMappings(rows: Parameters<TillStore['setMappings']>[0]): void {
    assert(rows.length <= MAPPINGS_AT_ONCE, 'mappings are written in short transactions');
    this.#write(() => {
      for (const { row, was } of rows) this.#mappings.set(row, was);
    });
  }

  noteSplitComparison(comparison: SplitComparison): void {
    guarded(() => this.#comparisons.note(comparison));
  }

  splitComparison(saleId: string, against: SplitComparison['against']): SplitComparison | undefined {
    return guarded(() => this.#comparisons.of(saleId, against));
  }

  splitComparisons(
    fromDay: string,
    toDay: string,
    only: 'all' | 'different',
    limit: number,
  ): readonly SplitComparison[] {
    return guarded(() => this.#comparisons.between(fromDay, toDay, only, limit));
  }

  splitComparisonCounts(
    fromDay: string,
    toDay: string,
  ): { readonly compared: number; readonly different: number } {
    return guarded(() => this.#comparisons.counts(fromDay, toDay));
  }

  meetPolicies(policies: Parameters<TillStore['meetPolicies']>[0], nowMs: number): void {
    this.#write(() => {
      for (const { id, version } of policies) this.#comparisons.meet(id, version, nowMs);
    });
  }

  policyAgreedAtMs(id: string, version: string): number | undefined {
    return guarded(() => this.#comparisons.agreedAtMs(id, version));
  }

  countSold(shopCodes: readonly string[]): void {
    this.#write(() => this.#sold.count(shopCodes));
  }

  productsSold(): ReadonlyMap<string, number> {
    return guarded(() => this.#sold.all());
  }

  brokenRecords(): readonly BrokenRecord[] {
    return this.#seals.broken();
  }

  /** Recomputes the last entries of the chain, not what they carry (that costs its own records only); throws `StoreError` with `store-damaged` when one does not fit. */
  checkTail(count: number): void {
    guarded(() => {
      const from = Math.max(1, this.#journal.head().sequence - count + 1);
      const { brokenAt } = this.#journal.verify(from, 'chain-only');
      if (brokenAt === undefined) return;
      throw new StoreError(fault('store-damaged', `journal entry ${brokenAt} does not fit the chain`));
    });
  }

  disk(): DiskState {
    return this.#reserve.state();
  }

  close(): void {
    this.#checkpoint.stop();
    this.#db.close();
    this.#release();
  }

  #apply(change: Change): readonly JournalEntry[] {
    const { sale, settled, cancelled, comparison, slip, upload, budget, carry } = change;
    if (asksForMoney(change) && restoreHold(this) !== undefined) throw new StoreError(fault('restore-hold'));
    if (budget !== undefined) this.#refuseBeyond(budget);
    const atMs = change.events[0]?.atMs ?? this.#clock.nowMs();
    this.#contents.begin(change.events.length === 0 ? undefined : this.#journal.head().sequence + 1);
    if (sale !== undefined && sale.was === undefined) this.#sales.insert(sale.row);
    if (sale?.was !== undefined) this.#sales.change(sale.row, sale.was);
    for (const message of change.newMessages ?? []) this.#messages.insert(message);
    for (const message of change.messages ?? []) this.#messages.change(message);
    if (settled !== undefined) this.#sales.settle(settled.saleId, settled, atMs);
    if (cancelled !== undefined) this.#sales.cancel(cancelled, atMs);
    if (comparison !== undefined) this.#comparisons.note(comparison);
    if (slip !== undefined) this.#slips.insert(slip, atMs);
    if (upload !== undefined) this.#uploads.insert(upload);
    for (const carried of carry?.sales ?? []) {
      this.#sales.insert(carried.sale);
      this.#uploads.insert(carried.upload);
    }
    for (const again of carry?.again ?? []) this.#sales.update(again, 'rejected');
    if (carry !== undefined) this.carry.apply(carry);
    if (change.operator !== undefined) this.people.set(change.operator);
    for (const row of change.uploads ?? []) this.#uploads.change(row, atMs);
    for (const { name, value } of change.settings ?? []) this.#notes.setSetting(name, value);
    return this.#journal.append(change.events, this.#contents.sealed());
  }

  /** Inside the transaction: two changes made from the same view of the budgets cannot both pass. */
  #refuseBeyond(budget: OfflineBudget): void {
    if (this.#sales.isPendingOn(budget.lane)) throw new StoreError(fault('offline-card-torn'));
    if (spentInLostDays(this, budget.sources.dataAsOfMs))
      throw new StoreError(fault('limit-offline-per-card'));
    const spent = { onCard: this.#uploads.atRisk(budget.lane), onTerminal: this.#uploads.atRisk(undefined) };
    const code = brokenBudget(budget, spent, this.#clock.nowMs());
    if (code !== undefined) throw new StoreError(fault(code));
  }

  #journalSlip(kind: 'slip-printed' | 'slip-copied', slipId: string, atMs: number): void {
    const slip = this.#slips.byId(slipId);
    assert(slip !== undefined, `slip ${slipId} is stored`);
    const operator = this.#sales.byId(slip.saleId)?.operator.number ?? '';
    const facts = { slipId, kind: slip.kind, copies: slip.copies };
    this.#journal.append([{ kind, saleId: slip.saleId, atMs, operator, facts }]);
  }

  /** One transaction, all or nothing; a broken constraint is a bug of ours, not trouble of the disk. */
  #write<T>(work: () => T): T {
    return guarded(() => {
      try {
        const done = this.#inOne.immediate(work) as T;
        this.#checkpoint.written();
        return done;
      } catch (error) {
        this.#contents.begin(undefined);
        this.#sales.forget();
        this.#journal.forget();
        if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_CONSTRAINT')) {
          throw new AssertionFailed(`the records refuse this change: ${error.message}`);
        }
        throw error;
      }
    });
  }
}
