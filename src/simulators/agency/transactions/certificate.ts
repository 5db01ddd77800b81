import { assert } from '#core/assert';
import { need } from '../basket-check.ts';
import { type AgencyContext, done, type Outcome, refused } from '../context.ts';
import type { InsuredPerson } from '../person.ts';
import type { CheckedRequest } from '../request.ts';

/** Words and codes of refusals; 500159 is the recorded one (section 12), the others are in its manner. */
const refusals = {
  foreign: ['请使用医保电子凭证二维码', '500159'],
  used: ['医保电子凭证二维码已使用，请刷新后重新扫码', '500160'],
  expired: ['医保电子凭证二维码已过期，请刷新后重新扫码', '500161'],
} as const;

/** 1162, the infno form of ec.query: a code of an electronic certificate becomes person and token (table 9.3). */
export function decodeCertificate(request: CheckedRequest, context: AgencyContext): Outcome {
  const data = request.nodes['data'] ?? {};
  if (need(data, 'orgId') !== need(request.envelope, 'fixmedins_code'))
    return refused('机构编号与报文头不符', 'ecBO_1001', 'data.orgId');
  const decoded = context.certificates.decode(
    need(data, 'ecQrCode'),
    (personNumber) => personOf(context, personNumber).region,
  );
  if (decoded.kind !== 'decoded') {
    const [text, code] = refusals[decoded.kind];
    return refused(text, code);
  }
  const person = personOf(context, decoded.personNumber);
  return done({
    data: {
      userName: person.name,
      idNo: person.certificateNumber,
      idType: '01',
      ecToken: decoded.token,
      insuOrg: person.region,
      ecIndexNo: null,
      gender: person.gender,
      birthday: person.birthDate,
      nationality: null,
      email: '',
      extData: '',
    },
  });
}

function personOf(context: AgencyContext, personNumber: string): InsuredPerson {
  const person = context.persons.get(personNumber);
  assert(person !== undefined, 'certificates are issued to insured persons only');
  return person;
}
