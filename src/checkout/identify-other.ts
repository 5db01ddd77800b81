import type { AgencyOutcome, PersonQuery } from '#agency/port';
import { copyText } from '#core/copy-text';
import type { Holder } from '#core/domain/holder';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import type { CounterHolder, Credential } from './counter.ts';
import { entitlement } from './identify.ts';
import { keptHolder, type ShownPerson, samePerson } from './kept-holder.ts';
import type { AgencyLink } from './link.ts';
import type { CheckoutParts } from './parts.ts';
import { withWords } from './proof-source.ts';

export interface OtherOptions {
  readonly parts: Pick<CheckoutParts, 'agency' | 'clock' | 'store'>;
  readonly link: AgencyLink;
}

/**
 * From the text of an electronic certificate's QR code to its holder: decoded by the agency into a token for
 * one settlement. Never without the agency (design section 6). A text that was scanned before is refused
 * without asking: it is on disk before it is sent.
 */
export async function identifyByCertificate(
  options: OtherOptions,
  qrText: string,
): Promise<Result<CounterHolder, Fault>> {
  const { parts, link } = options;
  if (!link.usable()) return err(fault('offline-medium'));
  if (!parts.store.claimCertificate(qrText, parts.clock.nowMs())) return err(fault('certificate-used'));
  const decoded = await link.ask((context) => parts.agency.decodeCertificate(qrText, context));
  if (decoded.kind !== 'success') return err(reasonOf(decoded));
  const { token, name, certificateNumber, certificateType } = decoded.value;
  const by = { medium: 'electronic-certificate', token: copyText(token) } as const;
  return askPerson(
    options,
    by,
    {
      medium: 'electronic-certificate',
      mediumNumber: token,
      name,
      certificateNumber,
      ...(certificateType === undefined ? {} : { certificateType }),
    },
    { number: certificateNumber, name },
  );
}

/** By an identity number that was typed from the holder's document, with the reason for it. */
export async function identifyByNumber(
  options: OtherOptions,
  typed: { readonly number: string; readonly name: string; readonly reason: string },
): Promise<Result<CounterHolder, Fault>> {
  if (!options.link.usable()) return err(fault('offline-medium'));
  const { number, name, reason } = typed;
  const found = await askPerson(
    options,
    { medium: 'identity-number', number, reason },
    { medium: 'identity-number', mediumNumber: number, certificateNumber: number, name },
    { number, name },
  );
  // The name is all that a person at the counter can compare: another one is another person.
  if (found.ok && found.value.holder?.name.trim() !== name.trim()) return err(fault('holder-mismatch'));
  return found;
}

async function askPerson(
  { parts, link }: OtherOptions,
  by: Credential,
  query: PersonQuery,
  shown: ShownPerson,
): Promise<Result<CounterHolder, Fault>> {
  const outcome = await link.ask((context) => parts.agency.person(query, context));
  if (outcome.kind !== 'success') return err(reasonOf(outcome));
  if (!samePerson(shown, outcome.value)) return err(fault('holder-mismatch'));
  const holder = keptHolder(outcome.value);
  return ok({ by, holder, source: 'agency', warnings: entitlement(holder) });
}

function reasonOf(outcome: Exclude<AgencyOutcome<Holder | unknown>, { kind: 'success' }>): Fault {
  if (outcome.kind === 'refused') return withWords(outcome.fault, outcome.agencyText);
  return fault('agency-unreachable', outcome.fault.code);
}
