import { concatBytes, equalBytes } from '#core/hex';
import { type Command, sw } from './apdu.ts';
import type { CardKey, DedicatedFile } from './card-definition.ts';
import { blockBytes, decrypt, type KeyedAlgorithm, mac4, sessionKey } from './card-keys.ts';
import { type CardSecurity, findKey, isPin } from './card-security.ts';

const PUK = 0x06;
const LOCK_KEY = 0x05;
const MAC_BYTES = 4;

/** Where maintenance commands work: the current application and the card's secrets. */
export interface MaintenanceContext {
  readonly algorithm: KeyedAlgorithm;
  readonly application: DedicatedFile;
  readonly security: CardSecurity;
}

/** PIN unblock (P2 00) and reset (P2 01), 84 24, behind PUK and under a MAC of STK (card reference 3). */
export function unblockOrResetPin(command: Command, context: MaintenanceContext): number {
  const { algorithm, application, security } = context;
  if (command.p1 !== 0 || command.p2 > 1) return sw.wrongP1P2;
  const cipherLength = command.data.length - MAC_BYTES;
  if (cipherLength < 0) return sw.macMissing;
  if (cipherLength !== 0 && (command.p2 === 0 || cipherLength !== blockBytes(algorithm)))
    return sw.wrongLength;
  const puk = findKey(application, PUK, 'external');
  if (puk === undefined) return sw.keyNotFound;
  if (security.keyLocked(puk)) return sw.blocked;
  if (!security.allows([[PUK]])) return sw.securityNotSatisfied;
  const opened = openSecured(command, context, maintenanceKey(application));
  if (typeof opened === 'number') {
    if (opened === sw.macWrong) security.countFailure(puk);
    return opened;
  }
  if (command.p2 === 0) security.restorePin();
  else {
    const pin = pinFromBlock(opened);
    if (pin === undefined) return sw.wrongData;
    security.restorePin(pin);
  }
  return sw.ok;
}

/** APPLICATION BLOCK 84 1E 00 01: 9000 when the application is to be locked for good. */
export function applicationBlock(command: Command, context: MaintenanceContext): number {
  if (command.p1 !== 0 || command.p2 !== 1) return sw.wrongP1P2;
  return macOnly(command, context, maintenanceKey(context.application));
}

/** CARD BLOCK 84 16 00 00, under the card lock key. */
export function cardBlock(command: Command, context: MaintenanceContext): number {
  if (command.p1 !== 0 || command.p2 !== 0) return sw.wrongP1P2;
  return macOnly(command, context, findKey(context.application, LOCK_KEY, 'maintenance'));
}

function macOnly(command: Command, context: MaintenanceContext, key: CardKey | undefined): number {
  if (command.data.length === 0) return sw.macMissing;
  if (command.data.length !== MAC_BYTES) return sw.wrongLength;
  const opened = openSecured(command, context, key);
  return typeof opened === 'number' ? opened : sw.ok;
}

/** STK is key 02 in the environment and 82 in the applications (card reference 4.4). */
function maintenanceKey(application: DedicatedFile): CardKey | undefined {
  return findKey(application, 0x02, 'maintenance') ?? findKey(application, 0x82, 'maintenance');
}

/** Checks the MAC under the challenge's session key and answers the plain blocks, or the status that refuses. */
function openSecured(
  command: Command,
  context: MaintenanceContext,
  key: CardKey | undefined,
): Uint8Array | number {
  const checked = checkMac(command, context, key);
  return typeof checked === 'number' ? checked : decrypt(context.algorithm, checked.session, checked.data);
}

/**
 * Checks the four bytes of MAC at the end of a command (over header and data, under the session key of the
 * last challenge) and answers the data before them, or the status that refuses.
 */
export function checkMac(
  command: Command,
  { algorithm, security }: Pick<MaintenanceContext, 'algorithm' | 'security'>,
  key: CardKey | undefined,
): { readonly data: Uint8Array; readonly session: Uint8Array } | number {
  if (key === undefined) return sw.keyNotFound;
  const challenge = security.takeChallenge();
  if (challenge === undefined) return sw.challengeInvalid;
  const session = sessionKey(algorithm, key.value, challenge);
  const data = command.data.slice(0, -MAC_BYTES);
  const header = Uint8Array.of(command.cla, command.ins, command.p1, command.p2, command.data.length);
  const expected = mac4(algorithm, session, concatBytes(header, data));
  return equalBytes(expected, command.data.slice(-MAC_BYTES)) ? { data, session } : sw.macWrong;
}

/** Plain block: length, PIN, 80, 00…; an empty block is an empty PIN. */
function pinFromBlock(block: Uint8Array): Uint8Array | undefined {
  const length = block[0];
  if (length === undefined) return block;
  const pin = block.slice(1, 1 + length);
  const fill = block.slice(1 + length);
  if (fill[0] !== 0x80 || fill.slice(1).some((byte) => byte !== 0)) return undefined;
  return isPin(pin) ? pin : undefined;
}
