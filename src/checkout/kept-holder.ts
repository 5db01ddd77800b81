import { copyPlain } from '#core/copy-text';
import type { Holder } from '#core/domain/holder';
import { comparableNumber, maskIdentityNumber } from './identity-number.ts';

/** Person as the credential shows it; what it does not show is not compared. */
export interface ShownPerson {
  readonly number?: string;
  readonly name?: string;
}

/** Code list psn_cert_type: identity card (居民身份证). */
const IDENTITY_CARD = '01';

/**
 * Whether the agency speaks of the person of the credential. A card carries the identity number; a holder
 * registered under another document (a passport) has a number of another kind there, so the name decides.
 * `form` is put over both numbers before they are compared.
 */
export function samePerson(
  shown: ShownPerson,
  holder: Pick<Holder, 'certificateNumber' | 'certificateType' | 'name'>,
  form: (number: string) => string = (number) => number,
): boolean {
  const number = comparableNumber(shown.number ?? '');
  const known = comparableNumber(holder.certificateNumber);
  const byNumber = holder.certificateType === '' || holder.certificateType === IDENTITY_CARD;
  if (number === '' || known === '') return true;
  if (byNumber || number === known) return form(number) === form(known);
  return shown.name === undefined || shown.name.trim() === holder.name.trim();
}

/**
 * The holder as it may be kept in memory and on disk: identity numbers masked, and every text a string of its
 * own, so that nothing holds on to the answer that the agency sent.
 */
export function keptHolder(holder: Holder): Holder {
  const { certificateNumber, medium, mediumNumber } = holder;
  return copyPlain({
    ...holder,
    certificateNumber: maskIdentityNumber(certificateNumber),
    mediumNumber: medium === 'identity-number' ? maskIdentityNumber(mediumNumber) : mediumNumber,
  });
}
