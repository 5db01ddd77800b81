import type { Clock } from '#core/clock';
import type { DeviceState } from '#core/domain/device';
import { fault } from '#core/fault';
import { concatBytes } from '#core/hex';
import type { SerialAddress } from '#core/serial-address';
import type { ByteOpener } from '../serial/byte-port.ts';
import { keepOpen, type LineOptions, openSerialLine, type SerialLine } from '../serial/line.ts';
import type { CustomerDisplayPort, DisplayText } from './port.ts';
import { type DisplayCharset, displayLine } from './text.ts';

export interface CustomerDisplayOptions {
  readonly clock: Clock;
  /** Columns of a line, usually 20. */
  readonly columns: number;
  readonly charset: DisplayCharset;
  /** Wait between tries to find the display. Default 1 s. */
  readonly retryMs?: number;
}

export interface SerialCustomerDisplayOptions extends CustomerDisplayOptions {
  readonly address: SerialAddress;
}

export interface CableCustomerDisplayOptions extends CustomerDisplayOptions {
  readonly opener: ByteOpener;
  readonly address: string;
  /** Speed that the cable stands for. Default 9600. */
  readonly baudRate?: number;
}

/**
 * Commands that the common two-line displays share, in CD5220 mode and in the ESC/POS mode of Epson's DM-D
 * alike: ESC @ starts anew, CLR empties both lines, ESC Q A text CR writes the upper line and ESC Q B text CR
 * the lower one. Each line is sent in full width, so nothing of an older text stays.
 */
const INITIALISE = Uint8Array.of(0x1b, 0x40);
const CLEAR = Uint8Array.of(0x0c);
const UPPER = Uint8Array.of(0x1b, 0x51, 0x41);
const LOWER = Uint8Array.of(0x1b, 0x51, 0x42);
const CARRIAGE_RETURN = Uint8Array.of(0x0d);
/** Start bit, eight data bits, stop bit. */
const BITS_A_BYTE = 10;
/** A display works off a line after it has come; such controllers are slow. */
const WORKING_MS = 30;

/** A pole display on a serial port. */
export function serialCustomerDisplay(options: SerialCustomerDisplayOptions): CustomerDisplayPort {
  const { address } = options;
  const line = openSerialLine({ ...lineOptions(options), address });
  return new LineDisplay(`serial:${address.path}`, line, address.baudRate, options);
}

/** The same over a cable inside this process (`drivers/serial/memory`). */
export function cableCustomerDisplay(options: CableCustomerDisplayOptions): CustomerDisplayPort {
  const line = keepOpen(options.opener, lineOptions(options));
  return new LineDisplay(options.address, line, options.baudRate ?? 9_600, options);
}

function lineOptions({ clock, retryMs = 1_000 }: CustomerDisplayOptions): LineOptions {
  return { clock, retryMs, missingFault: (detail) => fault('customer-display-missing', detail) };
}

class LineDisplay implements CustomerDisplayPort {
  readonly kind = 'customer-display';
  readonly address: string;
  readonly columns: number;
  readonly #line: SerialLine;
  readonly #baudRate: number;
  readonly #options: CustomerDisplayOptions;
  /** What shall stand there; undefined = nothing. */
  #wanted: DisplayText | undefined;
  #fresh = false;
  /** Bytes are on their way to the display. */
  #busy = false;
  #initialised = false;
  #cancelPause: () => void = () => undefined;

  constructor(address: string, line: SerialLine, baudRate: number, options: CustomerDisplayOptions) {
    this.address = address;
    this.columns = options.columns;
    this.#line = line;
    this.#baudRate = baudRate;
    this.#options = options;
    line.onState((state) => this.#lineChanged(state));
  }

  async start(): Promise<void> {
    await this.#line.start();
  }

  async stop(): Promise<void> {
    this.#cancelPause();
    await this.#line.stop();
  }

  state(): DeviceState {
    return this.#line.state();
  }

  onChange(listener: (state: DeviceState) => void): () => void {
    return this.#line.onState(listener);
  }

  show(text: DisplayText): void {
    const same = this.#wanted?.upper === text.upper && this.#wanted.lower === text.lower;
    if (same) return;
    this.#wanted = text;
    this.#fresh = true;
    this.#send();
  }

  clear(): void {
    this.#wanted = undefined;
    this.#fresh = true;
    this.#send();
  }

  #lineChanged(state: DeviceState): void {
    if (state.kind !== 'ready') return;
    this.#initialised = false;
    this.#fresh = true;
    this.#send();
  }

  /** Sends the newest text, unless an older one is still on its way: then it follows that one. */
  #send(): void {
    if (!this.#fresh || this.#busy || this.#line.state().kind !== 'ready') return;
    const bytes = this.#bytes();
    this.#fresh = false;
    this.#initialised = true;
    this.#busy = true;
    const onWireMs = (bytes.length * BITS_A_BYTE * 1_000) / this.#baudRate;
    void this.#line.write(bytes).then(() => {
      this.#cancelPause = this.#options.clock.after(onWireMs + WORKING_MS, () => {
        this.#busy = false;
        this.#send();
      });
    });
  }

  #bytes(): Uint8Array {
    const start = this.#initialised ? new Uint8Array() : INITIALISE;
    const text = this.#wanted;
    if (text === undefined) return concatBytes(start, CLEAR);
    const { columns, charset } = this.#options;
    const upper = displayLine(text.upper, columns, charset);
    const lower = displayLine(text.lower, columns, charset);
    return concatBytes(start, UPPER, upper, CARRIAGE_RETURN, LOWER, lower, CARRIAGE_RETURN);
  }
}
