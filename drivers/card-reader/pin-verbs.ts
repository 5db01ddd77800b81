import { type Fault, fault } from '#core/fault';
import type { Pin } from '#core/pin';
import { err, ok, type Result } from '#core/result';
import { keyNumber, queryPinTries, statusWord } from './application/apdu.ts';
import { maintenanceCommand, maintenanceOrder } from './application/maintenance.ts';
import {
  changeOutcome,
  changePinCommand,
  lockedFault,
  PIN_BLOCK_LENGTH,
  pinOutcome,
  pinState,
  verifyPinBlockCommand,
  verifyPinCommand,
} from './application/pin.ts';
import { ask, askSecretly, refused } from './card-talk.ts';
import type { HeldCard } from './held-card.ts';
import type { CardKeyHolder, PinOutcome, PinScope, PinState } from './port.ts';

/** Tries left of the card's PIN, without using one. */
export async function readPinState(card: HeldCard, scope: PinScope): Promise<Result<PinState, Fault>> {
  const entered = await card.enter(scope);
  if (!entered.ok) return entered;
  const answer = await ask(card.connection, queryPinTries);
  return answer.ok ? pinState(answer.value.status) : answer;
}

export async function verifyPin(
  card: HeldCard,
  pin: Pin,
  scope: PinScope,
): Promise<Result<PinOutcome, Fault>> {
  const entered = await card.enter(scope);
  if (!entered.ok) return entered;
  // The right is gone with the attempt already; only success gives it back.
  card.pinVerified = false;
  const status = await askSecretly(card.connection, verifyPinCommand(pin.bytes()));
  if (!status.ok) return status;
  const outcome = pinOutcome(status.value);
  card.pinVerified = outcome.ok && outcome.value.kind === 'ok';
  return outcome;
}

/** A challenge of the certificate environment for a pad that enciphers the PIN itself. */
export async function pinChallenge(card: HeldCard): Promise<Result<Uint8Array, Fault>> {
  const entered = await card.enter('certificates');
  if (!entered.ok) return entered;
  const challenge = await card.challenge();
  card.padChallenge = challenge.ok;
  return challenge;
}

/** A block without a challenge before it would cost the holder a try for nothing: it is not sent. */
export async function verifyPinBlock(card: HeldCard, block: Uint8Array): Promise<Result<PinOutcome, Fault>> {
  if (!card.padChallenge) return err(fault('card-pin-malformed', 'no challenge'));
  if (block.length !== PIN_BLOCK_LENGTH) return err(fault('card-pin-malformed', 'length of block'));
  card.padChallenge = false;
  const status = await askSecretly(card.connection, verifyPinBlockCommand(block));
  return status.ok ? pinOutcome(status.value) : status;
}

export async function changePin(
  card: HeldCard,
  old: Pin,
  replacement: Pin,
): Promise<Result<PinOutcome, Fault>> {
  const entered = await card.enter('environment');
  if (!entered.ok) return entered;
  const command = changePinCommand(old.bytes(), replacement.bytes());
  const status = await askSecretly(card.connection, command);
  return status.ok ? changeOutcome(status.value) : status;
}

/**
 * The terminal proves itself with PUK, then sends the maintenance command under a fresh challenge. Nothing is
 * repeated: too many failures lock PUK and with it the card's PIN for good.
 */
export async function unblockPin(
  card: HeldCard,
  keys: CardKeyHolder,
  replacement: Pin | undefined,
): Promise<Result<void, Fault>> {
  const entered = await card.enter('environment');
  if (!entered.ok) return entered;
  const proved = await card.authenticate(keys, 'PUK', keyNumber.puk);
  if (!proved.ok) return proved;
  if (proved.value !== statusWord.ok) return unblockRefused(proved.value);
  const factor = await card.challenge();
  if (!factor.ok) return factor;
  const order = maintenanceOrder(card.issuer.algorithm, replacement?.bytes());
  try {
    const secured = await keys.maintenanceData({
      ...card.securityRequest('STK', factor.value),
      raw: '0'.repeat(16),
      ...order,
    });
    if (!secured.ok) return secured;
    const command = maintenanceCommand(order, secured.value);
    if (command === undefined) return err(fault('card-authentication-unavailable', 'length of MAC'));
    const status = await askSecretly(card.connection, command);
    if (!status.ok) return status;
    return status.value === statusWord.ok ? ok(undefined) : unblockRefused(status.value);
  } finally {
    order.plain.fill(0);
  }
}

function unblockRefused(status: number): Result<never, Fault> {
  const locked = lockedFault(status);
  return locked === undefined ? refused('card-unblock-refused', status) : err(locked);
}
