import type { RowProblem } from '#core/ports/catalog-store';
import { isGarbled } from '../import/decode.ts';
import { type Refusal, refuse } from '../import/fields.ts';
import type { Problems } from './problems.ts';
import { ownText, rememberedOwn } from './remembered.ts';
import type { LinePlace } from './text-lines.ts';

/** Longest cell that is kept; the widest of the interface has 2,000 characters. */
const LONGEST = 4000;
const LONGEST_CODE = 150;
/** More cells than any edition has; of a longer line only the count is wanted. */
const MOST_CELLS = 256;
/** Ways of writing that a cell says nothing. */
const nothing = new Set(['null', 'NULL', 'Null', '-', '--', '/', '\\', '—', '无']);

/** Column names of a table by position; a name that is not among them does not compile. */
export function positionsIn<const Names extends readonly string[]>(
  names: Names,
): (name: Names[number]) => number {
  return (name) => names.indexOf(name);
}

const isNoise = rememberedOwn(isGarbled);
const dayOf = rememberedOwn(plainDay);

/** The cells of one row at a time, read by position; what is wrong with them goes to `problems`. */
export class Cells {
  readonly #columns: readonly string[];
  readonly #problems: Problems;
  #text = '';
  #from = 0;
  /** Where each cell ends: at its tab, the last one at the end of the line. */
  readonly #ends = new Int32Array(MOST_CELLS);
  #count = 0;
  #line = 0;
  /** Whether a control character or a lost one may stand in the line. */
  #odd = false;
  #bad = false;

  constructor(columns: readonly string[], problems: Problems) {
    this.#columns = columns;
    this.#problems = problems;
  }

  /** Goes to another line; answers how many cells it has. */
  take({ text, from, end, line, odd }: LinePlace): number {
    this.#text = text;
    this.#from = from;
    this.#line = line;
    this.#odd = odd;
    this.#bad = false;
    let count = 0;
    for (let tab = text.indexOf('\t', from); tab !== -1 && tab < end; tab = text.indexOf('\t', tab + 1)) {
      this.#ends[count] = tab;
      count += 1;
    }
    this.#ends[count] = end;
    this.#count = count + 1;
    return this.#count;
  }

  /** Whether the row has an error so far. */
  get bad(): boolean {
    return this.#bad;
  }

  /** Text of a cell; undefined when it is empty or says `null`, `无`, `-` or the like. */
  text(at: number): string | undefined {
    const text = this.#cell(at);
    if (text === '' || (text.length <= 4 && nothing.has(text))) return undefined;
    if (text.length > LONGEST)
      this.refuse(at, refuse(`超过 ${LONGEST} 个字`, `longer than ${LONGEST} characters`));
    else if (this.#odd && /[\p{Cc}\uFFFD]/u.test(text)) this.#refuseSigns(at, text);
    return text;
  }

  /** Text of the first of several cells that says something. */
  first(...places: readonly number[]): string | undefined {
    for (const at of places) {
      const text = this.text(at);
      if (text !== undefined) return text;
    }
    return undefined;
  }

  /** A name that people read: must be there and must not be garbled. */
  name(...places: readonly number[]): string {
    const text = this.first(...places);
    const at = places[0] ?? 0;
    if (text === undefined) this.refuse(at, refuse('不能为空', 'must not be empty'));
    else if (isNoise(text)) this.refuse(at, refuse('内容是乱码', 'is garbled text'));
    return text ?? '';
  }

  /** A code of the agency: letters, digits and signs without spaces. */
  code(at: number): string {
    const text = this.text(at);
    if (text === undefined) {
      this.refuse(at, refuse('不能为空', 'must not be empty'));
      return '';
    }
    if (text.length > LONGEST_CODE || /[^\x21-\x7e]/.test(text)) {
      const zh = `应为不超过 ${LONGEST_CODE} 个字母、数字或半角符号`;
      this.refuse(at, refuse(zh, `must be at most ${LONGEST_CODE} letters, digits or signs without spaces`));
    }
    return text;
  }

  /** `yyyy-MM-dd`, from any of the forms in which downloads write a day. */
  day(at: number): string | undefined {
    const text = this.text(at);
    if (text === undefined) return undefined;
    const day = dayOf(text);
    if (day === undefined) this.refuse(at, refuse('不是有效日期', 'is no day of the calendar'));
    return day;
  }

  /** 有效标志 (code list vali_flag): 1 valid, 0 withdrawn, 2 held by the agency and so not in force. */
  valid(at: number): boolean {
    const text = this.text(at);
    if (text === undefined || !/^[012]$/.test(text)) {
      this.refuse(at, refuse('有效标志应为 0、1 或 2', 'must be 0, 1 or 2'));
    }
    return text === '1';
  }

  refuse(at: number, { zh, en }: Refusal): void {
    this.#bad = true;
    this.#problems.error(this.#problem(at, zh, en));
  }

  warn(at: number, { zh, en }: Refusal): void {
    this.#problems.warning(this.#problem(at, zh, en));
  }

  /** The row as a whole. */
  refuseRow({ zh, en }: Refusal): void {
    this.#bad = true;
    this.#problems.error({ line: this.#line, zh, en });
  }

  #cell(at: number): string {
    if (at >= this.#count || at >= MOST_CELLS) return '';
    const from = at === 0 ? this.#from : (this.#ends[at - 1] ?? 0) + 1;
    const end = this.#ends[at] ?? 0;
    return from === end ? '' : this.#text.slice(from, end).trim();
  }

  #refuseSigns(at: number, text: string): void {
    if (text.includes('\uFFFD')) this.refuse(at, refuse('内容有丢失的字符（�）', 'has lost characters (�)'));
    else this.refuse(at, refuse('含有控制字符', 'has control characters'));
  }

  #problem(at: number, zh: string, en: string): RowProblem {
    // A copy: a report of thousands of rows would otherwise keep their whole text.
    const value = ownText(this.#cell(at).slice(0, 60));
    const column = `${at + 1} ${this.#columns[at] ?? ''}`.trim();
    return { line: this.#line, column, ...(value === '' ? {} : { value }), zh, en };
  }
}

/** Accepts `2024-01-31`, `20240131` and `2024/1/31`, each with or without a time of day behind it. */
export function plainDay(text: string): string | undefined {
  const found =
    /^(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?$/.exec(text) ??
    /^(\d{4})(\d{2})(\d{2})(?:\d{6}(?:\d{3})?)?$/.exec(text) ??
    /^(\d{4})\/(\d{1,2})\/(\d{1,2})(?: .*)?$/.exec(text);
  if (found === null) return undefined;
  const [, year = '', month = '', date = ''] = found;
  const day = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
  const real = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(real.getTime()) && real.toISOString().startsWith(day) ? day : undefined;
}
