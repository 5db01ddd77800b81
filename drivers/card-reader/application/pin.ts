import { type Fault, fault } from '#core/fault';
import { concatBytes, fromHex } from '#core/hex';
import { err, ok, type Result } from '#core/result';
import type { PinOutcome, PinState } from '../port.ts';
import { statusWord } from './apdu.ts';

const PIN = /^\d{4,12}$/;

/**
 * VERIFY for a PIN of 4 to 12 digits: BCD, an odd count filled with the nibble F (reference 3, PIN-ODD).
 * Fault `card-pin-malformed`; the card is not asked then. The caller wipes the bytes after use.
 */
export function verifyPinCommand(pin: string): Result<Uint8Array, Fault> {
  if (!PIN.test(pin)) return err(fault('card-pin-malformed'));
  const digits = fromHex(pin.length % 2 === 0 ? pin : `${pin}F`);
  return ok(concatBytes(fromHex('00200000'), Uint8Array.of(digits.length), digits));
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
  if (status === statusWord.notSupportedOrCardLocked) return fault('card-locked');
  if (status === statusWord.applicationLocked) return fault('card-application-locked');
  return fault('card-data-invalid', status.toString(16).toUpperCase().padStart(4, '0'));
}

function triesOf(status: number): number | undefined {
  return (status & 0xfff0) === 0x63c0 ? status & 0x0f : undefined;
}
