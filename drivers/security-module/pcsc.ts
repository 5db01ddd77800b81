import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import type { CardConnection, CardReaderPort, ReaderEvent } from '#drivers/card-reader/port';
import { ModuleOperations } from './module-operations.ts';
import type { SecurityModulePort } from './port.ts';
import { readIdentity, type Transmit } from './psam-commands.ts';

export interface PcscSecurityModuleOptions {
  /** Already started, and stopped by whoever started it. */
  readonly readers: CardReaderPort;
  /** Whether this reader name is the module's slot. */
  readonly isModuleSlot: (reader: string) => boolean;
}

/**
 * A PSAM in a slot of its own over the card-reader port. The connection is held as long as the module
 * stays in; everything that breaks it ends in `security-module-missing` and is tried anew at the next
 * insertion and at the next call.
 */
export function pcscSecurityModule(options: PcscSecurityModuleOptions): SecurityModulePort {
  return new PcscSecurityModule(options);
}

interface Held {
  readonly connection: CardConnection;
  readonly transmit: Transmit;
}

class PcscSecurityModule extends ModuleOperations {
  readonly #options: PcscSecurityModuleOptions;
  #held: Held | undefined;
  #stopListening: (() => void) | undefined;

  constructor(options: PcscSecurityModuleOptions) {
    super();
    this.#options = options;
  }

  async start(): Promise<void> {
    this.#stopListening ??= this.#options.readers.onEvent((event) => this.#hear(event));
    await this.queue(() => this.line());
  }

  async stop(): Promise<void> {
    this.#stopListening?.();
    this.#stopListening = undefined;
    await this.#lose(fault('security-module-missing', 'stopped'));
    await this.queue(async () => undefined);
  }

  /** Over the held connection, or a new one to whatever lies in the module's slot now. */
  protected async line(): Promise<Result<Transmit, Fault>> {
    if (this.#stopListening === undefined) return this.#refuse('not started');
    if (this.#held !== undefined) return ok(this.#held.transmit);
    const slot = this.#options.readers.readers().find(({ reader }) => this.#options.isModuleSlot(reader));
    if (slot === undefined) return this.#refuse('no slot');
    if (slot.card !== 'present') return this.#refuse(slot.card === 'none' ? 'slot empty' : 'module mute');
    const connected = await this.#options.readers.connect(slot.reader);
    if (!connected.ok) return this.#refuse(connected.error.code);
    const held = { connection: connected.value, transmit: this.#transmitOver(connected.value) };
    this.#held = held;
    const identity = await readIdentity(held.transmit);
    if (!identity.ok) {
      await this.#lose(identity.error);
      return identity;
    }
    // Pulled after its last answer: the event came first and must not be overruled.
    if (this.#held !== held) return this.#refuse('card-removed');
    this.become({ kind: 'ready', identity: identity.value });
    return ok(held.transmit);
  }

  /** A fault of the reader ends the connection; it is told as a missing module. */
  #transmitOver(connection: CardConnection): Transmit {
    return async (command) => {
      const answer = await connection.transmit(command);
      if (answer.ok) return answer;
      const missing = fault('security-module-missing', answer.error.code);
      if (this.#held?.connection === connection) await this.#lose(missing);
      return err(missing);
    };
  }

  async #refuse(detail: string): Promise<Result<never, Fault>> {
    const missing = fault('security-module-missing', detail);
    await this.#lose(missing);
    return err(missing);
  }

  async #lose(reason: Fault): Promise<void> {
    const held = this.#held;
    this.#held = undefined;
    this.become({ kind: 'missing', fault: reason });
    await held?.connection.close();
  }

  #hear(event: ReaderEvent): void {
    switch (event.kind) {
      case 'service-lost':
        this.#loseSoon(event.fault.code);
        break;
      case 'service-back':
        this.#lookSoon();
        break;
      case 'reader-removed':
      case 'card-removed':
      case 'card-mute':
        if (this.#options.isModuleSlot(event.reader)) this.#loseSoon(event.fault.code);
        break;
      case 'reader-added':
        if (this.#options.isModuleSlot(event.reader)) this.#lookSoon();
        break;
      case 'card-inserted':
        if (!this.#options.isModuleSlot(event.reader)) break;
        // A quick swap may be told as one insertion only.
        if (this.#held !== undefined && this.#held.connection.insertion !== event.insertion) {
          this.#loseSoon('card-swapped');
        }
        this.#lookSoon();
        break;
    }
  }

  #loseSoon(detail: string): void {
    // At once, not queued: the screen must not call a pulled module ready while a calculation hangs.
    void this.#lose(fault('security-module-missing', detail));
  }

  #lookSoon(): void {
    void this.queue(() => this.line());
  }
}
