import { businessDay } from '#core/business-time';
import type { Config } from '#core/config/schema';
import type { Insurance } from '#core/domain/holder';
import { type Fault, fault } from '#core/fault';
import { type Money, maxMoney, minMoney, subtractMoney, zeroMoney } from '#core/money';
import { type OfflineAges, type OfflineRules, offlineAllowance, offlineTooOld } from '#core/offline-budget';
import type { Policy } from '#core/policy';
import type { Result } from '#core/result';
import type { KeyStorePort } from '#drivers/key-store/port';
import type { Limits, OfflineLimits } from '#machines/checkout/events';
import { agesOf } from '#store/offline-guard';
import type { OfflineSources } from '#store/port';
import { restoreHold, spentInLostDays } from '#store/restored';
import { blacklistAge, blacklistTooOld, onBlacklist } from './blacklist.ts';
import { type CardAtCounter, type CounterHolder, cardOf, insuranceOf, type Quote } from './counter.ts';
import { policyFor } from './own-split.ts';
import type { CheckoutParts } from './parts.ts';

type Known = Pick<
  CheckoutParts,
  'config' | 'store' | 'clock' | 'agency' | 'securityModule' | 'keyStore' | 'policies'
>;

/** Limits of a payment by this quote for this holder on this day, freshly read from the rows. */
export function limitsFor(
  parts: Known,
  at: CounterHolder | undefined,
  quote: Quote,
  options: { readonly businessDay: string; readonly online: boolean },
): Limits {
  const { businessDay, online } = options;
  const { config, store } = parts;
  const balance = balanceFor(parts, at, quote);
  const spentToday =
    at?.holder === undefined ? zeroMoney : store.accountPaidOn(businessDay, at.holder.personNumber);
  return {
    ...(balance === undefined ? {} : { accountBalance: availableBalance(parts, at, balance) }),
    accountPerSale: config.limits.account_per_sale,
    accountLeftToday: left(config.limits.account_per_day, spentToday),
    offline: offlineLimits(parts, at, online),
  };
}

function balanceFor(
  parts: Pick<Known, 'store'>,
  at: CounterHolder | undefined,
  quote: Quote,
): Money | undefined {
  // The trial's own balance is newer than what the card was read with: another shop may have given something back.
  const told = quote.mode === 'insured' ? quote.split.balanceBefore : undefined;
  const insurance = at?.holder === undefined ? undefined : insuranceOf(at.holder);
  if (told !== undefined || insurance === undefined) return told;
  return quote.mode === 'offline' ? offlineBalance(parts, at, insurance) : insurance.balance;
}

/** Known balance less what this card has spent offline since: the agency does not know of that yet. */
export function availableBalance(parts: Known, at: CounterHolder | undefined, balance: Money): Money {
  return left(balance, spentOffline(parts, at).amount);
}

/** The balance on which an offline sale may count: what a settlement told, and never more than the agency when asked. */
export function offlineBalance(
  { store }: Pick<Known, 'store'>,
  at: CounterHolder | undefined,
  insurance: Insurance,
): Money {
  const card = cardOf(at);
  const most = card === undefined ? undefined : store.balanceAtMost(card.issuer.cardId, insurance.scheme);
  return most === undefined ? insurance.balance : minMoney(insurance.balance, most);
}

/** What this card has spent offline and the agency has not booked, and in how many sales. */
export function spentOffline(
  { store }: Pick<Known, 'store'>,
  at: CounterHolder | undefined,
): { readonly amount: Money; readonly count: number } {
  const card = cardOf(at);
  return card === undefined ? { amount: zeroMoney, count: 0 } : store.offlineAtRisk(laneOf(card));
}

/** Lane of the upload queue: the card. */
export function laneOf(card: CardAtCounter): string {
  return card.issuer.cardId;
}

export function offlineLimits(parts: Known, at: CounterHolder | undefined, online: boolean): OfflineLimits {
  const policy = policyOf(parts, at);
  const ages = agesOf(sourcesWith(parts, at, policy), parts.clock.nowMs());
  const rules = offlineRules(parts.config);
  const reason = whyNotOffline(parts, at, online) ?? tooOld(rules, ages, policy);
  const standing = { ...ages, onCard: spentOffline(parts, at), onTerminal: parts.store.offlineAtRisk() };
  return {
    allowed: reason === undefined,
    ...(reason === undefined ? {} : { reason }),
    ...offlineAllowance(rules, standing),
  };
}

/** The parameters of the region's document. */
export function offlineRules({ offline }: Config): OfflineRules {
  const hours = (count: number) => count * 3_600_000;
  return {
    perSale: offline.per_sale,
    perCard: offline.per_card,
    perTerminal: offline.per_terminal,
    salesPerCard: offline.sales_per_card,
    salesPerTerminal: offline.sales_per_terminal,
    dataAgeMaxMs: hours(offline.data_age_max_hours),
    blacklistAgeMaxMs: hours(offline.blacklist_age_max_hours),
    policyAgeMaxMs: hours(offline.policy_age_max_hours),
    driftMaxMs: offline.clock_drift_max_seconds * 1000,
    tightestPercent: offline.tightest_percent,
  };
}

