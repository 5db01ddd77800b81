import type { CardLike } from '#drivers/card-reader/port';
import { makeTrainingCard } from '#simulators/cards/training-cards';
import type { TrainingCardId } from '#simulators/cards/training-facts';
import { VirtualCard } from '#simulators/cards/virtual-card';

/** Cards that customers of a world carry. */
export const customers = [
  'employee',
  'second-employee',
  'C',
  'A',
  'resident',
  'offline-card',
  'family',
  'B',
] as const satisfies readonly TrainingCardId[];
export type Customer = (typeof customers)[number];

/** A card is drawn out of the reader at one of its commands: before it hears it, or after it obeyed. */
export interface PullPlan {
  readonly at: number;
  readonly how: 'before' | 'after';
}

/** The customers' cards: counters, PIN and money stay as they are, whatever happens to the till. */
export class CardBox {
  readonly #cards = new Map<Customer, WorldCard>();

  card(customer: Customer): WorldCard {
    const known = this.#cards.get(customer);
    if (known !== undefined) return known;
    const made = new WorldCard(makeTrainingCard(customer));
    this.#cards.set(customer, made);
    return made;
  }
}

export class WorldCard implements CardLike {
  readonly #real: CardLike;
  #left = 0;
  #how: PullPlan['how'] = 'before';
  #onPull: () => void = () => undefined;

  constructor(real: CardLike) {
    this.#real = real;
  }

  get atr(): Uint8Array {
    return this.#real.atr;
  }

  /** Money on the card, fen; undefined when it keeps none. */
  get balance(): bigint | undefined {
    return this.#real instanceof VirtualCard ? this.#real.balance : undefined;
  }

  /** `onPull` takes the card out of its reader. */
  expectPull(plan: PullPlan | undefined, onPull: () => void): void {
    this.#left = plan?.at ?? 0;
    this.#how = plan?.how ?? 'before';
    this.#onPull = onPull;
  }

  powerOn(): void {
    this.#real.powerOn();
  }

  powerOff(): void {
    this.#real.powerOff();
  }

  reset(): void {
    this.#real.reset();
  }

  transmit(apdu: Uint8Array): Uint8Array | undefined {
    if (this.#left > 0) {
      this.#left -= 1;
      if (this.#left === 0) {
        const answer = this.#how === 'after' ? this.#real.transmit(apdu) : undefined;
        this.#onPull();
        return answer ?? new Uint8Array();
      }
    }
    return this.#real.transmit(apdu);
  }
}
