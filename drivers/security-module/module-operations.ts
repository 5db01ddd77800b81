import type { CardProof, CardProofRequest, CardSecurityRequest } from '#core/domain/card-proof';
import type { CardAlgorithm } from '#core/domain/holder';
import { type Fault, fault } from '#core/fault';
import { fromHex } from '#core/hex';
import { err, ok, type Result } from '#core/result';
import type {
  ModulePurchase,
  ModulePurchaseStart,
  ModuleSignature,
  SecurityModulePort,
  SecurityModuleState,
} from './port.ts';
import { type ModuleAlgorithm, missing, openApplication, type Transmit } from './psam-commands.ts';
import { authenticationData, maintenanceData } from './psam-keys.ts';
import { creditForPurchase, initForPurchase } from './psam-purchase.ts';
import { macOfText } from './psam-text.ts';

type Task<T> = (transmit: Transmit) => Promise<Result<T, Fault>>;

/**
 * What a security module computes, over whatever line it is reached by. One task at a time: a session key in
 * the module belongs to one calculation.
 */
export abstract class ModuleOperations implements SecurityModulePort {
  readonly #listeners = new Set<(state: SecurityModuleState) => void>();
  #state: SecurityModuleState = { kind: 'missing', fault: fault('security-module-missing', 'not started') };
  #last: Promise<unknown> = Promise.resolve();
  /** The line over which a purchase was begun; MAC2 is checked there or nowhere. */
  #begunOver: Transmit | undefined;

  abstract start(): Promise<void>;
  abstract stop(): Promise<void>;

  /** The line to the module, the same object as long as the module was neither pulled nor reset. */
  protected abstract line(): Promise<Result<Transmit, Fault>>;

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
    return this.#inApplication(request.algorithm, async (transmit, algorithm) => {
      const { internalFactor, internalRaw, externalFactor, externalRaw } = request;
      const data = (key: 'IRK' | 'RKSSSE', factor: string, raw: string): Promise<Result<string, Fault>> =>
        authenticationData(
          transmit,
          { algorithm, key, card: request, factor: fromHex(factor) },
          fromHex(raw),
        );
      const internal = await data('IRK', internalFactor, internalRaw);
      if (!internal.ok) return internal;
      const external = await data('RKSSSE', externalFactor, externalRaw);
      if (!external.ok) return external;
      return ok({ internalData: internal.value, externalData: external.value });
    });
  }

  async externalData(request: CardSecurityRequest): Promise<Result<string, Fault>> {
    return this.#inApplication(request.algorithm, (transmit, algorithm) => {
      const { key, factor, raw } = request;
      const order = { algorithm, key, card: request, factor: fromHex(factor) };
      return authenticationData(transmit, order, fromHex(raw));
    });
  }

  async maintenanceData(
    request: CardSecurityRequest & { readonly header: string; readonly plain: Uint8Array },
  ): Promise<Result<string, Fault>> {
    return this.#inApplication(request.algorithm, (transmit, algorithm) => {
      const { key, factor, header, plain } = request;
      const order = { algorithm, key, card: request, factor: fromHex(factor) };
      return maintenanceData(transmit, order, fromHex(header), plain);
    });
  }

  async beginPurchase(request: ModulePurchase): Promise<Result<ModulePurchaseStart, Fault>> {
    return this.#inApplication(request.algorithm, async (transmit) => {
      const started = await initForPurchase(transmit, request);
      if (started.ok) this.#begunOver = transmit;
      return started;
    });
  }

  async finishPurchase(mac2: string): Promise<Result<void, Fault>> {
    return this.#run(async (transmit) => {
      const begun = this.#begunOver === transmit;
      this.#begunOver = undefined;
      return begun ? creditForPurchase(transmit, mac2) : missing('no purchase is begun');
    });
  }

  async signText(text: string, algorithm: CardAlgorithm): Promise<Result<ModuleSignature, Fault>> {
    return this.#inApplication(algorithm, (transmit, known) => macOfText(transmit, known, text));
  }

  protected become(state: SecurityModuleState): void {
    const before = this.#state;
    this.#state = state;
    if (before.kind === 'missing' && state.kind === 'missing' && before.fault.detail === state.fault.detail)
      return;
    for (const listener of this.#listeners) listener(state);
  }

  protected queue<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #inApplication<T>(
    algorithm: CardAlgorithm,
    task: (transmit: Transmit, algorithm: ModuleAlgorithm) => Promise<Result<T, Fault>>,
  ): Promise<Result<T, Fault>> {
    if (algorithm === 'ssf33') return err(fault('card-algorithm-unsupported', 'SSF33'));
    return this.#run(async (transmit) => {
      this.#begunOver = undefined;
      const opened = await openApplication(transmit, algorithm);
      return opened.ok ? task(transmit, algorithm) : opened;
    });
  }

  #run<T>(task: Task<T>): Promise<Result<T, Fault>> {
    return this.queue(async () => {
      const line = await this.line();
      return line.ok ? task(line.value) : line;
    });
  }
}
