import { z } from 'zod';
import type { MappingUpload } from '../port.ts';
import { inDate, inPattern, inRequired, inText } from '../wire.ts';

/** Most rows of one 3301. */
export const MOST_MAPPINGS = 100;

/** Code list list_type: the kinds of things that an institution maps. */
const inListType = inPattern(/^(?:10[1-6]|[235]01)$/, 'a kind of list');

/** 3301 目录对照上传, one row of the list `data` (table 7.1). Optional columns are left out when empty. */
const mappingRow = z.strictObject({
  fixmedins_hilist_id: inRequired(30),
  fixmedins_hilist_name: inRequired(200),
  list_type: inListType,
  med_list_codg: inRequired(30),
  begndate: inDate,
  enddate: inDate,
  aprvno: inText(30).optional(),
  dosform: inText(200).optional(),
  spec: inText(200).optional(),
  pacspec: inText(100).optional(),
});

export const mappingInput = z.strictObject({ data: z.array(mappingRow).min(1).max(MOST_MAPPINGS) });
export type MappingInput = z.infer<typeof mappingInput>;

/** 3302 目录对照撤销 (table 7.2). */
export const revocationInput = z.strictObject({
  data: z.strictObject({
    fixmedins_code: inRequired(30),
    fixmedins_hilist_id: inRequired(30),
    list_type: inListType,
    med_list_codg: inRequired(30),
  }),
});
export type RevocationInput = z.infer<typeof revocationInput>;

export function mappingRequest(items: readonly MappingUpload[]): MappingInput {
  return { data: items.map(mappingRowOf) };
}

export function mappingRowOf(item: MappingUpload): MappingInput['data'][number] {
  const { approvalNumber, form, specification, packing } = item;
  return {
    fixmedins_hilist_id: item.shopCode,
    fixmedins_hilist_name: item.name,
    list_type: item.listType,
    med_list_codg: item.nationalCode,
    begndate: item.from,
    enddate: item.to,
    ...(approvalNumber === undefined ? {} : { aprvno: approvalNumber }),
    ...(form === undefined ? {} : { dosform: form }),
    ...(specification === undefined ? {} : { spec: specification }),
    ...(packing === undefined ? {} : { pacspec: packing }),
  };
}

export function revocationRequest(
  item: Pick<MappingUpload, 'shopCode' | 'listType' | 'nationalCode'>,
  institutionCode: string,
): RevocationInput {
  return {
    data: {
      fixmedins_code: institutionCode,
      fixmedins_hilist_id: item.shopCode,
      list_type: item.listType,
      med_list_codg: item.nationalCode,
    },
  };
}
