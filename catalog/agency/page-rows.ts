import { z } from 'zod';
import type {
  AgencyCatalogRow,
  AgencyTable,
  CeilingEntry,
  FirstSelfPayEntry,
  InstitutionMapping,
  InsuranceEntry,
  InsuranceMapping,
} from '#core/domain/agency-catalog';
import { parseRatio, parseUnitPrice, type Ratio, type UnitPrice } from '#core/money';
import { isGarbled } from '../import/decode.ts';
import { plainDay } from './cells.ts';
import type { Problems } from './problems.ts';
import { rememberedOwn } from './remembered.ts';

/** Tables whose rows come page by page (interface 3.4). */
export type PageTable = Extract<AgencyTable, '1312' | '1316' | '1317' | '1318' | '1319'>;

const isNoise = rememberedOwn(isGarbled);
const isDay = rememberedOwn((text) => plainDay(text) === text);

const text = (longest: number) =>
  z
    .string()
    .max(longest)
    .refine((value) => !/[\p{Cc}\uFFFD]/u.test(value), 'has control characters or lost ones');
const code = (longest: number) =>
  z
    .string()
    .max(longest)
    .regex(/^[\x21-\x7e]+$/, 'must be letters, digits or signs');
const name = text(4000)
  .min(1)
  .refine((value) => !isNoise(value), 'is garbled text');
const day = z.string().refine(isDay, 'must be a day as yyyy-MM-dd');
const region = z.string().regex(/^\d{6}$/, 'must have six digits');

/** Amounts stand in quotes: a bare JSON number may have lost digits before it is read. */
const unitPrice = z.string().transform((value, context): UnitPrice => {
  const parsed = parseUnitPrice(value);
  if (parsed.ok) return parsed.value;
  context.addIssue('must be an amount of yuan with at most six decimals');
  return z.NEVER;
});
const ratio = z.string().transform((value, context): Ratio => {
  const parsed = parseRatio(value);
  if (parsed.ok) return parsed.value;
  context.addIssue('must be a share from 0 to 1 with at most four decimals');
  return z.NEVER;
});

const common = {
  recordId: code(64),
  valid: z.boolean(),
  version: code(40),
  from: day.optional(),
  to: day.optional(),
};

const shapes = {
  '1312': z.strictObject({
    table: z.literal('1312'),
    ...common,
    code: code(150),
    name,
    region,
    insuranceClass: z.enum(['A', 'B', 'C']),
    limited: z.boolean(),
    remark: text(4000).optional(),
  }),
  '1316': z.strictObject({
    table: z.literal('1316'),
    ...common,
    nationalCode: code(150),
    code: code(150),
    region,
  }),
  '1317': z.strictObject({
    table: z.literal('1317'),
    ...common,
    shopCode: text(150).min(1),
    nationalCode: code(150),
    listType: code(30),
  }),
  '1318': z.strictObject({
    table: z.literal('1318'),
    ...common,
    code: code(150),
    region,
    limitType: text(30),
    ceiling: unitPrice,
  }),
  '1319': z.strictObject({
    table: z.literal('1319'),
    ...common,
    code: code(150),
    region,
    personType: text(30),
    ratioType: text(30),
    ratio,
  }),
} as const;

type PageRow = InsuranceEntry | InsuranceMapping | InstitutionMapping | CeilingEntry | FirstSelfPayEntry;

export function isPageTable(table: AgencyTable): table is PageTable {
  return Object.hasOwn(shapes, table);
}

/**
 * Reads one line of a paged table: a JSON object with the property names of its domain type, as
 * `CatalogPage.lines` of the agency's port gives it. Undefined when something is wrong with it.
 */
export function readPageRow(
  table: PageTable,
  json: string,
  line: number,
  problems: Problems,
): AgencyCatalogRow | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    problems.error({ line, value: json.slice(0, 60), zh: '不是一行 JSON', en: 'is no line of JSON' });
    return undefined;
  }
  const parsed = shapes[table].safeParse(value);
  if (parsed.success) return pageRow(parsed.data, line, problems);
  for (const { path, message } of parsed.error.issues) {
    const column = path.join('.');
    problems.error({ line, ...(column === '' ? {} : { column }), zh: `这一项不对：${message}`, en: message });
  }
  return undefined;
}

type Parsed = z.output<(typeof shapes)[PageTable]>;

/** Keys that are not there are left out again: zod may give them as undefined. */
function pageRow(parsed: Parsed, line: number, problems: Problems): AgencyCatalogRow | undefined {
  const { from, to, ...rest } = parsed;
  if (from !== undefined && to !== undefined && to < from) {
    problems.error({
      line,
      column: 'to',
      value: to,
      zh: '结束日期早于开始日期',
      en: 'ends before it begins',
    });
    return undefined;
  }
  const days = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  if (rest.table !== '1312') return { ...rest, ...days } satisfies PageRow;
  const { remark, ...entry } = rest;
  return { ...entry, ...days, ...(remark === undefined ? {} : { remark }) };
}
