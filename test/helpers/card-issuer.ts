import { createCipheriv, createHash } from 'node:crypto';
import type { CardKeyName } from '#core/domain/card-proof';
import { type Fault, fault } from '#core/fault';
import { concatBytes, fromHex, toHex } from '#core/hex';
import { err, ok, type Result } from '#core/result';
import type { CardAuthenticator, CardKeyHolder } from '#drivers/card-reader/port';
import { authenticationData, cardKey, encrypt, mac4, sessionKey } from '#simulators/cards/card-keys';
import { testRootKey, testRootKeys } from '#simulators/cards/test-root-keys';

const secret = (): Result<never, Fault> => err(fault('card-algorithm-unsupported'));

/** What an agency that holds the root keys answers to a card's challenges. */
export const issuerAgency: CardAuthenticator = async (asked) => {
  if (asked.algorithm === 'ssf33') return secret();
  const { algorithm, internalFactor, internalRaw, externalFactor, externalRaw } = asked;
  return ok({
    internalData: authenticationData(algorithm, testRootKeys.IRK, asked, internalFactor, internalRaw),
    externalData: authenticationData(algorithm, testRootKeys.RKSSSE, asked, externalFactor, externalRaw),
  });
};

/** The same for single keys and maintenance commands; `asked` tells for which keys it was called. */
export function issuerKeys(): CardKeyHolder & { readonly asked: CardKeyName[] } {
  const asked: CardKeyName[] = [];
  return {
    asked,
    async externalData(request) {
      const { algorithm, key, factor, raw } = request;
      asked.push(key);
      if (algorithm === 'ssf33') return secret();
      return ok(authenticationData(algorithm, testRootKey(key, algorithm), request, factor, raw));
    },
    async maintenanceData(request) {
      const { algorithm, key, factor, header, plain } = request;
      asked.push(key);
      if (algorithm === 'ssf33') return secret();
      const stk = cardKey(algorithm, fromHex(testRootKey(key, algorithm)), request);
      const session = sessionKey(algorithm, stk, fromHex(factor));
      const cipher = plain.length === 0 ? plain : encrypt(algorithm, session, plain);
      return ok(toHex(concatBytes(cipher, mac4(algorithm, session, concatBytes(fromHex(header), cipher)))));
    },
  };
}

/** What a pad makes of digits and the card's challenge (card reference 3, PKI PIN; our reading). */
export function padBlock(digits: string, challenge: Uint8Array): Uint8Array {
  const key = createHash('sm3').update(digits, 'ascii').digest().subarray(0, 16);
  const cipher = createCipheriv('sm4-ecb', key, null);
  cipher.setAutoPadding(false);
  return Uint8Array.from(cipher.update(concatBytes(challenge, challenge)));
}
