import type { CardReaderPort, ReaderEvent } from '#drivers/card-reader/port';

type Kind = ReaderEvent['kind'];
type EventOf<K extends Kind> = Extract<ReaderEvent, { readonly kind: K }>;

/** Collects a port's events; `next` waits for the first one of a kind that was not yet taken. */
export class EventLog {
  readonly seen: ReaderEvent[] = [];
  #taken = 0;
  readonly #waiting = new Set<() => void>();

  constructor(port: Pick<CardReaderPort, 'onEvent'>) {
    port.onEvent((event) => {
      this.seen.push(event);
      for (const look of [...this.#waiting]) look();
    });
  }

  /** Takes everything up to and including the next event of `kind`; fails after `deadlineMs`. */
  next<K extends Kind>(kind: K, deadlineMs = 12_000): Promise<EventOf<K>> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        const kinds = this.seen.map((event, at) => (at === this.#taken ? `| ${event.kind}` : event.kind));
        reject(
          new Error(`no further ${kind} within ${deadlineMs} ms; seen: ${kinds.join(', ') || 'nothing'}`),
        );
      }, deadlineMs);
      const look = (): void => {
        const index = this.seen.findIndex((event, at) => at >= this.#taken && event.kind === kind);
        if (index < 0) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        this.#taken = index + 1;
        resolve(this.seen[index] as EventOf<K>);
      };
      this.#waiting.add(look);
      look();
    });
  }
}
