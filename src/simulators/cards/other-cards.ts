import { assert } from '#core/assert';
import { fromHex } from '#core/hex';
import type { CardLike } from '#drivers/card-reader/port';
import { type CardDefinition, nameOnlyFci } from './card-definition.ts';

/** Payment environment of bank cards, "1PAY.SYS.DDF01". */
export const paymentName = fromHex('315041592E5359532E4444463031');

/** A card that knows only the payment environment: selecting the social-security name gives 6A82. */
export function bankOnlyCard(atr: string): CardDefinition {
  return {
    atr,
    algorithm: 'tdes',
    files: [{ fid: '3F00', name: paymentName, fci: nameOnlyFci(paymentName), keys: new Map(), files: [] }],
    pin: { digits: '', maxTries: 3 },
  };
}

/** A card that is no processor card of ours: one status word to everything (undefined: never an answer). */
export class FixedAnswerCard implements CardLike {
  readonly atr: Uint8Array;
  readonly #answer: Uint8Array | undefined;

  constructor(atr: string, answer: string | undefined) {
    this.atr = fromHex(atr);
    this.#answer = answer === undefined ? undefined : fromHex(answer);
  }

  powerOn(): void {}
  powerOff(): void {}
  reset(): void {}

  transmit(apdu: Uint8Array): Uint8Array | undefined {
    assert(apdu.length > 0, 'a command has at least one byte');
    return this.#answer;
  }
}
