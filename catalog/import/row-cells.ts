import type { RowProblem } from '#core/ports/catalog-store';
import { type ColumnId, headerOf, type Layout } from './columns.ts';
import { isGarbled } from './decode.ts';
import { codeProblem, plainCode, type Refusal, refuse, remembered, textProblem } from './fields.ts';

const isNoise = remembered(isGarbled);

/** Reads cells by column and gathers what is wrong with them. */
export class Row {
  readonly errors: RowProblem[] = [];
  readonly warnings: RowProblem[] = [];
  readonly #fields: readonly string[];
  readonly #layout: Layout;
  readonly #line: number;

  constructor(fields: readonly string[], layout: Layout, line: number) {
    this.#fields = fields;
    this.#layout = layout;
    this.#line = line;
  }

  text(column: ColumnId): string {
    const place = this.#layout.get(column);
    return place === undefined ? '' : (this.#fields[place.index] ?? '').trim();
  }

  optional(column: ColumnId, longest: number): string | undefined {
    const text = this.text(column);
    if (text === '') return undefined;
    const problem = textProblem(text, longest);
    if (problem !== undefined) this.refuse(column, problem);
    else if (isNoise(text)) this.refuse(column, refuse('内容是乱码', 'is garbled text'));
    return text;
  }

  required(column: ColumnId, longest: number): string {
    const text = this.optional(column, longest);
    if (text === undefined) this.refuse(column, refuse('不能为空', 'must not be empty'));
    return text ?? '';
  }

  code(column: ColumnId, longest: number, required = false): string | undefined {
    const code = plainCode(this.text(column));
    if (code === '') {
      if (required) this.refuse(column, refuse('不能为空', 'must not be empty'));
      return undefined;
    }
    const problem = codeProblem(code, longest);
    if (problem !== undefined) this.refuse(column, problem);
    return code;
  }

  choice<T>(column: ColumnId, parse: (text: string) => T | undefined, fallback: T): T {
    const parsed = parse(this.text(column));
    if (parsed === undefined) this.refuse(column, refuse('不认识的值', 'is not a known value'));
    return parsed ?? fallback;
  }

  refuse(column: ColumnId, words: Refusal): void {
    this.errors.push(this.#problem(column, words));
  }

  warn(column: ColumnId, words: Refusal): void {
    this.warnings.push(this.#problem(column, words));
  }

  #problem(column: ColumnId, { zh, en }: Refusal): RowProblem {
    const value = this.text(column).slice(0, 60);
    const header = this.#layout.get(column)?.header ?? headerOf(column);
    return { line: this.#line, column: header, ...(value === '' ? {} : { value }), zh, en };
  }
}
