import type { AgencyFaultKind, TrainingShop, TrainingState } from '#core/training';
import type { CardLike } from '#drivers/card-reader/port';
import type { AgencyControl } from './agency/control.ts';
import { isTrainingCardId, makeTrainingCard, trainingCards } from './cards/training-cards.ts';
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
}

/** These stay until switched off; every other fault is over after one settlement. */
const lasting: ReadonlySet<AgencyFaultKind> = new Set(['none', 'cut', 'delay', 'wrong-clock']);

function stillOn(agency: AgencyControl, kind: AgencyFaultKind): boolean {
  const { cut, faults } = agency.state();
  return kind === 'cut' ? cut : faults.some((fault) => fault.kind === kind);
}

/** The hands of the training page: customer's card, agency and printer. */
export function createTrainingShop({ slot, agency, printer }: TrainingParts): TrainingShop {
  const listeners = new Set<() => void>();
  let insertedCardId: string | null = null;
  let chosen: AgencyFaultKind = 'none';
  // One movement of the card at a time: a page may be clicked faster than a reader notices.
  let moving: Promise<void> = Promise.resolve();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const move = (step: () => Promise<void>): Promise<void> => {
    moving = moving.then(step, step).finally(changed);
    return moving;
  };
  printer.onSlip(changed);
  return {
    state: () => ({
      cards: trainingCards.map(({ id, titleZh, titleEn, pin }) => ({ id, titleZh, titleEn, pin })),
      insertedCardId,
      agencyFault: stillOn(agency, chosen) ? chosen : 'none',
      printer: printer.state(),
      slips: printer.slips().map(({ id, printedAtMs, svg }) => ({ id, printedAtMs, svg })),
    }),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    insertCard: (cardId) =>
      move(async () => {
        if (!isTrainingCardId(cardId)) throw new Error(`no such training card: ${cardId}`);
        if (insertedCardId !== null) await slot.remove();
        insertedCardId = cardId;
        await slot.insert(makeTrainingCard(cardId));
      }),
    pullCard: () =>
      move(async () => {
        insertedCardId = null;
        await slot.remove();
      }),
    async setAgencyFault(kind) {
      // Faults of one answer hit the next settlement, which is where they teach something.
      await agency.setFault(lasting.has(kind) ? kind : { kind, transaction: '2102', count: 1 });
      chosen = kind;
      changed();
    },
    async setPrinter({ paperOut, coverOpen, unplugged }) {
      if (paperOut !== undefined) printer.setPaperOut(paperOut);
      if (coverOpen !== undefined) printer.setCoverOpen(coverOpen);
      if (unplugged !== undefined) await printer.setUnplugged(unplugged);
      changed();
    },
  } satisfies TrainingShop & { state(): TrainingState };
}
