/** One measured figure, with or without a budget; without one it is printed for orientation. */
export interface MeasureLine {
  /** Letters, digits and signs, no space; the size is part of it where it matters (`search-p99@250000`). */
  readonly name: string;
  readonly value: number;
  /** One word: `ms`, `s`, `MB`, `x` (times the peer), `apdus`, `share`. */
  readonly unit: string;
  /** In the same unit. `most`: not above it; `least`: not below it. */
  readonly budget?: { readonly most: number } | { readonly least: number };
}

/** Something to know beside the figures: printed after `# `. */
export interface Note {
  readonly note: string;
}

export type BenchOutput = MeasureLine | Note;

/** What all measures of one run share. */
export interface BenchContext {
  /** Products in the generated catalogue. */
  readonly rows: number;
  /** Folder of this run alone; removed at its end. */
  readonly folder: string;
  /** Makes something once for all measures of the run that ask for it under this name. */
  once<T>(name: string, make: () => Promise<T>): Promise<T>;
}

/** What every `bench/<name>.ts` exports as `measures`: gives its lines as they are known. */
export type Measures = (context: BenchContext) => AsyncIterable<BenchOutput>;

export function isOver({ value, budget }: MeasureLine): boolean {
  if (budget === undefined) return false;
  // A figure that is no number has not kept its budget.
  return 'most' in budget ? !(value <= budget.most) : !(value >= budget.least);
}

/** `NAME value unit budget ok|over`; the budget is `<=N`, `>=N`, or `-` for orientation. */
export function formatLine(line: MeasureLine): string {
  return [line.name, short(line.value), line.unit, budgetText(line), isOver(line) ? 'over' : 'ok'].join(' ');
}

function budgetText({ budget }: MeasureLine): string {
  if (budget === undefined) return '-';
  return 'most' in budget ? `<=${short(budget.most)}` : `>=${short(budget.least)}`;
}

/** Three significant digits; figures are never rounded to zero. */
function short(value: number): string {
  return Math.abs(value) >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
