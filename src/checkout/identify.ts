import type { AgencyOutcome, CardStatus } from '#agency/port';
import { businessDay } from '#core/business-time';
import type { CardHolderData, CardIssuerData, Holder } from '#core/domain/holder';
import { type Fault, type FaultCode, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { onBlacklist } from './blacklist.ts';
import { type CardAtCounter, type CounterHolder, insuranceOf } from './counter.ts';
import { maskIdentityNumber } from './identity-number.ts';
import { keptHolder, type ShownPerson, samePerson } from './kept-holder.ts';
import type { CheckoutParts } from './parts.ts';
import { type ProofOptions, proofSource, withWords } from './proof-source.ts';

export interface IdentifyOptions extends ProofOptions {
  readonly parts: CheckoutParts;
  /** Called with a proved card: an earlier purchase of it may have been left without an answer. */
  readonly onProved: (issuer: CardIssuerData) => Promise<void>;
}

const STATUS_FAULTS: Readonly<Record<Exclude<CardStatus, 'valid'>, FaultCode>> = {
  lost: 'card-reported-lost',
  replaced: 'card-replaced',
  cancelled: 'card-cancelled',
  'not-activated': 'card-not-activated',
};

/**
 * From a card in `reader` (default: the first that holds one) to a holder: read and proved, not on the
 * blacklist, card status 1904, person 1101, and the same person on card and at the agency. Without the agency
 * the last answer about this card is used with its age, and limits follow from that.
 */
export async function identifyCard(
  options: IdentifyOptions,
  reader?: string,
): Promise<Result<CounterHolder, Fault>> {
  const { parts, link } = options;
  const proof = proofSource(options);
  const read = await parts.cardDesk.read(
    proof.ask,
    {
      today: businessDay(parts.clock.nowMs()),
      refuseExpired: parts.config.card.refuse_expired,
      authenticate: 'when-available',
    },
    reader,
  );
  if (!read.ok) return read;
  const { identity, warnings } = read.value;
  const { issuer } = identity;
  const authenticatedBy = identity.authenticatedBy === 'none' ? 'none' : proof.answeredBy();
  if (authenticatedBy !== 'none') await options.onProved(issuer);
  if (onBlacklist(parts.store, issuer)) return err(fault('card-blacklisted'));
  const card: CardAtCounter = {
    medium: 'card',
    reader: read.value.reader,
    issuer,
    authenticatedBy,
    ...nameOf(identity.holder),
    ...(await medicalPart(options)),
  };
  const shown = shownPerson(identity.holder);
  if (!link.usable()) return fromMemory(parts, card, shown, warnings);
  // With the agency at hand nobody is served on a card that was not proved.
  if (authenticatedBy === 'none') return err(fault('card-authentication-unavailable'));
  return askAgency(options, card, shown, warnings);
}

function nameOf(holder: CardHolderData | undefined): Pick<CardAtCounter, 'name' | 'sex'> {
  return holder === undefined ? {} : { name: holder.name, sex: holder.sex };
}

function shownPerson(holder: CardHolderData | undefined): ShownPerson {
  return holder === undefined ? {} : { number: holder.socialSecurityNumber, name: holder.name };
}

/** DF04/EF05 by the module's key, where the agency is not the one to ask: no needless selects otherwise. */
async function medicalPart({ parts, link }: IdentifyOptions): Promise<Pick<CardAtCounter, 'medical'>> {
  const { securityModule, config, cardDesk } = parts;
  const wanted = !link.usable() || config.card.prove_with === 'module';
  if (!wanted || securityModule?.state().kind !== 'ready') return {};
  const read = await cardDesk.readMedical(securityModule);
  if (!read.ok) return {};
  const { insuredRegion, personClass, cardUse } = read.value;
  const medical = {
    ...(insuredRegion === undefined ? {} : { insuredRegion }),
    ...(personClass === undefined ? {} : { personClass }),
    ...(cardUse === undefined ? {} : { cardUse }),
  };
  return { medical };
}

async function askAgency(
  { parts, link }: IdentifyOptions,
  card: CardAtCounter,
  shown: ShownPerson,
  warnings: readonly Fault[],
): Promise<Result<CounterHolder, Fault>> {
  const { region, cardId, cardNumber } = card.issuer;
  const status = await link.ask((context) =>
    parts.agency.cardStatus({ region, cardId, cardNumber }, context),
  );
  if (status.kind === 'success' && status.value !== 'valid') return err(fault(STATUS_FAULTS[status.value]));
  if (!link.usable()) return fromMemory(parts, card, shown, warnings);
  const outcome = await link.ask((context) =>
    parts.agency.person({ medium: 'card', mediumNumber: cardNumber, cardId }, context),
  );
  return fromAnswer(parts, card, shown, warnings, outcome);
}

function fromAnswer(
  parts: CheckoutParts,
  card: CardAtCounter,
  shown: ShownPerson,
  warnings: readonly Fault[],
  outcome: AgencyOutcome<Holder>,
): Result<CounterHolder, Fault> {
  if (outcome.kind === 'success') {
    if (!samePerson(shown, outcome.value)) return err(fault('holder-mismatch'));
    const holder = keptHolder(outcome.value);
    parts.store.rememberHolder(card.issuer.cardId, holder);
    return ok({ by: card, holder, source: 'agency', warnings: [...warnings, ...entitlement(holder)] });
  }
  if (outcome.kind === 'refused' && outcome.fault.code !== 'agency-unreachable')
    return err(withWords(outcome.fault, outcome.agencyText));
  return fromMemory(parts, card, shown, warnings);
}

/** A holder without insurance in force may still buy; the cashier sees why nothing is paid (A3). */
export function entitlement(holder: Holder): Fault[] {
  return insuranceOf(holder) === undefined ? [fault('agency-not-entitled')] : [];
}

/** What is remembered is masked, so the card is compared with it under the same mask. */
function fromMemory(
  parts: CheckoutParts,
  card: CardAtCounter,
  shown: ShownPerson,
  warnings: readonly Fault[],
): Result<CounterHolder, Fault> {
  const holder = parts.store.rememberedHolder(card.issuer.cardId);
  if (holder === undefined)
    return ok({ by: card, source: 'cache', warnings: [...warnings, fault('offline-holder-unknown')] });
  if (!samePerson(shown, holder, maskIdentityNumber)) return err(fault('holder-mismatch'));
  return ok({
    by: card,
    holder: keptHolder(holder),
    source: 'cache',
    warnings: [...warnings, ...entitlement(holder)],
  });
}
