import { basketRows, need } from '../basket-check.ts';
import { type AgencyContext, cardStatus, type Outcome, refused } from '../context.ts';
import { type MediumFields, ownsMedium } from '../medium.ts';
import { type InsuredPerson, type InsuredScheme, isRetired } from '../person.ts';
import { type Charge, cutLine, type SchemePolicy, splitCharge } from '../policy.ts';
import type { CheckedRequest } from '../request.ts';

/** A purchase that the person is entitled to, split by the policy. */
export interface EntitledCharge {
  readonly kind: 'entitled';
  readonly person: InsuredPerson;
  readonly scheme: InsuredScheme;
  readonly policy: SchemePolicy;
  /** Benefit year of the purchase. */
  readonly year: string;
  readonly charge: Charge;
  readonly balance: bigint;
}

/**
 * Who buys, by which insurance, and how the basket splits now; the same for 2101 and 2102. `offlineAtMs` is the
 * time of an offline purchase: the card counts as it stood then, and no relative's account was shared.
 */
export function computeCharge(
  request: CheckedRequest,
  context: AgencyContext,
  offlineAtMs?: number,
): EntitledCharge | Outcome {
  const info = request.nodes['druginfo'] ?? {};
  const person = context.persons.get(need(info, 'psn_no'));
  if (person === undefined) return refused('人员编号不存在', 'drugStoreSettleBO_1001');
  if (request.envelope['insuplc_admdvs'] !== person.region)
    return refused('参保地医保区划与人员参保地不符', 'drugStoreSettleBO_1002', 'insuplc_admdvs');
  const medium = { type: need(info, 'mdtrt_cert_type'), number: need(info, 'mdtrt_cert_no') };
  const wrong = wrongMedium(person, medium, context, offlineAtMs);
  if (wrong !== undefined) return wrong;
  const scheme = person.schemes.find((each) => each.scheme === need(info, 'insutype'));
  const policy = context.policy[need(info, 'insutype')];
  if (scheme === undefined || policy === undefined)
    return refused('该人员没有此险种的参保信息', 'drugStoreSettleBO_1005');
  if (scheme.status !== '1') return refused('参保状态为暂停参保，不能享受待遇', 'drugStoreSettleBO_1006');
  if (need(info, 'med_type') !== '41')
    return refused('该医疗类别不能在定点药店结算', 'drugStoreSettleBO_1007', 'druginfo.med_type');
  const year = need(info, 'begntime').slice(0, 4);
  const used = context.ledger.yearly(person.personNumber, scheme.scheme, year);
  const balance = scheme.scheme === '310' ? context.ledger.balance(person.personNumber) : 0n;
  const lines = basketRows(request).map((row) => cutLine(row, context.catalog.get(row.nationalCode)));
  const charge = splitCharge(lines, policy, {
    deductibleUsed: used.deductible,
    fundUsed: used.fund,
    balance,
    relativeBalance: offlineAtMs === undefined ? context.ledger.relativeBalance(person.personNumber) : 0n,
    retired: isRetired(scheme),
    useAccount: need(info, 'acct_used_flag') === '1',
  });
  return { kind: 'entitled', person, scheme, policy, year, charge, balance };
}

function wrongMedium(
  person: InsuredPerson,
  medium: MediumFields,
  context: AgencyContext,
  offlineAtMs: number | undefined,
): Outcome | undefined {
  if (!ownsMedium(person, medium, context))
    return refused('就诊凭证与人员编号不符', 'drugStoreSettleBO_1003');
  if (medium.type === '03' && cardStatus(context, person.card?.cardId ?? '', offlineAtMs) !== 'valid')
    return refused('社会保障卡已挂失或无效，不能结算', 'drugStoreSettleBO_1004');
  if (medium.type === '01' && context.certificates.isUsed(medium.number))
    return refused('医保电子凭证已使用，请刷新二维码后重新扫码', 'drugStoreSettleBO_1008');
  return undefined;
}
