import type { Command } from 'commander';
import { z } from 'zod';
import { failWith, printJson, printLine } from './output.ts';
import { readSettings } from './settings.ts';
import { TillClient } from './till-client.ts';

interface Options {
  readonly config?: string;
  readonly json?: boolean;
}

const candidate = z.object({
  nationalCode: z.string(),
  name: z.string(),
  specification: z.string(),
  maker: z.string(),
  confidence: z.number(),
  why: z.string(),
});
const row = z.object({
  shopCode: z.string(),
  name: z.string(),
  specification: z.string(),
  maker: z.string(),
  state: z.string(),
  choice: candidate.optional(),
  why: z.string(),
  others: z.array(candidate),
  agencyText: z.string().optional(),
});
const list = z.object({ counts: z.record(z.string(), z.number()), rows: z.array(row) });

/** `guitai mapping …`: own items and their national codes (B2), at a running till. */
export function addMappingCommands(program: Command): void {
  const mapping = program.command('mapping').description('目录对照 / own items and their national codes');
  const shared = (command: Command): Command =>
    command.option('--json').option('--config <file>', 'guitai.toml');
  shared(mapping.command('list').description('待办 / what waits for a person or for the agency'))
    .option('--state <state>', 'proposed, confirmed, uploaded, refused, declined, revoking, revoked')
    .action(listRows);
  shared(mapping.command('match').description('自动对照 / propose codes; sure ones are confirmed')).action(
    (options: Options) => counted('/api/mappings/match', options),
  );
  shared(mapping.command('upload').description('上传、撤销 / tell the agency (3301, 3302)')).action(
    (options: Options) => counted('/api/mappings/upload', options),
  );
  shared(mapping.command('set <shopCode> <nationalCode>').description('人工确认 / choose a code')).action(
    (shopCode: string, nationalCode: string, options: Options) =>
      one('PUT', shopCode, options, { nationalCode }),
  );
  shared(mapping.command('none <shopCode>').description('没有国家编码 / the item has no code')).action(
    (shopCode: string, options: Options) => one('PUT', shopCode, options, { nationalCode: null }),
  );
  shared(
    mapping.command('revoke <shopCode>').description('撤销已上传的对照 / take an uploaded one back'),
  ).action((shopCode: string, options: Options) => one('DELETE', shopCode, options));
}

async function call(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  { config }: Options,
  body?: unknown,
): Promise<Record<string, unknown> | undefined> {
  const settings = readSettings(config);
  const till = settings.ok ? TillClient.forSettings(settings.value) : settings;
  const answer = till.ok ? await till.value.call(method, path, body) : till;
  if (answer.ok) return answer.value;
  failWith(answer.error);
  return undefined;
}

async function listRows(options: Options & { readonly state?: string }): Promise<void> {
  const query = options.state === undefined ? '' : `?state=${encodeURIComponent(options.state)}`;
  const answer = await call('GET', `/api/mappings${query}`, options);
  if (answer === undefined) return;
  if (options.json) return printJson(answer);
  const { counts, rows } = list.parse(answer);
  printLine(
    Object.entries(counts)
      .map(([state, count]) => `${state} ${count}`)
      .join('  '),
  );
  for (const each of rows) printRow(each);
}

function printRow(each: z.infer<typeof row>): void {
  printLine(`${each.shopCode}  ${each.name} ${each.specification} ${each.maker}  [${each.state}]`);
  const candidates = each.choice === undefined ? each.others : [each.choice, ...each.others];
  if (each.choice === undefined) printLine(`    ${each.why}`);
  for (const { nationalCode, name, specification, maker, confidence, why } of candidates)
    printLine(
      `    ${Math.round(confidence / 10)}%  ${nationalCode}  ${name} ${specification} ${maker}  ${why}`,
    );
  if (each.agencyText !== undefined) printLine(`    ${each.agencyText}`);
}

async function counted(path: string, options: Options): Promise<void> {
  const answer = await call('POST', path, options, {});
  if (answer === undefined) return;
  if (options.json) return printJson(answer);
  printLine(
    Object.entries(answer)
      .map(([name, count]) => `${name} ${String(count)}`)
      .join('  '),
  );
}

async function one(
  method: 'PUT' | 'DELETE',
  shopCode: string,
  options: Options,
  body?: unknown,
): Promise<void> {
  const answer = await call(method, `/api/mappings/${encodeURIComponent(shopCode)}`, options, body);
  if (answer === undefined) return;
  if (options.json) return printJson(answer);
  printRow(row.parse(answer));
}
