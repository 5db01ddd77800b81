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
  notSupportedOrCardLocked: 0x6a81,
  applicationLocked: 0x9303,
} as const;

/** Commands exactly as the reference's byte examples write them: no Le where the examples have none. */
export const selectEnvironment: Uint8Array = concatBytes(fromHex('00A404000F'), environmentName);
export const selectBankEnvironment: Uint8Array = concatBytes(fromHex('00A404000E'), bankEnvironmentName);
export const selectIssuerFile: Uint8Array = fromHex('00A4020002EF05');
export const selectHolderFile: Uint8Array = fromHex('00A4020002EF06');
/** GET CHALLENGE, eight bytes: usable once, and only until the next one. */
export const getChallenge: Uint8Array = fromHex('0084000008');
export const queryPinTries: Uint8Array = fromHex('0020000000');

/** READ RECORD by tag in the current file; Le is tag, length and value (reference 2.1). */
export function readByTag(tag: number, valueLength: number): Uint8Array {
  return Uint8Array.of(0x00, 0xb2, tag, 0x00, valueLength + 2);
}

/** INTERNAL AUTHENTICATION (内部认证) with the issuer's key: process factor, then raw information. */
export function internalAuthentication(factor: Uint8Array, raw: Uint8Array): Uint8Array {
  return concatBytes(fromHex('0088000010'), factor, raw);
}

/** EXTERNAL AUTHENTICATION (外部认证) with key 0A, which opens the holder file of a 3.00 card. */
export function externalAuthentication(proof: Uint8Array, raw: Uint8Array): Uint8Array {
  return concatBytes(fromHex('0082000A10'), proof, raw);
}
