import type { CardAlgorithm, Medium } from '#core/domain/holder';
import { inPattern } from '../wire.ts';

/** Code list mdtrt_cert_type (就诊凭证类型). */
export const MEDIUM_CODES: Readonly<Record<Medium, string>> = {
  'electronic-certificate': '01',
  'identity-number': '02',
  card: '03',
};

export const inMedium = inPattern(/^0[123]$/, 'a kind of credential');

/** Algorithm numbers as the card's FCI states them. */
export const ALGORITHM_CODES: Readonly<Record<CardAlgorithm, string>> = {
  tdes: '01',
  ssf33: '02',
  sm4: '03',
};

/** Code list gend (性别). */
export function sexOf(code: string): 'male' | 'female' | 'not-stated' {
  if (code === '1') return 'male';
  return code === '2' ? 'female' : 'not-stated';
}
