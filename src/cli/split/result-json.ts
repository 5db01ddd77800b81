import type { BenefitLineSplit, BenefitSplit } from '#core/domain/benefit';
import type { Reason } from '#core/domain/split';
import type { Fault } from '#core/fault';
import { formatMoney } from '#core/money';
import { layers } from '#core/policy';

/** A split in the form of the command's JSON: every amount with two decimals, keys in a fixed order. */
export function resultJson(split: BenefitSplit): Record<string, unknown> {
  return {
    total: formatMoney(split.total),
    outOfScope: formatMoney(split.outOfScope),
    overCeiling: formatMoney(split.overCeiling),
    firstSelfPay: formatMoney(split.firstSelfPay),
    inScope: formatMoney(split.inScope),
    deductible: formatMoney(split.deductible),
    funds: Object.fromEntries(layers.map((layer) => [layer, formatMoney(split.funds[layer])])),
    fundTotal: formatMoney(split.fundTotal),
    institution: formatMoney(split.institution),
    own: formatMoney(split.own),
    account: formatMoney(split.account),
    cash: formatMoney(split.cash),
    lines: split.lines.map(lineJson),
    reasons: split.reasons.map(reasonJson),
  };
}

/** A reason as a tree: rule null where the program itself decided, parts empty where it has none. */
function reasonJson(reason: Reason): Record<string, unknown> {
  const { rule, step, policy, version, amount, zh, en, parts } = reason;
  return {
    rule: rule ?? null,
    ...{ step, policy, version },
    amount: formatMoney(amount),
    ...{ zh, en },
    parts: (parts ?? []).map(reasonJson),
  };
}

/** `{"error": …}` with the words of the fault and, of a file, every problem with its place. */
export function errorJson(
  { code, zh, en, nextZh, nextEn, detail }: Fault,
  problems?: readonly { readonly place: string; readonly message: string }[],
): Record<string, unknown> {
  return {
    error: {
      ...{ code, zh, en, nextZh, nextEn },
      ...(detail === undefined ? {} : { detail }),
      ...(problems === undefined ? {} : { problems }),
    },
  };
}

function lineJson(line: BenefitLineSplit): Record<string, unknown> {
  return {
    // The case counts its lines from 0.
    index: line.lineNumber - 1,
    total: formatMoney(line.total),
    outOfScope: formatMoney(line.outOfScope),
    overCeiling: formatMoney(line.overCeiling),
    firstSelfPay: formatMoney(line.firstSelfPay),
    inScope: formatMoney(line.inScope),
    covered: formatMoney(line.covered),
    own: formatMoney(line.own),
    reasons: line.reasons.map(reasonJson),
  };
}