type Sourced = Pick<CheckoutParts, 'config' | 'store' | 'clock' | 'agency' | 'policies'>;

/** When the agency told what a deduction for this holder would rest on. */
export function offlineSources(parts: Sourced, at: CounterHolder | undefined): OfflineSources {
  return sourcesWith(parts, at, policyOf(parts, at));
}

/** The document for the holder, or why there is none; undefined = nobody insured is here. */
function policyOf(parts: Sourced, at: CounterHolder | undefined): Result<Policy, Fault> | undefined {
  const insurance = at?.holder === undefined ? undefined : insuranceOf(at.holder);
  if (at?.holder === undefined || insurance === undefined) return undefined;
  return policyFor(parts, at.holder, insurance);
}

function sourcesWith(
  { store, clock, agency }: Sourced,
  at: CounterHolder | undefined,
  policy: Result<Policy, Fault> | undefined,
): OfflineSources {
  const nowMs = clock.nowMs();
  const list = blacklistAge(store, nowMs);
  return {
    dataAsOfMs: at?.holder?.asOfMs ?? 0,
    blacklistAsOfMs: list === undefined ? undefined : nowMs - list.ageMs,
    policyAsOfMs: policy?.ok ? store.policyAgreedAtMs(policy.value.id, policy.value.version) : undefined,
    driftMs: agency.driftMs(),
  };
}

/** First reason but age that forbids an offline deduction (design section 6), or undefined. */
function whyNotOffline(parts: Known, at: CounterHolder | undefined, online: boolean): Fault | undefined {
  const { enabled, basis } = parts.config.offline;
  if (!enabled || basis === '') return fault('offline-not-allowed');
  if (online) return fault('offline-while-online');
  if (restoreHold(parts.store) !== undefined) return fault('restore-hold');
  if (at === undefined) return fault('holder-none');
  const card = cardOf(at);
  if (card === undefined) return fault('offline-medium');
  if (spentInLostDays(parts.store, at.holder?.asOfMs ?? 0)) return fault('limit-offline-per-card');
  if (at.holder === undefined) return fault('offline-holder-unknown');
  return cardNotFit(parts, card);
}

/** The age or the drift that forbids it, in words; that nobody is insured is told by the quote itself. */
function tooOld(
  rules: OfflineRules,
  ages: OfflineAges,
  policy: Result<Policy, Fault> | undefined,
): Fault | undefined {
  const code = offlineTooOld(rules, policy === undefined ? { ...ages, policyAgeMs: 0 } : ages);
  switch (code) {
    case undefined:
      return undefined;
    case 'offline-policy-too-old':
      if (policy?.ok === false) return policy.error;
      return fault(code, policy === undefined ? undefined : `${policy.value.id} ${policy.value.version}`);
    case 'offline-clock-drift':
      return fault(code, `${Math.round((ages.driftMs ?? 0) / 1000)} s`);
    default:
      return fault(code);
  }
}

/** The module must have proved this card and be there to sign; the agency's proof is not the shop's. */
function cardNotFit(parts: Known, card: CardAtCounter): Fault | undefined {
  const { store, config, clock, securityModule } = parts;
  const nowMs = clock.nowMs();
  if (card.authenticatedBy !== 'security-module') return fault('offline-card-not-proved');
  const module = securityModule?.state();
  if (module === undefined) return fault('security-module-missing');
  if (module.kind === 'missing') return module.fault;
  const key = keyFault(parts.keyStore);
  if (key !== undefined) return key;
  const old = blacklistTooOld(store, nowMs, config.offline.blacklist_age_max_hours);
  if (old !== undefined) return old;
  if (onBlacklist(store, card.issuer)) return fault('card-blacklisted');
  if (store.tornPurchase(card.issuer.cardId) !== undefined) return fault('offline-card-torn');
  const { expiryDate } = card.issuer;
  const expired = expiryDate !== undefined && expiryDate < businessDay(nowMs);
  return expired && config.card.refuse_expired ? fault('card-expired') : undefined;
}

/** The agency takes the signatures of an enrolled key only: without one every upload would be rejected. */
export function keyFault(keyStore: KeyStorePort): Fault | undefined {
  const state = keyStore.state();
  if (state.kind === 'fault') return state.fault;
  const key = keyStore.current();
  if (key === undefined) return fault('key-none');
  return key.state === 'enrolled' ? undefined : fault('terminal-key-not-enrolled');
}

/** What is left of a sum, never below nothing. */
export function left(whole: Money, used: Money): Money {
  return maxMoney(zeroMoney, subtractMoney(whole, used));
}
