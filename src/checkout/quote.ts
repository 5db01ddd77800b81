import { splitOwnPay } from '#benefits/split-sale';
import { copyPlain } from '#core/copy-text';
import type { Holder } from '#core/domain/holder';
import type { Split } from '#core/domain/split';
import { explainedByOurs } from '#core/domain/split-comparison';
import { wholeSplit } from '#core/domain/whole-split';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { compareTrial } from '#sync/compare-settled';
import type { PersonTurns } from '#sync/person-turns';
import { type Counter, type CounterHolder, cardOf, insuranceOf, type Quote } from './counter.ts';
import { availableBalance, offlineBalance, offlineLimits } from './limits.ts';
import type { AgencyLink } from './link.ts';
import { ownSplit } from './own-split.ts';
import type { CheckoutParts } from './parts.ts';
import { withWords } from './proof-source.ts';
import { settlementRequest } from './settlement-request.ts';

export interface QuoteOptions {
  readonly parts: CheckoutParts;
  readonly link: AgencyLink;
  readonly turns: PersonTurns;
  /** Proves a card that the agency had proved once more, by the module, and keeps the outcome on the counter. */
  readonly proveByModule: () => Promise<void>;
}

/** Everything is paid by the customer. */
export function ownPayQuote(counter: Counter): Quote {
  return { mode: 'own-pay', split: splitOwnPay(counter.sale.lines) };
}

/**
 * Who pays what: the agency's trial (2101), or the offline split when the agency cannot be asked, or own pay
 * when there is no entitled holder or nothing to ask about.
 */
export async function quoteSale(counter: Counter, options: QuoteOptions): Promise<Result<Quote, Fault>> {
  const at = counter.holder;
  // What was paid without insurance stays so, whoever's card lies in the reader.
  if (at === undefined || counter.sale.replaces?.mode === 'own-pay') return ok(ownPayQuote(counter));
  if (!options.link.usable()) return offlineQuote(counter, options);
  if (at.holder === undefined) return err(fault('holder-read-again'));
  if (insuranceOf(at.holder) === undefined) return ok(ownPayQuote(counter));
  // The card was read while the agency could not be asked: nobody vouched for it yet.
  if (cardOf(at)?.authenticatedBy === 'none' || at.source === 'cache') return err(fault('holder-read-again'));
  const request = settlementRequest(counter.sale, at, counter.useAccount);
  if (request === undefined) return ok(ownPayQuote(counter));

  await options.turns.hold(request.personNumber);
  const outcome = await options.link.ask((context) => options.parts.agency.trial(request, context));
  if (outcome.kind === 'success') {
    const { split, clearingOffice, clearingType } = outcome.value;
    const whole = copyPlain(wholeSplit(counter.sale.lines, split));
    return ok({
      mode: 'insured',
      split: explained(counter, at.holder, whole, options.parts),
      request,
      clearing: copyPlain({ office: clearingOffice, type: clearingType }),
    });
  }
  if (!options.link.usable()) return offlineQuote(counter, options);
  // A trial books nothing: without an answer there is nothing to clear up.
  if (outcome.kind === 'unknown') return err(fault('agency-trial-unanswered', outcome.fault.code));
  return err(withWords(outcome.fault, outcome.agencyText));
}

/** The split by the cached policy and balance, within the budgets (design section 6). */
async function offlineQuote(
  counter: Counter,
  { parts, proveByModule }: QuoteOptions,
): Promise<Result<Quote, Fault>> {
  // Whether the entitlement still counts is for the agency to say: no region's document is known to allow it.
  if (counter.sale.chronic !== undefined) return err(fault('chronic-offline'));
  // The link may have gone after the card was read: the agency's proof is not the shop's.
  if (cardOf(counter.holder)?.authenticatedBy === 'agency') await proveByModule();
  const at: CounterHolder | undefined = counter.holder;
  const limits = offlineLimits(parts, at, false);
  if (at === undefined || limits.reason !== undefined) return err(limits.reason ?? fault('holder-none'));
  const { holder } = at;
  const insurance = holder === undefined ? undefined : insuranceOf(holder);
  if (holder === undefined || insurance === undefined) return ok(ownPayQuote(counter));
  const request = settlementRequest(counter.sale, at, counter.useAccount);
  if (request === undefined) return ok(ownPayQuote(counter));
  // The account is not capped by the budgets here: the agency would take its whole share at upload. A share
  // above a budget is refused by the machine's guard, and the cashier may switch the account off.
  const split = ownSplit(parts, {
    sale: counter.sale,
    holder,
    insurance,
    balance: availableBalance(parts, at, offlineBalance(parts, at, insurance)),
    useAccount: counter.useAccount,
  });
  return split.ok ? ok({ mode: 'offline', split: split.value, request }) : split;
}

/**
 * The agency's amounts with our rules as their reasons, as far as both computed the same; kept for the manager
 * where they did not. The agency's amounts count either way.
 */
function explained(counter: Counter, holder: Holder, agency: Split, parts: CheckoutParts): Split {
  const insurance = insuranceOf(holder);
  if (insurance === undefined) return agency;
  const { sale, useAccount } = counter;
  const ours = ownSplit(parts, { sale, holder, insurance, balance: insurance.balance, useAccount });
  // Without a document for this person there is nothing to compare with: the agency explains itself.
  if (!ours.ok) return agency;
  const differences = compareTrial(parts.store, sale, ours.value, agency, parts.clock.nowMs());
  return explainedByOurs(agency, ours.value, differences);
}
