import type { SaleUnit } from '#catalog/price/price-line';
import type { ActingPerson } from '#core/domain/acting-person';
import type { MappingState, MatchBasis } from '#core/domain/item-mapping';
import type { OperatorRole } from '#core/domain/rights';
import type { SaleDecision } from '#core/domain/sale-decision';
import type { ComparedField, SplitComparison } from '#core/domain/split-comparison';
import type { Fault } from '#core/fault';
import type { Policy } from '#core/policy';
import type { Result } from '#core/result';
import type { KeyState } from '#drivers/key-store/port';
import type { CarryVerbs } from './carry/rows.ts';
import type { VisitVerbs } from './chronic-rows.ts';
import type { ListVerbs } from './office/list-rows.ts';
import type { JournalVerification, OfficeVerbs } from './office/rows.ts';
import type { ConsentVerbs, PaperVerbs } from './paper-rows.ts';
import type { RefundVerbs } from './refund-rows.ts';
import type { CustomerView, DeviceView, ProductView, SaleSummary, TillView } from './view.ts';

export type { JournalVerification } from './office/rows.ts';
export type { PaperAsk } from './paper-rows.ts';
export type { LineBack, RefundPreview } from './refund-rows.ts';

export interface OperatorCredential {
  readonly number: string;
  readonly pin: string;
}

export interface PayRequest {
  /** `insured` at the agency, `offline` under budgets, `own-pay` without insurance. */
  readonly mode: 'insured' | 'offline' | 'own-pay';
  /** What the holder hands over; must cover the cash part, change is given from cash only. */
  readonly tenders: readonly {
    readonly kind: 'cash' | 'mobile';
    readonly amount: string;
    readonly reference?: string;
  }[];
  /** The sum the cashier saw (own cash part); a different one now refuses the payment. */
  readonly expectedCash?: string;
  /** Offline only: PIN typed where `pin.entry` is `keyboard` (else the pad asks for it), and that the cashier accepts who bears a refusal. */
  readonly pin?: string;
  readonly acceptOfflineRisk?: boolean;
}

/** A whole sale in one call, for other programs and the command line. */
export interface BasketRequest {
  /** The caller's own key: the same key again answers the same sale instead of a second one. */
  readonly reference: string;
  readonly lines: readonly {
    readonly code: string;
    readonly quantity: string;
    /** `smallest`: the quantity counts smallest units of a broken pack (拆零). */
    readonly unit?: SaleUnit;
  }[];
  /** `account`: insured, account first, rest as cash tender; `cash`: own pay. */
  readonly pay: 'account' | 'cash';
  /** The calling program has the holder's consent to what the insurance does not pay. */
  readonly ownPayConsent?: boolean;
}

export interface SaleReceipt {
  readonly summary: SaleSummary;
  readonly view: TillView['sale'];
}

export interface QueueRow {
  readonly saleId: string;
  readonly saleNumber: string;
  readonly state: 'queued' | 'sending' | 'accepted' | 'adjusted' | 'rejected' | 'ambiguous' | 'carried';
  readonly account: string;
  readonly attempts: number;
  readonly queuedAt: string;
  readonly fault?: Fault;
  readonly agencyText?: string;
  /** What the shop loses (below zero) or gains against what it gave away offline. */
  readonly effect?: string;
  /** Business day until which a refusal or an adjustment can be argued. */
  readonly deadline?: string;
  /** What two people may decide about it now. */
  readonly decisions?: readonly SaleDecision['kind'][];
  /** Whether somebody has taken note of an adjusted one. */
  readonly noted?: boolean;
  /** Of one that is out in a file: its number, for which terminal, and since when. */
  readonly carried?: { readonly file: string; readonly terminal: string; readonly since: string };
}

export interface DoctorRow {
  readonly part: string;
  readonly state: 'ok' | 'warning' | 'fault';
  readonly zh: string;
  readonly en: string;
  readonly fault?: Fault;
}

export interface TerminalKeyRow {
  readonly keyId: string;
  readonly publicKey: string;
  readonly state: KeyState;
  readonly createdAt: string;
}

/** A row of the agency that may be, or is, an item's national code. */
export interface MappingCandidate {
  readonly nationalCode: string;
  readonly name: string;
  readonly specification: string;
  readonly maker: string;
  /** 0 to 1000. */
  readonly confidence: number;
  readonly why: string;
}

/** One own item on the mapping work-list. */
export interface MappingRow {
  readonly shopCode: string;
  readonly name: string;
  readonly specification: string;
  readonly maker: string;
  readonly state: MappingState;
  readonly basis?: MatchBasis;
  readonly choice?: MappingCandidate;
  readonly why: string;
  readonly others: readonly MappingCandidate[];
  readonly changedAt: string;
  readonly by: string;
  readonly fault?: Fault;
  readonly agencyText?: string;
}

