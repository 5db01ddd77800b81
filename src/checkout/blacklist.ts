import { businessDateTime } from '#core/business-time';
import { isBlacklisted } from '#core/domain/blacklist';
import type { CardIssuerData } from '#core/domain/holder';
import { type Fault, fault } from '#core/fault';
import type { TillStore } from '#store/port';
import { StoreError } from '#store/store-error';
import type { AgencyLink } from './link.ts';
import type { CheckoutParts } from './parts.ts';

/** When the agency last said that the stored version is still the newest. */
const CONFIRMED = 'blacklist.confirmed-at-ms';
const EVERY_MS = 3_600_000;
const HOUR_MS = 3_600_000;

export interface BlacklistOptions {
  readonly parts: CheckoutParts;
  readonly link: AgencyLink;
  /** Somebody is at the counter, so that a question has a name to be asked in. */
  readonly open: () => boolean;
  readonly onChange: () => void;
}

/** Keeps the blacklist of cards fresh: at the opening of a shift, every hour, and when somebody asks for it. */
export class BlacklistKeeper {
  readonly #options: BlacklistOptions;
  #stopTimer: (() => void) | undefined;
  #fetching: Promise<void> | undefined;

  constructor(options: BlacklistOptions) {
    this.#options = options;
  }

  start(): void {
    this.#stopTimer = this.#options.parts.clock.after(EVERY_MS, () => {
      void this.fetch();
      this.start();
    });
  }

  stop(): Promise<void> {
    this.#stopTimer?.();
    return this.#fetching ?? Promise.resolve();
  }

  /** Asks for a newer list; several callers share one question. What fails is tried again later. */
  fetch(): Promise<void> {
    const { link, open } = this.#options;
    if (!link.usable() || !open()) return Promise.resolve();
    this.#fetching ??= this.#ask()
      .catch((error: unknown) => {
        // A full disk: the old list goes on and ages; the next hour tries again.
        if (!(error instanceof StoreError)) throw error;
        this.#options.parts.log.warn({ code: error.fault.code }, 'the blacklist could not be stored');
      })
      .finally(() => {
        this.#fetching = undefined;
      });
    return this.#fetching;
  }

  async #ask(): Promise<void> {
    const { parts, link, onChange } = this.#options;
    const { store, clock, agency, log } = parts;
    const version = store.blacklist()?.version ?? '';
    const outcome = await link.ask((context) => agency.blacklist(version, context));
    if (outcome.kind !== 'success') {
      log.warn({ code: outcome.fault.code }, 'the blacklist could not be fetched');
      return;
    }
    if (outcome.value !== undefined) {
      store.setBlacklist(outcome.value, clock.nowMs());
      log.info({ version: outcome.value.version, cards: outcome.value.cards.length }, 'blacklist received');
    }
    store.setSetting(CONFIRMED, String(clock.nowMs()));
    onChange();
  }
}

export function onBlacklist(store: TillStore, issuer: CardIssuerData): boolean {
  const list = store.blacklist();
  return list !== undefined && isBlacklisted(list, issuer);
}

export interface BlacklistAge {
  readonly version: string;
  /** Since the agency last vouched for it, milliseconds; negative when the clock was set back. */
  readonly ageMs: number;
}

export function blacklistAge(store: TillStore, nowMs: number): BlacklistAge | undefined {
  const list = store.blacklist();
  if (list === undefined) return undefined;
  const confirmedMs = Number(store.setting(CONFIRMED) ?? 0);
  return { version: list.version, ageMs: nowMs - Math.max(list.asOfMs, confirmedMs) };
}

/** Why the list does not allow an offline deduction, or undefined. */
export function blacklistTooOld(store: TillStore, nowMs: number, maxHours: number): Fault | undefined {
  const age = blacklistAge(store, nowMs);
  if (age === undefined) return fault('offline-blacklist-too-old', 'none');
  if (age.ageMs <= maxHours * HOUR_MS && age.ageMs >= -HOUR_MS) return undefined;
  return fault('offline-blacklist-too-old', `${age.version}, ${businessDateTime(nowMs - age.ageMs)}`);
}

export function ageInHours(ageMs: number): number {
  return Math.max(0, Math.floor(ageMs / HOUR_MS));
}
