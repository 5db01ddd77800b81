import { businessDateTime } from '#core/business-time';
import type { Charge, CutLine, SchemePolicy } from '../policy.ts';
import type { SettlementRecord } from '../records.ts';
import { type JsonObject, wireNumber } from '../wire.ts';

const classCodes = { A: '01', B: '02', C: '03' } as const;
/** The interface's word for "no ceiling". */
const NO_CEILING = 999_999_000_000n;

const money = (amount: bigint): unknown => wireNumber(amount, 2);

/** Amounts of setlinfo that 2101, 2102 and 2103 share (table 4.3). */
export function sharedSums(
  sums: Pick<
    SettlementRecord,
    | 'total'
    | 'outOfScope'
    | 'overCeiling'
    | 'firstSelfPay'
    | 'inScope'
    | 'deductible'
    | 'fund'
    | 'account'
    | 'family'
  >,
  ratio: bigint,
  balanceAfter: bigint,
): JsonObject {
  return {
    medfee_sumamt: money(sums.total),
    fulamt_ownpay_amt: money(sums.outOfScope),
    overlmt_selfpay: money(sums.overCeiling),
    preselfpay_amt: money(sums.firstSelfPay),
    inscp_scp_amt: money(sums.inScope),
    act_pay_dedc: money(sums.deductible),
    hifp_pay: money(sums.fund),
    pool_prop_selfpay: wireNumber(ratio, 4),
    cvlserv_pay: money(0n),
    hifes_pay: money(0n),
    hifmi_pay: money(0n),
    hifob_pay: money(0n),
    maf_pay: money(0n),
    oth_pay: money(0n),
    fund_pay_sumamt: money(sums.fund),
    acct_pay: money(sums.account),
    balc: money(balanceAfter),
    acct_mulaid_pay: money(sums.family),
  };
}

/** Rows of setldetail: one per paying fund, the account as a row of its own (relation 6). */
export function fundRows(
  policy: SchemePolicy,
  sums: { readonly inScope: bigint; readonly fund: bigint; readonly account: bigint },
  payableLimit: bigint | undefined,
): JsonObject[] {
  const row = (code: string, name: string, paid: bigint, limit: unknown): JsonObject => ({
    fund_pay_type: code,
    inscp_scp_amt: money(sums.inScope),
    crt_payb_lmt_amt: limit,
    fund_payamt: money(paid),
    fund_pay_type_name: name,
    setl_proc_info: null,
  });
  const limit = payableLimit === undefined ? null : money(payableLimit);
  const rows = [row(policy.fundCode, policy.fundName, sums.fund, limit)];
  if (sums.account !== 0n) rows.push(row(policy.accountCode, policy.accountName, sums.account, null));
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
