import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { z } from 'zod';
import { type AgencyTable, agencyTables } from '#core/domain/agency-catalog';
import { type Fault, fault } from '#core/fault';
import type { AgencySource, BuildProgress } from '#core/ports/agency-catalog';
import type { RowProblem } from '#core/ports/catalog-store';
import { err, ok, type Result } from '#core/result';
import {
  agencyCatalogTools,
  type BuiltAgencyCatalog,
  type RefusedAgencyBuild,
  type ShopSettings,
} from '#main';
import { failWith, printJson, printLine } from './output.ts';
import { type ProgressBar, progressBar } from './progress-bar.ts';
import { readShopSettings } from './settings.ts';
import { TillClient } from './till-client.ts';

export interface AgencyImportOptions {
  readonly table?: string;
  readonly full?: boolean;
  readonly changes?: boolean;
  readonly config?: string;
  readonly json?: boolean;
}

const LISTED = 50;

/** Whether these are the agency's own tables: a table is named, or every file is one by its name. */
export async function isAgencyImport(
  files: readonly string[],
  options: AgencyImportOptions,
): Promise<boolean> {
  if (options.table !== undefined || options.full || options.changes) return true;
  const { tableOfFile } = await agencyCatalogTools();
  return files.every(
    (file) => /\.(zip|txt|jsonl|ndjson)$/i.test(file) && tableOfFile(basename(file)) !== undefined,
  );
}

/**
 * `guitai catalog import 1301_….zip …`: the agency's tables from files, all or nothing; the running till, or the
 * records of one that does not run, then switch to the new version.
 */
export async function importAgencyFiles(
  files: readonly string[],
  options: AgencyImportOptions,
): Promise<void> {
  const settings = readShopSettings(options.config);
  if (!settings.ok) return failWith(settings.error);
  const { folder } = settings.value;
  const inUse = await versionInUse(settings.value);
  if (!inUse.ok) return failWith(inUse.error);
  const { agencyTablesOf, importAgencyTables, tableOfFile } = await agencyCatalogTools();
  const held = tablesIn(inUse.value === undefined ? {} : agencyTablesOf(folder, inUse.value));
  const sources = sourcesOf(files, options, { held, tableOfFile });
  if (!sources.ok) return failWith(sources.error);
  const bar = options.json || process.stderr.isTTY ? progressBar() : plainProgress();
  const built = await importAgencyTables(folder, sources.value, {
    ...(inUse.value === undefined ? {} : { inUse: inUse.value }),
    onProgress: bar.show,
  });
  bar.end();
  if (options.json) printJson(built.ok ? built.value : built.error);
  else printReports(built.ok ? built.value : built.error);
  if (!built.ok) return failWith(built.error.fault);
  const { version } = built.value;
  const used = await useVersion(settings.value, version);
  if (!used.ok) return failWith(used.error);
  if (!options.json) printLine(`已启用版本 version in use: ${version}`);
}

interface Tables {
  /** Of the version in use. */
  readonly held: ReadonlySet<AgencyTable>;
  readonly tableOfFile: (name: string) => AgencyTable | undefined;
}

function sourcesOf(
  files: readonly string[],
  options: AgencyImportOptions,
  { held, tableOfFile }: Tables,
): Result<readonly AgencySource[], Fault> {
  if (options.full && options.changes) return err(fault('request-invalid', '--full or --changes, not both'));
  const sources: AgencySource[] = [];
  const known = new Set(held);
  for (const file of files) {
    if (!existsSync(file)) return err(fault('request-invalid', `no such file: ${file}`));
    const table = options.table === undefined ? tableOfFile(basename(file)) : tableNamed(options.table);
    if (table === undefined) return err(fault('catalog-source-table', options.table ?? basename(file)));
    // Changes taken for the whole would throw nearly the whole table away: that is never guessed.
    if (known.has(table) && !options.full && !options.changes)
      return err(fault('request-invalid', `table ${table} is already in use: say --full or --changes`));
    known.add(table);
    sources.push({ table, file: resolve(file), scope: options.changes ? 'changes' : 'full' });
  }
  return ok(sources);
}

function tableNamed(name: string): AgencyTable | undefined {
  return agencyTables.find(({ id, name: word, zh }) => id === name || word === name || zh === name)?.id;
}

function tablesIn(tables: Readonly<Partial<Record<AgencyTable, unknown>>>): ReadonlySet<AgencyTable> {
  return new Set(agencyTables.map(({ id }) => id).filter((id) => tables[id] !== undefined));
}

const stateAnswer = z.object({ version: z.string().optional() });

/** By the running till, else by the records. A till that cannot be asked stops the import: what it has is kept. */
async function versionInUse(settings: ShopSettings): Promise<Result<string | undefined, Fault>> {
  const till = TillClient.forSettings(settings);
  const told = till.ok ? await till.value.call('GET', '/api/catalog/state') : till;
  if (told.ok) return ok(stateAnswer.parse(told.value).version);
  if (told.error.code !== 'till-not-running') return told;
  const { agencyInUseOffline } = await agencyCatalogTools();
  return agencyInUseOffline(settings);
}

/** A running till switches by its API; without one the row is written here. */
async function useVersion(settings: ShopSettings, version: string): Promise<Result<unknown, Fault>> {
  const till = TillClient.forSettings(settings);
  const told = till.ok ? await till.value.call('POST', '/api/catalog/use-agency', { version }) : till;
  if (told.ok || told.error.code !== 'till-not-running') return told;
  const { useAgencyCatalogOffline } = await agencyCatalogTools();
  return useAgencyCatalogOffline(settings, version);
}

function printReports(found: BuiltAgencyCatalog | RefusedAgencyBuild): void {
  for (const { table, file, report } of found.reports) {
    const zh = agencyTables.find(({ id }) => id === table)?.zh ?? '';
    const { rowsRead, products, encoding = '-', errorCount, warningCount } = report;
    printLine(
      `${table} ${zh}  ${file}  读入 rows ${rowsRead}  可用 good ${products}  编码 encoding ${encoding}  错误 errors ${errorCount}  提示 warnings ${warningCount}`,
    );
    if (report.fault !== undefined)
      printLine(`  ${report.fault.code}: ${report.fault.zh} / ${report.fault.en}`);
    for (const problem of [...report.errors, ...report.warnings].slice(0, LISTED)) printProblem(problem);
    const more = errorCount + warningCount - LISTED;
    if (more > 0) printLine(`  … ${more}`);
  }
}

function printProblem({ line, column, value, zh, en }: RowProblem): void {
  const where = column === undefined ? '' : ` [${column}]`;
  const what = value === undefined ? '' : ` "${value}"`;
  printLine(`  第 ${line} 行 line ${line}${where}${what}: ${zh} / ${en}`);
}

/** A line when something new begins, where no bar can be drawn. */
function plainProgress(): ProgressBar {
  let before = '';
  return {
    show({ phase, of }: BuildProgress) {
      const now = `${phase} ${of}`;
      if (now !== before) process.stderr.write(`${now}\n`);
      before = now;
    },
    end: () => {},
  };
}