export interface MappingList {
  readonly counts: Readonly<Partial<Record<MappingState, number>>>;
  readonly rows: readonly MappingRow[];
}

/** What a run of the matcher made of the list. */
export interface MatchOutcome {
  readonly looked: number;
  readonly confirmed: number;
  readonly proposed: number;
}

export interface UploadOutcome {
  readonly uploaded: number;
  readonly refused: number;
  readonly left: number;
}

/** A policy document in use. */
export interface PolicyRow {
  readonly id: string;
  readonly version: string;
  readonly titleZh: string;
  readonly titleEn: string;
  readonly status: Policy['status'];
  readonly basis: string;
  readonly schemes: readonly string[];
  readonly regions: readonly string[];
  readonly validFrom: string;
  readonly validTo?: string;
}

export interface SplitReportRow {
  readonly saleId: string;
  readonly saleNumber: string;
  readonly against: SplitComparison['against'];
  readonly at: string;
  readonly policy?: string;
  readonly policyVersion?: string;
  readonly catalogVersion: string;
  readonly differences: readonly {
    readonly lineNumber?: number;
    readonly field: ComparedField;
    readonly ours: string;
    readonly agency: string;
  }[];
}

/** How often the terminal's own split and the agency's agreed, and where they did not. */
export interface SplitReport {
  readonly from: string;
  readonly to: string;
  readonly compared: number;
  readonly different: number;
  readonly rows: readonly SplitReportRow[];
}

/** How far the download of the agency's own catalogue (1301–1319) is; `off` where none is set up. */
export interface CatalogDownloadView {
  /** `waiting`: for an open shift, the link or the next try. */
  readonly phase: 'off' | 'idle' | 'waiting' | 'fetching' | 'building' | 'switching';
  /** What is fetched or read now, and its Chinese name. */
  readonly table?: string;
  readonly tableZh?: string;
  readonly rows: number;
  /** Of the whole, 0 to 100. */
  readonly percent: number;
  /** Version of the agency's tables in use. */
  readonly version?: string;
  /** Tables that the agency refused; what the till has of them stays. */
  readonly skipped: readonly {
    readonly table: string;
    readonly tableZh: string;
    readonly fault: Fault;
    readonly agencyText: string;
  }[];
  /** Rows that the import refused. */
  readonly problems: readonly {
    readonly table: string;
    readonly line: number;
    readonly column?: string;
    readonly value?: string;
    readonly zh: string;
    readonly en: string;
  }[];
  readonly lastFault?: Fault;
  /** Business times. */
  readonly lastDone?: string;
  readonly next?: string;
}

/** A price in force at the end of a day, with the insurance facts of that day; amounts in yuan. */
export interface DayPriceRow {
  readonly shopCode: string;
  readonly nationalCode?: string;
  readonly genericName: string;
  readonly tradeName?: string;
  readonly specification: string;
  readonly maker: string;
  readonly packUnit: string;
  readonly price: string;
  /** The price before, when it changed on that day. */
  readonly before?: string;
  readonly insuranceClass?: 'A' | 'B' | 'C';
  readonly firstSelfPayRatio?: string;
  readonly ceiling?: string;
  readonly procuredPrice?: string;
}

export interface DayPrices {
  readonly day: string;
  readonly catalogVersion: string;
  readonly rows: readonly DayPriceRow[];
  /** Where the next piece begins; absent = this was the last. */
  readonly next?: number;
}

/** A change of a price; without an old one the product came new, without a new one it left the list. */
export interface PriceChangeRow {
  readonly at: string;
  readonly shopCode: string;
  readonly genericName: string;
  readonly specification: string;
  readonly maker: string;
  readonly packUnit: string;
  readonly oldPrice?: string;
  readonly newPrice?: string;
  readonly catalogVersion: string;
}

/** A product among its equivalents (同类药). */
export interface ComparedProduct {
  readonly product: ProductView;
  readonly covered: boolean;
  /** For as many units as a pack of the asked product; what of it the holder bears before the fund's ratio. */
  readonly price: string;
  readonly holderPays: string;
  /** Price of one smallest unit of a whole pack, half up at four decimals; absent = the list does not tell the units. */
  readonly unitPrice?: string;
}

/** The same medicine, form and strength as the product that was asked for. */
export interface EquivalentRow extends ComparedProduct {
  /** Less than the asked product; below zero = more. */
  readonly saving: string;
  readonly holderSaves: string;
}

