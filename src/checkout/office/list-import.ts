import { type Fault, fault } from '#core/fault';
import type { BuildProgress } from '#core/ports/agency-catalog';
import type { CatalogVersion, ColumnProposal, ColumnReport, ImportReport } from '#core/ports/catalog-store';
import { err, ok, type Result } from '#core/result';
import type { ListImportView, ListReport } from './list-rows.ts';

/** Where offered lists are kept and versions are made of them, in a process of their own; put together by `main`. */
export interface ListWorkshop {
  /** Keeps an offered list until it is imported or dropped; answers its file. */
  keep(name: string, content: Uint8Array): Result<string, Fault>;
  drop(file: string): void;
  propose(file: string, signal: AbortSignal): Promise<ColumnReport>;
  build(
    file: string,
    wishes: {
      readonly previous?: string;
      readonly columns: Readonly<Record<string, string>>;
      readonly onProgress: (progress: BuildProgress) => void;
      readonly signal: AbortSignal;
    },
  ): Promise<Result<CatalogVersion & { readonly report: ImportReport }, ImportReport>>;
  /** Versions on disk that can be opened, newest first. */
  versions(): readonly CatalogVersion[];
  /** Columns that a list may have, as they are written in a map. */
  readonly columns: ListImportView['choices'];
}

interface Offered {
  readonly name: string;
  readonly file: string;
  readonly sheet?: string;
  readonly columns: readonly ColumnProposal[];
  readonly missing: readonly string[];
}

interface Options {
  readonly workshop: ListWorkshop;
  readonly inUse: () => string | undefined;
  /** Sells from a finished version; on an error the old one goes on. */
  readonly use: (version: string, operator: string) => Result<void, Fault>;
  readonly log: { warn(facts: Readonly<Record<string, unknown>>, message: string): void };
}

const MOST_PROBLEMS = 100;

/**
 * Import of the shop's own list from the back office (B1): a file is offered, a person confirms what its columns
 * are, a version is built beside the one in use and taken into use. One list at a time; sales go on throughout.
 */
export class ListImport {
  readonly #options: Options;
  readonly #ending = new AbortController();
  #phase: Exclude<ListImportView['phase'], 'off'> = 'idle';
  #offered: Offered | undefined;
  #progress: BuildProgress | undefined;
  #report: ListReport | undefined;
  #lastFault: Fault | undefined;
  #working: Promise<void> = Promise.resolve();

  constructor(options: Options) {
    this.#options = options;
  }

  view(): ListImportView {
    const { workshop, inUse } = this.#options;
    const offered = this.#phase === 'confirming' || this.#phase === 'building' ? this.#offered : undefined;
    const { done = 0, total = 0, phase: step } = this.#progress ?? {};
    return {
      phase: this.#phase,
      ...(this.#offered === undefined ? {} : { fileName: this.#offered.name }),
      ...(offered?.sheet === undefined ? {} : { sheet: offered.sheet }),
      columns: offered?.columns ?? [],
      missing: offered?.missing ?? [],
      choices: workshop.columns,
      ...(step === undefined ? {} : { step }),
      percent: total > 0 ? Math.min(100, Math.floor((done * 100) / total)) : 0,
      ...(this.#report === undefined ? {} : { report: this.#report }),
      ...(this.#lastFault === undefined ? {} : { lastFault: this.#lastFault }),
      versions: workshop.versions().map((each) => ({ ...each, inUse: each.version === inUse() })),
    };
  }

  /** Takes a list and reads what its columns may be; `catalog-import-busy` while another one is being worked on. */
  async offer(name: string, content: Uint8Array): Promise<Result<ListImportView, Fault>> {
    if (this.#isBusy()) return err(fault('catalog-import-busy'));
    this.#forget();
    const { workshop } = this.#options;
    const kept = workshop.keep(name, content);
    if (!kept.ok) return kept;
    this.#offered = { name, file: kept.value, columns: [], missing: [] };
    this.#phase = 'reading';
    this.#report = undefined;
    const read = await workshop.propose(kept.value, this.#ending.signal);
    if (read.fault !== undefined) {
      this.#forget();
      return err(read.fault);
    }
    const { columns, missing, sheet } = read;
    this.#offered = { name, file: kept.value, columns, missing, ...(sheet === undefined ? {} : { sheet }) };
    this.#phase = 'confirming';
    return ok(this.view());
  }

  /**
   * Builds a version with the columns that a person confirmed and takes it into use; answers at once. Documented
   * headers need no word. `catalog-columns-invalid`: a header of the list is not decided, or a column not known.
   */
  import(columns: Readonly<Record<string, string>>, operator: string): Result<ListImportView, Fault> {
    const offered = this.#offered;
    if (this.#isBusy()) return err(fault('catalog-import-busy'));
    if (this.#phase !== 'confirming' || offered === undefined) return err(fault('catalog-import-none'));
    const known = new Set(['-', ...this.#options.workshop.columns.map(({ column }) => column)]);
    const undecided = offered.columns.find(({ header, column, confidence }) => {
      const chosen = Object.hasOwn(columns, header) ? columns[header] : undefined;
      return chosen === undefined ? confidence < 1000 || column === undefined : !known.has(chosen);
    });
    if (undecided !== undefined) return err(fault('catalog-columns-invalid', undecided.header));
    this.#phase = 'building';
    this.#lastFault = undefined;
    this.#working = this.#build(offered, columns, operator);
    return ok(this.view());
  }

  /** The offered list is not wanted after all. */
  drop(): Result<ListImportView, Fault> {
    if (this.#isBusy()) return err(fault('catalog-import-busy'));
    this.#forget();
    return ok(this.view());
  }

  /** Ends a build that runs; the catalogue in use stays. */
  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#working;
    if (!this.#isBusy()) this.#forget();
  }

  async #build(
    { name, file }: Offered,
    columns: Readonly<Record<string, string>>,
    operator: string,
  ): Promise<void> {
    const { workshop, inUse, use, log } = this.#options;
    const previous = inUse();
    const built = await workshop.build(file, {
      ...(previous === undefined ? {} : { previous }),
      columns,
      onProgress: (progress) => {
        this.#progress = progress;
      },
      signal: this.#ending.signal,
    });
    const used = built.ok
      ? use(built.value.version, operator)
      : err(built.error.fault ?? fault('catalog-none'));
    if (!used.ok) {
      log.warn({ code: used.error.code }, 'a list of goods was not imported');
      this.#lastFault = used.error;
    }
    const report = built.ok ? built.value.report : built.error;
    this.#report = reportOf(name, report, built.ok && used.ok ? built.value.version : undefined);
    this.#forget();
  }

  #isBusy(): boolean {
    return this.#phase === 'reading' || this.#phase === 'building';
  }

  #forget(): void {
    if (this.#offered !== undefined) this.#options.workshop.drop(this.#offered.file);
    this.#offered = undefined;
    this.#progress = undefined;
    this.#phase = 'idle';
  }
}

function reportOf(fileName: string, report: ImportReport, version: string | undefined): ListReport {
  const { rowsRead, products, errors, errorCount, warnings, warningCount } = report;
  return {
    fileName,
    rowsRead,
    products,
    ...(version === undefined ? {} : { version }),
    problems: [...errors, ...warnings].slice(0, MOST_PROBLEMS),
    problemCount: errorCount + warningCount,
  };
}
