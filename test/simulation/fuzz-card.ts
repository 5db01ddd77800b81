import { concatBytes } from '#core/hex';
import type { CardLike } from '#drivers/card-reader/port';

/** A device that answers far more commands than any dialogue has: the terminal is caught in a loop. */
export class EndlessDialogue extends Error {}

const COMMANDS_MAX = 600;
const STATUS_WORDS = [
  0x9000, 0x6100, 0x61ff, 0x6c00, 0x6cff, 0x63c0, 0x63c3, 0x6700, 0x6982, 0x6983, 0x6984, 0x6985, 0x6a80,
  0x6a81, 0x6a82, 0x6a83, 0x6a86, 0x6a88, 0x6b00, 0x6d00, 0x6e00, 0x6f00, 0x9302, 0x9303, 0x9401, 0x9406,
];

/** A sound card or module whose answers are spoilt on their way: bits, lengths, statuses, whole answers. */
export class FuzzCard implements CardLike {
  readonly atr: Uint8Array;
  readonly #card: CardLike;
  readonly #random: () => number;
  /** Share of answers that are spoilt. */
  readonly #spoil: number;
  #commands = 0;

  constructor(card: CardLike, random: () => number) {
    this.#card = card;
    this.#random = random;
    this.#spoil = random() < 0.3 ? 1 : random() * 0.3;
    this.atr = random() < 0.1 ? this.#bytes(2 + this.#pick(31)) : card.atr;
  }

  powerOn(): void {
    this.#card.powerOn();
  }

  powerOff(): void {
    this.#card.powerOff();
  }

  reset(): void {
    this.#card.reset();
  }

  transmit(apdu: Uint8Array): Uint8Array | undefined {
    this.#commands += 1;
    if (this.#commands > COMMANDS_MAX) throw new EndlessDialogue(`${COMMANDS_MAX} commands`);
    const answer = this.#card.transmit(apdu) ?? Uint8Array.of(0x6f, 0x00);
    return this.#random() < this.#spoil ? this.#spoilt(answer) : answer;
  }

  #spoilt(answer: Uint8Array): Uint8Array {
    switch (this.#pick(7)) {
      case 0:
        return this.#bytes(this.#pick(260));
      case 1:
        return answer.map((byte) => (this.#random() < 0.1 ? byte ^ (1 << this.#pick(8)) : byte));
      case 2:
        return answer.slice(0, this.#pick(answer.length + 1));
      case 3:
        return concatBytes(this.#bytes(this.#pick(20)), answer);
      case 4:
        return this.#withStatus(answer);
      case 5:
        return this.#withStatus(this.#bytes(this.#pick(40)));
      default:
        return concatBytes(answer.slice(0, -2), this.#bytes(this.#pick(64)), answer.slice(-2));
    }
  }

  #withStatus(answer: Uint8Array): Uint8Array {
    const status = STATUS_WORDS[this.#pick(STATUS_WORDS.length)] ?? 0x6f00;
    const low = status === 0x6100 || status === 0x6c00 ? this.#pick(256) : status & 0xff;
    return concatBytes(answer.slice(0, -2), Uint8Array.of(status >> 8, low));
  }

  #bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.#pick(256));
  }

  #pick(below: number): number {
    return Math.floor(this.#random() * below);
  }
}
