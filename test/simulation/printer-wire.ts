import { fault } from '#core/fault';
import { err, ok } from '#core/result';
import type { ByteLink } from '#drivers/printer/link';
import type { LinkOpener } from '#drivers/printer/link-printer';
import type { VirtualPrinterEngine } from '#simulators/printer/engine';

/** What happens to the next slip on the wire. */
export type WireFate =
  | 'whole'
  /** The cable goes after a part of the slip; the printer keeps its power and prints what it has. */
  | 'cable-under'
  /** Mains gone after a part of the slip: what was not on paper yet is lost. */
  | 'power-under'
  /** The whole slip arrives, then the cable goes: nobody hears that it is out. */
  | 'answer-lost'
  /** The till's own process dies after a part of the slip. */
  | 'till-dies-under'
  /** The till's own process dies when the slip is out and before it could write that down. */
  | 'till-dies-after';

const SLIP_BYTES = 100;

/** A cable between a till's process and the virtual printer, in the till's own time. */
export class PrinterWire {
  readonly #engine: VirtualPrinterEngine;
  #isPlugged = true;
  #fate: WireFate = 'whole';
  #share = 0.5;
  /** Told when the till's process dies. */
  onDeath: () => void = () => undefined;

  constructor(engine: VirtualPrinterEngine) {
    this.#engine = engine;
  }

  plug(isPlugged: boolean): void {
    this.#isPlugged = isPlugged;
  }

  /** The fate of the next slip; `share` of its bytes get through where it breaks off. */
  next(fate: WireFate, share: number): void {
    this.#fate = fate;
    this.#share = share;
  }

  opener(): LinkOpener {
    return {
      open: () =>
        Promise.resolve(
          this.#isPlugged ? ok(this.#link()) : err(fault('printer-unreachable', 'not plugged in')),
        ),
      close: () => Promise.resolve(),
    };
  }

  #link(): ByteLink {
    let received: ((bytes: Uint8Array) => void) | undefined;
    let lost: ((detail: string) => void) | undefined;
    const connection = this.#engine.connect((bytes) => queueMicrotask(() => received?.(bytes)));
    return {
      write: (bytes) => {
        const fate = bytes.length < SLIP_BYTES ? 'whole' : this.#fate;
        if (fate === 'whole') {
          connection.receive(bytes);
          return Promise.resolve();
        }
        this.#fate = 'whole';
        const isAll = fate === 'answer-lost' || fate === 'till-dies-after';
        const count = isAll ? bytes.length : Math.floor(bytes.length * this.#share);
        if (fate === 'answer-lost' || fate === 'till-dies-after') received = undefined;
        connection.receive(bytes.subarray(0, count));
        connection.end();
        if (fate === 'power-under') this.#engine.powerCycle();
        if (fate === 'till-dies-under' || fate === 'till-dies-after') {
          this.onDeath();
          return new Promise<never>(() => undefined);
        }
        this.#isPlugged = false;
        queueMicrotask(() => lost?.('the cable was pulled'));
        return Promise.resolve();
      },
      onReceived: (listener) => {
        received = listener;
      },
      onLost: (listener) => {
        lost = listener;
      },
      release: () => connection.end(),
      destroy: () => connection.end(),
    };
  }
}
