import type Database from 'better-sqlite3';
import { z } from 'zod';
import type { InstitutionMapping, InsuranceFacts } from '#core/domain/agency-catalog';
import type { InsuranceClass } from '#core/domain/product';
import type { Ratio, UnitPrice } from '#core/money';
import type { AgencyCatalogStore } from '#core/ports/agency-catalog';
import { CatalogUnreadable } from '#core/ports/catalog-store';
import { guarded } from '../catalog-file/read-file.ts';
import { daysOf } from './item-row.ts';

type Lookups = Pick<AgencyCatalogStore, 'insuranceFacts' | 'institutionMapping'>;

/** Code list selfpay_prop_type: 10 is the first self-pay share, before fund and person share the rest. */
const FIRST_SELF_PAY = '10';
/** Code shown where there is no ceiling (interface 3.4). */
const NO_CEILING = 999_999_000_000n;

/** Everything that decides about one national code, in one row; null = no such row of that table. */
const factsRow = z.object({
  has_item: z.bigint(),
  item_class: z.enum(['A', 'B', 'C']).nullable(),
  restriction: z.string().nullable(),
  item_remark: z.string().nullable(),
  insured_class: z.enum(['A', 'B', 'C']).nullable(),
  insured_remark: z.string().nullable(),
  ceiling: z.bigint().min(0n).nullable(),
  ratio: z.bigint().min(0n).nullable(),
});

type FactsRow = z.infer<typeof factsRow>;

/**
 * The rows of the region itself, else of its city, else of its province: people are insured in a district, and
 * tables are often kept for the city (`xx xx 00`) or the province (`xx 00 00`) it belongs to.
 */
const NEAR = '@day BETWEEN from_day AND to_day AND region IN (@region, @city, @province)';
const NEAREST = '(region = @region) DESC, (region = @city) DESC';
const LATEST = 'from_day DESC, id DESC';

/**
 * One statement, because a scan waits for it. Where no row of 1316 leads on, the region lists things under the
 * national code itself. Shares may differ by kinds of persons, whose code list is not public: the greatest is
 * taken, so that nobody is promised more than the agency then pays.
 */
const FACTS = `
  WITH listed AS (SELECT coalesce(
    (SELECT code FROM insurance_mapping WHERE national_code = @code AND ${NEAR}
     ORDER BY ${NEAREST}, ${LATEST} LIMIT 1), @code) AS code)
  SELECT i.id IS NOT NULL AS has_item, i.insurance_class AS item_class, i.restriction, i.remark AS item_remark,
    e.insurance_class AS insured_class, e.remark AS insured_remark,
    (SELECT ceiling FROM ceiling WHERE code = listed.code AND ${NEAR} ORDER BY ${NEAREST}, ceiling LIMIT 1)
      AS ceiling,
    (SELECT ratio FROM self_pay WHERE code = listed.code AND ratio_type = '${FIRST_SELF_PAY}' AND ${NEAR}
     ORDER BY ${NEAREST}, ratio DESC LIMIT 1) AS ratio
  FROM listed
  LEFT JOIN item i ON i.id = (SELECT id FROM item
    WHERE national_code = @code AND @day BETWEEN from_day AND to_day ORDER BY ${LATEST} LIMIT 1)
  LEFT JOIN insured e ON e.id = (SELECT id FROM insured
    WHERE code = listed.code AND ${NEAR} ORDER BY ${NEAREST}, ${LATEST} LIMIT 1)`;

/** What insurance says: 1316 leads from the national code to the insurance list's, there 1312, 1318, 1319 begin. */
export function createInsuranceLookups(db: Database.Database): Lookups {
  const facts = db.prepare<[Asked]>(FACTS);
  const anyOfRegion = db.prepare<[string]>('SELECT 1 FROM insured WHERE region = ? LIMIT 1');
  const isListed = (places: readonly string[]) =>
    places.some((place) => anyOfRegion.get(place) !== undefined);
  return {
    insuranceFacts: guarded((code, region, day) => {
      const [city, province] = [`${region.slice(0, 4)}00`, `${region.slice(0, 2)}0000`];
      const checked = factsRow.safeParse(facts.get({ code, day, region, city, province }));
      if (!checked.success) throw new CatalogUnreadable('a row of an insurance table does not fit');
      const row = checked.data;
      // A region whose list is there covers what is in it and nothing else; without its list 1301 tells the class.
      const isAbsent = row.insured_class === null;
      if (isAbsent && (row.has_item === 0n || isListed([region, city, province]))) return undefined;
      return factsOf(code, row);
    }),
    institutionMapping: createInstitutionMapping(db),
  };
}

interface Asked {
  readonly code: string;
  readonly day: string;
  readonly region: string;
  readonly city: string;
  readonly province: string;
}

function factsOf(nationalCode: string, row: FactsRow): InsuranceFacts {
  const insuranceClass: InsuranceClass | null = row.insured_class ?? row.item_class;
  const remark = row.insured_remark ?? row.item_remark;
  const ceiling = row.ceiling !== null && row.ceiling < NO_CEILING ? row.ceiling : null;
  return {
    nationalCode,
    ...(insuranceClass === null ? {} : { insuranceClass }),
    ...(row.ratio === null ? {} : { firstSelfPayRatio: row.ratio as Ratio }),
    ...(ceiling === null ? {} : { ceiling: ceiling as UnitPrice }),
    ...(row.restriction === null ? {} : { restriction: row.restriction }),
    ...(remark === null ? {} : { remark }),
  };
}

function createInstitutionMapping(db: Database.Database): Lookups['institutionMapping'] {
  const select = db.prepare<[{ shopCode: string; day: string }]>(
    `SELECT * FROM institution_mapping WHERE shop_code = @shopCode AND @day BETWEEN from_day AND to_day
     ORDER BY from_day DESC, id DESC LIMIT 1`,
  );
  return guarded((shopCode, day): InstitutionMapping | undefined => {
    const [row] = rows(select.all({ shopCode, day }), institutionRow);
    if (row === undefined) return undefined;
    return {
      table: '1317',
      recordId: row.record_id,
      valid: true,
      version: row.version,
      ...daysOf(row),
      shopCode: row.shop_code,
      nationalCode: row.national_code,
      listType: row.list_type,
    };
  });
}

const institutionRow = z.object({
  record_id: z.string(),
  version: z.string(),
  from_day: z.string(),
  to_day: z.string(),
  shop_code: z.string(),
  national_code: z.string(),
  list_type: z.string(),
});

/** Checked once at the border: a page that SQLite could still read may hold nonsense. */
function rows<Shape extends z.ZodType>(found: unknown[], shape: Shape): z.output<Shape>[] {
  return found.map((row) => {
    const checked = shape.safeParse(row);
    if (!checked.success) throw new CatalogUnreadable('a row of an insurance table does not fit');
    return checked.data;
  });
}
