import type { BasketLine } from '#core/domain/product';
import type { Reason } from '#core/domain/split';
import { formatMoney, type Money, subtractMoney, zeroMoney } from '#core/money';
import type { PersonGroup, Policy } from '#core/policy';
import { percent, reason, type Source } from './explain.ts';
import type { Purchase, UsedThisYear } from './purchase.ts';

export function deductibleReason(policy: Policy, used: UsedThisYear, amount: Money, source: Source): Reason {
  const [whole, before, now] = [policy.yearlyDeductible, used.deductible, amount].map(formatMoney);
  return reason(
    source,
    'deductible',
    amount,
    `本年起付线 ${whole} 元，此前已计 ${before} 元，本次计入 ${now} 元，起付线以内由个人负担`,
    `Deductible of the year ${whole}, ${before} borne before, ${now} now: the patient bears it`,
  );
}

export function fundReason(
  policy: Policy,
  group: PersonGroup,
  sums: { counted: Money; deductible: Money; byRatio: Money; fund: Money },
  source: Source,
): Reason {
  const [counted, byRatio] = [formatMoney(sums.counted), formatMoney(sums.byRatio)];
  const less = sums.deductible > 0n;
  const capped = sums.fund < sums.byRatio;
  return reason(
    source,
    'fund',
    sums.fund,
    `报销范围内${less ? '扣除起付线后' : ''} ${counted} 元，${group.nameZh}人员由${policy.fund.nameZh}支付 ${percent(group.fundRatio)}，${capped ? '应为' : '即'} ${byRatio} 元`,
    `${counted} counts${less ? ' above the deductible' : ''}; for the ${group.nameEn} the ${policy.fund.nameEn} pays ${percent(group.fundRatio)}, ${capped ? 'which would be ' : ''}${byRatio}`,
  );
}

export function capReason(
  policy: Policy,
  used: UsedThisYear,
  sums: { byRatio: Money; fund: Money },
  source: Source,
): Reason {
  const lost = subtractMoney(sums.byRatio, sums.fund);
  const cap = formatMoney(policy.yearlyFundCap ?? zeroMoney);
  const [paid, now, over] = [used.fundPaid, sums.fund, lost].map(formatMoney);
  return reason(
    source,
    'yearly-cap',
    lost,
    `本年基金支付限额 ${cap} 元，此前已付 ${paid} 元，本次只能支付 ${now} 元，其余 ${over} 元由个人负担`,
    `The fund pays at most ${cap} a year and has paid ${paid}: ${now} now, the other ${over} is the patient’s`,
  );
}

export function ownReasons(purchase: Purchase, account: Money, cash: Money, source: Source): Reason[] {
  const reasons: Reason[] = [];
  if (account > 0n) {
    const after = formatMoney(subtractMoney(purchase.balance ?? zeroMoney, account));
    const now = formatMoney(account);
    reasons.push(
      reason(
        source,
        'account',
        account,
        `个人账户支付个人负担部分 ${now} 元，账户余额 ${after} 元`,
        `The personal account pays ${now} of the patient’s share; ${after} is left in it`,
      ),
    );
  }
  if (cash > 0n) {
    const now = formatMoney(cash);
    const [zh, en] = cashWords(purchase);
    reasons.push(
      reason(source, 'cash', cash, `其余 ${now} 元现金支付${zh}`, `The other ${now} in cash${en}`),
    );
  }
  return reasons;
}

function cashWords(purchase: Purchase): [string, string] {
  if (!purchase.useAccount) return ['（本次未使用个人账户）', ' (the personal account is not used)'];
  if (purchase.balance === undefined) return ['（账户余额未知）', ' (the balance is not known)'];
  return ['（个人账户不能支付或余额不足的部分）', ' (what the account may not pay or does not hold)'];
}

export function ownPayWords(line: BasketLine): { step: 'own-pay'; zh: string; en: string } {
  const amount = formatMoney(line.amount);
  return {
    step: 'own-pay',
    zh: `不使用医保，${amount} 元全部由个人负担`,
    en: `Without insurance: all ${amount} is the customer’s`,
  };
}
