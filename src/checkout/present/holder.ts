import type { Fault } from '#core/fault';
import { formatMoney } from '#core/money';
import { type CounterHolder, insuranceOf } from '../counter.ts';
import type { HolderView } from '../view.ts';
import { faultView } from './parts-of-view.ts';

const SCHEMES: Readonly<Record<string, readonly [string, string]>> = {
  '310': ['职工基本医疗保险', 'Employees'],
  '390': ['城乡居民基本医疗保险', 'Residents'],
};

/** The holder as the cashier sees the person: name in full (A7), numbers masked. */
export function holderView(
  state: HolderView['state'],
  at: CounterHolder | undefined,
  holderFault: Fault | undefined,
  nowMs: number,
): HolderView {
  const common = {
    state,
    warnings: (at?.warnings ?? []).map(faultView),
    ...(holderFault === undefined ? {} : { fault: faultView(holderFault) }),
  };
  if (state !== 'identified' || at === undefined) return common;
  return { ...common, ...cardPart(at), ...agencyPart(at, nowMs) };
}

function cardPart({ identity, source }: CounterHolder): Partial<HolderView> {
  const { issuer, holder } = identity;
  return {
    medium: 'card',
    cardNumber: masked(issuer.cardNumber),
    authenticatedBy: identity.authenticatedBy,
    source,
    ...(holder === undefined ? {} : { name: holder.name, sex: holder.sex }),
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
    certificateNumber: masked(holder.certificateNumber),
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

/** First characters and the last two; the middle never leaves the program. */
function masked(number: string): string {
  const shown = number.length > 12 ? 6 : 1;
  return `${number.slice(0, shown)}${'*'.repeat(Math.max(0, number.length - shown - 2))}${number.slice(-2)}`;
}
