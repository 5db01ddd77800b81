import type { Command } from 'commander';
import { z } from 'zod';
import { failWith, printJson, printLine } from './output.ts';
import { readSettings } from './settings.ts';
import { TillClient } from './till-client.ts';

interface Options {
  readonly config?: string;
  readonly json?: boolean;
  readonly wait?: boolean;
}

const stateSchema = z.looseObject({
  phase: z.string(),
  table: z.string().optional(),
  tableZh: z.string().optional(),
  rows: z.number(),
  percent: z.number(),
  version: z.string().optional(),
  skipped: z.array(z.object({ table: z.string(), tableZh: z.string(), agencyText: z.string() })),
  problems: z.array(z.looseObject({ table: z.string(), line: z.number(), zh: z.string(), en: z.string() })),
  lastFault: z
    .looseObject({ code: z.string(), zh: z.string(), en: z.string(), detail: z.string().optional() })
    .optional(),
  lastDone: z.string().optional(),
  next: z.string().optional(),
});
type State = z.infer<typeof stateSchema>;

const LOOK_EVERY_MS = 500;
const UNDER_WAY = new Set(['fetching', 'building', 'switching']);

/** `guitai catalog download` and `guitai catalog state`: both talk to the running till. */
export function addCatalogDownloadCommands(catalog: Command): void {
  catalog
    .command('download')
    .description("从医保中心下载目录（1301–1319）/ download the agency's catalogue")
    .option('--no-wait', 'do not wait for its end')
    .option('--json')
    .option('--config <file>', 'guitai.toml')
    .action(download);
  catalog
    .command('state')
    .description("目录下载进度 / how far the download of the agency's catalogue is")
    .option('--json')
    .option('--config <file>', 'guitai.toml')
    .action(state);
}

async function download(options: Options): Promise<void> {
  const till = client(options);
  if (till === undefined) return;
  const begun = await till.call('POST', '/api/catalog/download', {});
  if (!begun.ok) return failWith(begun.error);
  let now = stateSchema.parse(begun.value);
  let told = '';
  while (options.wait !== false && UNDER_WAY.has(now.phase)) {
    const line = progressLine(now);
    if (!options.json && line !== told) printLine(line);
    told = line;
    await new Promise((resolve) => {
      setTimeout(resolve, LOOK_EVERY_MS);
    });
    const next = await till.call('GET', '/api/catalog/state');
    if (!next.ok) return failWith(next.error);
    now = stateSchema.parse(next.value);
  }
  show(now, options);
  if (options.wait !== false && now.lastFault !== undefined) process.exitCode = 1;
}

async function state(options: Options): Promise<void> {
  const answer = await client(options)?.call('GET', '/api/catalog/state');
  if (answer === undefined) return;
  if (!answer.ok) return failWith(answer.error);
  show(stateSchema.parse(answer.value), options);
}

function client({ config }: Options): TillClient | undefined {
  const settings = readSettings(config);
  const made = settings.ok ? TillClient.forSettings(settings.value) : settings;
  if (made.ok) return made.value;
  failWith(made.error);
  return undefined;
}

function show(now: State, options: Options): void {
  if (options.json) {
    printJson(now);
    return;
  }
  printLine(progressLine(now));
  if (now.version !== undefined) printLine(`在用版本 version in use: ${now.version}`);
  if (now.lastDone !== undefined) printLine(`上次完成 last done: ${now.lastDone}`);
  if (now.next !== undefined) printLine(`下次 next: ${now.next}`);
  for (const { table, tableZh, agencyText } of now.skipped)
    printLine(`未下载 not downloaded: ${table} ${tableZh} ${agencyText}`);
  for (const { table, line, zh, en } of now.problems)
    printLine(`  ${table} 第 ${line} 行 line ${line}: ${zh} / ${en}`);
  const { lastFault } = now;
  if (lastFault !== undefined)
    printLine(`${lastFault.code}: ${lastFault.zh} / ${lastFault.en} ${lastFault.detail ?? ''}`.trim());
}

function progressLine({ phase, table, tableZh, rows, percent }: State): string {
  const what = table === undefined ? '' : `  ${table} ${tableZh ?? ''} ${rows}`;
  return `${phase} ${percent} %${what}`;
}
