import { z } from 'zod';
import { businessDateTime } from '#core/business-time';
import type { HerbalDoses } from '#core/domain/product';
import type { SettlementLine, SettlementRequest } from '#core/domain/settlement';
import { formatMoney, formatQuantity, formatUnitPrice } from '#core/money';
import { exactNumber } from '../json.ts';
import { inDateTime, inNumber, inPattern, inRequired, inText } from '../wire.ts';
import { inMedium, MEDIUM_CODES } from './codes.ts';

/** Medical category (医疗类别) of a purchase in a pharmacy. */
const PHARMACY_PURCHASE = '41';
/** The same for a chronic or special disease (门诊慢特病). */
const CHRONIC_DISEASE = '14';

const inMoney = inNumber(16, 2);

/** druginfo (table 4.2.1; lengths by analogy, unconfirmed). */
const drugInfo = z.strictObject({
  psn_no: inRequired(30),
  mdtrt_cert_type: inMedium,
  mdtrt_cert_no: inRequired(50),
  begntime: inDateTime,
  medfee_sumamt: inMoney,
  insutype: inRequired(6),
  dise_codg: inText(30),
  dise_name: inText(500),
  acct_used_flag: inPattern(/^[01]$/, 'yes or no'),
  med_type: inRequired(6),
  invono: inText(20).optional(),
  exp_content: inText(4000).optional(),
});

/** drugdetail (table 4.2.2; lengths by analogy, unconfirmed). */
const drugDetail = z.strictObject({
  feedetl_sn: inRequired(30),
  rxno: inText(30),
  rx_circ_flag: inPattern(/^[01]$/, 'yes or no'),
  fee_ocur_time: inDateTime,
  med_list_codg: inRequired(50),
  medins_list_codg: inRequired(150),
  det_item_fee_sumamt: inMoney,
  cnt: inNumber(16, 4),
  pric: inNumber(16, 6),
  sin_dos_dscr: inText(200).optional(),
  used_frqu_dscr: inText(200).optional(),
  prd_days: inNumber(4, 2).optional(),
  medc_way_dscr: inText(200).optional(),
  bilg_dr_codg: inText(30).optional(),
  bilg_dr_name: inText(50).optional(),
  tcmdrug_used_way: inText(6).optional(),
});

/** 2101 药店预结算 and 2102 药店结算, input. */
export const settlementInput = z.strictObject({
  druginfo: drugInfo,
  drugdetail: z
    .array(drugDetail)
    .min(1)
    .refine((rows) => new Set(rows.map((row) => row.feedetl_sn)).size === rows.length, 'repeats a line id'),
});
export type SettlementInput = z.infer<typeof settlementInput>;

/**
 * The invoice number and the proof of an offline sale (`expContent`) go with 2102 only. Names of goods are not
 * sent: the agency knows them by code.
 */
export function settlementRequest(
  request: SettlementRequest,
  transaction: '2101' | '2102',
  expContent?: string,
): SettlementInput {
  return {
    druginfo: {
      psn_no: request.personNumber,
      mdtrt_cert_type: MEDIUM_CODES[request.medium],
      mdtrt_cert_no: request.mediumNumber,
      begntime: businessDateTime(request.beganAtMs),
      medfee_sumamt: exactNumber(formatMoney(request.total)),
      insutype: request.scheme,
      dise_codg: request.chronic?.diseaseCode ?? '',
      dise_name: request.chronic?.diseaseName ?? '',
      acct_used_flag: request.useAccount ? '1' : '0',
      med_type: request.chronic === undefined ? PHARMACY_PURCHASE : CHRONIC_DISEASE,
      ...(transaction === '2102' ? { invono: request.saleNumber } : {}),
      ...(expContent === undefined ? {} : { exp_content: expContent }),
    },
    drugdetail: request.lines.map((line) => detailOf(line, request.saleNumber)),
  };
}

/** Line id (费用明细流水号): sale number, hyphen, line number; the same in every try of one sale. */
export function lineId(saleNumber: string, lineNumber: number): string {
  return `${saleNumber}-${lineNumber}`;
}

function detailOf(line: SettlementLine, saleNumber: string): SettlementInput['drugdetail'][number] {
  return {
    feedetl_sn: lineId(saleNumber, line.lineNumber),
    rxno: '',
    rx_circ_flag: '0',
    fee_ocur_time: businessDateTime(line.occurredAtMs),
    med_list_codg: line.nationalCode,
    medins_list_codg: line.shopCode,
    det_item_fee_sumamt: exactNumber(formatMoney(line.amount)),
    cnt: exactNumber(formatQuantity(line.quantity)),
    pric: exactNumber(formatUnitPrice(line.price)),
    ...(line.herbalDoses === undefined ? {} : { sin_dos_dscr: doseText(line.herbalDoses) }),
  };
}

/**
 * Herbal pieces (中药饮片): the interface has no field for the number of doses (付数) at a settlement, so it stands
 * with the grams of one dose in the description of the single dose (单次剂量描述, table 4.2.2).
 */
function doseText({ doses, gramsPerDose }: HerbalDoses): string {
  return `每付${formatQuantity(gramsPerDose)}克，共${formatQuantity(doses)}付`;
}
