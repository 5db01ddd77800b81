import { type EntitlementStanding, entitlementStanding } from '#core/domain/entitlement';
import { need } from '../basket-check.ts';
import { type AgencyContext, done, type Outcome, refused } from '../context.ts';
import type { InsuredPerson } from '../person.ts';
import type { CheckedRequest } from '../request.ts';

/**
 * 5301 人员慢特病备案查询: every disease filed for the person, also what has ended or not begun. A filing for one
 * institution names it; the table of the interface has no field for that, so these two are this simulator's own.
 */
export function queryEntitlements(request: CheckedRequest, context: AgencyContext): Outcome {
  const person = context.persons.get(need(request.nodes['data'] ?? {}, 'psn_no'));
  if (person === undefined) return refused('人员编号不存在', 'psnOpspRegBO_5301');
  return done({
    feedetail: (person.entitlements ?? []).map(({ diseaseCode, diseaseName, from, to, institution }) => ({
      opsp_dise_code: diseaseCode,
      opsp_dise_name: diseaseName,
      begndate: from,
      enddate: to ?? null,
      ...(institution === undefined
        ? {}
        : { fixmedins_code: institution.code, fixmedins_name: institution.name }),
    })),
  });
}

const REFUSALS: Readonly<Record<Exclude<EntitlementStanding, 'valid'>, readonly [string, string]>> = {
  'not-begun': ['门诊慢特病备案未到开始日期，不能享受待遇', 'drugStoreSettleBO_1013'],
  ended: ['门诊慢特病备案已过期，不能享受待遇', 'drugStoreSettleBO_1014'],
  elsewhere: ['门诊慢特病备案的定点机构不是本机构', 'drugStoreSettleBO_1015'],
};

/** Why a purchase for a chronic disease is refused: no code, not filed, or not valid on that day at this institution. */
export function whyNotChronic(
  request: CheckedRequest,
  person: InsuredPerson,
  day: string,
): Outcome | undefined {
  const code = request.nodes['druginfo']?.['dise_codg'];
  if (code === undefined)
    return refused('门诊慢特病购药的病种编码不能为空', 'drugStoreSettleBO_1011', 'druginfo.dise_codg');
  const filed = (person.entitlements ?? []).filter(({ diseaseCode }) => diseaseCode === code);
  if (filed.length === 0) return refused('该人员没有此病种的门诊慢特病备案', 'drugStoreSettleBO_1012');
  const institution = need(request.envelope, 'fixmedins_code');
  const standings = filed.map((each) => entitlementStanding(each, day, institution));
  const [first] = standings;
  if (first === undefined || first === 'valid' || standings.includes('valid')) return undefined;
  return refused(...REFUSALS[first]);
}
