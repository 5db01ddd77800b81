import type { AgencyOutcome, CardStatus } from '#agency/port';
import { businessDay } from '#core/business-time';
import type { CardProofRequest } from '#core/domain/card-proof';
import type { CardIdentity, Holder } from '#core/domain/holder';
import { type Fault, type FaultCode, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import type { CardAuthenticator } from '#drivers/card-reader/port';
import { type CounterHolder, insuranceOf } from './counter.ts';
import type { AgencyLink } from './link.ts';
import type { CheckoutParts } from './parts.ts';

export interface IdentifyOptions {
  readonly parts: CheckoutParts;
  readonly link: AgencyLink;
  /** Called when the card is being authenticated, for the screen. */
  readonly onAuthenticating: () => void;
}

const STATUS_FAULTS: Readonly<Record<Exclude<CardStatus, 'valid'>, FaultCode>> = {
  lost: 'card-reported-lost',
  replaced: 'card-replaced',
  cancelled: 'card-cancelled',
  'not-activated': 'card-not-activated',
};

/**
 * From a card in the reader to a holder: read and authenticate (agency first, security module when the
 * agency cannot be asked), card status 1904, person 1101. Without the agency the last answer about this card
 * is used with its age, and limits follow from that.
 */
export async function identifyHolder(options: IdentifyOptions): Promise<Result<CounterHolder, Fault>> {
  const { parts, link } = options;
  const proof = proofSource(options);
  const read = await parts.cardDesk.read(proof.ask, {
    today: businessDay(parts.clock.nowMs()),
    refuseExpired: parts.config.card.refuse_expired,
    authenticate: 'when-available',
  });
  if (!read.ok) return read;
  const { identity, warnings } = read.value;
  const proved: CardIdentity = {
    ...identity,
    authenticatedBy: identity.authenticatedBy === 'none' ? 'none' : proof.answeredBy(),
  };
  if (!link.usable()) return ok(fromMemory(parts, proved, warnings));
  // With the agency at hand nobody is served on a card that was not proved.
  if (proved.authenticatedBy === 'none') return err(fault('card-authentication-unavailable'));
  return askAgency(options, proved, warnings);
}

/** Who proves the card: remembered, because a read may begin with the agency and end with the module. */
function proofSource({ parts, link, onAuthenticating }: IdentifyOptions): {
  readonly ask: CardAuthenticator;
  readonly answeredBy: () => 'agency' | 'security-module';
} {
  let answeredBy: 'agency' | 'security-module' = 'agency';
  const ask = async (request: CardProofRequest) => {
    onAuthenticating();
    if (link.usable()) {
      const outcome = await link.ask((context) => parts.agency.authenticateCard(request, context));
      if (outcome.kind === 'success') return ok(outcome.value);
      // The agency was asked and will not vouch for this card, or the question itself was wrong.
      if (outcome.kind === 'refused' && outcome.fault.code !== 'agency-unreachable')
        return err(withWords(outcome.fault, outcome.agencyText));
    }
    if (parts.securityModule === undefined) return err(fault('card-authentication-unavailable'));
    answeredBy = 'security-module';
    return parts.securityModule.authenticate(request);
  };
  return { ask, answeredBy: () => answeredBy };
}

async function askAgency(
  { parts, link }: IdentifyOptions,
  identity: CardIdentity,
  warnings: readonly Fault[],
): Promise<Result<CounterHolder, Fault>> {
  const { region, cardId, cardNumber } = identity.issuer;
  const status = await link.ask((context) =>
    parts.agency.cardStatus({ region, cardId, cardNumber }, context),
  );
  if (status.kind === 'success' && status.value !== 'valid') return err(fault(STATUS_FAULTS[status.value]));
  if (!link.usable()) return ok(fromMemory(parts, identity, warnings));
  const outcome = await link.ask((context) =>
    parts.agency.person({ medium: 'card', mediumNumber: cardNumber, cardId }, context),
  );
  return fromAnswer(parts, identity, warnings, outcome);
}

function fromAnswer(
  parts: CheckoutParts,
  identity: CardIdentity,
  warnings: readonly Fault[],
  outcome: AgencyOutcome<Holder>,
): Result<CounterHolder, Fault> {
  if (outcome.kind === 'success') {
    const holder = outcome.value;
    parts.store.rememberHolder(identity.issuer.cardId, holder);
    return ok({ identity, holder, source: 'agency', warnings: [...warnings, ...entitlement(holder)] });
  }
  if (outcome.kind === 'refused' && outcome.fault.code !== 'agency-unreachable')
    return err(withWords(outcome.fault, outcome.agencyText));
  return ok(fromMemory(parts, identity, warnings));
}

/** A holder without insurance in force may still buy; the cashier sees why nothing is paid (A3). */
function entitlement(holder: Holder): Fault[] {
  return insuranceOf(holder) === undefined ? [fault('agency-not-entitled')] : [];
}

function fromMemory(parts: CheckoutParts, identity: CardIdentity, warnings: readonly Fault[]): CounterHolder {
  const holder = parts.store.rememberedHolder(identity.issuer.cardId);
  if (holder === undefined)
    return { identity, source: 'cache', warnings: [...warnings, fault('offline-holder-unknown')] };
  return { identity, holder, source: 'cache', warnings: [...warnings, ...entitlement(holder)] };
}

function withWords(problem: Fault, agencyText: string): Fault {
  return agencyText === '' ? problem : { ...problem, detail: agencyText };
}
