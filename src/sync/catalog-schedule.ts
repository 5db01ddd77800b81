import { businessDay, parseBusinessDateTime } from '#core/business-time';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** From 01:00 to 05:00 Asia/Shanghai: shops sleep, and not all of them ask at once. */
const NIGHT_BEGINS_MS = 1 * HOUR_MS;
const NIGHT_MINUTES = 240;

/** When the nightly download is due: a random minute of each night, and at once when one was missed. */
export class CatalogSchedule {
  readonly #random: () => number;
  /** The minute is drawn once for each night. */
  #drawn: { readonly day: string; readonly slotMs: number } | undefined;

  constructor(random: () => number) {
    this.#random = random;
  }

  isDue(nowMs: number, lastDoneMs: number | undefined): boolean {
    const today = startOfDay(nowMs);
    const night = nowMs >= this.#slotOf(nowMs) ? today : startOfDay(today - HOUR_MS);
    return lastDoneMs === undefined || lastDoneMs < night + NIGHT_BEGINS_MS;
  }

  /** The next minute drawn, tonight's or tomorrow's. */
  nextMs(nowMs: number): number {
    const slotMs = this.#slotOf(nowMs);
    return slotMs > nowMs ? slotMs : startOfDay(nowMs) + DAY_MS + NIGHT_BEGINS_MS;
  }

  #slotOf(nowMs: number): number {
    const day = businessDay(nowMs);
    if (this.#drawn?.day !== day) {
      const minute = Math.floor(this.#random() * NIGHT_MINUTES);
      this.#drawn = { day, slotMs: startOfDay(nowMs) + NIGHT_BEGINS_MS + minute * 60_000 };
    }
    return this.#drawn.slotMs;
  }
}

function startOfDay(nowMs: number): number {
  return parseBusinessDateTime(`${businessDay(nowMs)} 00:00:00`) ?? nowMs;
}
