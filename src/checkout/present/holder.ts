import type { ActingPerson } from '#core/domain/acting-person';
import type { Fault } from '#core/fault';
import { formatMoney, type Money, zeroMoney } from '#core/money';
import { type CounterHolder, cardOf, insuranceOf } from '../counter.ts';
import { maskIdentityNumber } from '../identity-number.ts';
import { left } from '../limits.ts';
import type { HolderView } from '../view.ts';
import { actingPersonView, faultView } from './parts-of-view.ts';

const SCHEMES: Readonly<Record<string, readonly [string, string]>> = {
  '310': ['职工基本医疗保险', 'Employees'],
  '390': ['城乡居民基本医疗保险', 'Residents'],
};

/** The holder as the cashier sees the person: name in full (A7), numbers masked. */
export function holderView(shown: {
  readonly state: HolderView['state'];
  readonly at: CounterHolder | undefined;
  readonly holderFault: Fault | undefined;
  readonly actingPerson: ActingPerson | undefined;
  readonly nowMs: number;
  /** By this card offline, not yet booked by the agency. */
  readonly spent: Money;
}): HolderView {
  const { state, at, holderFault, actingPerson, nowMs, spent } = shown;
  const common = {
    state,
    warnings: (at?.warnings ?? []).map(faultView),
    ...(holderFault === undefined ? {} : { fault: faultView(holderFault) }),
  };
  if (state !== 'identified' || at === undefined) return common;
  return {
    ...common,
    medium: at.by.medium,
    source: at.source,
    ...cardPart(at),
    ...agencyPart(at, nowMs),
    ...spentPart(at, spent),
    ...(actingPerson === undefined ? {} : { actingPerson: actingPersonView(actingPerson) }),
  };
}

/** The agency's balance stays as it was told; what was spent since stands beside it. */
function spentPart({ holder }: CounterHolder, spent: Money): Partial<HolderView> {
  const insurance = holder === undefined ? undefined : insuranceOf(holder);
  if (insurance === undefined || spent === zeroMoney) return {};
  return { spentOffline: formatMoney(spent), availableBalance: formatMoney(left(insurance.balance, spent)) };
}

function cardPart(at: CounterHolder): Partial<HolderView> {
  const card = cardOf(at);
  if (card === undefined) return {};
  const { issuer, name, sex, authenticatedBy, medical } = card;
  const { insuredRegion, personClass, cardUse } = medical ?? {};
  return {
    cardNumber: maskIdentityNumber(issuer.cardNumber),
    authenticatedBy,
    ...(name === undefined ? {} : { name }),
    ...(sex === undefined ? {} : { sex }),
    ...(insuredRegion === undefined ? {} : { insuredRegion }),
    ...(personClass === undefined ? {} : { personClass }),
    ...(cardUse === undefined ? {} : { cardUse }),
  };
}

function agencyPart({ holder }: CounterHolder, nowMs: number): Partial<HolderView> {
  if (holder === undefined) return {};
  const insurance = insuranceOf(holder) ?? holder.insurances[0];
  const names = insurance === undefined ? undefined : SCHEMES[insurance.scheme];
  return {
    name: holder.name,
    sex: holder.sex,
    age: holder.age,
    certificateNumber: maskIdentityNumber(holder.certificateNumber),
    balanceAgeSeconds: Math.max(0, Math.round((nowMs - holder.asOfMs) / 1000)),
    ...(insurance === undefined
      ? {}
      : {
          scheme: insurance.scheme,
          schemeZh: names?.[0] ?? `险种 ${insurance.scheme}`,
          schemeEn: names?.[1] ?? `Scheme ${insurance.scheme}`,
          insuredRegion: insurance.region,
          balance: formatMoney(insurance.balance),
        }),
  };
}
