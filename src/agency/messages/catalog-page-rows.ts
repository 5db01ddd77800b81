import { z } from 'zod';
import type { AgencyRow } from '#core/domain/agency-catalog';
import type { InsuranceClass } from '#core/domain/product';
import { outDay, outDayMaybe, outPriceText, outRatioText, outRequired, outText } from '../wire.ts';

/** Tables that come in pages. */
export type PagedTable = '1312' | '1316' | '1317' | '1318' | '1319';

/** Code list chrgitm_lv (收费项目等级). */
const CLASSES: ReadonlyMap<string, InsuranceClass> = new Map([
  ['01', 'A'],
  ['02', 'B'],
  ['03', 'C'],
]);

const insuranceClass = outRequired(3).transform((code, context): InsuranceClass => {
  const found = CLASSES.get(code);
  if (found !== undefined) return found;
  context.addIssue('is not a class');
  return z.NEVER;
});

/** Code list vali_flag: 1 in force; 0 withdrawn; 2 held by a reversal at the office, so not in force either. */
const validity = outRequired(3).transform((code, context): boolean => {
  if (/^[012]$/.test(code)) return code === '1';
  context.addIssue('is not a state');
  return z.NEVER;
});

/** Code list yes_no_flag. */
const yesOrNo = outRequired(3).transform((code, context): boolean => {
  if (/^[01]$/.test(code)) return code === '1';
  context.addIssue('is neither yes nor no');
  return z.NEVER;
});

const code = outRequired(30);
const region = outRequired(6);

/** Members of every row (section 3.4). */
const common = {
  rid: outRequired(64),
  vali_flag: validity,
  updt_time: outDay,
  begndate: outDay,
  enddate: outDayMaybe,
};

interface Common {
  readonly rid: string;
  readonly vali_flag: boolean;
  readonly updt_time: string;
  readonly begndate: string;
  readonly enddate?: string | undefined;
}

function head<T extends PagedTable>(table: T, row: Common): AgencyRow & { readonly table: T } {
  return {
    table,
    recordId: row.rid,
    valid: row.vali_flag,
    version: row.updt_time,
    from: row.begndate,
    ...(row.enddate === undefined ? {} : { to: row.enddate }),
  };
}

const insuranceEntry = z
  .object({
    ...common,
    hilist_code: code,
    hilist_name: outRequired(200),
    insu_admdvs: region,
    chrgitm_lv: insuranceClass,
    lmt_used_flag: yesOrNo,
    memo: outText(500),
  })
  .transform((row) => ({
    ...head('1312', row),
    code: row.hilist_code,
    name: row.hilist_name,
    region: row.insu_admdvs,
    insuranceClass: row.chrgitm_lv,
    limited: row.lmt_used_flag,
    ...(row.memo === '' ? {} : { remark: row.memo }),
  }));

const insuranceMapping = z
  .object({ ...common, med_list_codg: outRequired(50), hilist_code: code, insu_admdvs: region })
  .transform((row) => ({
    ...head('1316', row),
    nationalCode: row.med_list_codg,
    code: row.hilist_code,
    region: row.insu_admdvs,
  }));

const institutionMapping = (institutionCode: string) =>
  z
    .object({
      ...common,
      fixmedins_code: outRequired(30).refine((text) => text === institutionCode, 'of another institution'),
      medins_list_codg: outRequired(150),
      med_list_codg: outRequired(50),
      list_type: outRequired(30),
    })
    .transform((row) => ({
      ...head('1317', row),
      shopCode: row.medins_list_codg,
      nationalCode: row.med_list_codg,
      listType: row.list_type,
    }));

const ceilingEntry = z
  .object({
    ...common,
    hilist_code: code,
    insu_admdvs: region,
    hilist_lmtpric_type: outRequired(6),
    hilist_pric_uplmt_amt: outPriceText,
  })
  .transform((row) => ({
    ...head('1318', row),
    code: row.hilist_code,
    region: row.insu_admdvs,
    limitType: row.hilist_lmtpric_type,
    ceiling: row.hilist_pric_uplmt_amt,
  }));

const firstSelfPayEntry = z
  .object({
    ...common,
    hilist_code: code,
    insu_admdvs: region,
    selfpay_prop_psn_type: outText(6),
    selfpay_prop_type: outRequired(6),
    selfpay_prop: outRatioText,
  })
  .transform((row) => ({
    ...head('1319', row),
    code: row.hilist_code,
    region: row.insu_admdvs,
    personType: row.selfpay_prop_psn_type,
    ratioType: row.selfpay_prop_type,
    ratio: row.selfpay_prop,
  }));

/** Rows of the paged tables, read into the property names of `core/domain/agency-catalog`. */
export function rowSchemas(institutionCode: string): Readonly<Record<PagedTable, z.ZodType>> {
  return {
    '1312': insuranceEntry,
    '1316': insuranceMapping,
    '1317': institutionMapping(institutionCode),
    '1318': ceilingEntry,
    '1319': firstSelfPayEntry,
  };
}
