import { createHash } from 'node:crypto';
import { concatBytes, equalBytes, fromHex, toHex } from '#core/hex';
import { sw, triesLeft } from './apdu.ts';
import type { CardDefinition, CardKey, CardPin, DedicatedFile } from './card-definition.ts';
import type { AccessRule, Condition } from './card-files.ts';
import { authenticate, encrypt, type KeyedAlgorithm, sessionKey } from './card-keys.ts';

/** PIN as stored on the card: BCD, F in the last nibble when the count of digits is odd (card reference 3). */
function pinBytes(digits: string): Uint8Array {
  return fromHex(digits.length % 2 === 0 ? digits : `${digits}F`);
}

/** Four to sixteen decimal digits in BCD; F only as the very last nibble. */
export function isPin(bytes: Uint8Array): boolean {
  return /^(?:\d{4,16}|\d{5,15}F)$/.test(toHex(bytes));
}

/**
 * PIN, key counters, security status and challenge of one card. Counters and PIN outlive the power; status
 * and challenge do not, nor the choice of another application (card reference 2.1).
 */
export class CardSecurity {
  readonly #algorithm: KeyedAlgorithm;
  readonly #maxPinTries: number;
  #pin: Uint8Array;
  #pinTries: number;
  readonly #keyTries = new Map<CardKey, number>();
  readonly #satisfied = new Set<Condition>();
  #challenge: Uint8Array | undefined;

  constructor(definition: CardDefinition) {
    this.#algorithm = definition.algorithm;
    this.#pin = pinBytes(definition.pin.digits);
    this.#maxPinTries = definition.pin.maxTries;
    this.#pinTries = definition.pin.triesLeft ?? definition.pin.maxTries;
  }

  /** Another application or power-off: nothing is proved any more. */
  forget(): void {
    this.#satisfied.clear();
    this.#challenge = undefined;
  }

  allows(rule: AccessRule): boolean {
    return rule.some((group) => group.every((condition) => this.#holds(condition)));
  }

  keepChallenge(challenge: Uint8Array): void {
    this.#challenge = challenge;
  }

  /** The challenge, once. */
  takeChallenge(): Uint8Array | undefined {
    const challenge = this.#challenge;
    this.#challenge = undefined;
    return challenge;
  }

  /** VERIFY without data: tries left, nothing changed; 9000 when the card has no PIN. */
  pinState(): number {
    if (this.#pin.length === 0) return sw.ok;
    return this.#pinTries === 0 ? sw.blocked : triesLeft(this.#pinTries);
  }

  verifyPin(entered: Uint8Array): number {
    const status = this.#comparePin(entered);
    if (status === sw.ok) this.#satisfied.add('pin');
    else this.#satisfied.delete('pin');
    return status;
  }

  changePin(old: Uint8Array, replacement: Uint8Array): number {
    if (replacement.length > 0 && !isPin(replacement)) return sw.wrongData;
    const status = this.#comparePin(old);
    if (status === sw.ok) this.#pin = replacement;
    return status;
  }

  /** Unblock (counter only) or reset (with a new PIN, possibly empty). */
  restorePin(replacement?: Uint8Array): void {
    this.#pinTries = this.#maxPinTries;
    if (replacement === undefined) return;
    this.#pin = replacement;
    this.#satisfied.delete('pin');
  }

  keyLocked(key: CardKey): boolean {
    return this.#triesOf(key) === 0;
  }

  /** A failed use of a key; answers the tries left. */
  countFailure(key: CardKey): number {
    const left = Math.max(0, this.#triesOf(key) - 1);
    this.#keyTries.set(key, left);
    return left;
  }

  /** EXTERNAL AUTHENTICATION: authentication data over `raw`, under the last challenge. */
  checkExternal(number: number, key: CardKey, data: Uint8Array, raw: Uint8Array): number {
    if (this.keyLocked(key)) return sw.blocked;
    const challenge = this.takeChallenge();
    if (challenge === undefined) return sw.challengeInvalid;
    const expected = authenticate(this.#algorithm, sessionKey(this.#algorithm, key.value, challenge), raw);
    if (!equalBytes(expected, data)) {
      this.#satisfied.delete(number);
      return triesLeft(this.countFailure(key));
    }
    this.#keyTries.set(key, key.maxTries);
    this.#satisfied.add(number);
    return sw.ok;
  }

  #holds(condition: Condition): boolean {
    return this.#satisfied.has(condition) || (condition === 'pin' && this.#pin.length === 0);
  }

  #triesOf(key: CardKey): number {
    return this.#keyTries.get(key) ?? key.maxTries;
  }

  #comparePin(entered: Uint8Array): number {
    if (this.#pinTries === 0) return sw.blocked;
    if (equalBytes(entered, this.#pin)) {
      this.#pinTries = this.#maxPinTries;
      return sw.ok;
    }
    this.#pinTries -= 1;
    return triesLeft(this.#pinTries);
  }
}

/**
 * PIN of the certificate environment of third-generation cards: VERIFY 01 81 with SM4 over the challenge
 * twice, key from SM3 of the digits. One public source only (card reference 3).
 */
export class CertificatePin {
  readonly #maxTries: number;
  readonly #key: Uint8Array;
  #tries: number;

  constructor({ digits, maxTries, triesLeft: left = maxTries }: CardPin) {
    this.#maxTries = maxTries;
    this.#tries = left;
    this.#key = certificatePinKey(digits);
  }

  state(): number {
    return this.#tries === 0 ? sw.blocked : triesLeft(this.#tries);
  }

  verify(block: Uint8Array, challenge: Uint8Array | undefined): number {
    if (this.#tries === 0) return sw.blocked;
    if (challenge?.length !== 8) return sw.challengeInvalid;
    if (equalBytes(encrypt('sm4', this.#key, concatBytes(challenge, challenge)), block)) {
      this.#tries = this.#maxTries;
      return sw.ok;
    }
    this.#tries -= 1;
    return triesLeft(this.#tries);
  }
}

/** First 16 bytes of SM3 over the PIN's ASCII digits. */
function certificatePinKey(digits: string): Uint8Array {
  return Uint8Array.from(createHash('sm3').update(digits, 'ascii').digest().subarray(0, 16));
}

/** Key by number in the current application. */
export function findKey(
  application: DedicatedFile,
  number: number,
  use: CardKey['use'],
): CardKey | undefined {
  const key = application.keys.get(number);
  return key?.use === use ? key : undefined;
}
