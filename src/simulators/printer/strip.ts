import { encode } from 'uqr';
import type { PaperAlign, PaperItem, PaperRun } from '#core/paper-picture';
import { graphicsItem, rasterItem } from './raster.ts';
import type { Token } from './tokenizer.ts';

/** Text of one printed row with what the picture does not tell. */
export interface StripRow {
  readonly text: string;
  readonly align: PaperAlign;
  /** The row was wider than the paper and went on below. */
  readonly overflowed: boolean;
}

/** What came out between two cuts. */
export interface Strip {
  readonly items: readonly PaperItem[];
  readonly rows: readonly StripRow[];
  readonly qrCodes: readonly string[];
  readonly problems: readonly string[];
}

interface Look {
  bold: boolean;
  underline: boolean;
  inverted: boolean;
  width: number;
  height: number;
  chineseWidth: number;
  chineseHeight: number;
}

/** A run to which characters are still added. */
type OpenRun = PaperRun & { text: string };

const DOTS_PER_LINE = 30;
const TAB_CELLS = 8;
const CELL_DOTS = 12;
/** Stands in a row's text for a drawn character. */
const DRAWN = '\uFFFC';
const LF = 0x0a;
const HT = 0x09;

/** Takes tokens and keeps the paper that has not been cut yet. ASCII and Chinese sizes are kept apart, as in printers. */
export class StripPrinter {
  readonly #columns: number;
  #items: PaperItem[] = [];
  #rows: StripRow[] = [];
  #qrCodes: string[] = [];
  #problems: string[] = [];
  #runs: OpenRun[] = [];
  #cells = 0;
  #overflowed = false;
  #align: PaperAlign = 'left';
  #look: Look = plainLook();
  #qrData = Buffer.alloc(0);
  #qrDots = 3;
  #qrLevel: 'L' | 'M' | 'Q' | 'H' = 'L';
  #graphics: PaperItem | undefined;
  readonly #mask: { readonly maskPattern?: number };

  /** `unseen`: nobody looks at the picture, so a QR code takes the first mask, not the best of eight. */
  constructor(columns: number, picture: 'seen' | 'unseen' = 'seen') {
    this.#columns = columns;
    this.#mask = picture === 'seen' ? {} : { maskPattern: 0 };
  }

  /** Answers the finished strip when this token cut the paper. */
  take(token: Token): Strip | undefined {
    switch (token.kind) {
      case 'char':
        this.#put(token.char, token.cells);
        return undefined;
      case 'control':
        this.#control(token.code);
        return undefined;
      case 'problem':
        this.#problems.push(token.text);
        return undefined;
      case 'command':
        return this.#command(token.name, token.operands);
    }
  }

  /** Whether anything lies on the paper since the last cut. */
  get empty(): boolean {
    return this.#items.length === 0 && this.#problems.length === 0;
  }

  #control(code: number): void {
    if (code === LF) this.#feedLine();
    else if (code === HT) {
      const spaces = TAB_CELLS - (this.#cells % TAB_CELLS);
      for (let index = 0; index < spaces; index += 1) this.#put(' ', 1);
    } else if (code !== 0x0d && code !== 0 && code !== 0x0c) {
      this.#problems.push(`control byte 0x${code.toString(16)}`);
    }
  }

