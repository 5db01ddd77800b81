import type { Fault } from '#core/fault';
import type { ImportReport, RowProblem } from '#core/ports/catalog-store';
import { MAX_LISTED } from '../import/read-list.ts';

/** What is wrong with the rows of a source: the first ones listed, all counted. */
export class Problems {
  readonly #errors: RowProblem[] = [];
  readonly #warnings: RowProblem[] = [];
  errorCount = 0;
  warningCount = 0;

  error(problem: RowProblem): void {
    this.errorCount += 1;
    if (this.#errors.length < MAX_LISTED) this.#errors.push(problem);
  }

  warning(problem: RowProblem): void {
    this.warningCount += 1;
    if (this.#warnings.length < MAX_LISTED) this.#warnings.push(problem);
  }

  /** For the detail of a fault. */
  first(): string | undefined {
    const [first] = this.#errors;
    if (first === undefined) return undefined;
    return `${this.errorCount} problems; the first: line ${first.line}, ${first.column ?? 'row'}: ${first.en}`;
  }

  report(found: {
    readonly rowsRead: number;
    readonly rows: number;
    readonly encoding?: 'utf-8' | 'gb18030' | undefined;
    readonly fault?: Fault | undefined;
  }): ImportReport {
    const { rowsRead, rows, encoding, fault } = found;
    return {
      rowsRead,
      products: fault === undefined ? rows : 0,
      ...(encoding === undefined ? {} : { encoding }),
      ...(fault === undefined ? {} : { fault }),
      errors: this.#errors,
      errorCount: this.errorCount,
      warnings: this.#warnings,
      warningCount: this.warningCount,
    };
  }
}
