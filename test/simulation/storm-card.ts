import type { CardLike } from '#drivers/card-reader/port';

/** What a card does from a given command on, instead of answering. */
export type CardTrouble = 'mute' | 'garbage' | 'answers';

interface Armed {
  left: number;
  readonly trouble: CardTrouble;
  readonly happen: () => void;
}

/** A card that behaves until it is told to make trouble after so many commands. Its memory is the card's own. */
export class StormCard implements CardLike {
  readonly atr: Uint8Array;
  readonly #card: CardLike;
  readonly #random: () => number;
  #armed: Armed | undefined;
  #trouble: CardTrouble = 'answers';

  constructor(card: CardLike, random: () => number) {
    this.#card = card;
    this.atr = card.atr;
    this.#random = random;
  }

  /** After `commands` more commands the trouble begins and `happen` is called once. */
  arm(commands: number, trouble: CardTrouble, happen: () => void): void {
    this.#armed = { left: commands, trouble, happen };
  }

  /** Whether an armed trouble still waits for its command. */
  isArmed(): boolean {
    return this.#armed !== undefined;
  }

  /** A sound card again, as after it was wiped and put in anew. */
  calm(): void {
    this.#armed = undefined;
    this.#trouble = 'answers';
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
    const armed = this.#armed;
    if (armed !== undefined) {
      armed.left -= 1;
      if (armed.left <= 0) {
        this.#armed = undefined;
        this.#trouble = armed.trouble;
        armed.happen();
      }
    }
    if (this.#trouble === 'mute') return undefined;
    if (this.#trouble === 'garbage') return this.#garbage();
    return this.#card.transmit(apdu);
  }

  #garbage(): Uint8Array {
    const length = 2 + Math.floor(this.#random() * 40);
    return Uint8Array.from({ length }, () => Math.floor(this.#random() * 256));
  }
}
