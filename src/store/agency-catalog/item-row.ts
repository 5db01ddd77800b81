import { z } from 'zod';
import type { ListedDisease, ListedItem } from '#core/domain/agency-catalog';
import { CatalogUnreadable } from '#core/ports/catalog-store';
import { ALWAYS, FOREVER } from './schema.ts';

const common = {
  record_id: z.string(),
  version: z.string(),
  from_day: z.string(),
  to_day: z.string(),
};

/** Days as the domain has them: absent where a row says none. */
export function daysOf({ from_day, to_day }: { from_day: string; to_day: string }): {
  readonly from?: string;
  readonly to?: string;
} {
  return {
    ...(from_day === ALWAYS ? {} : { from: from_day }),
    ...(to_day === FOREVER ? {} : { to: to_day }),
  };
}

const text = z.string().nullable();

/** A row of `item` read with safe integers. */
const itemShape = z.object({
  ...common,
  table_id: z.enum(['1301', '1302', '1303', '1305', '1306']),
  national_code: z.string(),
  name: z.string(),
  trade_name: text,
  registered_name: text,
  aliases: text,
  standard_code: text,
  form: text,
  list_form: text,
  specification: text,
  packing: text,
  units_per_pack: text,
  pack_unit: text,
  smallest_unit: text,
  maker: text,
  approval_number: text,
  prescription_only: z.bigint().nullable(),
  insurance_class: z.enum(['A', 'B', 'C']).nullable(),
  restriction: text,
  remark: text,
  pinyin: text,
  wubi: text,
});

/** Checked once at the border: a page that SQLite could still read may hold nonsense. */
export function toItem(row: unknown): ListedItem {
  const checked = itemShape.safeParse(row);
  if (!checked.success) throw new CatalogUnreadable('a row of an item does not fit its table');
  const value = checked.data;
  return {
    table: value.table_id,
    recordId: value.record_id,
    valid: true,
    version: value.version,
    ...daysOf(value),
    nationalCode: value.national_code,
    name: value.name,
    ...(value.trade_name === null ? {} : { tradeName: value.trade_name }),
    ...(value.registered_name === null ? {} : { registeredName: value.registered_name }),
    ...(value.aliases === null ? {} : { aliases: value.aliases }),
    ...(value.standard_code === null ? {} : { standardCode: value.standard_code }),
    ...(value.form === null ? {} : { form: value.form }),
    ...(value.list_form === null ? {} : { listForm: value.list_form }),
    ...(value.specification === null ? {} : { specification: value.specification }),
    ...(value.packing === null ? {} : { packing: value.packing }),
    ...(value.units_per_pack === null ? {} : { unitsPerPack: value.units_per_pack }),
    ...(value.pack_unit === null ? {} : { packUnit: value.pack_unit }),
    ...(value.smallest_unit === null ? {} : { smallestUnit: value.smallest_unit }),
    ...(value.maker === null ? {} : { maker: value.maker }),
    ...(value.approval_number === null ? {} : { approvalNumber: value.approval_number }),
    ...(value.prescription_only === null ? {} : { prescriptionOnly: value.prescription_only !== 0n }),
    ...(value.insurance_class === null ? {} : { insuranceClass: value.insurance_class }),
    ...(value.restriction === null ? {} : { restriction: value.restriction }),
    ...(value.remark === null ? {} : { remark: value.remark }),
    ...(value.pinyin === null ? {} : { pinyin: value.pinyin }),
    ...(value.wubi === null ? {} : { wubi: value.wubi }),
  };
}

const diseaseShape = z.object({
  ...common,
  table_id: z.enum(['1307', '1309']),
  code: z.string(),
  name: z.string(),
  region: text,
});

export function toDisease(row: unknown): ListedDisease {
  const checked = diseaseShape.safeParse(row);
  if (!checked.success) throw new CatalogUnreadable('a row of a disease does not fit its table');
  const { table_id: table, record_id: recordId, version, code, name, region } = checked.data;
  return {
    table,
    recordId,
    valid: true,
    version,
    ...daysOf(checked.data),
    code,
    name,
    ...(region === null ? {} : { region }),
  };
}
