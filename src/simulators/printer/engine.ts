import type { Clock } from '#core/clock';
import { columnWidth, paperSvg } from '#core/paper-picture';
import type { PrintedSlip } from '#core/training';
import { type Strip, StripPrinter } from './strip.ts';
import { type Token, Tokenizer } from './tokenizer.ts';

/** A slip as it lies in the tray, with what a test or a curious person wants to know besides the picture. */
export interface VirtualSlip extends PrintedSlip {
  /** One line per printed row, centred rows indented. */
  readonly text: string;
  readonly qrCodes: readonly string[];
  /** Damaged or unknown bytes, and rows wider than the paper. */
  readonly problems: readonly string[];
}

/** A pulse on the socket of the cash drawer (钱箱). */
export interface DrawerPulse {
  readonly atMs: number;
  /** Pin of the socket: 2 (first drawer) or 5 (second). */
  readonly pin: 2 | 5;
  readonly onMs: number;
  readonly offMs: number;
}

export type VirtualPaper = 'ok' | 'low' | 'out';

export interface EngineOptions {
  readonly clock: Clock;
  /** 32 or 48. */
  readonly columns?: number;
  /** Whether GS r is answered; cheap printers leave it out. */
  readonly answersInOrder?: boolean;
}

const SLIPS_KEPT = 200;
const BUFFERED_TOKENS_AT_MOST = 2_000_000;

/**
 * The printer behind the socket: paper, cover, buffer. Real-time commands are answered as they arrive; all
 * else is worked off in order, and only while there is paper, the cover is shut and the printer is on line.
 * What came meanwhile waits in the buffer and is printed afterwards, as real printers do.
 */
export class VirtualPrinterEngine {
  readonly #clock: Clock;
  readonly #columns: number;
  readonly #answersInOrder: boolean;
  readonly #strip: StripPrinter;
  readonly #slips: VirtualSlip[] = [];
  readonly #listeners = new Set<(slip: VirtualSlip) => void>();
  #buffer: { token: Token; answer: (bytes: Uint8Array) => void }[] = [];
  #paper: VirtualPaper = 'ok';
  #coverOpen = false;
  #online = true;
  #rowsLeft = Number.POSITIVE_INFINITY;
  #count = 0;
  readonly #drawerPulses: DrawerPulse[] = [];
  readonly #drawerListeners = new Set<(pulse: DrawerPulse) => void>();
  #drawerOpen = false;
  #beeps = 0;

  constructor(options: EngineOptions) {
    this.#clock = options.clock;
    this.#columns = options.columns ?? 48;
    this.#answersInOrder = options.answersInOrder ?? true;
    this.#strip = new StripPrinter(this.#columns);
  }

  /** A stream of bytes from one connection; `answer` carries bytes back. */
  connect(answer: (bytes: Uint8Array) => void): { receive(bytes: Uint8Array): void; end(): void } {
    const tokenizer = new Tokenizer();
    return {
      receive: (bytes) => this.#accept(tokenizer.push(bytes), answer),
      end: () => this.#accept(tokenizer.end(), answer),
    };
  }

  slips(): readonly VirtualSlip[] {
    return this.#slips;
  }

  onSlip(listener: (slip: VirtualSlip) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** New paper also ends a running-out set by `runOutAfterRows`. */
  setPaper(paper: VirtualPaper): void {
    this.#paper = paper;
    if (paper !== 'out') this.#rowsLeft = Number.POSITIVE_INFINITY;
    this.#work();
  }

  setCoverOpen(open: boolean): void {
    this.#coverOpen = open;
    this.#work();
  }

  /** Off line for a reason other than paper or cover (cutter, head). */
  setOnline(online: boolean): void {
    this.#online = online;
    this.#work();
  }

  /** The roll ends after this many more rows. */
  runOutAfterRows(rows: number): void {
    this.#rowsLeft = rows;
  }

  /** Power off and on: what was not on paper yet is gone, the paper stays. */
  powerCycle(): void {
    this.#buffer = [];
    this.#strip.take({ kind: 'command', name: 'ESC @', operands: new Uint8Array() });
  }

  get state(): { readonly paper: VirtualPaper; readonly coverOpen: boolean; readonly online: boolean } {
    return { paper: this.#paper, coverOpen: this.#coverOpen, online: this.#online };
  }

  /** How often the cash drawer was opened. */
  get drawerKicks(): number {
    return this.#drawerPulses.length;
  }

  /** Each opening of the drawer, oldest first. */
  drawerPulses(): readonly DrawerPulse[] {
    return this.#drawerPulses;
  }

  onDrawer(listener: (pulse: DrawerPulse) => void): () => void {
    this.#drawerListeners.add(listener);
    return () => void this.#drawerListeners.delete(listener);
  }

  /** Somebody pushes the drawer shut. */
  closeDrawer(): void {
    this.#drawerOpen = false;
  }

  /** How many tones the buzzer gave. */
  get beeps(): number {
    return this.#beeps;
  }

  #accept(tokens: readonly Token[], answer: (bytes: Uint8Array) => void): void {
    for (const token of tokens) {
      if (token.kind === 'command' && token.name.startsWith('DLE')) this.#realTime(token, answer);
      else if (this.#buffer.length < BUFFERED_TOKENS_AT_MOST) this.#buffer.push({ token, answer });
    }
    this.#work();
  }

  #work(): void {
    let done = 0;
    for (; done < this.#buffer.length && this.#ready(); done += 1) {
      const next = this.#buffer[done];
      if (next !== undefined) this.#execute(next.token, next.answer);
    }
    if (done > 0) this.#buffer = this.#buffer.slice(done);
  }

  #ready(): boolean {
    return this.#paper !== 'out' && !this.#coverOpen && this.#online;
  }

