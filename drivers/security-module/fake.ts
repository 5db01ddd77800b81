import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import type { CardLike } from '#drivers/card-reader/port';
import { ModuleOperations } from './module-operations.ts';
import { readIdentity, type Transmit } from './psam-commands.ts';

/** A security module in process: the commands of the real one, sent straight to a card without any reader. */
export class FakeSecurityModule extends ModuleOperations {
  #card: CardLike | undefined;
  #transmit: Transmit | undefined;
  #started = false;

  constructor(card?: CardLike) {
    super();
    this.#card = card;
  }

  async start(): Promise<void> {
    this.#started = true;
    await this.queue(() => this.line());
  }

  async stop(): Promise<void> {
    this.#started = false;
    this.#lose('stopped');
  }

  /** Puts a module in; it is taken up by itself. */
  insert(card: CardLike): void {
    this.#card?.powerOff();
    this.#transmit = undefined;
    this.#card = card;
    void this.queue(() => this.line());
  }

  pull(): void {
    this.#card?.powerOff();
    this.#card = undefined;
    this.#lose('card-removed');
  }

  protected async line(): Promise<Result<Transmit, Fault>> {
    if (!this.#started) return this.#lose('not started');
    if (this.#transmit !== undefined) return ok(this.#transmit);
    const card = this.#card;
    if (card === undefined) return this.#lose('slot empty');
    if (card.atr.length === 0) return this.#lose('module mute');
    card.powerOn();
    const transmit = this.#transmitTo(card);
    const identity = await readIdentity(transmit);
    if (!identity.ok) {
      this.become({ kind: 'missing', fault: identity.error });
      return identity;
    }
    if (this.#card !== card) return this.#lose('card-removed');
    this.#transmit = transmit;
    this.become({ kind: 'ready', identity: identity.value });
    return ok(transmit);
  }

  #transmitTo(card: CardLike): Transmit {
    return async (command) => {
      const answer = this.#card === card ? card.transmit(command) : undefined;
      return answer === undefined || answer.length < 2 ? this.#lose('card-removed') : ok(answer);
    };
  }

  #lose(detail: string): Result<never, Fault> {
    const missing = fault('security-module-missing', detail);
    this.#transmit = undefined;
    this.become({ kind: 'missing', fault: missing });
    return err(missing);
  }
}
