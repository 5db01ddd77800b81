import type Database from 'better-sqlite3';
import { z } from 'zod';
import type { InstitutionMapping, InsuranceFacts } from '#core/domain/agency-catalog';
import type { InsuranceClass } from '#core/domain/product';
import type { Ratio, UnitPrice } from '#core/money';
import type { AgencyCatalogStore } from '#core/ports/agency-catalog';
import { CatalogUnreadable } from '#core/ports/catalog-store';
import { guarded } from '../catalog/open-index.ts';
import { daysOf } from './item-row.ts';

type Lookups = Pick<AgencyCatalogStore, 'insuranceFacts' | 'institutionMapping'>;

/** Code list selfpay_prop_type: 10 is the first self-pay share, before fund and person share the rest. */
const FIRST_SELF_PAY = '10';
/** Code shown where there is no ceiling (interface 3.4). */
const NO_CEILING = 999_999_000_000n;

const regionRow = z.object({ region: z.string(), code: z.string() });
const insuredRow = z.object({
  region: z.string(),
  insurance_class: z.enum(['A', 'B', 'C']),
  limited: z.bigint(),
  remark: z.string().nullable(),
});
const amountRow = z.object({ region: z.string(), amount: z.bigint().min(0n) });

/** What insurance says: 1316 leads from the national code to the insurance list's, there 1312, 1318, 1319 begin. */
export function createInsuranceLookups(db: Database.Database, item: AgencyCatalogStore['item']): Lookups {
  const onDay = '@day BETWEEN from_day AND to_day';
  const order = 'ORDER BY from_day DESC, id DESC';
  const mapped = db.prepare<[Asked]>(
    `SELECT region, code FROM insurance_mapping WHERE national_code = @code AND ${onDay} ${order}`,
  );
  const insured = db.prepare<[Asked]>(
    `SELECT region, insurance_class, limited, remark FROM insured WHERE code = @code AND ${onDay} ${order}`,
  );
  const ceilings = db.prepare<[Asked]>(
    `SELECT region, ceiling AS amount FROM ceiling WHERE code = @code AND ${onDay} ORDER BY ceiling`,
  );
  const shares = db.prepare<[Asked & { type: string }]>(
    `SELECT region, ratio AS amount FROM self_pay
     WHERE code = @code AND ratio_type = @type AND ${onDay} ORDER BY ratio DESC`,
  );
  const anyOfRegion = db.prepare<[string]>('SELECT 1 FROM insured WHERE region = ? LIMIT 1');
  const isListed = (region: string) => placesOf(region).some((place) => anyOfRegion.get(place) !== undefined);
  return {
    insuranceFacts: guarded((nationalCode, region, day) => {
      const listed = item(nationalCode, day);
      const [mapping] = nearest(rows(mapped.all({ code: nationalCode, day }), regionRow), region);
      // Where no row of 1316 leads on, the region lists things under the national code itself.
      const asked = { code: mapping?.code ?? nationalCode, day };
      const [entry] = nearest(rows(insured.all(asked), insuredRow), region);
      // A region whose list is there covers what is in it and nothing else; without its list 1301 tells the class.
      if (entry === undefined && (listed === undefined || isListed(region))) return undefined;
      const ceiling = nearest(rows(ceilings.all(asked), amountRow), region).find(
        ({ amount }) => amount < NO_CEILING,
      )?.amount;
      // Shares may differ by kinds of persons, whose code list is not public: the greatest is shown, so that
      // nobody is promised more than the agency then pays.
      const [share] = nearest(rows(shares.all({ ...asked, type: FIRST_SELF_PAY }), amountRow), region);
      return factsOf({ nationalCode, listed, entry, ceiling, ratio: share?.amount });
    }),
    institutionMapping: createInstitutionMapping(db),
  };
}

interface Asked {
  readonly code: string;
  readonly day: string;
}

interface Found {
  readonly nationalCode: string;
  readonly listed: ReturnType<AgencyCatalogStore['item']>;
  readonly entry: z.infer<typeof insuredRow> | undefined;
  readonly ceiling: bigint | undefined;
  readonly ratio: bigint | undefined;
}

function factsOf({ nationalCode, listed, entry, ceiling, ratio }: Found): InsuranceFacts {
  const insuranceClass: InsuranceClass | undefined = entry?.insurance_class ?? listed?.insuranceClass;
  const remark = entry?.remark ?? listed?.remark;
  return {
    nationalCode,
    ...(insuranceClass === undefined ? {} : { insuranceClass }),
    ...(ratio === undefined ? {} : { firstSelfPayRatio: ratio as Ratio }),
    ...(ceiling === undefined ? {} : { ceiling: ceiling as UnitPrice }),
    ...(listed?.restriction === undefined ? {} : { restriction: listed.restriction }),
    ...(remark === undefined ? {} : { remark }),
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

/**
 * The rows of the region itself, else of its city, else of its province: people are insured in a district, and
 * tables are often kept for the city (`xx xx 00`) or the province (`xx 00 00`) it belongs to.
 */
function nearest<Row extends { readonly region: string }>(
  all: readonly Row[],
  region: string,
): readonly Row[] {
  for (const place of placesOf(region)) {
    const found = all.filter((row) => row.region === place);
    if (found.length > 0) return found;
  }
  return [];
}

function placesOf(region: string): readonly string[] {
  return [region, `${region.slice(0, 4)}00`, `${region.slice(0, 2)}0000`];
}

/** Checked once at the border: a page that SQLite could still read may hold nonsense. */
function rows<Shape extends z.ZodType>(found: unknown[], shape: Shape): z.output<Shape>[] {
  return found.map((row) => {
    const checked = shape.safeParse(row);
    if (!checked.success) throw new CatalogUnreadable('a row of an insurance table does not fit');
    return checked.data;
  });
}
