import type { BenefitCase } from '#core/domain/benefit';
import { fen, zeroMoney } from '#core/money';
import { type BasketRow, basketRows, need } from '../basket-check.ts';
import { choosePolicy, visitKindOf } from '../choose-policy.ts';
import { type AgencyContext, cardStatus, type Outcome, refused } from '../context.ts';
import { type MediumFields, ownsMedium } from '../medium.ts';
import { ageText, type InsuredPerson, type InsuredScheme } from '../person.ts';
import { benefitLine, type Charge, chargeOf } from '../policy.ts';
import type { CheckedRequest } from '../request.ts';
import { whyNotChronic } from './query-entitlements.ts';

/** A purchase that the person is entitled to, split by the policy. */
export interface EntitledCharge {
  readonly kind: 'entitled';
  readonly person: InsuredPerson;
  readonly scheme: InsuredScheme;
  /** As the policy document saw the purchase. */
  readonly visit: BenefitCase;
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
  if (scheme === undefined) return refused('该人员没有此险种的参保信息', 'drugStoreSettleBO_1005');
  if (scheme.status !== '1') return refused('参保状态为暂停参保，不能享受待遇', 'drugStoreSettleBO_1006');
  const balance = scheme.scheme === '310' ? context.ledger.balance(person.personNumber) : 0n;
  const rows = basketRows(request);
  const asked = visitOf(request, context, { person, scheme, balance }, rows);
  if (asked === undefined)
    return refused('该医疗类别不能在定点药店结算', 'drugStoreSettleBO_1007', 'druginfo.med_type');
  const chronic = asked.visitKind === 'chronic' ? whyNotChronic(request, person, asked.day) : undefined;
  if (chronic !== undefined) return chronic;
  const { region } = person;
  const chosen = choosePolicy(context.policies, { region, personType: scheme.personType, visit: asked });
  if (chosen === undefined) return refused('待遇政策对本次就诊没有规定', 'drugStoreSettleBO_1009');
  const relative = offlineAtMs === undefined ? context.ledger.relativeBalance(person.personNumber) : 0n;
  const charge = chargeOf(chosen.policy, chosen.visit, rows, context.catalog, relative);
  if (charge === 'policy-not-applicable')
    return refused('待遇政策对本次就诊没有规定', 'drugStoreSettleBO_1009');
  if (charge === 'case-invalid') return refused('中药饮片缺少帖数', 'drugStoreSettleBO_1010', 'drugdetail');
  return { kind: 'entitled', person, scheme, visit: chosen.visit, charge, balance };
}

type Buyer = Pick<EntitledCharge, 'person' | 'scheme' | 'balance'>;

/** The purchase in the words of policy documents; undefined when none speaks of its kind (就诊类别). */
function visitOf(
  request: CheckedRequest,
  { ledger, catalog, policies, served }: AgencyContext,
  { person, scheme, balance }: Buyer,
  rows: readonly BasketRow[],
): BenefitCase | undefined {
  const info = request.nodes['druginfo'] ?? {};
  const visitKind = visitKindOf(need(info, 'med_type'));
  if (visitKind === undefined || !policies.some((each) => each.visitKinds.includes(visitKind)))
    return undefined;
  const day = need(info, 'begntime').slice(0, 10);
  const used = ledger.yearly(person.personNumber, scheme.scheme, day.slice(0, 4));
  const { basic: fundPaid = zeroMoney, ...byLayer } = used.byLayer;
  const deductibles = ledger.deductiblesOf(person.personNumber, scheme.scheme, day.slice(0, 7));
  return {
    visitKind,
    institution: served,
    person: {
      scheme: scheme.scheme,
      // Every document names its own groups; the choice fills this in.
      group: '',
      age: Math.floor(Number(ageText(person.birthDate, day))),
      tags: (person.identities ?? []).map((code) => ({ code })),
    },
    day,
    usedThisYear: { ...used, fundPaid, byLayer },
    thisMonth: { deductibles },
    thisVisit: { counted: {} },
    stay: { days: 0 },
    oneStop: { possible: true, reason: '' },
    lines: rows.map((row, place) => benefitLine(row, place, catalog.get(row.nationalCode))),
    account: { balance: fen(balance), use: need(info, 'acct_used_flag') === '1' },
  };
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
