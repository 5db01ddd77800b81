import { closeSync, openSync, writeSync } from 'node:fs';
import type { Command } from 'commander';
import iconv from 'iconv-lite';
import { businessDay, parseBusinessDateTime } from '#core/business-time';
import { type Fault, fault } from '#core/fault';
import { CatalogUnreadable } from '#core/ports/catalog-store';
import { err, ok, type Result } from '#core/result';
import { catalogTools } from '#main';
import { versionInUse } from './catalog-version.ts';
import { failWith, printLine } from './output.ts';
import { readShopSettings } from './settings.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const MOST_CHANGES = 5_000_000;

type OpenedCatalog = ReturnType<Awaited<ReturnType<typeof catalogTools>>['openCatalog']>;

interface TableOptions {
  readonly config?: string;
  readonly csv?: string;
  readonly encoding: string;
}

/** `guitai catalog prices` and `price-log`: what an inspector asks for (B5). */
export function addPriceCommands(catalog: Command): void {
  const day = businessDay(Date.now());
  const encoding = ['--encoding <name>', 'utf-8 或 gb18030', 'utf-8'] as const;
  catalog
    .command('prices')
    .description('导出某日执行价格 / the prices in force on a day')
    .option('--date <day>', 'yyyy-MM-dd', day)
    .option('--csv <file>', '写入文件 / write a file')
    .option(...encoding)
    .option('--config <file>', 'guitai.toml')
    .action(prices);
  catalog
    .command('price-log')
    .description('导出调价记录 / the log of price changes')
    .option('--from <day>', 'yyyy-MM-dd', '2000-01-01')
    .option('--to <day>', 'yyyy-MM-dd', day)
    .option('--code <shop code>', '只看一个商品 / of one product')
    .option('--csv <file>', '写入文件 / write a file')
    .option(...encoding)
    .option('--config <file>', 'guitai.toml')
    .action(priceLog);
}

async function prices(options: TableOptions & { readonly date: string }): Promise<void> {
  if (options.date > businessDay(Date.now())) return failWith(fault('catalog-prices-unknown', options.date));
  const catalog = await openInUse(options.config);
  if (!catalog.ok) return failWith(catalog.error);
  const found = catalog.value.dayPrices(options.date);
  if (!found.ok) return failWith(found.error);
  const { dayPriceTable } = await catalogTools();
  await writeTable(dayPriceTable(found.value, options.date), options);
  catalog.value.close();
}

async function priceLog(
  options: TableOptions & { readonly from: string; readonly to: string; readonly code?: string },
): Promise<void> {
  const fromMs = parseBusinessDateTime(`${options.from} 00:00:00`);
  const lastMs = parseBusinessDateTime(`${options.to} 00:00:00`);
  if (fromMs === undefined || lastMs === undefined)
    return failWith(fault('request-invalid', 'a day is yyyy-MM-dd'));
  const catalog = await openInUse(options.config);
  if (!catalog.ok) return failWith(catalog.error);
  const shopCode = options.code === undefined ? {} : { shopCode: options.code };
  const found = catalog.value.priceLog({ fromMs, toMs: lastMs + DAY_MS, ...shopCode }, MOST_CHANGES);
  if (!found.ok) return failWith(found.error);
  const { priceLogTable } = await catalogTools();
  await writeTable(priceLogTable(found.value), options);
  catalog.value.close();
}

async function openInUse(config: string | undefined): Promise<OpenedCatalog> {
  const settings = readShopSettings(config);
  if (!settings.ok) return settings;
  const version = await versionInUse(settings.value);
  const { openCatalog } = await catalogTools();
  return version === undefined ? err(fault('catalog-none')) : openCatalog(settings.value.folder, version);
}

async function writeTable(rows: Iterable<readonly string[]>, { csv, encoding }: TableOptions): Promise<void> {
  const encode = await encoderOf(encoding);
  try {
    if (!encode.ok) failWith(encode.error);
    else if (csv === undefined) for (const row of rows) printLine(row.join('\t'));
    else printLine(`已写出 rows written: ${writeFile(csv, rows, encode.value, encoding === 'utf-8')}`);
  } catch (error) {
    failWith(faultOf(error, csv ?? ''));
  }
}

/** The file under the catalogue may turn out to be damaged, the one to be written may lie where none can be. */
function faultOf(error: unknown, file: string): Fault {
  if (error instanceof CatalogUnreadable) return fault('catalog-damaged', error.message);
  if (!(error instanceof Error) || !('code' in error)) throw error;
  return fault('request-invalid', `cannot be written: ${file}`);
}

type Encode = (row: readonly string[]) => Buffer;

async function encoderOf(encoding: string): Promise<Result<Encode, Fault>> {
  const { csvLine } = await catalogTools();
  if (encoding === 'utf-8') return ok((row) => Buffer.from(csvLine(row), 'utf8'));
  if (encoding === 'gb18030') return ok((row) => iconv.encode(csvLine(row), 'gb18030'));
  return err(fault('request-invalid', '--encoding: utf-8 or gb18030'));
}

/** Rows below the header that were written. */
function writeFile(file: string, rows: Iterable<readonly string[]>, encode: Encode, mark: boolean): number {
  const handle = openSync(file, 'w');
  try {
    // Spreadsheets know UTF-8 by its mark only.
    if (mark) writeSync(handle, '\uFEFF');
    let count = -1;
    for (const row of rows) {
      writeSync(handle, encode(row));
      count += 1;
    }
    return Math.max(0, count);
  } finally {
    closeSync(handle);
  }
}
