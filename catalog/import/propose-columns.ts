import { fault } from '#core/fault';
import type { ColumnProposal, ColumnReport } from '#core/ports/catalog-store';
import { type CellKind, cellKinds } from './cell-kinds.ts';
import {
  type ColumnId,
  columns,
  documentedColumn,
  headerOf,
  isMoney,
  isRequired,
  LEFT_OUT,
  seenColumn,
} from './columns.ts';
import type { TextRecord } from './records.ts';
import { openTable } from './table.ts';

/** Rows by whose content a column is judged. */
const ROWS_LOOKED_AT = 300;
const SAMPLES = 3;
const SAMPLE_LENGTH = 30;
/** Share of filled cells, in percent, that must look so. */
const MOST_CELLS = 85;

/** How sure a guess is, of 1000. */
const SURE = {
  documented: 1000,
  seenAndLooks: 900,
  seen: 750,
  looks: 650,
  looksWeakly: 350,
  contradicted: 250,
} as const;

/** What the columns of a file are, or may be, with samples; for a person to confirm. */
export async function reportColumns(bytes: Uint8Array): Promise<ColumnReport> {
  const opened = await openTable(bytes);
  if (!opened.ok) return { fault: fault(opened.error.code, opened.error.detail), columns: [], missing: [] };
  const { encoding, sheet, header, records } = opened.value;
  const proposed = proposeColumns(header.fields, firstRows(records));
  const found = new Set(proposed.map(({ column }) => column));
  return {
    ...(encoding === undefined ? {} : { encoding }),
    ...(sheet === undefined ? {} : { sheet }),
    columns: proposed,
    missing: columns
      .filter(({ id }) => isRequired(id) && !found.has(headerOf(id)))
      .map(({ id }) => headerOf(id)),
  };
}

/** The first rows of a table that can be gone through once. */
export function firstRows(records: Iterable<TextRecord>): readonly (readonly string[])[] {
  const rows: (readonly string[])[] = [];
  for (const { fields, broken } of records) {
    if (!broken) rows.push(fields);
    if (rows.length === ROWS_LOOKED_AT) break;
  }
  return rows;
}

interface Guess {
  readonly column: ColumnId;
  readonly confidence: number;
  readonly zh: string;
  readonly en: string;
}

/**
 * Proposes a column of the list for each header: documented ones are certain, words of other programs and the
 * look of the cells are guesses. No column is proposed twice: the surest header gets it.
 */
export function proposeColumns(
  headers: readonly string[],
  rows: readonly (readonly string[])[],
): readonly ColumnProposal[] {
  const cells = headers.map((_, index) =>
    rows.map((row) => (row[index] ?? '').trim()).filter((cell) => cell !== ''),
  );
  const guesses = headers.map((header, index) => guessesFor(header.trim(), cells[index] ?? []));
  const chosen = assign(guesses);
  return headers.flatMap((written, index) => {
    const header = written.trim();
    const samples = [...new Set(cells[index] ?? [])]
      .slice(0, SAMPLES)
      .map((cell) => cell.slice(0, SAMPLE_LENGTH));
    if (header === '') return [];
    if (header.startsWith('#')) return [leftOut(header, samples)];
    const guess = chosen[index];
    if (guess === undefined)
      return [
        {
          header,
          confidence: 0,
          money: false,
          zh: '认不出，请指定或留空',
          en: 'not recognised: name its column or leave it out',
          samples,
        },
      ];
    const { column, confidence, zh, en } = guess;
    return [{ header, column: headerOf(column), confidence, money: isMoney(column), zh, en, samples }];
  });
}

function leftOut(header: string, samples: readonly string[]): ColumnProposal {
  return {
    header,
    column: LEFT_OUT,
    confidence: SURE.documented,
    money: false,
    zh: '列名前有 #，不导入',
    en: 'left out by its #',
    samples,
  };
}

function guessesFor(header: string, cells: readonly string[]): readonly Guess[] {
  if (header === '' || header.startsWith('#')) return [];
  const documented = documentedColumn(header);
  if (documented !== undefined)
    return [
      { column: documented, confidence: SURE.documented, zh: '说明中的列名', en: 'a documented header' },
    ];
  const look = lookOf(cells);
  const seen = seenColumn(header);
  const guesses: Guess[] = [];
  if (seen !== undefined) guesses.push(seenGuess(seen, look));
  if (look !== undefined && look.column !== seen) {
    const confidence = look.sure ? SURE.looks : SURE.looksWeakly;
    guesses.push({ column: look.column, confidence, zh: look.zh, en: look.en });
  }
  return guesses.sort((a, b) => b.confidence - a.confidence);
}

function seenGuess(column: ColumnId, look: CellKind | undefined): Guess {
  const words = { zh: '其他系统常用的列名', en: 'a header of other programs' };
  if (look?.column === column)
    return {
      column,
      confidence: SURE.seenAndLooks,
      zh: `${words.zh}，${look.zh}`,
      en: `${words.en}; ${look.en}`,
    };
  const known = cellKinds.some((kind) => kind.column === column && kind.sure);
  if (look?.sure && known)
    return {
      column,
      confidence: SURE.contradicted,
      zh: `${words.zh}，但${look.zh}`,
      en: `${words.en}, but ${look.en}`,
    };
  return { column, confidence: SURE.seen, ...words };
}

function lookOf(cells: readonly string[]): CellKind | undefined {
  if (cells.length === 0) return undefined;
  return cellKinds.find(({ fits }) => cells.filter(fits).length * 100 >= cells.length * MOST_CELLS);
}

function assign(guesses: readonly (readonly Guess[])[]): readonly (Guess | undefined)[] {
  const chosen: (Guess | undefined)[] = guesses.map(() => undefined);
  const taken = new Set<ColumnId>();
  const all = guesses.flatMap((list, index) => list.map((guess) => ({ guess, index })));
  all.sort((a, b) => b.guess.confidence - a.guess.confidence || a.index - b.index);
  for (const { guess, index } of all) {
    if (chosen[index] !== undefined || taken.has(guess.column)) continue;
    chosen[index] = guess;
    taken.add(guess.column);
  }
  return chosen;
}
