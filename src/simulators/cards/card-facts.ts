import { assert } from '#core/assert';
import { fromHex, toHex } from '#core/hex';
import type { CardPin, PurseDefinition } from './card-definition.ts';
import type { KeyedAlgorithm } from './card-keys.ts';

/** Facts of one issued card; dates `yyyyMMdd`, codes as the card stores them. */
export interface CardFacts {
  readonly version: '1.00' | '2.00' | '3.00';
  readonly algorithm: KeyedAlgorithm;
  readonly region: string;
  /** Serial inside the region, 8 hex digits: part of card id and historical bytes. */
  readonly serial: string;
  /** Authentication code at the end of the card id, 8 hex digits. */
  readonly authenticationCode: string;
  readonly cardNumber: string;
  readonly issueDate: string;
  readonly expiryDate: string;
  readonly socialSecurityNumber: string;
  readonly name: string;
  readonly sex: '1' | '2' | '9';
  /** Nation (民族), two digits of GB 3304. */
  readonly nation: string;
  readonly birthDate: string;
  /** Insurance scheme (险种): 310 employee, 390 resident. */
  readonly scheme: string;
  /** Digits 4 to 8 of the kind item: out-of-area, outpatient pool, chronic, aid, veteran; default all 0. */
  readonly entitlements?: string;
  /** Card use (用卡方式), DF04/EF05 8F; default online. */
  readonly cardUse?: 'online' | 'offline';
  /** Money on the card; absent on most, as most regions work online. */
  readonly money?: Omit<PurseDefinition, 'keys'>;
  /** A 1.00 card whose medical items still have their first meaning. */
  readonly neverRewritten?: boolean;
  readonly pin: CardPin;
  /** PIN of the certificate environment of a 3.00 card; default the digits of `pin`. */
  readonly certificatePin?: CardPin;
}

/** Card identification code (卡的识别码), 32 hex digits. */
export function cardIdOf(facts: Pick<CardFacts, 'region' | 'serial' | 'authenticationCode'>): string {
  return `${facts.region}D156000005${facts.serial}${facts.authenticationCode}`;
}

/** 13 historical bytes, hex: chip maker, generation, card maker, region, serial. */
export function historicalBytesOf(facts: Pick<CardFacts, 'region' | 'serial' | 'version'>): string {
  return `008100000${facts.version.slice(0, 1)}8699${facts.region.slice(0, 4)}${facts.serial}`;
}

/** ATR of the contacts: 3B6D0000 and the historical bytes. */
export function contactAtr(historicalBytes: string): string {
  return `3B6D0000${historicalBytes}`;
}

/** ATR that PC/SC makes up for the contactless side: 3B8D8001, historical bytes, check byte. */
export function contactlessAtr(historicalBytes: string): string {
  const body = fromHex(`8D8001${historicalBytes}`);
  const check = body.reduce((sum, byte) => sum ^ byte, 0);
  return `3B${toHex(body)}${toHex(Uint8Array.of(check))}`;
}

/** Check character of a card number over its eight characters: weights 3,7,9,10,5,8,4,2, 11 − sum mod 11. */
export function cardNumberCheck(body: string): string {
  assert(/^[0-9A-Z]{8}$/.test(body), 'a card number has eight characters before the check character');
  const weights = [3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, index) => total + weight * parseInt(body.charAt(index), 36), 0);
  const check = 11 - (sum % 11);
  if (check === 10) return 'X';
  return check === 11 ? '0' : String(check);
}
