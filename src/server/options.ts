import type { Logger } from 'pino';
import type { Till } from '#checkout/facade';
import type { Clock } from '#core/clock';
import type { Fault } from '#core/fault';
import type { TrainingShop } from '#core/training';

export interface ServerOptions {
  readonly till: Till;
  readonly clock: Clock;
  /** Token of other programs, at least 32 characters (see `readOrCreateToken`). */
  readonly token: string;
  /** TCP port on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** Folder of the built pages (`dist/ui`); without it only the API answers. */
  readonly uiFolder?: string;
  /** Silent without one. */
  readonly logger?: Logger;
  /** Present in the training shop only: adds its routes and its page. */
  readonly training?: TrainingShop;
  /** PINs of the training shop's invented operators, shown on its sign-in screen. */
  readonly pinHints?: readonly { readonly number: string; readonly pin: string }[];
}

export interface RunningServer {
  /** For people, for example `http://127.0.0.1:8060`. */
  readonly url: string;
  /** While the shop has no operator: what the first manager is made with. */
  readonly setupCode?: string;
  readonly address: { readonly host: string; readonly port: number };
  close(): Promise<void>;
}

/** The server cannot start; carries the coded fault (`port-unavailable`). */
export class ServerStartError extends Error {
  override readonly name = 'ServerStartError';
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(`${fault.code}: ${fault.en}`);
    this.fault = fault;
  }
}
