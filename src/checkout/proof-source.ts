import { copyText } from '#core/copy-text';
import type { CardProof, CardProofRequest } from '#core/domain/card-proof';
import { type Fault, fault } from '#core/fault';
import { err, ok } from '#core/result';
import type { CardAuthenticator } from '#drivers/card-reader/port';
import type { AgencyLink } from './link.ts';
import type { CheckoutParts } from './parts.ts';

type Prover = 'agency' | 'security-module';

/** `unavailable`: nobody could be asked there, so the other one is. */
type Answer =
  | { readonly kind: 'proof'; readonly proof: CardProof }
  | { readonly kind: 'refused'; readonly fault: Fault }
  | { readonly kind: 'unavailable'; readonly fault: Fault };

export interface ProofSource {
  readonly ask: CardAuthenticator;
  /** Who gave the last proof. */
  answeredBy(): Prover;
}

export interface ProofOptions {
  readonly parts: Pick<CheckoutParts, 'agency' | 'config' | 'securityModule'>;
  readonly link: AgencyLink;
  /** Called when the card is being authenticated, for the screen. */
  readonly onAuthenticating: () => void;
}

/**
 * Who proves the card, in the configured order. When the first is missing, lacks the key or cannot be asked,
 * the other one is; each card begins with the first again.
 */
export function proofSource(options: ProofOptions): ProofSource {
  const { parts, onAuthenticating } = options;
  const agencyFirst = parts.config.card.prove_with === 'agency';
  const order: readonly Prover[] = agencyFirst
    ? ['agency', 'security-module']
    : ['security-module', 'agency'];
  let answeredBy: Prover = 'agency';
  const ask: CardAuthenticator = async (request) => {
    onAuthenticating();
    let last = fault('card-authentication-unavailable');
    for (const prover of order) {
      const answer =
        prover === 'agency' ? await byAgency(options, request) : await byModule(options, request);
      if (answer.kind === 'refused') return err(answer.fault);
      if (answer.kind === 'proof') {
        answeredBy = prover;
        return ok(answer.proof);
      }
      // An algorithm that nobody at hand knows is a better reason than a missing link.
      if (answer.fault.retry === 'permanent' || last.retry !== 'permanent') last = answer.fault;
    }
    return err(last);
  };
  return { ask, answeredBy: () => answeredBy };
}

async function byAgency({ parts, link }: ProofOptions, request: CardProofRequest): Promise<Answer> {
  const unavailable: Answer = { kind: 'unavailable', fault: fault('card-authentication-unavailable') };
  if (!link.usable()) return unavailable;
  const outcome = await link.ask((context) => parts.agency.authenticateCard(request, context));
  if (outcome.kind === 'success') return { kind: 'proof', proof: outcome.value };
  if (outcome.kind === 'unknown' || outcome.fault.code === 'agency-unreachable') return unavailable;
  // The agency was asked and will not vouch for this card, or the question itself was wrong.
  return { kind: 'refused', fault: withWords(outcome.fault, outcome.agencyText) };
}

async function byModule({ parts }: ProofOptions, request: CardProofRequest): Promise<Answer> {
  if (parts.securityModule === undefined)
    return { kind: 'unavailable', fault: fault('card-authentication-unavailable') };
  const proof = await parts.securityModule.authenticate(request);
  return proof.ok ? { kind: 'proof', proof: proof.value } : { kind: 'unavailable', fault: proof.error };
}

/** The agency's words beside our own; copied, so that a fault on the screen does not hold the whole answer. */
export function withWords(problem: Fault, agencyText: string): Fault {
  return agencyText === '' ? problem : { ...problem, detail: copyText(agencyText) };
}
