import { businessDay } from '#core/business-time';
import type { Clock } from '#core/clock';
import type { AgencyDatabase } from '../database.ts';
import type { CatalogEntry } from '../policy.ts';
import { scaledFrom, scaledText } from '../wire.ts';

const schema = `
CREATE TABLE IF NOT EXISTS goods_change (
  sequence INTEGER PRIMARY KEY,
  national_code TEXT NOT NULL,
  from_day TEXT NOT NULL,
  change TEXT NOT NULL CHECK (change IN ('listed', 'withdrawn', 'ceiling')),
  class TEXT,
  ratio TEXT,
  ceiling TEXT
) STRICT;
`;

interface ChangeRow {
  readonly national_code: string;
  readonly from_day: string;
  readonly change: 'listed' | 'withdrawn' | 'ceiling';
  readonly class: CatalogEntry['class'] | null;
  readonly ratio: string | null;
  readonly ceiling: string | null;
}

/**
 * What settlement goes by: the entries of the start with what control changed since, each from its day on. The
 * changes are kept in the database beside the tables that tell the shops of them.
 */
export class InsuredGoods extends Map<string, CatalogEntry> {
  readonly #db: AgencyDatabase;
  readonly #clock: Clock;
  readonly #changes = new Map<string, ChangeRow[]>();

  constructor(entries: Iterable<CatalogEntry>, database: AgencyDatabase, clock: Clock) {
    super();
    for (const entry of entries) this.set(entry.nationalCode, entry);
    this.#db = database;
    this.#clock = clock;
    database.exec(schema);
    for (const row of database.prepare<[], ChangeRow>('SELECT * FROM goods_change ORDER BY sequence').all())
      this.#remember(row);
  }

  /** As it counts today. */
  override get(nationalCode: string): CatalogEntry | undefined {
    const today = businessDay(this.#clock.nowMs());
    let entry = super.get(nationalCode);
    for (const row of this.#changes.get(nationalCode) ?? [])
      if (row.from_day <= today) entry = changed(entry, row);
    return entry;
  }

  override has(nationalCode: string): boolean {
    return this.get(nationalCode) !== undefined;
  }

  list(entry: CatalogEntry, fromDay: string): void {
    this.#add({
      national_code: entry.nationalCode,
      from_day: fromDay,
      change: 'listed',
      class: entry.class,
      ratio: scaledText(entry.firstSelfPayRatio, 4),
      ceiling: entry.ceiling === undefined ? null : scaledText(entry.ceiling, 6),
    });
  }

  withdraw(nationalCode: string, fromDay: string): void {
    const none = { class: null, ratio: null, ceiling: null };
    this.#add({ national_code: nationalCode, from_day: fromDay, change: 'withdrawn', ...none });
  }

  /** Undefined = no ceiling from that day on. */
  setCeiling(nationalCode: string, ceiling: bigint | undefined, fromDay: string): void {
    this.#add({
      national_code: nationalCode,
      from_day: fromDay,
      change: 'ceiling',
      class: null,
      ratio: null,
      ceiling: ceiling === undefined ? null : scaledText(ceiling, 6),
    });
  }

  #add(row: ChangeRow): void {
    this.#db
      .prepare(
        'INSERT INTO goods_change (national_code, from_day, change, class, ratio, ceiling) VALUES (?, ?, ?, ?, ?, ?)',
      )
      .run(row.national_code, row.from_day, row.change, row.class, row.ratio, row.ceiling);
    this.#remember(row);
  }

  #remember(row: ChangeRow): void {
    this.#changes.set(row.national_code, [...(this.#changes.get(row.national_code) ?? []), row]);
  }
}

function changed(entry: CatalogEntry | undefined, row: ChangeRow): CatalogEntry | undefined {
  if (row.change === 'withdrawn') return undefined;
  const ceiling = row.ceiling === null ? undefined : scaledFrom(row.ceiling, 6);
  const limit = ceiling === undefined ? {} : { ceiling };
  if (row.change === 'ceiling') {
    if (entry === undefined) return undefined;
    const { ceiling: _before, ...rest } = entry;
    return { ...rest, ...limit };
  }
  return {
    nationalCode: row.national_code,
    class: row.class ?? 'C',
    firstSelfPayRatio: scaledFrom(row.ratio ?? '0', 4) ?? 0n,
    ...limit,
  };
}
