import { existsSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { fault } from '#core/fault';
import type { ColumnProposal } from '#core/ports/catalog-store';
import { catalogTools } from '#main';
import { failWith, printJson, printLine } from './output.ts';

/** `guitai catalog columns FILE`: what the columns of another program's list may be, for a person to confirm. */
export function addColumnsCommand(catalog: Command): void {
  catalog
    .command('columns <file>')
    .description('识别商品表的列，生成列对照 / propose what the columns of a list are')
    .option('--write <map>', '写出列对照（TOML），核对后用于 import --columns / write the map to confirm')
    .option('--leave-out-rest', '认不出的列不导入 / leave out what nothing fits')
    .option('--json')
    .action(propose);
}

interface ColumnsOptions {
  readonly write?: string;
  readonly leaveOutRest?: boolean;
  readonly json?: boolean;
}

async function propose(file: string, options: ColumnsOptions): Promise<void> {
  if (!existsSync(file)) return failWith(fault('request-invalid', `no such file: ${file}`));
  const { columnMapText, proposeCatalogColumns } = await catalogTools();
  const report = await proposeCatalogColumns(file);
  if (options.json) printJson(report);
  if (report.fault !== undefined) return failWith(report.fault);
  if (!options.json) {
    if (report.sheet !== undefined) printLine(`工作表 sheet: ${report.sheet}`);
    for (const column of report.columns) printColumn(column);
    if (report.missing.length > 0) printLine(`缺少 missing: ${report.missing.join(' ')}`);
  }
  if (options.write === undefined) return;
  try {
    writeFileSync(options.write, columnMapText(report, options.leaveOutRest ?? false), { flag: 'wx' });
  } catch {
    return failWith(fault('request-invalid', `cannot be written, or is there already: ${options.write}`));
  }
  if (!options.json) printLine(`已写出 written: ${options.write}`);
}

/** One column of a proposal: header, column, how sure, samples. */
export function printColumn({ header, column, confidence, money, zh, en, samples }: ColumnProposal): void {
  const sure = confidence === 1000 ? '' : `  ${confidence}/1000${money ? ' 金额或类别须确认 money' : ''}`;
  printLine(`  ${header} → ${column ?? '?'}${sure}  ${zh} / ${en}  ${samples.join(' | ')}`);
}
