import { concatBytes, fromHex, toHex } from '#core/hex';
import type { CardLike } from '#drivers/card-reader/port';
import { type ExampleCard, exampleCards } from './card-examples.ts';

const environment = '00A404000F7378312E73682EC9E7BBE1B1A3D5CF';
const answersToSelect = {
  A: '6F16840F7378312E73682EC9E7BBE1B1A3D5CFA50388011E',
  B: '6F16840F7378312E73682EC9E7BBE1B1A3D5CFA50388011E',
  C: '6F1C840F7378312E73682EC9E7BBE1B1A3D5CFA50988011E9F0C03860103',
} as const;

/** What this card answers to an internal and expects from an external authentication. */
export const fixtureProof = { internalData: '0102030405060708', externalData: '1112131415161718' };

/** An example card that answers like one, without any cryptography: for the flow around it. */
export class FixtureCard implements CardLike {
  readonly atr: Uint8Array;
  readonly id: keyof typeof answersToSelect;
  readonly commands: string[] = [];
  pin = '123456';
  triesLeft = 3;
  /** What INTERNAL AUTHENTICATION is answered with: data and status word. */
  internalAnswer = `${fixtureProof.internalData}9000`;
  /** Called before each command: a hook to pull the card in the middle of something. */
  before: (command: string) => void = () => {};
  readonly #card: ExampleCard;
  #records: readonly string[] = [];
  #challenges = 0;
  #open = false;

  constructor(id: keyof typeof answersToSelect) {
    this.id = id;
    this.#card = exampleCards[id];
    this.atr = fromHex(this.#card.contactAtr);
  }

  powerOn(): void {
    this.#records = [];
    this.#open = false;
  }
  powerOff(): void {
    this.powerOn();
  }
  reset(): void {
    this.powerOn();
  }

  transmit(apdu: Uint8Array): Uint8Array {
    const command = toHex(apdu);
    this.commands.push(command);
    this.before(command);
    return fromHex(this.#answer(command));
  }

  #answer(command: string): string {
    if (command === environment) return `${answersToSelect[this.id]}9000`;
    if (command === '00A4020002EF05') return this.#select(this.#card.issuerRecords);
    if (command === '00A4020002EF06') return this.#select(this.#card.holderRecords);
    if (command === '0084000008') {
      this.#challenges += 1;
      return `${this.#challenges.toString(16).padStart(16, '0')}9000`;
    }
    if (command.startsWith('00B2')) return this.#record(command.slice(4, 6));
    if (command.startsWith('0088')) return this.internalAnswer;
    if (command.startsWith('0082000A10')) return this.#external(command.slice(10, 26));
    if (command.startsWith('0020')) return this.#verify(command);
    return '6D00';
  }

  #select(records: readonly string[]): string {
    this.#records = records;
    return '9000';
  }

  #record(tag: string): string {
    const isHolder = this.#records === this.#card.holderRecords;
    if (isHolder && this.id === 'C' && !this.#open) return '6982';
    const found = this.#records.find((record) => record.startsWith(tag));
    return found === undefined ? '6A83' : `${found}9000`;
  }

  #external(data: string): string {
    this.#open = data === fixtureProof.externalData;
    return this.#open ? '9000' : '63C2';
  }

  #verify(command: string): string {
    const tries = `63C${this.triesLeft.toString(16).toUpperCase()}`;
    if (command === '0020000000') return this.triesLeft === 0 ? '6983' : tries;
    if (this.triesLeft === 0) return '6983';
    if (command.endsWith(this.pin)) {
      this.triesLeft = 3;
      return '9000';
    }
    this.triesLeft -= 1;
    return `63C${this.triesLeft}`;
  }
}

/** A card that says nothing but `status` to every command. */
export function refusingCard(status: string): CardLike {
  return {
    atr: concatBytes(fromHex(exampleCards.A.contactAtr)),
    powerOn() {},
    powerOff() {},
    reset() {},
    transmit: () => fromHex(status),
  };
}
