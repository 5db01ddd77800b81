import iconv from 'iconv-lite';
import { commandTable, type Operands } from './command-table.ts';

/** One piece of the byte stream, in order. */
export type Token =
  | {
      readonly kind: 'char';
      readonly char: string /** Half-width cells: 1, or 2 for Chinese codes. */;
      readonly cells: 1 | 2;
    }
  | { readonly kind: 'control'; readonly code: number }
  | { readonly kind: 'command'; readonly name: string; readonly operands: Uint8Array }
  | { readonly kind: 'problem'; readonly text: string };

const PREFIXES: Readonly<Record<number, string>> = { 16: 'DLE', 27: 'ESC', 28: 'FS', 29: 'GS' };
/** A command that claims more is taken for damage: no till sends a picture of this size. */
const OPERANDS_AT_MOST = 1_000_000;
const CODE_PAGES: Readonly<Record<number, string>> = {
  0: 'cp437',
  2: 'cp850',
  3: 'cp860',
  4: 'cp863',
  5: 'cp865',
  16: 'cp1252',
  17: 'cp866',
  18: 'cp852',
  19: 'cp858',
};

/**
 * Cuts an ESC/POS stream into tokens, whatever the sizes of the chunks. Chinese mode is off after power-on and
 * ESC @, as on an export model: text sent without FS & shows up as wrong characters here, not in a shop.
 */
export class Tokenizer {
  #pending: number[] = [];
  #chinese = false;
  #codePage = 0;
  readonly #gb18030 = new TextDecoder('gb18030');

  push(bytes: Uint8Array): Token[] {
    for (const byte of bytes) this.#pending.push(byte);
    const tokens: Token[] = [];
    let at = 0;
    while (at < this.#pending.length) {
      const step = this.#next(at);
      if (step === undefined) break;
      tokens.push(step.token);
      at += step.length;
    }
    this.#pending = at === 0 ? this.#pending : this.#pending.slice(at);
    return tokens;
  }

  /** The stream ended: what is left over cannot become a token any more. */
  end(): Token[] {
    if (this.#pending.length === 0) return [];
    const hex = Buffer.from(this.#pending.slice(0, 16)).toString('hex');
    const text = `stream ended inside a command or character: ${this.#pending.length} bytes, ${hex}`;
    this.#pending = [];
    return [{ kind: 'problem', text }];
  }

  #next(at: number): { token: Token; length: number } | undefined {
    const byte = this.#pending[at] ?? 0;
    const prefix = PREFIXES[byte];
    if (prefix !== undefined) return this.#command(prefix, at);
    if (byte < 0x20 || byte === 0x7f) return { token: { kind: 'control', code: byte }, length: 1 };
    if (byte < 0x80) return { token: char(String.fromCharCode(byte), 1), length: 1 };
    return this.#chinese ? this.#chineseChar(at) : { token: this.#codePageChar(byte), length: 1 };
  }

  #command(prefix: string, at: number): { token: Token; length: number } | undefined {
    const code = this.#pending[at + 1];
    if (code === undefined) return undefined;
    const name = `${prefix} ${prefix === 'DLE' ? code : String.fromCharCode(code)}`;
    const rule = commandTable[name];
    if (rule === undefined) {
      return { token: problem(`unknown command ${prefix} 0x${code.toString(16)}`), length: 2 };
    }
    const length = this.#operandLength(rule, at + 2);
    if (length === undefined) return undefined;
    if (length > OPERANDS_AT_MOST) {
      return { token: problem(`${name} claims ${length} bytes of data`), length: 2 };
    }
    if (this.#pending.length < at + 2 + length) return undefined;
    const operands = Uint8Array.from(this.#pending.slice(at + 2, at + 2 + length));
    this.#follow(name, operands);
    return { token: { kind: 'command', name, operands }, length: 2 + length };
  }

  #operandLength(rule: Operands, from: number): number | undefined {
    if (typeof rule === 'number') return rule;
    if (rule === 'to-zero') {
      const end = this.#pending.indexOf(0, from);
      return end < 0 ? undefined : end - from + 1;
    }
    return rule(this.#pending.slice(from, from + 2_048));
  }

  /** Settings that change how the bytes after them are read. */
  #follow(name: string, operands: Uint8Array): void {
    if (name === 'ESC @') {
      this.#chinese = false;
      this.#codePage = 0;
    } else if (name === 'FS &') this.#chinese = true;
    else if (name === 'FS .') this.#chinese = false;
    else if (name === 'ESC t') this.#codePage = operands[0] ?? 0;
  }

  #codePageChar(byte: number): Token {
    const page = CODE_PAGES[this.#codePage];
    if (page === undefined) return char('\uFFFD', 1);
    return char(iconv.decode(Buffer.of(byte), page), 1);
  }

  /** GB18030: two bytes, or four when the second is a digit. */
  #chineseChar(at: number): { token: Token; length: number } | undefined {
    const [first = 0, second, third, fourth] = this.#pending.slice(at, at + 4);
    if (first === 0x80 || first === 0xff) return { token: problem(badByte(first)), length: 1 };
    if (second === undefined) return undefined;
    if (second >= 0x30 && second <= 0x39) {
      if (third === undefined || fourth === undefined) return undefined;
      const good = third >= 0x81 && third <= 0xfe && fourth >= 0x30 && fourth <= 0x39;
      if (!good) return { token: problem(badByte(first)), length: 1 };
      return { token: char(this.#decode([first, second, third, fourth]), 2), length: 4 };
    }
    if (second < 0x40 || second === 0x7f || second === 0xff) {
      return { token: problem(badByte(first)), length: 1 };
    }
    return { token: char(this.#decode([first, second]), 2), length: 2 };
  }

  #decode(bytes: readonly number[]): string {
    return this.#gb18030.decode(Uint8Array.from(bytes));
  }
}

function char(text: string, cells: 1 | 2): Token {
  return { kind: 'char', char: text, cells };
}

function problem(text: string): Token {
  return { kind: 'problem', text };
}

function badByte(byte: number): string {
  return `byte 0x${byte.toString(16)} begins no Chinese character`;
}
