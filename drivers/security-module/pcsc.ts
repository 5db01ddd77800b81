import type { CardProof, CardProofRequest } from '#core/domain/card-proof';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import type { CardConnection, CardReaderPort, ReaderEvent } from '#drivers/card-reader/port';
import type { SecurityModulePort, SecurityModuleState } from './port.ts';
import {
  authenticationData,
  type ModuleAlgorithm,
  moduleKeys,
  openApplication,
  readIdentity,
  type Transmit,
} from './psam-commands.ts';

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

class PcscSecurityModule implements SecurityModulePort {
  readonly #options: PcscSecurityModuleOptions;
  readonly #listeners = new Set<(state: SecurityModuleState) => void>();
  #state: SecurityModuleState = { kind: 'missing', fault: fault('security-module-missing', 'not started') };
  #connection: CardConnection | undefined;
  #stopListening: (() => void) | undefined;
  /** One task at a time: a session key in the module belongs to one calculation. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: PcscSecurityModuleOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    this.#stopListening ??= this.#options.readers.onEvent((event) => this.#hear(event));
    await this.#queue(() => this.#ready());
  }

  async stop(): Promise<void> {
    this.#stopListening?.();
    this.#stopListening = undefined;
    await this.#lose(fault('security-module-missing', 'stopped'));
    await this.#last;
  }

  state(): SecurityModuleState {
    return this.#state;
  }

  onChange(listener: (state: SecurityModuleState) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  async authenticate(request: CardProofRequest): Promise<Result<CardProof, Fault>> {
    const { algorithm } = request;
    if (algorithm === 'ssf33') return err(fault('card-algorithm-unsupported', 'SSF33'));
    return this.#queue(async () => {
      const connection = await this.#ready();
      if (!connection.ok) return connection;
      return this.#compute(connection.value, algorithm, request);
    });
  }

  async #compute(
    connection: CardConnection,
    algorithm: ModuleAlgorithm,
    request: CardProofRequest,
  ): Promise<Result<CardProof, Fault>> {
    const transmit = this.#transmitOver(connection);
    const opened = await openApplication(transmit, algorithm);
    if (!opened.ok) return opened;
    const { irk, rkSsse } = moduleKeys;
    const { internalFactor, internalRaw, externalFactor, externalRaw } = request;
    const internal = await authenticationData(transmit, algorithm, irk, request, internalFactor, internalRaw);
    if (!internal.ok) return internal;
    const external = await authenticationData(
      transmit,
      algorithm,
      rkSsse,
      request,
      externalFactor,
      externalRaw,
    );
    if (!external.ok) return external;
    return ok({ internalData: internal.value, externalData: external.value });
  }

  /** The held connection, or a new one to whatever lies in the module's slot now. */
  async #ready(): Promise<Result<CardConnection, Fault>> {
    if (this.#stopListening === undefined) return this.#refuse('not started');
    if (this.#connection !== undefined) return ok(this.#connection);
    const slot = this.#options.readers.readers().find(({ reader }) => this.#options.isModuleSlot(reader));
    if (slot === undefined) return this.#refuse('no slot');
    if (slot.card !== 'present') return this.#refuse(slot.card === 'none' ? 'slot empty' : 'module mute');
    const connected = await this.#options.readers.connect(slot.reader);
    if (!connected.ok) return this.#refuse(connected.error.code);
    this.#connection = connected.value;
    const identity = await readIdentity(this.#transmitOver(connected.value));
    if (!identity.ok) {
      await this.#lose(identity.error);
      return identity;
    }
    // Pulled after its last answer: the event came first and must not be overruled.
    if (this.#connection !== connected.value) return this.#refuse('card-removed');
    this.#become({ kind: 'ready', identity: identity.value });
    return connected;
  }

  /** A fault of the reader ends the connection; it is told as a missing module. */
  #transmitOver(connection: CardConnection): Transmit {
    return async (command) => {
      const answer = await connection.transmit(command);
      if (answer.ok) return answer;
      const missing = fault('security-module-missing', answer.error.code);
      if (this.#connection === connection) await this.#lose(missing);
      return err(missing);
    };
  }

  async #refuse(detail: string): Promise<Result<never, Fault>> {
    const missing = fault('security-module-missing', detail);
    await this.#lose(missing);
    return err(missing);
  }

  async #lose(reason: Fault): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#become({ kind: 'missing', fault: reason });
    await connection?.close();
  }

  #become(state: SecurityModuleState): void {
    const before = this.#state;
    this.#state = state;
    if (before.kind === 'missing' && state.kind === 'missing' && before.fault.detail === state.fault.detail)
      return;
    for (const listener of this.#listeners) listener(state);
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
        if (this.#connection !== undefined && this.#connection.insertion !== event.insertion) {
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
    void this.#queue(() => this.#ready());
  }

  #queue<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
