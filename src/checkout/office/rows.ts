import type { ConfigProblem } from '#core/config/parse';
import type { Look } from '#core/domain/operator-record';
import type { OperatorRole, Right } from '#core/domain/rights';
import type { Fault } from '#core/fault';
import type { Result } from '#core/result';

/** As the facade's `OperatorCredential`. */
interface Credential {
  readonly number: string;
  readonly pin: string;
}

/** What a look at journal and records of this till found. */
export interface JournalVerification {
  readonly at: string;
  readonly sound: boolean;
  readonly entries: number;
  readonly head: { readonly sequence: number; readonly code: string };
  readonly findingCount: number;
  /** The first hundred. */
  readonly findings: readonly {
    readonly kind: string;
    readonly sequence?: number;
    readonly saleNumber?: string;
    readonly zh: string;
    readonly en: string;
  }[];
  /** Entries up to here stand under a good signature; 0 = none. */
  readonly signedUpTo: number;
  /** Up to here the anchor in the second folder proves that nothing was cut off; absent without one. */
  readonly provedUpTo?: number;
}

/** An operator in the list of the back office. */
export interface OperatorRow {
  readonly number: string;
  readonly name: string;
  readonly role: OperatorRole;
  readonly rights: readonly Right[];
  readonly state: 'active' | 'disabled';
  /** Last day on which the operator may sign in. */
  readonly until?: string;
  readonly quickPin: boolean;
  readonly from: 'configuration' | 'records';
  readonly changedAt?: string;
  readonly changedBy?: string;
}

/** A step for two that one person took alone. */
export interface GlassRow {
  /** Its place in the journal. */
  readonly id: string;
  readonly at: string;
  readonly operator: string;
  readonly what: string;
  readonly reason: string;
}

/** Who asks for a step of two people, who the other one is, and why. */
export interface TwoPeople {
  readonly first: string;
  readonly second: Credential;
  readonly reason: string;
}

export interface NewOperator {
  readonly number: string;
  readonly name: string;
  readonly role: OperatorRole;
  readonly password: string;
  /** Last day; absent = without end. */
  readonly until?: string;
}

/** What is to be changed; what is absent stays. */
export interface OperatorChange {
  readonly name?: string;
  readonly role?: OperatorRole;
  readonly state?: 'active' | 'disabled';
  readonly password?: string;
  /** null = without end. */
  readonly until?: string | null;
}

/** How far a look at the whole journal is, and what the last one found. */
export interface VerifyState {
  readonly running: boolean;
  /** Entries looked at, of how many at the start. */
  readonly done: number;
  readonly total: number;
  readonly last?: JournalVerification;
}

/** One look at a person's data. */
export interface LookRow {
  readonly at: string;
  readonly operator: string;
  readonly operatorName: string;
  readonly holder: string;
  readonly medium?: string;
  readonly why: 'sale' | 'enquiry' | Exclude<Look['why'], 'counter'>;
  readonly saleNumber?: string;
}

/** A day in numbers; amounts in yuan. */
export interface DayPicture {
  readonly day: string;
  readonly sales: number;
  readonly total: string;
  /** Only hours with sales or refusals. */
  readonly hours: readonly {
    readonly hour: number;
    readonly sales: number;
    readonly total: string;
    readonly refused: number;
  }[];
  /** Seconds from the first line to the end, and of it the program's own from the payment key on. */
  readonly times: {
    readonly measured: number;
    readonly median: number;
    readonly slowest: number;
    readonly machineMedian: number;
    readonly bands: readonly { readonly upTo?: number; readonly sales: number }[];
  };
  readonly payers: readonly {
    readonly payer: 'fund' | 'account' | 'family' | 'institution' | 'cash' | 'mobile';
    readonly amount: string;
    readonly sales: number;
  }[];
  readonly refusals: readonly {
    readonly code: string;
    readonly zh: string;
    readonly en: string;
    readonly count: number;
  }[];
  /** Sales by their end. */
  readonly ends: { readonly insured: number; readonly offline: number; readonly ownPay: number };
  readonly cancelled: number;
  readonly unclear: number;
}

/** One key of the configuration as it counts now. */
export interface SettingRow {
  readonly key: string;
  readonly value: string;
  /** Whether it is the default. */
  readonly standard: boolean;
}

export interface SettingsView {
  /** Absent: the shop has no file, all keys are defaults. */
  readonly file?: string;
  readonly rows: readonly SettingRow[];
}

/** What the check of the configuration file, as at the start, says of it now. */
export interface SettingsCheck {
  readonly at: string;
  readonly sound: boolean;
  /** Whether the program would run with other values after a restart. */
  readonly changed: boolean;
  readonly problems: readonly ConfigProblem[];
  readonly fault?: Fault;
}

/** The part of the facade that is the back office. */
export interface OfficeVerbs {
  /** Role of somebody who may sign in now; undefined for everybody else. */
  operatorRole(number: string): OperatorRole | undefined;
  /** Number of the operator whose shift is open. */
  shiftOperator(): string | undefined;
  /** Minutes without a key or a touch after which a page locks itself; 0 = never. */
  lockMinutes(): number;
  /** Proves a second person's password before anything is done; `first` is who asks. */
  checkSecond(
    second: Credential,
    first: string,
  ): Promise<Result<{ number: string; name: string; role: OperatorRole }, Fault>>;
  operatorRows(): readonly OperatorRow[];
  /** By two people, as every change of somebody else: else one could make the second person up. */
  addOperator(wish: NewOperator, two: TwoPeople): Promise<Result<OperatorRow, Fault>>;
  changeOperator(number: string, wish: OperatorChange, two: TwoPeople): Promise<Result<OperatorRow, Fault>>;
  /** One's own password, or quick PIN (null = none any more), with the old password. */
  changeOwnSecret(
    old: Credential,
    change:
      | { readonly kind: 'password'; readonly to: string }
      | { readonly kind: 'quick'; readonly to: string | null },
  ): Promise<Result<OperatorRow, Fault>>;
  /** The first manager of a new shop, while it has no operator at all; afterwards two people add others. */
  addFirstManager(wish: Omit<NewOperator, 'role' | 'until'>): Promise<Result<OperatorRow, Fault>>;
  glassRows(): readonly GlassRow[];
  seeGlass(id: string, operator: string): Result<void, Fault>;
  /** Begins a look at the whole journal unless one runs. */
  startVerify(): VerifyState;
  verifyState(): VerifyState;
  looks(day: string | undefined): readonly LookRow[];
  dayPicture(day: string | undefined): DayPicture;
  settings(): SettingsView;
  checkSettings(): Promise<SettingsCheck>;
}
