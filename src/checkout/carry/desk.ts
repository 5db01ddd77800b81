import { businessDateTime } from '#core/business-time';
import type { CarryFile } from '#store/tables/carry';
import type { Log } from '../parts.ts';
import { CarriedBook, type MakeBookSync } from './book.ts';
import type { CarryParts, CarryPlace } from './parts.ts';
import { CarryReceiver } from './receiver.ts';
import { CarrySender, takeBackFromMs } from './sender.ts';

/** Carry files of this terminal as people see them. */
export interface CarryStatus {
  /** Line for `[carry] partners` of the other terminal. */
  readonly own: { readonly terminal: string; readonly publicKey: string };
  /** Files of which something is out; `unclear`: whether the medium holds it is not known. */
  readonly out: readonly {
    readonly number: string;
    readonly terminal: string;
    readonly sales: number;
    readonly stillOut: number;
    readonly since: string;
    readonly until: string;
    readonly takeBackFrom: string;
    readonly unclear: boolean;
  }[];
  /** Files that were imported here. */
  readonly in: readonly {
    readonly number: string;
    readonly terminal: string;
    readonly sales: number;
    readonly waiting: number;
    readonly settled: number;
    readonly refused: number;
    readonly since: string;
    readonly until: string;
  }[];
}

const SHOWN = 50;

/** Both ends of carry files at one terminal, and the book between them. */
export class CarryDesk {
  readonly sender: CarrySender;
  readonly receiver: CarryReceiver;
  readonly book: CarriedBook;
  readonly #parts: CarryParts;

  constructor(
    parts: CarryParts,
    place: CarryPlace,
    makeSync: MakeBookSync,
    own: { readonly busy: (saleId: string) => boolean; readonly newId: () => string },
  ) {
    this.#parts = parts;
    this.book = new CarriedBook(parts, place, makeSync, own.newId);
    this.sender = new CarrySender(parts, own.busy);
    this.receiver = new CarryReceiver(parts, this.book);
  }

  /** A book that does not open costs nothing but itself: every carry file says why. */
  start(log: Pick<Log, 'error'>): void {
    this.sender.start();
    const found = this.book.start();
    if (found !== undefined) log.error({ code: found.code }, 'the book of carried sales does not open');
  }

  stop(): Promise<void> {
    return this.book.stop();
  }

  /** Whether a message went out for a carried sale: the agency then lists what is none of the till's own sales. */
  knows(messageId: string): boolean {
    return this.book.opened()?.store.message(messageId) !== undefined;
  }

  status(): CarryStatus {
    const { keyStore, config } = this.#parts;
    const publicKey = keyStore.current()?.publicKey ?? '';
    const out = this.sender.files().slice(0, SHOWN);
    return {
      own: { terminal: config.shop.terminal, publicKey },
      out: out.flatMap((file) => this.#outRow(file)),
      in: this.receiver
        .files()
        .slice(0, SHOWN)
        .map((file) => this.#inRow(file)),
    };
  }

  #outRow(file: CarryFile): CarryStatus['out'] {
    const stillOut = this.sender.stillOut(file).length;
    if (stillOut === 0) return [];
    const { number, partner, saleCount, atMs, untilMs, state } = file;
    return [
      {
        number,
        terminal: partner,
        sales: saleCount,
        stillOut,
        since: businessDateTime(atMs),
        until: businessDateTime(untilMs),
        takeBackFrom: businessDateTime(takeBackFromMs(file)),
        unclear: state !== 'out',
      },
    ];
  }

  #inRow({ number, partner, saleCount, atMs, untilMs }: CarryFile): CarryStatus['in'][number] {
    const store = this.book.opened()?.store;
    const ids = store?.carry.sales('in', partner, number) ?? [];
    const states = ids.map((saleId) => store?.upload(saleId)?.state);
    const settled = states.filter((state) => state === 'accepted' || state === 'adjusted').length;
    const refused = states.filter((state) => state === 'rejected').length;
    return {
      number,
      terminal: partner,
      sales: saleCount,
      waiting: states.length - settled - refused,
      settled,
      refused,
      since: businessDateTime(atMs),
      until: businessDateTime(untilMs),
    };
  }
}
