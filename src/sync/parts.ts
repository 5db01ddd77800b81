import type { AgencyOutcome, AgencyPort, MessageContext } from '#agency/port';
import type { Clock } from '#core/clock';
import type { StoredMessage } from '#core/domain/message';
import type { ClearingKey } from '#core/domain/sale';
import type { TillStore } from '#store/port';
import type { Ages } from './ages.ts';
import type { ClockErrors } from './clock-errors.ts';
import type { Pace } from './pace.ts';
import type { PersonTurns } from './person-turns.ts';

export interface SyncLog {
  info(facts: Readonly<Record<string, unknown>>, message: string): void;
  warn(facts: Readonly<Record<string, unknown>>, message: string): void;
  error(facts: Readonly<Record<string, unknown>>, message: string): void;
}

export interface SyncOptions {
  /** After this time a request can no longer be on its way (请求最长在途时间). */
  readonly requestLifeMs: number;
  /** Waits between tries: `backoffBaseMs` doubled each time up to `backoffCapMs`, times 0.5 to 1 at random. */
  readonly backoffBaseMs: number;
  readonly backoffCapMs: number;
  /** 0 ≤ value < 1; for jitter only. */
  readonly random: () => number;
  readonly afterUnknown: 'settle-again' | 'give-up';
  /** Lanes uploaded at the same time. */
  readonly uploadsAtOnce: number;
  readonly uploadRandomStartMs: number;
  readonly uploadBatch: number;
  readonly uploadPauseMs: number;
  /** Clearing keys to compare under before the agency has told any. */
  readonly clearing: readonly ClearingKey[];
}

export interface SyncLink {
  /** Whether a message may be sent to the agency now. */
  usable(): boolean;
  report(outcome: AgencyOutcome<unknown>): void;
}

/** What the workers share. */
export interface SyncParts {
  readonly store: TillStore;
  readonly agency: AgencyPort;
  readonly clock: Clock;
  readonly context: () => MessageContext | undefined;
  readonly link: SyncLink;
  readonly options: SyncOptions;
  readonly onChange: () => void;
  readonly log: SyncLog;
  readonly ages: Ages;
  readonly clockErrors: ClockErrors;
  readonly pace: Pace;
  readonly turns: PersonTurns;
  /** Whether the time of a sale allows its upload to begin; absent = always. */
  readonly mayUpload?: (saleId: string) => boolean;
  /** Whether other records of this till know a message: what it booked is no riddle then. */
  readonly knownElsewhere?: (messageId: string) => boolean;
  /** Sales on which a step is under way: one step per sale at a time. */
  readonly busy: Set<string>;
  /** Messages that were sent and whose outcome could not be written down. */
  readonly orphans: Map<string, StoredMessage>;
}

/** Settings row that says that a person gave the sale up; it survives a restart. */
export function giveUpSetting(saleId: string): string {
  return `give-up:${saleId}`;
}

/** Whether an unknown sale is to be given up instead of settled again. */
export function givenUp(parts: Pick<SyncParts, 'store' | 'options'>, saleId: string): boolean {
  return parts.options.afterUnknown === 'give-up' || parts.store.setting(giveUpSetting(saleId)) === 'yes';
}

/** Back-off before try number `attempt` (2 = the first repetition), with jitter, ms. */
export function backoffMs(options: SyncOptions, attempt: number): number {
  const doubled = options.backoffBaseMs * 2 ** Math.min(20, Math.max(0, attempt - 2));
  return Math.min(options.backoffCapMs, doubled) * (0.5 + options.random() / 2);
}
