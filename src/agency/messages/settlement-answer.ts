import { z } from 'zod';
import { parseBusinessDateTime } from '#core/business-time';
import type { InsuranceClass } from '#core/domain/product';
import { type Money, type Quantity, type Ratio, subtractMoney, type UnitPrice } from '#core/money';
import { err, ok, type Result } from '#core/result';
import {
  firstProblem,
  outList,
  outMoney,
  outMoneyMaybe,
  outMoneyOrZero,
  outPriceMaybe,
  outRatioMaybe,
  outRepeatedMoney,
  outRepeatedPrice,
  outRepeatedQuantity,
  outRequired,
  outText,
} from '../wire.ts';

/** setlinfo as 2101 and 2102 answer it (table 4.3); fields that nothing here uses are not read. */
const settlementInfo = z.object({
  mdtrt_id: outRequired(30),
  setl_id: outText(30),
  psn_no: outText(30),
  setl_time: outText(30),
  medfee_sumamt: outMoney,
  fulamt_ownpay_amt: outMoney,
  overlmt_selfpay: outMoney,
  preselfpay_amt: outMoney,
  inscp_scp_amt: outMoney,
  act_pay_dedc: outMoneyOrZero,
  hifp_pay: outMoneyOrZero,
  pool_prop_selfpay: outRatioMaybe,
  cvlserv_pay: outMoneyOrZero,
  hifes_pay: outMoneyOrZero,
  hifmi_pay: outMoneyOrZero,
  hifob_pay: outMoneyOrZero,
  maf_pay: outMoneyOrZero,
  oth_pay: outMoneyOrZero,
  hifdm_pay: outMoneyOrZero,
  fund_pay_sumamt: outMoney,
  psn_part_amt: outMoney,
  acct_pay: outMoney,
  psn_cash_pay: outMoney,
  hosp_part_amt: outMoneyOrZero,
  balc: outMoneyMaybe,
  acct_mulaid_pay: outMoneyOrZero,
  medins_setl_id: outText(30),
  clr_optins: outText(6),
  clr_type: outText(6),
});
type SettlementInfo = z.infer<typeof settlementInfo>;

/** setldetail (table 4.3.1). */
const fundRow = z.object({
  fund_pay_type: outRequired(6),
  fund_payamt: outMoney,
  fund_pay_type_name: outText(200),
  crt_payb_lmt_amt: outRepeatedMoney,
});

/** detlcutinfo (table 4.3.2). */
const lineRow = z.object({
  feedetl_sn: outRequired(30),
  det_item_fee_sumamt: outMoney,
  cnt: outRepeatedQuantity,
  pric: outRepeatedPrice,
  pric_uplmt_amt: outPriceMaybe,
  selfpay_prop: outRatioMaybe,
  fulamt_ownpay_amt: outMoneyOrZero,
  overlmt_amt: outMoneyOrZero,
  preselfpay_amt: outMoneyOrZero,
  inscp_scp_amt: outMoneyOrZero,
  chrgitm_lv: outText(3),
  memo: outText(4000),
});
type LineRow = z.infer<typeof lineRow>;

const settlementOutput = z.object({
  setlinfo: settlementInfo,
  setldetail: outList(fundRow),
  detlcutinfo: outList(lineRow),
});

/** One row per paying fund; the account and the institution's own share are rows too (relation 6). */
export interface AnsweredFund {
  readonly code: string;
  readonly nameZh: string;
  readonly amount: Money;
  /** Most that the fund could pay this time (本次可支付限额), where stated. */
  readonly limit?: Money;
}

export interface AnsweredLine {
  readonly lineId: string;
  readonly total: Money;
  /** Quantity and price as repeated by the answer. */
  readonly quantity?: Quantity;
  readonly price?: UnitPrice;
  readonly outOfScope: Money;
  readonly overCeiling: Money;
  readonly firstSelfPay: Money;
  readonly inScope: Money;
  readonly firstSelfPayRatio?: Ratio;
  /** Absent = no cap. */
  readonly ceiling?: UnitPrice;
  readonly insuranceClass?: InsuranceClass;
  readonly memo: string;
}

/** The sums of a 2101 or 2102 exactly as answered, before anyone believed them. */
export interface SettlementAnswer {
  readonly visitId: string;
  readonly settlementId?: string;
  readonly personNumber: string;
  /** Echo of the sender message id (医药机构结算ID). */
  readonly echoedMessageId: string;
  readonly settledAtMs?: number;
  readonly clearingOffice: string;
  readonly clearingType: string;
  readonly total: Money;
  readonly outOfScope: Money;
  readonly overCeiling: Money;
  readonly firstSelfPay: Money;
  readonly inScope: Money;
  readonly deductible: Money;
  readonly poolRatio?: Ratio;
  /** The eight fund items of relation 4. */
  readonly fundItems: readonly Money[];
  readonly fundTotal: Money;
  readonly own: Money;
  readonly account: Money;
  readonly cash: Money;
  readonly institutionShare: Money;
  /** Paid from a relative's account (账户共济). */
  readonly mutualAid: Money;
  readonly balanceAfter?: Money;
  readonly funds: readonly AnsweredFund[];
  readonly lines: readonly AnsweredLine[];
}