export interface Equivalents {
  readonly asked: ComparedProduct;
  /** What spares the holder most first. */
  readonly rows: readonly EquivalentRow[];
}

/** Something that would be lost with the records although somebody still waits for it. */
export interface OwedRow {
  /** `agency-only`: a sale of the days that a restore lost. */
  readonly kind: 'upload' | 'outcome' | 'slip' | 'restore' | 'agency-only';
  readonly saleId?: string;
  readonly saleNumber?: string;
  /** Yuan: the account part of an upload, the whole sale of an outcome. */
  readonly amount: string;
  readonly since: string;
  readonly zh: string;
  readonly en: string;
}

export interface OwedList {
  readonly rows: readonly OwedRow[];
  /** Money of uploads and outcomes together. */
  readonly total: string;
}

export interface BackupRow {
  readonly file: string;
  readonly at: string;
  readonly bytes: number;
  /** Last journal entry in it. */
  readonly sequence: number;
}

type Verb = Promise<Result<TillView, Fault>>;

/** The one door into the till for server and command line. Verbs never throw for expected failures. */
export interface Till
  extends CarryVerbs,
    ConsentVerbs,
    ListVerbs,
    OfficeVerbs,
    PaperVerbs,
    RefundVerbs,
    VisitVerbs {
  view(): TillView;
  /** Called after each change; the view is taken by `view()`. */
  subscribe(listener: () => void): () => void;

  /** Proves an operator's PIN (slowed after failures) without opening a shift: for sessions of the page. */
  checkOperator(
    credential: OperatorCredential,
    /** The quick PIN does as well. */
    options?: { readonly quick?: boolean },
  ): Promise<Result<{ number: string; name: string; role: OperatorRole }, Fault>>;
  operators(): readonly { readonly number: string; readonly name: string; readonly role: OperatorRole }[];
  openShift(operatorNumber: string): Verb;
  closeShift(): Verb;

  /** A product's code becomes a line; the QR code of an electronic certificate identifies its holder. */
  scan(code: string): Verb;
  /** `smallest`: the quantity counts smallest units of a broken pack (拆零); absent = packs. */
  addProduct(shopCode: string, quantity?: string, unit?: SaleUnit): Verb;
  /** Without a unit the line keeps its own. */
  setQuantity(lineNumber: number, quantity: string, unit?: SaleUnit): Verb;
  /** Herbal pieces (中药饮片): doses (付数, whole) × grams of one dose (每付克数) make the quantity. */
  setDoses(lineNumber: number, doses: string, gramsPerDose: string): Verb;
  /** Sells another product in the line's place, as many packs, smallest units or doses of it. */
  replaceProduct(lineNumber: number, shopCode: string): Verb;
  removeLine(lineNumber: number): Verb;
  clearSale(): Verb;
  hold(): Verb;
  recall(saleId: string): Verb;
  search(text: string, limit: number): readonly ProductView[];

  /** Reads the card in the reader again. */
  readCard(): Verb;
  dropHolder(): Verb;

  /** Identifies by identity number typed by hand, where the region allows it; the reason is recorded. */
  identifyByNumber(request: {
    readonly identityNumber: string;
    readonly name: string;
    readonly reason: string;
  }): Verb;
  /** Someone acts for the holder (代办); undefined = nobody does. */
  setActingPerson(person: ActingPerson | undefined): Verb;
  /** Holder's PIN on the card: changed by the holder; without digits the pad asks for old, new and new again. */
  changeCardPin(digits?: { readonly old: string; readonly replacement: string }): Verb;
  /** Restores the try counter of a locked PIN, by two people, where the module holds the keys. */
  unblockCardPin(second: OperatorCredential, reason: string): Verb;
  /** Ends an entry on the PIN pad. */
  cancelPinEntry(): Verb;
  openDrawer(reason: string): Verb;

  setUseAccount(useAccount: boolean): Verb;
  quote(): Verb;
  /** From confirming back to selling; nothing has happened yet. */
  backToSelling(): Verb;
  pay(request: PayRequest): Verb;
  /** After `done`: clears the screen for the next customer (a new scan does so too). */
  nextSale(): Verb;
  sellBasket(request: BasketRequest): Promise<Result<SaleReceipt, Fault>>;

  sales(businessDay?: string): readonly SaleSummary[];
  /** `by`: who looks at it, where that is a person or another program; kept with the other looks at people. */
  saleById(saleId: string, by?: string): SaleReceipt | undefined;
  /** 2103 of a done sale, by a second operator. */
  cancelSale(saleId: string, second: OperatorCredential, reason: string): Verb;
  /** Stops settling an unknown sale again; its reversal goes on. */
  giveUp(saleId: string): Verb;
  decideDispute(
    saleId: string,
    decision: 'accept' | 'cancel',
    second: OperatorCredential,
    reason: string,
  ): Verb;

  /**
   * What two people decide about a sale that nothing else can clear up; `SaleSummary.decisions` offers them. `by`:
   * who asks, when that is not the operator of the shift.
   */
  decideSale(
    saleId: string,
    decision: SaleDecision,
    second: OperatorCredential,
    reason: string,
    by?: string,
  ): Verb;

  printAgain(saleId: string): Verb;
  /** The slip of a sale as text lines and SVG picture, without printing. */
  slipPreview(saleId: string, by?: string): Result<{ readonly svg: string; readonly text: string }, Fault>;

  /** What needs a person first, then what waits, then what was uploaded lately; no more than a list can hold. */
  queue(): readonly QueueRow[];
  /** Somebody has seen what the agency changed in an upload. */
  noteAdjustment(saleId: string, by?: string): Verb;
  syncNow(): Promise<
    Result<{ readonly accepted: number; readonly rejected: number; readonly left: number }, Fault>
  >;
  /** The day's detail reconciliation (3202): proves reversals, finds and gives back second charges. */
  reconcile(
    businessDay?: string,
  ): Promise<
    Result<{ readonly proved: number; readonly returned: number; readonly differences: number }, Fault>
  >;
  /** Sells from another imported catalogue version from now on; open baskets keep their lines. */
  useCatalog(version: string, operator: string): Verb;
  /** The same with a version of the agency's own tables. */
  useAgencyCatalog(version: string): Verb;
  /** The mapping work-list, surest first; without states those that wait for a person or are to be revoked. */
  mappings(states?: readonly MappingState[], limit?: number): MappingList;
  /** Proposes national codes for every item that nobody has decided about; sure ones are confirmed. */
  matchItems(): Promise<Result<MatchOutcome, Fault>>;
  /**
   * A person's choice; undefined = the item has no national code: one that the shop's list or the agency's own
   * mappings name for it counts no more, and its lines are own pay. Lines of it in the open basket are priced anew.
   */
  decideMapping(shopCode: string, nationalCode: string | undefined): Promise<Result<MappingRow, Fault>>;
  /** Confirmed mappings to the agency (3301), revoked ones back (3302). */
  uploadMappings(): Promise<Result<UploadOutcome, Fault>>;
  revokeMapping(shopCode: string): Promise<Result<MappingRow, Fault>>;
  /** Prices in force on a day (today without one), in pieces of at most `limit`, behind `after`. */
  dayPrices(day: string | undefined, after: number, limit: number): Result<DayPrices, Fault>;
  /** Changes of prices from day to day, oldest first. */
  priceLog(
    wanted: { readonly from?: string; readonly to?: string; readonly shopCode?: string },
    limit: number,
  ): Result<readonly PriceChangeRow[], Fault>;
  /** Covered and cheaper products with the same medicine, form and strength, what spares the holder most first. */
  equivalents(shopCode: string): Result<Equivalents, Fault>;
  policies(): readonly PolicyRow[];
  /** Where the agency computed otherwise than the terminal, from day to day; today without days. */
  splitReport(fromDay?: string, toDay?: string): SplitReport;
  /** Fetches what is new in the agency's catalogue; answers at once, `catalogState` tells how far it is. */
  downloadCatalog(): Promise<Result<CatalogDownloadView, Fault>>;
  catalogState(): CatalogDownloadView;
  forceOffline(forced: boolean): Verb;
  doctor(): Promise<readonly DoctorRow[]>;
  /** What has to be uploaded, cleared up, printed or looked at before these records may go. */
  owed(): OwedList;
  /** Copies the records while the till sells; without a folder to the configured one. */
  backUp(wish: { readonly to?: string; readonly withKeys?: boolean }): Promise<Result<BackupRow, Fault>>;
  /** Looks at the whole journal and every record in short pieces; sales go on meanwhile. */
  verifyJournal(): Promise<Result<JournalVerification, Fault>>;
  devices(): readonly DeviceView[];
  /** What the customer's screen shows. */
  customer(): CustomerView;

  terminalKeys(): readonly TerminalKeyRow[];
  /** Makes the terminal's key known to the agency with its one-time code. */
  enrolKey(enrolmentCode: string): Promise<Result<TerminalKeyRow, Fault>>;
  /** A new key in the old one's name; the old one signs until the agency has taken the new one. */
  rotateKey(): Promise<Result<TerminalKeyRow, Fault>>;
  /** For a key that may be known to others: nothing is signed with it again. By two people. */
  revokeKey(second: OperatorCredential, reason: string): Promise<Result<TerminalKeyRow, Fault>>;
}
