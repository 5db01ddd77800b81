import { randomBytes } from 'node:crypto';
import type { CardKeyName } from '#core/domain/card-proof';
import type { CardIssuerData } from '#core/domain/holder';
import { type Fault, fault } from '#core/fault';
import { toHex } from '#core/hex';
import { err, ok, type Result } from '#core/result';
import {
  externalAuthentication,
  getChallenge,
  selectCertificates,
  selectEnvironment,
  selectMedical,
  selectMedicalByName,
  statusWord,
} from './application/apdu.ts';
import { eightBytes } from './application/items.ts';
import { lockedFault, pinFault } from './application/pin.ts';
import type { PresenceQuestion } from './application/read-state.ts';
import { ask, type CardAnswer, refused } from './card-talk.ts';
import type { CardConnection, CardKeyHolder } from './port.ts';

/** Where the card stands: what was selected last. Rights and challenges live there and end with it. */
export type CardPlace = 'environment' | 'medical' | 'certificates';

export type RandomSource = (length: number) => Uint8Array;
const CHALLENGE_LENGTH = 8;

export const secureRandom: RandomSource = (length) => Uint8Array.from(randomBytes(length));

/** A card after its read, as long as it is held: the connection and what the card remembers of us. */
export class HeldCard {
  readonly connection: CardConnection;
  readonly issuer: CardIssuerData;
  readonly random: RandomSource;
  /** The secret question of the read with its answer; absent when the card cannot answer such questions. */
  readonly question: (PresenceQuestion & { readonly answer: Uint8Array }) | undefined;
  /** The PIN was verified in `place` and counts until another application is selected. */
  pinVerified = false;
  /** A challenge was given out to a pad and nothing was asked since. */
  padChallenge = false;
  /** Whether key RKSSSE opened the environment's files and no other application was selected since. */
  holderFileOpen: boolean;
  #place: CardPlace | undefined = 'environment';

  constructor(
    connection: CardConnection,
    read: {
      readonly issuer: CardIssuerData;
      readonly question?: PresenceQuestion & { readonly answer: Uint8Array };
      readonly holderFileOpen: boolean;
    },
    random: RandomSource,
  ) {
    this.connection = connection;
    this.issuer = read.issuer;
    this.question = read.question;
    this.holderFileOpen = read.holderFileOpen;
    this.random = random;
  }

  /**
   * Goes to an application unless the card stands there: a needless SELECT costs time. Faults: `card-locked`,
   * `card-application-locked`, `card-medical-none`, `card-pin-block-unsupported`, the connection's.
   */
  async enter(place: CardPlace): Promise<Result<void, Fault>> {
    this.padChallenge = false;
    if (this.#place === place) return ok(undefined);
    this.#place = undefined;
    this.pinVerified = false;
    this.holderFileOpen = false;
    const selected = await this.#select(place);
    if (!selected.ok) return selected;
    if (selected.value.status !== statusWord.ok) return err(noPlaceFault(place, selected.value.status));
    this.#place = place;
    return ok(undefined);
  }

  /** Other code has selected something on this card. */
  lost(place?: CardPlace): void {
    this.#place = place;
    this.pinVerified = false;
    this.holderFileOpen = false;
    this.padChallenge = false;
  }

  /** Eight bytes, usable once; `card-data-invalid` from a card that gives none. */
  async challenge(): Promise<Result<Uint8Array, Fault>> {
    const answer = await ask(this.connection, getChallenge);
    if (!answer.ok) return answer;
    const { data, status } = answer.value;
    if (status !== statusWord.ok) return err(pinFault(status));
    return data.length === CHALLENGE_LENGTH ? ok(data) : refused('card-data-invalid', status);
  }

  /**
   * EXTERNAL AUTHENTICATION of the terminal with one key of the card: process factor from the card, raw
   * information from us. Answers the card's status; never repeated, because each failure brings the key
   * nearer to its lock. Faults are those of the key holder and the connection: the card was not tried then.
   */
  async authenticate(keys: CardKeyHolder, key: CardKeyName, number: number): Promise<Result<number, Fault>> {
    const factor = await this.challenge();
    if (!factor.ok) return factor;
    const raw = this.random(CHALLENGE_LENGTH);
    const made = await keys.externalData({
      ...this.securityRequest(key, factor.value),
      raw: toHex(raw),
    });
    if (!made.ok) return made;
    const proof = eightBytes(made.value);
    if (proof === undefined)
      return err(fault('card-authentication-unavailable', 'answer is not eight bytes'));
    const answer = await ask(this.connection, externalAuthentication(number, proof, raw));
    return answer.ok ? ok(answer.value.status) : answer;
  }

  /** What names the card and the challenge to a key holder. */
  securityRequest(key: CardKeyName, factor: Uint8Array) {
    const { region, historicalBytes, algorithm } = this.issuer;
    return { region, historicalBytes, algorithm, key, factor: toHex(factor) };
  }

  async #select(place: CardPlace): Promise<Result<CardAnswer, Fault>> {
    if (place === 'environment') return ask(this.connection, selectEnvironment);
    if (place === 'certificates') return ask(this.connection, selectCertificates);
    const byNumber = await ask(this.connection, selectMedical);
    if (!byNumber.ok) return byNumber;
    const { status } = byNumber.value;
    const isAnswered = status === statusWord.ok || status === statusWord.applicationLocked;
    return isAnswered ? byNumber : ask(this.connection, selectMedicalByName);
  }
}

function noPlaceFault(place: CardPlace, status: number): Fault {
  const locked = lockedFault(status);
  if (locked !== undefined || place === 'environment') return locked ?? pinFault(status);
  const code = place === 'medical' ? 'card-medical-none' : 'card-pin-block-unsupported';
  return fault(code, status.toString(16));
}
