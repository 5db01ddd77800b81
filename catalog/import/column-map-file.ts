import { parse as parseToml } from 'smol-toml';
import { z } from 'zod';
import { type Fault, fault } from '#core/fault';
import type { ColumnReport } from '#core/ports/catalog-store';
import { err, ok, type Result } from '#core/result';
import { type ColumnMap, columnOfFile, columns, documentedColumn, LEFT_OUT } from './columns.ts';

/** Stands in a new map for a header that nobody has decided about; such a map is not taken. */
const UNDECIDED = '?';

const mapShape = z.strictObject({ columns: z.record(z.string().min(1), z.string()) });

/** Reads a map of columns (TOML or JSON, by its first sign). Fault `catalog-columns-invalid` with the place. */
export function parseColumnMap(text: string): Result<ColumnMap, Fault> {
  const raw = parsed(text);
  if (!raw.ok) return raw;
  const shape = mapShape.safeParse(raw.value);
  if (!shape.success) return invalid(shape.error.issues[0]?.message ?? 'not a map of columns');
  for (const [header, column] of Object.entries(shape.data.columns)) {
    if (column === UNDECIDED)
      return invalid(`"${header}" is not decided yet: name its column, or "-" to leave it out`);
    if (column !== LEFT_OUT && columnOfFile(column) === undefined)
      return invalid(`"${header}": there is no column "${column.slice(0, 40)}"`);
  }
  return ok(shape.data.columns);
}

/**
 * A map to look through and confirm by importing with it: guesses with their grounds, `?` where nothing fits
 * (or `-` with `leaveOutRest`). Documented headers need no line.
 */
export function columnMapText(report: ColumnReport, leaveOutRest: boolean): string {
  const open = report.columns.filter(
    ({ header }) => documentedColumn(header) === undefined && !header.startsWith('#'),
  );
  const lines = open.map(({ header, column, confidence, money, zh, en, samples }) => {
    const chosen = column ?? (leaveOutRest ? LEFT_OUT : UNDECIDED);
    const doubt = money ? ' 请核对金额、类别 / check: money or class;' : '';
    const seen = samples.map((sample) => sample.replace(/\s+/g, ' ')).join(' | ');
    return `#${doubt} ${zh} / ${en} (${confidence}/1000): ${seen}\n${tomlKey(header)} = ${tomlKey(chosen)}`;
  });
  return [
    '# 列对照：左边是文件里的列名，右边是本程序的列；"-" 不导入，"?" 待定。核对后用 --columns 导入。',
    '# Map of columns: header of the file = column of the list; "-" leaves it out, "?" is undecided.',
    `# ${columns.map(({ names }) => names[0]).join(' ')}`,
    '[columns]',
    ...lines,
    '',
  ].join('\n');
}

function tomlKey(text: string): string {
  return JSON.stringify(text);
}

function parsed(text: string): Result<unknown, Fault> {
  try {
    return ok(text.trimStart().startsWith('{') ? JSON.parse(text) : parseToml(text));
  } catch (error) {
    return invalid(
      error instanceof Error ? (error.message.split('\n')[0] ?? '').slice(0, 200) : 'cannot be read',
    );
  }
}

function invalid(detail: string): Result<never, Fault> {
  return err(fault('catalog-columns-invalid', detail));
}