  #put(text: string, cells: 1 | 2): void {
    const look = this.#look;
    const widthScale = cells === 2 ? look.chineseWidth : look.width;
    const heightScale = cells === 2 ? look.chineseHeight : look.height;
    if (this.#cells + cells * widthScale > this.#columns) {
      this.#overflowed = true;
      this.#feedLine();
      this.#overflowed = true;
    }
    this.#cells += cells * widthScale;
    const last = this.#runs.at(-1);
    const isSame = last !== undefined && last.columns === undefined && last.widthScale === widthScale;
    if (isSame && last.heightScale === heightScale && sameLook(last, look)) {
      last.text += text;
      return;
    }
    const { bold, underline, inverted } = look;
    this.#runs.push({ text, widthScale, heightScale, bold, underline, inverted });
  }

  /** ESC * m nL nH: dots in line with the text; only the 24-dot modes (32 single, 33 double density) are drawn. */
  #inLine(operands: Uint8Array): void {
    const [mode = 0] = operands;
    const given = operands.subarray(3);
    if ((mode !== 32 && mode !== 33) || given.length === 0) {
      this.#problems.push(`picture in line of mode ${mode}`);
      return;
    }
    const columns = mode === 33 ? given : doubledColumns(given);
    const cells = Math.ceil(columns.length / 3 / CELL_DOTS);
    if (this.#cells + cells > this.#columns) {
      this.#feedLine();
      this.#overflowed = true;
    }
    this.#cells += cells;
    const plain = { widthScale: 1, heightScale: 1, bold: false, underline: false, inverted: false };
    this.#runs.push({ ...plain, text: DRAWN, columns: Uint8Array.from(columns) });
  }

  #feedLine(): void {
    const text = this.#runs.map((run) => run.text).join('');
    this.#rows.push({ text, align: this.#align, overflowed: this.#overflowed });
    if (text === '') this.#items.push({ kind: 'feed', heightDots: DOTS_PER_LINE });
    else this.#items.push({ kind: 'row', align: this.#align, runs: this.#runs });
    this.#runs = [];
    this.#cells = 0;
    this.#overflowed = false;
  }

  #command(name: string, operands: Uint8Array): Strip | undefined {
    const n = operands[0] ?? 0;
    switch (name) {
      case 'ESC @':
        this.#reset();
        return undefined;
      case 'ESC d':
        if (this.#runs.length > 0) this.#feedLine();
        this.#items.push({ kind: 'feed', heightDots: n * DOTS_PER_LINE });
        return undefined;
      case 'ESC J':
        if (this.#runs.length > 0) this.#feedLine();
        this.#items.push({ kind: 'feed', heightDots: n });
        return undefined;
      case 'GS V':
      case 'ESC i':
      case 'ESC m':
        return this.#cut(operands[1] ?? 0);
      case 'GS (':
        this.#group(operands);
        return undefined;
      case 'ESC *':
        this.#inLine(operands);
        return undefined;
      case 'GS v':
        this.#picture(rasterItem(operands, this.#align));
        return undefined;
      case 'GS 8':
        this.#graphics = graphicsItem(operands.subarray(5), this.#align) ?? this.#graphics;
        return undefined;
      case 'GS k':
        this.#barcode(operands);
        return undefined;
      default:
        this.#setLook(name, n);
        return undefined;
    }
  }

  #setLook(name: string, n: number): void {
    const look = this.#look;
    switch (name) {
      case 'ESC a':
        this.#align = n === 1 || n === 49 ? 'center' : n === 2 || n === 50 ? 'right' : 'left';
        break;
      case 'ESC !':
        // Sizes of ASCII only: Chinese characters follow GS ! and FS !.
        look.bold = (n & 0x08) !== 0;
        look.height = (n & 0x10) !== 0 ? 2 : 1;
        look.width = (n & 0x20) !== 0 ? 2 : 1;
        look.underline = (n & 0x80) !== 0;
        break;
      case 'GS !':
        look.width = ((n >> 4) & 7) + 1;
        look.height = (n & 7) + 1;
        look.chineseWidth = look.width;
        look.chineseHeight = look.height;
        break;
      case 'FS !':
        look.chineseWidth = (n & 0x04) !== 0 ? 2 : 1;
        look.chineseHeight = (n & 0x08) !== 0 ? 2 : 1;
        break;
      case 'ESC E':
      case 'ESC G':
        look.bold = (n & 1) === 1;
        break;
      case 'ESC -':
        look.underline = n % 48 !== 0;
        break;
      case 'GS B':
        look.inverted = (n & 1) === 1;
        break;
    }
  }

  #group(operands: Uint8Array): void {
    const group = operands[0];
    const body = operands.subarray(3);
    if (group === 0x4c) {
      // GS ( L: graphics stored by function 112, printed by 50.
      if (body[1] === 0x32 || body[1] === 2) this.#picture(this.#graphics);
      else this.#graphics = graphicsItem(body, this.#align) ?? this.#graphics;
      return;
    }
    if (group === 0x6b && body[0] === 0x31) this.#qr(body);
    else if (group === 0x6b && body[1] === 0x51) this.#placeholder('[PDF417]');
  }

  #qr(body: Uint8Array): void {
    const code = body[1];
    if (code === 0x43) this.#qrDots = Math.min(16, Math.max(1, body[2] ?? 3));
    else if (code === 0x45) this.#qrLevel = (['L', 'M', 'Q', 'H'] as const)[(body[2] ?? 0x30) - 0x30] ?? 'L';
    else if (code === 0x50) this.#qrData = Buffer.from(body.subarray(3));
    else if (code === 0x51) this.#printQr();
  }

  #printQr(): void {
    if (this.#qrData.length === 0) {
      this.#problems.push('QR code printed without data');
      return;
    }
    if (this.#runs.length > 0) this.#feedLine();
    try {
      const how = { ecc: this.#qrLevel, boostEcc: false, border: 0, ...this.#mask };
      const modules = encode([...this.#qrData], how).data;
      this.#items.push({ kind: 'matrix', align: this.#align, modules, moduleDots: this.#qrDots });
      this.#qrCodes.push(this.#qrData.toString('utf8'));
    } catch {
      this.#problems.push(`${this.#qrData.length} bytes do not fit a QR code`);
    }
  }

  #picture(item: PaperItem | undefined): void {
    if (this.#runs.length > 0) this.#feedLine();
    if (item === undefined) this.#problems.push('picture cannot be read');
    else this.#items.push(item);
  }

  #barcode(operands: Uint8Array): void {
    const newForm = (operands[0] ?? 0) >= 65;
    const data = newForm ? operands.subarray(2) : operands.subarray(1, -1);
    this.#placeholder(
      `[${Buffer.from(data)
        .toString('latin1')
        .replaceAll(/[^\x20-\x7e]/g, '.')}]`,
    );
  }

  /** Symbols that the picture does not draw are named in its place. */
  #placeholder(text: string): void {
    if (this.#runs.length > 0) this.#feedLine();
    for (const char of text.slice(0, this.#columns)) this.#put(char, 1);
    this.#feedLine();
  }

  #cut(feedDots: number): Strip {
    if (this.#runs.length > 0) this.#feedLine();
    if (feedDots > 0) this.#items.push({ kind: 'feed', heightDots: feedDots });
    const strip = { items: this.#items, rows: this.#rows, qrCodes: this.#qrCodes, problems: this.#problems };
    this.#items = [];
    this.#rows = [];
    this.#qrCodes = [];
    this.#problems = [];
    return strip;
  }

  /** ESC @: characters not yet on paper are lost, settings return to their first values. */
  #reset(): void {
    this.#runs = [];
    this.#cells = 0;
    this.#overflowed = false;
    this.#align = 'left';
    this.#look = plainLook();
  }
}

function doubledColumns(columns: Uint8Array): Uint8Array {
  const wide = new Uint8Array(columns.length * 2);
  for (let at = 0; at < columns.length; at += 3) {
    wide.set(columns.subarray(at, at + 3), at * 2);
    wide.set(columns.subarray(at, at + 3), at * 2 + 3);
  }
  return wide;
}

function plainLook(): Look {
  return {
    bold: false,
    underline: false,
    inverted: false,
    width: 1,
    height: 1,
    chineseWidth: 1,
    chineseHeight: 1,
  };
}

function sameLook(a: PaperRun, b: Look): boolean {
  return a.bold === b.bold && a.underline === b.underline && a.inverted === b.inverted;
}
