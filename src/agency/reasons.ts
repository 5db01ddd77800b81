import type { Reason } from '#core/domain/split';
import { formatMoney, formatUnitPrice, type Money, type Ratio } from '#core/money';
import type { AnsweredFund, AnsweredLine, SettlementAnswer } from './messages/settlement-answer.ts';

/** Steps as the offline split names them, so that both explain a yuan by the same word. */
type Step =
  | 'out-of-scope'
  | 'over-ceiling'
  | 'first-self-pay'
  | 'in-scope'
  | 'deductible'
  | 'fund'
  | 'account'
  | 'family-account'
  | 'cash';

const CLASS_ZH = { A: '甲类', B: '乙类', C: '丙类（自费）' } as const;

/** The line explained from detlcutinfo (table 4.3.2); `version` is the day on which the agency computed it. */
export function lineReasons(line: AnsweredLine, version: string): Reason[] {
  const reasons: Reason[] = [];
  const push = (step: Step, amount: Money, zh: string, en: string) => {
    if (amount !== 0n) reasons.push({ step, policy: 'agency', version, amount, zh, en });
  };
  const classZh = line.insuranceClass === undefined ? '' : `${CLASS_ZH[line.insuranceClass]}，`;
  const classEn = line.insuranceClass === undefined ? '' : `Class ${line.insuranceClass}: `;
  const memoZh = line.memo === '' ? '' : `（${line.memo.slice(0, 100)}）`;
  push(
    'out-of-scope',
    line.outOfScope,
    `医保中心核定：${classZh}全自费 ${formatMoney(line.outOfScope)} 元${memoZh}`,
    `Agency: ${classEn}${formatMoney(line.outOfScope)} is paid wholly by the patient`,
  );
  const ceiling = line.ceiling === undefined ? undefined : formatUnitPrice(line.ceiling);
  push(
    'over-ceiling',
    line.overCeiling,
    `医保中心核定：${ceiling === undefined ? '' : `支付上限 ${ceiling} 元，`}超限价 ${formatMoney(line.overCeiling)} 元由个人负担`,
    `Agency: ${formatMoney(line.overCeiling)} above the ceiling${ceiling === undefined ? '' : ` of ${ceiling}`} is the patient's`,
  );
  const share = line.firstSelfPayRatio === undefined ? '' : percent(line.firstSelfPayRatio);
  push(
    'first-self-pay',
    line.firstSelfPay,
    `医保中心核定：${classZh}先行自付${share === '' ? '' : `比例 ${share}，`} ${formatMoney(line.firstSelfPay)} 元`,
    `Agency: ${classEn}first self-pay${share === '' ? '' : ` of ${share}`}, ${formatMoney(line.firstSelfPay)}`,
  );
  push(
    'in-scope',
    line.inScope,
    `医保中心核定：${classZh}符合政策范围 ${formatMoney(line.inScope)} 元`,
    `Agency: ${classEn}${formatMoney(line.inScope)} is inside the policy's scope`,
  );
  return reasons;
}

/** The whole sale explained from setlinfo and setldetail. */
export function saleReasons(
  answer: SettlementAnswer,
  funds: readonly AnsweredFund[],
  version: string,
): Reason[] {
  const reasons: Reason[] = [];
  const push = (step: Step, amount: Money, zh: string, en: string) => {
    if (amount !== 0n) reasons.push({ step, policy: 'agency', version, amount, zh, en });
  };
  push(
    'deductible',
    answer.deductible,
    `医保中心核定：本次起付线 ${formatMoney(answer.deductible)} 元由个人负担`,
    `Agency: the deductible takes ${formatMoney(answer.deductible)} of this purchase`,
  );
  const ratio = answer.poolRatio === undefined || answer.poolRatio === 0n ? '' : percent(answer.poolRatio);
  for (const fund of funds) {
    push(
      'fund',
      fund.amount,
      `医保中心核定：${fund.nameZh}支付 ${formatMoney(fund.amount)} 元${ratio === '' ? '' : `（统筹支付比例 ${ratio}）`}`,
      `Agency: fund ${fund.code} pays ${formatMoney(fund.amount)}${ratio === '' ? '' : ` (pool ratio ${ratio})`}`,
    );
  }
  push(
    'account',
    answer.account,
    `医保中心核定：个人账户支付 ${formatMoney(answer.account)} 元`,
    `Agency: the personal account pays ${formatMoney(answer.account)}`,
  );
  push(
    'family-account',
    answer.mutualAid,
    `医保中心核定：亲属账户共济支付 ${formatMoney(answer.mutualAid)} 元`,
    `Agency: a relative's account pays ${formatMoney(answer.mutualAid)}`,
  );
  push(
    'cash',
    answer.cash,
    `医保中心核定：个人现金支付 ${formatMoney(answer.cash)} 元`,
    `Agency: the patient pays ${formatMoney(answer.cash)} in cash`,
  );
  return reasons;
}

function percent(share: Ratio): string {
  const whole = share / 100n;
  const rest = (share % 100n).toString().padStart(2, '0').replace(/0+$/, '');
  return rest === '' ? `${whole}%` : `${whole}.${rest}%`;
}