  #execute(token: Token, answer: (bytes: Uint8Array) => void): void {
    if (token.kind === 'command' && token.name === 'GS r') {
      if (this.#answersInOrder) answer(Uint8Array.of(this.#inOrderByte(token.operands[0] ?? 0)));
      return;
    }
    if (token.kind === 'command' && token.name === 'ESC p') {
      const [socket = 0, on = 0, off = 0] = token.operands;
      this.#kick(socket, on * 2, off * 2);
      return;
    }
    if (token.kind === 'command' && token.name === 'ESC B') {
      this.#beeps += token.operands[0] ?? 0;
      return;
    }
    const strip = this.#strip.take(token);
    if (strip !== undefined) this.#keep(strip);
    if (token.kind === 'control' && token.code === 0x0a) {
      this.#rowsLeft -= 1;
      if (this.#rowsLeft <= 0) this.#paper = 'out';
    }
  }

  #keep(strip: Strip): void {
    this.#count += 1;
    const overflowed = strip.rows
      .filter((row) => row.overflowed)
      .map((row) => `row wider than paper: ${row.text}`);
    const slip: VirtualSlip = {
      id: `slip-${this.#count}`,
      printedAtMs: this.#clock.nowMs(),
      svg: paperSvg(strip.items, this.#columns),
      text: strip.rows
        .map((row) => this.#lineText(row.text, row.align))
        .join('\n')
        .trimEnd(),
      qrCodes: strip.qrCodes,
      problems: [...strip.problems, ...overflowed],
    };
    this.#slips.push(slip);
    if (this.#slips.length > SLIPS_KEPT) this.#slips.shift();
    for (const listener of this.#listeners) listener(slip);
  }

  #lineText(text: string, align: 'left' | 'center' | 'right'): string {
    const spare = Math.max(0, this.#columns - columnWidth(text));
    if (align === 'left') return text.trimEnd();
    return (' '.repeat(align === 'right' ? spare : Math.floor(spare / 2)) + text).trimEnd();
  }

  #realTime(token: Extract<Token, { kind: 'command' }>, answer: (bytes: Uint8Array) => void): void {
    const kind = token.operands[0] ?? 0;
    if (token.name === 'DLE 4' && kind >= 1 && kind <= 4) answer(Uint8Array.of(this.#statusByte(kind)));
    if (token.name !== 'DLE 20') return;
    if (kind === 1) {
      const [, socket = 0, units = 0] = token.operands;
      this.#kick(socket, units * 100, units * 100);
    }
    if (kind === 8) this.powerCycle();
  }

  #kick(socket: number, onMs: number, offMs: number): void {
    const pin = socket === 1 || socket === 49 ? 5 : 2;
    const pulse: DrawerPulse = { atMs: this.#clock.nowMs(), pin, onMs, offMs };
    this.#drawerPulses.push(pulse);
    // Too short a pulse does not move the magnet.
    if (onMs > 0) this.#drawerOpen = true;
    for (const listener of [...this.#drawerListeners]) listener(pulse);
  }

  /** DLE EOT n: bits 1 and 4 always set; the rest by kind. */
  #statusByte(kind: number): number {
    const out = this.#paper === 'out';
    const offline = out || this.#coverOpen || !this.#online;
    const bits = [
      (offline ? 0x08 : 0) | (this.#drawerOpen ? 0x04 : 0),
      (this.#coverOpen ? 0x04 : 0) | (out ? 0x20 : 0) | (this.#online ? 0 : 0x40),
      this.#online ? 0 : 0x08,
      out ? 0x6c : this.#paper === 'low' ? 0x0c : 0,
    ][kind - 1];
    return 0x12 | (bits ?? 0);
  }

  #inOrderByte(kind: number): number {
    if (kind !== 1 && kind !== 49) return 0;
    return this.#paper === 'low' ? 0x03 : 0;
  }
}
