import { existsSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Product } from '#core/domain/product';
import { type Fault, fault } from '#core/fault';
import { formatQuantity, formatRatio, formatUnitPrice } from '#core/money';
import type { ImportReport } from '#core/ports/catalog-store';
import { err, type Result } from '#core/result';
import { catalogTools, type ShopSettings } from '#main';
import { type AgencyImportOptions, importAgencyFiles, isAgencyImport } from './agency-import-command.ts';
import { addColumnsCommand, printColumn } from './catalog-columns.ts';
import { addCatalogDownloadCommands } from './catalog-download.ts';
import { addPriceCommands } from './catalog-prices.ts';
import { versionInUse } from './catalog-version.ts';
import { failWith, printJson, printLine } from './output.ts';
import { progressBar } from './progress-bar.ts';
import { readSettings, readShopSettings } from './settings.ts';
import { TillClient } from './till-client.ts';

const LISTED = 50;

/** `guitai catalog import|columns|search|prices|price-log` on the data folder, `download|state` of the till that runs. */
export function addCatalogCommands(program: Command): void {
  const catalog = program.command('catalog').description('目录 / the catalogue');
  catalog
    .command('import <files...>')
    .description(
      "导入商品表（XLSX/TSV/CSV），或医保中心的目录文件（1301….zip）/ import a list of goods or the agency's tables; all or nothing",
    )
    .option('--table <number>', '医保中心的目录，如 1301 / table of the agency')
    .option('--full', '全量 / the whole table')
    .option('--changes', '增量 / changes only')
    .option('--columns <file>', '核对过的列对照 / confirmed map of columns')
    .option('--config <file>', 'guitai.toml')
    .option('--json', 'print the whole report')
    .action(importFiles);
  catalog
    .command('search <text>')
    .description('按名称、拼音、首字母、编码查找 / search')
    .option('--config <file>', 'guitai.toml')
    .option('--json')
    .action(search);
  addColumnsCommand(catalog);
  addPriceCommands(catalog);
  addCatalogDownloadCommands(catalog);
}

interface ImportOptions extends AgencyImportOptions {
  readonly config?: string;
  readonly columns?: string;
  readonly json?: boolean;
}

async function importFiles(files: readonly string[], options: ImportOptions): Promise<void> {
  if (await isAgencyImport(files, options)) return importAgencyFiles(files, options);
  const [file = '', ...others] = files;
  if (others.length > 0) return failWith(fault('request-invalid', 'one list of goods at a time'));
  return importFile(file, options);
}

async function importFile(file: string, options: ImportOptions): Promise<void> {
  const settings = readShopSettings(options.config);
  if (!settings.ok) return failWith(settings.error);
  if (!existsSync(file)) return failWith(fault('request-invalid', `no such file: ${file}`));
  const columns = options.columns === undefined ? undefined : await readColumns(options.columns);
  if (columns !== undefined && !columns.ok) return failWith(columns.error);
  const previous = await versionInUse(settings.value);
  const bar = progressBar();
  const { importCatalog } = await catalogTools();
  const built = await importCatalog(settings.value.folder, file, {
    ...(previous === undefined ? {} : { previous }),
    ...(columns === undefined ? {} : { columns: columns.value }),
    onProgress: bar.show,
  });
  bar.end();
  if (options.json) printJson(built.ok ? built.value : built.error);
  else printReport(built.ok ? built.value.report : built.error);
  if (!built.ok) return failWith(built.error.fault ?? fault('catalog-none'));
  const { version, productCount } = built.value;
  const used = await useVersion(settings.value, version);
  if (!used.ok) return failWith(used.error);
  if (!options.json) printLine(`已启用版本 version in use: ${version}（${productCount} 个商品 products）`);
}

async function readColumns(file: string): Promise<Result<Readonly<Record<string, string>>, Fault>> {
  const { parseColumnMap } = await catalogTools();
  try {
    return parseColumnMap(readFileSync(file, 'utf8'));
  } catch {
    return err(fault('catalog-columns-invalid', 'the file cannot be read'));
  }
}

/** A running till switches by its API; without one the row is written here. */
async function useVersion(settings: ShopSettings, version: string) {
  const till = TillClient.forSettings(settings);
  const told = till.ok ? await till.value.call('POST', '/api/catalog/use', { version }) : till;
  if (told.ok || told.error.code !== 'till-not-running') return told;
  const { useCatalogOffline } = await catalogTools();
  return useCatalogOffline(settings, version);
}

function printReport(report: ImportReport): void {
  printLine(
    `读入 rows ${report.rowsRead}  商品 products ${report.products}  编码 encoding ${report.encoding ?? '-'}`,
  );
  for (const { line, column, value, zh, en } of [...report.errors, ...report.warnings].slice(0, LISTED))
    printLine(
      `  第 ${line} 行 line ${line}${column === undefined ? '' : ` [${column}]`}${value === undefined ? '' : ` "${value}"`}: ${zh} / ${en}`,
    );
  const more = report.errorCount + report.warningCount - LISTED;
  if (more > 0) printLine(`  … ${more}`);
  if (report.proposal !== undefined) {
    printLine('列对照建议 proposed columns（guitai catalog columns FILE --write MAP）:');
    for (const column of report.proposal) printColumn(column);
  }
}

async function search(
  text: string,
  options: { readonly config?: string; readonly json?: boolean },
): Promise<void> {
  const settings = readSettings(options.config);
  if (!settings.ok) return failWith(settings.error);
  const { folder } = settings.value;
  const { newestCatalog, openCatalog } = await catalogTools();
  const newest = newestCatalog(folder);
  if (newest === undefined) return failWith(fault('catalog-none', folder));
  const catalog = openCatalog(folder, newest);
  if (!catalog.ok) return failWith(catalog.error);
  const found = catalog.value.search(text, 10);
  catalog.value.close();
  if (options.json) return printJson(found.map(plainProduct));
  for (const { shopCode, genericName, specification, maker, price } of found)
    printLine(`${shopCode}  ${genericName}  ${specification}  ${maker}  ${formatUnitPrice(price)}`);
}

/** A product as JSON can hold it: numbers as text. */
function plainProduct(product: Product): Record<string, unknown> {
  const { price, firstSelfPayRatio, ceiling, stock, unitsPerPack, smallestUnitPrice, procured, ...rest } =
    product;
  return {
    ...rest,
    price: formatUnitPrice(price),
    firstSelfPayRatio: formatRatio(firstSelfPayRatio),
    ...(ceiling === undefined ? {} : { ceiling: formatUnitPrice(ceiling) }),
    ...(stock === undefined ? {} : { stock: formatQuantity(stock) }),
    ...(unitsPerPack === undefined ? {} : { unitsPerPack: formatQuantity(unitsPerPack) }),
    ...(smallestUnitPrice === undefined ? {} : { smallestUnitPrice: formatUnitPrice(smallestUnitPrice) }),
    ...(procured === undefined ? {} : { procured: { ...procured, price: formatUnitPrice(procured.price) } }),
  };
}
