import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import type { PinOutcome, PinState } from '../port.ts';
import { secretCommand, statusText, statusWord } from './apdu.ts';

const VERIFY = 0x00200000;
const VERIFY_BLOCK = 0x00200181;
const CHANGE_PIN = 0x805e0100;
/** The pad's block: SM4 over the card's challenge, twice. */
export const PIN_BLOCK_LENGTH = 16;

/** VERIFY (card reference 3); `pin` is BCD as `Pin` holds it. The caller wipes the answer after use. */
export function verifyPinCommand(pin: Uint8Array): Uint8Array {
  return secretCommand(VERIFY, pin);
}

/**
 * VERIFY with a block that a pad enciphered, in the certificate environment of third-generation cards. One
 * public source shows it; how the block is made (SM4-ECB over challenge ‖ challenge, key = first 16 bytes of
 * SM3 over the ASCII digits) is our reading and unconfirmed (card reference 3).
 */
export function verifyPinBlockCommand(block: Uint8Array): Uint8Array {
  return secretCommand(VERIFY_BLOCK, block);
}

/** CHANGE PIN: old, FF, new (card reference 3, PIN-CHANGE). The caller wipes the answer after use. */
export function changePinCommand(old: Uint8Array, replacement: Uint8Array): Uint8Array {
  return secretCommand(CHANGE_PIN, old, Uint8Array.of(0xff), replacement);
}

/** What VERIFY answered. Both status bytes count together: 6700 or 6D00 must never pass for success. */
export function pinOutcome(status: number): Result<PinOutcome, Fault> {
  if (status === statusWord.ok) return ok({ kind: 'ok' });
  const triesLeft = triesOf(status);
  if (status === statusWord.authenticationBlocked || triesLeft === 0) {
    return ok({ kind: 'locked', fault: fault('card-pin-locked') });
  }
  if (triesLeft === undefined) return err(pinFault(status));
  return ok({ kind: 'wrong', triesLeft, fault: fault('card-pin-wrong', `tries left: ${triesLeft}`) });
}

/** What CHANGE PIN answered: as VERIFY, and a new PIN that the card does not take is malformed. */
export function changeOutcome(status: number): Result<PinOutcome, Fault> {
  return status === statusWord.wrongData
    ? err(fault('card-pin-malformed', statusText(status)))
    : pinOutcome(status);
}

/** What VERIFY without data answered: 9000 means that the card has no PIN at all. */
export function pinState(status: number): Result<PinState, Fault> {
  if (status === statusWord.ok) return ok({ kind: 'none' });
  const triesLeft = triesOf(status);
  if (status === statusWord.authenticationBlocked || triesLeft === 0) {
    return ok({ kind: 'locked', fault: fault('card-pin-locked') });
  }
  return triesLeft === undefined ? err(pinFault(status)) : ok({ kind: 'set', triesLeft });
}

/** The fault of a status word outside the PIN's own. */
export function pinFault(status: number): Fault {
  return lockedFault(status) ?? fault('card-data-invalid', statusText(status));
}

/** 6A81 and 9303: the card, or its application, is locked (card reference 1.6). */
export function lockedFault(status: number): Fault | undefined {
  if (status === statusWord.notSupportedOrCardLocked) return fault('card-locked');
  return status === statusWord.applicationLocked ? fault('card-application-locked') : undefined;
}

function triesOf(status: number): number | undefined {
  return (status & 0xfff0) === 0x63c0 ? status & 0x0f : undefined;
}
