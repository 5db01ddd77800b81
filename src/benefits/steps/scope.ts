import type { BenefitLine } from '#core/domain/benefit';
import { formatMoney, type Money, wholeRatio } from '#core/money';
import type { ItemCategory, StepOf } from '#core/policy';
import { reason } from '../explain.ts';
import { type SplitState, takeOff } from '../state.ts';
import { categoryEn, categoryZh } from '../words.ts';

/** Scope and class (范围): class C, goods without a national code, and what the document leaves out, whole. */
export function applyScope(state: SplitState, step: StepOf<'scope'>): void {
  const { source } = state;
  state.scopeRule = step.rule;
  let outside = 0n;
  for (const at of state.lines) {
    const why = whyOutside(at.line, step);
    if (why === undefined) continue;
    const amount = at.inScope;
    takeOff(state, at, 'outOfScope', amount);
    at.firstSelfPayRatio = wholeRatio;
    outside += amount;
    const text = formatMoney(amount);
    at.reasons.push(
      reason(
        source,
        'scope',
        step.rule,
        amount,
        `${why.zh}，${text} 元全部由个人负担`,
        `${why.en}: all ${text} is paid by the patient`,
      ),
    );
  }
  if (outside === 0n) return;
  const text = formatMoney(outside as Money);
  state.reasons.push(
    reason(
      source,
      'scope',
      step.rule,
      outside as Money,
      `不在报销范围内的费用 ${text} 元由个人负担`,
      `${text} is outside the scope of insurance and paid by the patient`,
    ),
  );
}

interface Words {
  readonly zh: string;
  readonly en: string;
}

const noCode: Words = {
  zh: '本项目没有国家医保编码，医保不支付',
  en: 'This item has no national code, so insurance does not pay',
};
const classC: Words = {
  zh: '丙类（目录外），医保不支付',
  en: 'Class C, outside the list: insurance does not pay',
};

function whyOutside(line: BenefitLine, step: StepOf<'scope'>): Words | undefined {
  if (!line.mapped) return noCode;
  if (line.insuranceClass === 'C') return classC;
  if (names(step.notCovered, line.category)) {
    return {
      zh: `${categoryZh[line.category]}费用不在本政策支付范围内`,
      en: `This policy does not cover ${categoryEn[line.category]}`,
    };
  }
  if (!line.prescription && names(step.prescriptionFor, line.category)) {
    return {
      zh: `${categoryZh[line.category]}没有处方，医保不支付`,
      en: `${categoryEn[line.category]} without a prescription: insurance does not pay`,
    };
  }
  return undefined;
}

function names(categories: readonly ItemCategory[] | undefined, category: ItemCategory): boolean {
  return categories?.includes(category) ?? false;
}
