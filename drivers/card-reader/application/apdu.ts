import { concatBytes, fromHex } from '#core/hex';

/** Social security system environment (社会保障系统环境), "sx1.sh.社会保障" in GBK (card reference 1.1). */
export const environmentName: Uint8Array = fromHex('7378312E73682EC9E7BBE1B1A3D5CF');
/** Payment system environment of a bank application, 1PAY.SYS.DDF01. */
const bankEnvironmentName = fromHex('315041592E5359532E4444463031');

/** Status words the terminal tells apart (card reference 1.6). */
export const statusWord = {
  ok: 0x9000,
  securityNotSatisfied: 0x6982,
  authenticationBlocked: 0x6983,
  wrongData: 0x6a80,
  notSupportedOrCardLocked: 0x6a81,
  recordNotFound: 0x6a83,
  wrongP1P2: 0x6a86,
  wrongOffset: 0x6b00,
  applicationLocked: 0x9303,
  balanceShort: 0x9401,
  counterFull: 0x9402,
  noProof: 0x9406,
} as const;

/** Commands exactly as the reference's byte examples write them: no Le where the examples have none. */
export const selectEnvironment: Uint8Array = concatBytes(fromHex('00A404000F'), environmentName);
export const selectBankEnvironment: Uint8Array = concatBytes(fromHex('00A404000E'), bankEnvironmentName);
/** Social insurance 2 (社会保险2), DF04, by number; some cities' cards know the name only (reference 7). */
export const selectMedical: Uint8Array = fromHex('00A4000002DF04');
export const selectMedicalByName: Uint8Array = fromHex('00A4040006D15600000503');
/** Certificate environment "PKI.社会保障" of third-generation cards. */
export const selectCertificates: Uint8Array = fromHex('00A404000C504B492EC9E7BBE1B1A3D5CF');
/** GET CHALLENGE, eight bytes: usable once, and only until the next one. */
export const getChallenge: Uint8Array = fromHex('0084000008');
export const queryPinTries: Uint8Array = fromHex('0020000000');

const internalAuthenticationHeader = fromHex('0088000010');

/** INTERNAL AUTHENTICATION (内部认证) with the issuer's key: process factor, then raw information. */
export function internalAuthentication(factor: Uint8Array, raw: Uint8Array): Uint8Array {
  return concatBytes(internalAuthenticationHeader, factor, raw);
}

/** Numbers of the keys that open something to the terminal (card reference 4.4). */
export const keyNumber = { rkSsse: 0x0a, puk: 0x06, rk1Df04: 0x84 } as const;

/** EXTERNAL AUTHENTICATION (外部认证) with the key of that number: authentication data, then raw information. */
export function externalAuthentication(key: number, proof: Uint8Array, raw: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(0x00, 0x82, 0x00, key, 0x10), proof, raw);
}

/**
 * A command whose data must leave no copy behind: one buffer of its own, which the caller wipes. (Buffer's own
 * concat would work in a pool that nobody wipes.)
 */
export function secretCommand(header: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const command = new Uint8Array(5 + length);
  new DataView(command.buffer).setUint32(0, header);
  command[4] = length;
  let at = 5;
  for (const part of parts) {
    command.set(part, at);
    at += part.length;
  }
  return command;
}

/** The status word alone, four hex digits: data may be a person's. */
export function statusText(status: number): string {
  return status.toString(16).toUpperCase().padStart(4, '0');
}
