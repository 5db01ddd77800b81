import { businessDateTime } from '#core/business-time';
import type { Layer } from '#core/policy';
import type { Charge, CutLine } from '../policy.ts';
import type { PayerRow } from '../records.ts';
import { type JsonObject, wireNumber } from '../wire.ts';

const classCodes = { A: '01', B: '02', C: '03' } as const;
/** The interface's word for "no ceiling". */
const NO_CEILING = 999_999_000_000n;

const money = (amount: bigint): unknown => wireNumber(amount, 2);

/** What settlements and cancellations tell alike, in fen. */
interface Sums {
  readonly total: bigint;
  readonly outOfScope: bigint;
  readonly overCeiling: bigint;
  readonly firstSelfPay: bigint;
  readonly inScope: bigint;
  readonly deductible: bigint;
  readonly fund: bigint;
  readonly payers: readonly PayerRow[];
  readonly account: bigint;
  readonly family: bigint;
}

/** The amount of setlinfo behind a fund code (code list fund_pay_type); any other fund is 其他支出. */
const fundFields: readonly (readonly [prefix: string, field: string])[] = [
  ['320', 'cvlserv_pay'],
  ['370', 'hifes_pay'],
  ['390200', 'hifmi_pay'],
  ['330', 'hifob_pay'],
  ['610', 'maf_pay'],
];
const fieldNames = ['hifp_pay', ...fundFields.map(([, field]) => field), 'oth_pay'] as const;

/** Amounts of setlinfo that 2101, 2102 and 2103 share (table 4.3). */
export function sharedSums(sums: Sums, ratio: bigint, balanceAfter: bigint): JsonObject {
  const fieldOf = ({ layer, code }: PayerRow): string =>
    layer === 'basic'
      ? 'hifp_pay'
      : (fundFields.find(([prefix]) => code.startsWith(prefix))?.[1] ?? 'oth_pay');
  const paid = (field: string): bigint =>
    sums.payers.reduce((all, row) => (fieldOf(row) === field ? all + row.amount : all), 0n);
  return {
    medfee_sumamt: money(sums.total),
    fulamt_ownpay_amt: money(sums.outOfScope),
    overlmt_selfpay: money(sums.overCeiling),
    preselfpay_amt: money(sums.firstSelfPay),
    inscp_scp_amt: money(sums.inScope),
    act_pay_dedc: money(sums.deductible),
    pool_prop_selfpay: wireNumber(ratio, 4),
    ...Object.fromEntries(fieldNames.map((field) => [field, money(paid(field))])),
    fund_pay_sumamt: money(sums.fund),
    acct_pay: money(sums.account),
    balc: money(balanceAfter),
    acct_mulaid_pay: money(sums.family),
  };
}

/** Personal accounts by scheme (险种): employees have one of their own, residents one of the household. */
const accounts: Readonly<Record<string, readonly [code: string, name: string]>> = {
  '310': ['310200', '城镇职工基本医疗保险个人账户基金'],
};
const householdAccount = ['390500', '居民家庭账户基金'] as const;

/** Rows of setldetail: one per paying fund, the account as a row of its own (relation 6). */
export function fundRows(
  scheme: string,
  sums: Sums,
  limits: Readonly<Partial<Record<Layer, bigint>>>,
): JsonObject[] {
  const row = (code: string, name: string, paid: bigint, limit: bigint | undefined): JsonObject => ({
    fund_pay_type: code,
    inscp_scp_amt: money(sums.inScope),
    crt_payb_lmt_amt: limit === undefined ? null : money(limit),
    fund_payamt: money(paid),
    fund_pay_type_name: name,
    setl_proc_info: null,
  });
  const rows = sums.payers.map(({ layer, code, nameZh, amount }) => row(code, nameZh, amount, limits[layer]));
  const [code, name] = accounts[scheme] ?? householdAccount;
  if (sums.account !== 0n) rows.push(row(code, name, sums.account, undefined));
  return rows;
}

/** Rows of detlcutinfo (table 4.3.2). */
export function cutRows(charge: Charge): JsonObject[] {
  return charge.lines.map((line) => ({
    feedetl_sn: line.serial,
    det_item_fee_sumamt: money(line.amount),
    cnt: wireNumber(line.count, 4),
    pric: wireNumber(line.unitPrice, 6),
    pric_uplmt_amt: wireNumber(line.ceiling ?? NO_CEILING, 6),
    selfpay_prop: wireNumber(line.ratio, 4),
    fulamt_ownpay_amt: money(line.outOfScope),
    overlmt_amt: money(line.overCeiling),
    preselfpay_amt: money(line.firstSelfPay),
    inscp_scp_amt: money(line.inScope),
    chrgitm_lv: classCodes[line.class],
    med_chrgitm_type: chargeItem(line),
    bas_medn_flag: '0',
    hi_nego_drug_flag: '0',
    chld_medc_flag: '0',
    list_sp_item_flag: '0',
    drt_reim_flag: '0',
    memo: line.memo ?? null,
  }));
}

/** X western, Z Chinese patent, T herbal slices (first letter of the national code). */
function chargeItem(line: CutLine): string {
  const letter = line.nationalCode.slice(0, 1).toUpperCase();
  return { X: '09', Z: '11', T: '10', C: '08' }[letter] ?? '14';
}

export function settlementTime(nowMs: number): string {
  return businessDateTime(nowMs);
}
