import iconv from 'iconv-lite';
import type { Clock } from '#core/clock';

export interface VirtualDisplayOptions {
  readonly clock: Clock;
  /** Default 20. */
  readonly columns?: number;
  /** With a speed, a buffer of 128 bytes overflows when bytes come faster; it is then a problem. */
  readonly baudRate?: number;
}

const BUFFER_BYTES = 128;
const PROBLEMS_KEPT = 100;
const ESC = 0x1b;

/**
 * A two-line customer display (客显) on a stream of bytes, written from the command lists of CD5220 and DM-D
 * displays: ESC @, CLR, CAN, HOME, ESC Q A, ESC Q B, and plain text at the cursor.
 */
export class VirtualCustomerDisplay {
  readonly #options: VirtualDisplayOptions;
  readonly #columns: number;
  readonly #listeners = new Set<() => void>();
  readonly #problems: string[] = [];
  #cells: [Buffer, Buffer];
  #cursor = 0;
  #command: number[] = [];
  #backlog = 0;
  #backlogAtMs = 0;
  #initialised = 0;

  constructor(options: VirtualDisplayOptions) {
    this.#options = options;
    this.#columns = options.columns ?? 20;
    this.#cells = [this.#blank(), this.#blank()];
  }

  /** Plugs a terminal in; `end` cuts cable and power, after which nothing stands there. */
  connect(_send: (bytes: Uint8Array) => void): { receive(bytes: Uint8Array): void; end(): void } {
    return {
      receive: (bytes) => {
        this.#fill(bytes.length);
        for (const byte of bytes) this.#take(byte);
        this.#changed();
      },
      end: () => {
        this.#command = [];
        this.#empty();
        this.#changed();
      },
    };
  }

  /** Upper and lower line as a person reads them, without trailing spaces. */
  lines(): readonly [string, string] {
    const [upper, lower] = this.#cells;
    return [read(upper), read(lower)];
  }

  /** Unknown commands, lines that are too long, overflows. */
  problems(): readonly string[] {
    return this.#problems;
  }

  /** How often it was started anew. */
  get initialised(): number {
    return this.#initialised;
  }

  /** Called after every piece of bytes. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #take(byte: number): void {
    if (this.#command.length > 0) {
      this.#command.push(byte);
      this.#tryCommand();
    } else if (byte === ESC) this.#command = [byte];
    else if (byte === 0x0c) this.#empty();
    else if (byte === 0x0b) this.#cursor = 0;
    else if (byte === 0x18) this.#cells[this.#cursor < this.#columns ? 0 : 1] = this.#blank();
    else if (byte >= 0x20) this.#put(byte);
    else if (byte !== 0x0d && byte !== 0x0a) this.#problem(`unknown byte ${byte.toString(16)}`);
  }

  #tryCommand(): void {
    const [, code, line] = this.#command;
    if (code === 0x40) {
      this.#command = [];
      this.#initialised += 1;
      this.#empty();
      return;
    }
    if (code !== 0x51 || (line !== undefined && line !== 0x41 && line !== 0x42)) {
      this.#problem(`unknown command ${this.#command.map((byte) => byte.toString(16)).join(' ')}`);
      this.#command = [];
      return;
    }
    const text = this.#command.slice(3);
    if (text.at(-1) === 0x0d) this.#write(line === 0x41 ? 0 : 1, text.slice(0, -1));
    else if (text.length <= this.#columns) return;
    else this.#problem('a line longer than the display');
    this.#command = [];
  }

  #write(row: 0 | 1, text: readonly number[]): void {
    const cells = this.#blank();
    cells.set(text.slice(0, this.#columns));
    this.#cells[row] = cells;
    if (text.some((byte) => byte < 0x20)) this.#problem('a control character in a line');
  }

  #put(byte: number): void {
    const row = this.#cursor < this.#columns ? 0 : 1;
    this.#cells[row][this.#cursor % this.#columns] = byte;
    this.#cursor = (this.#cursor + 1) % (2 * this.#columns);
  }

  #empty(): void {
    this.#cells = [this.#blank(), this.#blank()];
    this.#cursor = 0;
  }

  #fill(count: number): void {
    const { baudRate, clock } = this.#options;
    if (baudRate === undefined) return;
    const nowMs = clock.monotonicMs();
    const workedOff = ((nowMs - this.#backlogAtMs) * baudRate) / 10_000;
    this.#backlog = Math.max(0, this.#backlog - workedOff) + count;
    this.#backlogAtMs = nowMs;
    if (this.#backlog > BUFFER_BYTES) this.#problem('bytes come faster than the line can carry');
  }

  #problem(text: string): void {
    if (this.#problems.length < PROBLEMS_KEPT) this.#problems.push(text);
  }

  #blank(): Buffer {
    return Buffer.alloc(this.#columns, 0x20);
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

function read(cells: Buffer): string {
  return iconv.decode(cells, 'gb18030').trimEnd();
}
