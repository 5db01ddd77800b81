import { renderSVG } from 'uqr';
import type { AgencyFaultKind, PadKey, TrainingShop, TrainingState } from '#core/training';
import type { CardLike } from '#drivers/card-reader/port';
import type { AgencyControl } from './agency/control.ts';
import { isTrainingCardId, trainingCardBox, trainingCards } from './cards/training-cards.ts';
import type { VirtualPinPad } from './pin-pad/virtual-pad.ts';
import type { VirtualPrinter } from './printer/server.ts';

/** The slot for customers' cards, virtual reader or in-process reader alike. */
export interface CardSlot {
  insert(card: CardLike): Promise<void>;
  remove(): Promise<void>;
}

export interface TrainingParts {
  readonly slot: CardSlot;
  readonly agency: AgencyControl;
  readonly printer: VirtualPrinter;
  /** The virtual PIN pad and its plug; absent when PINs are typed on the screen. */
  readonly pinPad?: { readonly pad: VirtualPinPad; setPlugged(plugged: boolean): void };
}

/** These stay until switched off; every other fault is over after one settlement. */
const lasting: ReadonlySet<AgencyFaultKind> = new Set(['none', 'cut', 'delay', 'wrong-clock']);

function stillOn(agency: AgencyControl, kind: AgencyFaultKind): boolean {
  const { cut, faults } = agency.state();
  return kind === 'cut' ? cut : faults.some((fault) => fault.kind === kind);
}

/** The hands of the training page: customer's card, telephone and PIN, agency and printer. */
export function createTrainingShop(parts: TrainingParts): TrainingShop {
  return new SimulatedShop(parts);
}

class SimulatedShop implements TrainingShop {
  readonly #parts: TrainingParts;
  /** One box for the whole day: a card that paid offline has less on it when it comes back. */
  readonly #box = trainingCardBox();
  readonly #listeners = new Set<() => void>();
  #insertedCardId: string | null = null;
  #chosenFault: AgencyFaultKind = 'none';
  #certificate: TrainingState['certificate'] = null;
  #padUnplugged = false;
  /** One movement of the card at a time: a page may be clicked faster than a reader notices. */
  #moving: Promise<void> = Promise.resolve();

  constructor(parts: TrainingParts) {
    this.#parts = parts;
    parts.printer.onSlip(() => this.#changed());
    parts.printer.onDrawer(() => this.#changed());
    parts.pinPad?.pad.onChange(() => this.#changed());
  }

  state(): TrainingState {
    const { agency, printer, pinPad } = this.#parts;
    const pad = pinPad?.pad;
    return {
      cards: trainingCards.map(({ id, titleZh, titleEn, pin }) => ({ id, titleZh, titleEn, pin })),
      insertedCardId: this.#insertedCardId,
      agencyFault: stillOn(agency, this.#chosenFault) ? this.#chosenFault : 'none',
      printer: printer.state(),
      slips: printer.slips().map(({ id, printedAtMs, svg }) => ({ id, printedAtMs, svg })),
      certificate: this.#certificate,
      drawerOpened: printer.drawerPulses().length,
      ...(pad === undefined
        ? {}
        : { pinPad: { screen: pad.screen, entered: pad.entered, unplugged: this.#padUnplugged } }),
    };
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  insertCard(cardId: string): Promise<void> {
    return this.#move(async () => {
      if (!isTrainingCardId(cardId)) throw new Error(`no such training card: ${cardId}`);
      const { slot } = this.#parts;
      if (this.#insertedCardId !== null) await slot.remove();
      this.#insertedCardId = cardId;
      await slot.insert(this.#box.card(cardId));
    });
  }

  pullCard(): Promise<void> {
    return this.#move(async () => {
      this.#insertedCardId = null;
      await this.#parts.slot.remove();
    });
  }

  async setAgencyFault(kind: AgencyFaultKind): Promise<void> {
    // Faults of one answer hit the next settlement, which is where they teach something.
    await this.#parts.agency.setFault(lasting.has(kind) ? kind : { kind, transaction: '2102', count: 1 });
    this.#chosenFault = kind;
    this.#changed();
  }

  async pressPad(key: PadKey): Promise<void> {
    this.#parts.pinPad?.pad.press(key);
  }

  async setPinPad({ unplugged }: { unplugged: boolean }): Promise<void> {
    this.#padUnplugged = unplugged;
    this.#parts.pinPad?.setPlugged(!unplugged);
    this.#changed();
  }

  async showCertificate(cardId: string): Promise<void> {
    const person = trainingCards.find(({ id }) => id === cardId)?.person;
    const issued = person === undefined ? undefined : this.#parts.agency.issueCertificate(person.cardId);
    this.#certificate =
      issued === undefined ? null : { cardId, qrText: issued.qrText, svg: renderSVG(issued.qrText) };
    this.#changed();
  }

  async setPrinter(change: { paperOut?: boolean; coverOpen?: boolean; unplugged?: boolean }): Promise<void> {
    const { printer } = this.#parts;
    if (change.paperOut !== undefined) printer.setPaperOut(change.paperOut);
    if (change.coverOpen !== undefined) printer.setCoverOpen(change.coverOpen);
    if (change.unplugged !== undefined) await printer.setUnplugged(change.unplugged);
    this.#changed();
  }

  #move(step: () => Promise<void>): Promise<void> {
    this.#moving = this.#moving.then(step, step).finally(() => this.#changed());
    return this.#moving;
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
