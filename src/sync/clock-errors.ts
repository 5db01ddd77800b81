import type { AgencyPort } from '#agency/port';
import type { TillStore } from '#store/port';

const SETTING = 'clock-errors';
/** A smaller error moves no message past the days beside its own, which are asked about anyway. */
const STEP_MS = 6 * 3_600_000;
const KEPT = 16;

/**
 * How far off this till's clock has been (时钟误差), as the agency's answers told. Kept, because after a restart
 * nothing else tells on which of the agency's days a message of that time was booked: the clock may be right again.
 */
export class ClockErrors {
  readonly #store: TillStore;
  readonly #agency: Pick<AgencyPort, 'driftMs'>;
  #seen: readonly number[] | undefined;

  constructor(store: TillStore, agency: Pick<AgencyPort, 'driftMs'>) {
    this.#store = store;
    this.#agency = agency;
  }

  /** Writes down an error that was not seen before; costs nothing otherwise. */
  note(): void {
    const driftMs = this.#agency.driftMs();
    if (driftMs === undefined || Math.abs(driftMs) < STEP_MS) return;
    const seen = this.seenMs();
    if (seen.some((one) => Math.abs(one - driftMs) < STEP_MS)) return;
    const kept = [...seen, Math.round(driftMs)].slice(-KEPT);
    this.#store.setSetting(SETTING, JSON.stringify(kept));
    this.#seen = kept;
  }

  /** Agency's time minus this till's, ms, each only once within six hours. */
  seenMs(): readonly number[] {
    this.#seen ??= JSON.parse(this.#store.setting(SETTING) ?? '[]') as number[];
    return this.#seen;
  }
}
