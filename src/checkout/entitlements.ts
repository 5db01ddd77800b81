import { businessDay } from '#core/business-time';
import { copyPlain } from '#core/copy-text';
import {
  type ChronicEntitlement,
  type EntitlementStanding,
  entitlementStanding,
} from '#core/domain/entitlement';
import { fault } from '#core/fault';
import { type CounterHolder, insuranceOf, type KnownEntitlements } from './counter.ts';
import type { AgencyLink } from './link.ts';
import type { CheckoutParts } from './parts.ts';

export interface EntitlementOptions {
  readonly parts: Pick<CheckoutParts, 'agency' | 'clock' | 'config'>;
  readonly counter: { entitlements?: KnownEntitlements | undefined };
  readonly link: Pick<AgencyLink, 'usable' | 'askAside'>;
  readonly onChange: () => void;
}

/**
 * Asks 5301 about a holder who has been identified: off the way of the sale, which neither waits for it nor fails
 * by it. A later holder makes an earlier answer void.
 */
export async function askEntitlements(
  options: EntitlementOptions,
  { holder, source }: CounterHolder,
): Promise<void> {
  const { parts, counter, link, onChange } = options;
  const before = counter.entitlements;
  const insurance = holder === undefined ? undefined : insuranceOf(holder);
  counter.entitlements = undefined;
  if (holder === undefined || insurance === undefined || !parts.config.checkout.chronic) return;
  const { personNumber } = holder;
  const kept = before?.of === personNumber && before.answer !== undefined ? { answer: before.answer } : {};
  const here = { of: personNumber, ...kept };
  if (source === 'cache' || !link.usable()) {
    counter.entitlements = { ...here, state: 'unknown', fault: fault('chronic-unknown') };
    return;
  }
  const asking: KnownEntitlements = { ...here, state: 'asking' };
  counter.entitlements = asking;
  const query = { personNumber, insuredRegion: insurance.region };
  const outcome = await link.askAside((context) => parts.agency.entitlements(query, context));
  if (counter.entitlements !== asking) return;
  counter.entitlements =
    outcome.kind === 'success'
      ? {
          of: personNumber,
          state: 'known',
          answer: { list: copyPlain(outcome.value), asOfMs: parts.clock.nowMs() },
        }
      : { ...here, state: 'unknown', fault: fault('chronic-unknown', outcome.fault.code) };
  onChange();
}

/** Whether an entitlement counts in this shop today. */
export function standingToday(
  { clock, config }: Pick<CheckoutParts, 'clock' | 'config'>,
  entitlement: ChronicEntitlement,
): EntitlementStanding {
  return entitlementStanding(entitlement, businessDay(clock.nowMs()), config.shop.institution_code);
}
