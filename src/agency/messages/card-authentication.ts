import { z } from 'zod';
import type { CardProof, CardProofRequest } from '#core/domain/card-proof';
import { err, ok, type Result } from '#core/result';
import { firstProblem, inPattern, outRequired } from '../wire.ts';
import { ALGORITHM_CODES } from './codes.ts';

/*
 * 1903 internal authentication of the cross-province card service. The field names are known (card reference
 * section 4.6); the names of the nodes, the lengths and the form of the values are not public and are ours.
 */

const inRegion = inPattern(/^\d{6}$/, 'a region of six digits');
const eightBytes = inPattern(/^[0-9A-Fa-f]{16}$/, 'eight bytes of hex');

export const cardAuthenticationInput = z.strictObject({
  data: z.strictObject({
    aab301: inRegion,
    /** Reset data: the 13 historical bytes. */
    aaz507: inPattern(/^[0-9A-Fa-f]{26}$/, 'thirteen bytes of hex'),
    aaa254: inPattern(/^0[123]$/, 'an algorithm'),
    aaz501: inPattern(/^[0-9A-Fa-f]{32}$/, 'a card id of 32 digits'),
    aaa311: eightBytes,
    aaa312: eightBytes,
    aaa313: eightBytes,
    aaa314: eightBytes,
  }),
});
export type CardAuthenticationInput = z.infer<typeof cardAuthenticationInput>;

const cardAuthenticationOutput = z.object({
  result: z.object({ aaa315: outRequired(64), aaa316: outRequired(64) }),
});

export function cardAuthenticationRequest(request: CardProofRequest): CardAuthenticationInput {
  return {
    data: {
      aab301: request.region,
      aaz507: request.historicalBytes,
      aaa254: ALGORITHM_CODES[request.algorithm],
      aaz501: request.cardId,
      aaa311: request.internalFactor,
      aaa312: request.internalRaw,
      aaa313: request.externalFactor,
      aaa314: request.externalRaw,
    },
  };
}

/** Each result is eight bytes of data followed by the raw value asked about, which must be ours. */
export function readCardAuthentication(
  output: unknown,
  request: CardProofRequest,
): Result<CardProof, string> {
  const parsed = cardAuthenticationOutput.safeParse(output);
  if (!parsed.success) return err(firstProblem(parsed.error));
  const internalData = dataOf(parsed.data.result.aaa315, request.internalRaw);
  const externalData = dataOf(parsed.data.result.aaa316, request.externalRaw);
  if (internalData === undefined) return err('result.aaa315: not eight bytes and the raw value asked about');
  if (externalData === undefined) return err('result.aaa316: not eight bytes and the raw value asked about');
  return ok({ internalData, externalData });
}

function dataOf(text: string, raw: string): string | undefined {
  const hex = text.replace(/\|$/, '').toUpperCase();
  if (!/^[0-9A-F]{32}$/.test(hex) || hex.slice(16) !== raw.toUpperCase()) return undefined;
  return hex.slice(0, 16);
}
