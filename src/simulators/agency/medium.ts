import type { AgencyContext } from './context.ts';
import type { InsuredPerson } from './person.ts';

/** The medium (就诊凭证) of a request as it came. */
export interface MediumFields {
  readonly type: string;
  readonly number: string;
}

/** Whether the medium belongs to the person: 01 token, 02 identity number, 03 card number. */
export function ownsMedium(person: InsuredPerson, medium: MediumFields, context: AgencyContext): boolean {
  if (medium.type === '01') return context.certificates.holderOf(medium.number) === person.personNumber;
  if (medium.type === '02') return person.certificateNumber === medium.number;
  return person.card?.cardNumber === medium.number;
}
