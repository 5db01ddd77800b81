import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import type {
  CardConnection,
  CardLike,
  CardReaderPort,
  ReaderEvent,
  ReaderState,
} from '#drivers/card-reader/port';

/** One reader slot in process: a connection belongs to one insertion and dies with it. */
export class ModuleSlot implements CardReaderPort {
  readonly reader = 'Test PCD 00 01';
  /** Every command that reached a card, for tests that count them. */
  readonly commands: Uint8Array[] = [];
  readonly #listeners = new Set<(event: ReaderEvent) => void>();
  #card: CardLike | undefined;
  #insertion = 0;

  insert(card: CardLike, told: 'told' | 'untold' = 'told'): void {
    this.#card = card;
    this.#insertion += 1;
    card.powerOn();
    if (told === 'untold') return;
    this.#tell({ kind: 'card-inserted', reader: this.reader, atr: card.atr, insertion: this.#insertion });
  }

  pull(): void {
    this.#card = undefined;
    this.#tell({
      kind: 'card-removed',
      reader: this.reader,
      insertion: this.#insertion,
      fault: fault('card-removed'),
    });
  }

  async start(): Promise<void> {}
  async stop(): Promise<void> {}

  onEvent(listener: (event: ReaderEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  readers(): readonly ReaderState[] {
    const insertion = this.#insertion;
    if (this.#card === undefined) return [{ reader: this.reader, card: 'none', insertion }];
    return [{ reader: this.reader, card: 'present', atr: this.#card.atr, insertion }];
  }

  service(): Result<void, Fault> {
    return ok(undefined);
  }

  async connect(reader: string): Promise<Result<CardConnection, Fault>> {
    const card = this.#card;
    const insertion = this.#insertion;
    if (card === undefined) return err(fault('card-none'));
    return ok({
      reader,
      atr: card.atr,
      insertion,
      protocol: 'T0',
      transmit: async (command) => {
        if (this.#card !== card || this.#insertion !== insertion) return err(fault('card-removed'));
        this.commands.push(command);
        const answer = card.transmit(command);
        return answer === undefined ? err(fault('reader-timeout')) : ok(answer);
      },
      close: async () => {},
    });
  }

  #tell(event: ReaderEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