/** A 2102 must name its settlement id: without it nothing could ever be cancelled. */
export function readSettlementAnswer(
  output: unknown,
  transaction: '2101' | '2102',
): Result<SettlementAnswer, string> {
  const parsed = settlementOutput.safeParse(output);
  if (!parsed.success) return err(firstProblem(parsed.error));
  const { setlinfo, setldetail, detlcutinfo } = parsed.data;
  if (transaction === '2102' && setlinfo.setl_id === '') return err('setlinfo.setl_id: is empty');
  return ok({
    ...headOf(setlinfo),
    ...sumsOf(setlinfo),
    funds: setldetail.map((row) => ({
      code: row.fund_pay_type,
      nameZh: row.fund_pay_type_name,
      amount: row.fund_payamt,
      ...(row.crt_payb_lmt_amt === undefined ? {} : { limit: row.crt_payb_lmt_amt }),
    })),
    lines: detlcutinfo.map(lineOf),
  });
}

function headOf(info: SettlementInfo) {
  const settledAtMs = parseBusinessDateTime(info.setl_time);
  return {
    visitId: info.mdtrt_id,
    ...(info.setl_id === '' ? {} : { settlementId: info.setl_id }),
    personNumber: info.psn_no,
    echoedMessageId: info.medins_setl_id,
    ...(settledAtMs === undefined ? {} : { settledAtMs }),
    clearingOffice: info.clr_optins,
    clearingType: info.clr_type,
  };
}

function sumsOf(info: SettlementInfo) {
  return {
    total: info.medfee_sumamt,
    outOfScope: info.fulamt_ownpay_amt,
    overCeiling: info.overlmt_selfpay,
    firstSelfPay: info.preselfpay_amt,
    inScope: info.inscp_scp_amt,
    deductible: info.act_pay_dedc,
    ...(info.pool_prop_selfpay === undefined ? {} : { poolRatio: info.pool_prop_selfpay }),
    fundItems: fundItemsOf(info),
    fundTotal: info.fund_pay_sumamt,
    own: info.psn_part_amt,
    account: info.acct_pay,
    cash: info.psn_cash_pay,
    institutionShare: info.hosp_part_amt,
    mutualAid: info.acct_mulaid_pay,
    ...(info.balc === undefined ? {} : { balanceAfter: info.balc }),
  };
}

/** The addends of relation 4, also of a cancellation. */
export function fundItemsOf(
  info: Pick<
    SettlementInfo,
    'hifp_pay' | 'cvlserv_pay' | 'hifes_pay' | 'hifmi_pay' | 'hifob_pay' | 'maf_pay' | 'oth_pay' | 'hifdm_pay'
  >,
): Money[] {
  return [
    info.hifp_pay,
    info.cvlserv_pay,
    info.hifes_pay,
    info.hifmi_pay,
    info.hifob_pay,
    info.maf_pay,
    info.oth_pay,
    info.hifdm_pay,
  ];
}

/** Code list chrgitm_lv, in the national and in the one-digit spelling. */
const CLASSES: ReadonlyMap<string, InsuranceClass> = new Map([
  ['01', 'A'],
  ['02', 'B'],
  ['03', 'C'],
  ['1', 'A'],
  ['2', 'B'],
  ['3', 'C'],
]);
/** 999999 yuan stands for "no cap". */
const NO_CEILING = 999_999_000_000n;

function lineOf(row: LineRow): AnsweredLine {
  const insuranceClass = CLASSES.get(row.chrgitm_lv);
  const ceiling = row.pric_uplmt_amt;
  return {
    lineId: row.feedetl_sn,
    total: row.det_item_fee_sumamt,
    ...(row.cnt === undefined ? {} : { quantity: row.cnt }),
    ...(row.pric === undefined ? {} : { price: row.pric }),
    outOfScope: row.fulamt_ownpay_amt,
    overCeiling: row.overlmt_amt,
    firstSelfPay: row.preselfpay_amt,
    inScope: row.inscp_scp_amt,
    ...(row.selfpay_prop === undefined ? {} : { firstSelfPayRatio: row.selfpay_prop }),
    ...(ceiling === undefined || ceiling >= NO_CEILING ? {} : { ceiling }),
    ...(insuranceClass === undefined ? {} : { insuranceClass }),
    memo: row.memo,
  };
}

/** Fund total without the account, whichever way the region counts it (relation 5). */
export function fundTotalOf(
  answer: Pick<SettlementAnswer, 'fundTotal' | 'account'>,
  accountInsideFund: boolean,
): Money {
  return accountInsideFund ? subtractMoney(answer.fundTotal, answer.account) : answer.fundTotal;
}
