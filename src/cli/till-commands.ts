import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { z } from 'zod';
import { fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { failWith, printJson, printLine } from './output.ts';
import { readSettings } from './settings.ts';
import { TillClient } from './till-client.ts';

interface ConfigOption {
  readonly config?: string;
}

const basketFile = z.object({
  reference: z.string().optional(),
  lines: z.array(z.object({ code: z.string(), quantity: z.string().default('1') })).min(1),
});

function client({ config }: ConfigOption): TillClient | undefined {
  const settings = readSettings(config);
  const made = settings.ok ? TillClient.forSettings(settings.value) : settings;
  if (made.ok) return made.value;
  failWith(made.error);
  return undefined;
}

/** Commands that talk to a running till over its API. */
export function addTillCommands(program: Command): void {
  program
    .command('sale')
    .description('整笔销售 / one whole sale at a running till')
    .requiredOption(
      '--basket <file>',
      'JSON: {"reference"?, "lines": [{"code", "quantity"}]}; - reads standard input',
    )
    .option('--pay <how>', 'account or cash', 'account')
    .option('--reference <key>', 'your own key: the same key again answers the same sale')
    .option('--own-pay-consent', 'the holder has agreed to what the insurance does not pay')
    .option('--json', 'print the whole answer')
    .option('--config <file>', 'guitai.toml')
    .action(sale);
  const queue = program.command('queue').description('脱机队列 / the offline queue');
  queue.command('list').option('--json').option('--config <file>').action(queueList);
  queue.command('sync').option('--json').option('--config <file>').action(queueSync);
  program
    .command('reconcile')
    .description("当日明细对账 / the day's detail reconciliation (3202)")
    .option('--day <day>', 'yyyy-MM-dd')
    .option('--config <file>')
    .action(reconcile);
  program
    .command('doctor')
    .description('检查各部件 / state of every part')
    .option('--json')
    .option('--config <file>')
    .action(doctor);
}

function readBasket(file: string): Result<z.infer<typeof basketFile>, ReturnType<typeof fault>> {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8'));
  } catch (error) {
    return err(fault('request-invalid', `${file}: ${error instanceof Error ? error.message : 'not JSON'}`));
  }
  const parsed = basketFile.safeParse(json);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  return err(fault('request-invalid', `${file}: ${issue?.path.join('.')}: ${issue?.message}`));
}

async function sale(
  options: ConfigOption & {
    basket: string;
    pay: string;
    reference?: string;
    ownPayConsent?: boolean;
    json?: boolean;
  },
): Promise<void> {
  if (options.pay !== 'account' && options.pay !== 'cash')
    return failWith(fault('request-invalid', '--pay account|cash'));
  const basket = readBasket(options.basket);
  if (!basket.ok) return failWith(basket.error);
  const till = client(options);
  if (till === undefined) return;
  const reference = options.reference ?? basket.value.reference ?? randomUUID();
  const answer = await till.call('POST', '/api/sales', {
    reference,
    lines: basket.value.lines,
    pay: options.pay,
    ...(options.ownPayConsent === true ? { ownPayConsent: true } : {}),
  });
  if (!answer.ok) return failWith(answer.error);
  if (options.json) return printJson(answer.value);
  const { summary } = z.object({ summary: z.looseObject({}) }).parse(answer.value);
  const text = (key: string) => String(summary[key] ?? '');
  printLine(
    `${text('saleNumber')}  ${text('state')}  合计 total ${text('total')}  个人账户 account ${text('account')}`,
  );
}

async function queueList(options: ConfigOption & { json?: boolean }): Promise<void> {
  const answer = await client(options)?.call('GET', '/api/queue');
  if (answer === undefined) return;
  if (!answer.ok) return failWith(answer.error);
  if (options.json) return printJson(answer.value);
  const rows = z.array(z.looseObject({})).parse(answer.value['rows']);
  for (const row of rows)
    printLine(
      ['saleNumber', 'state', 'account', 'queuedAt', 'agencyText'].map((key) => row[key] ?? '').join('  '),
    );
  if (rows.length === 0) printLine('队列为空 / the queue is empty');
}

async function queueSync(options: ConfigOption & { json?: boolean }): Promise<void> {
  const answer = await client(options)?.call('POST', '/api/queue/sync', {});
  if (answer === undefined) return;
  if (!answer.ok) return failWith(answer.error);
  if (options.json) return printJson(answer.value);
  const { accepted, rejected, left } = answer.value;
  printLine(`已上传 accepted ${accepted}  被拒 rejected ${rejected}  剩余 left ${left}`);
}

async function reconcile(options: ConfigOption & { day?: string }): Promise<void> {
  const answer = await client(options)?.call(
    'POST',
    '/api/reconcile',
    options.day === undefined ? {} : { day: options.day },
  );
  if (answer === undefined) return;
  if (!answer.ok) return failWith(answer.error);
  printJson(answer.value);
}

async function doctor(options: ConfigOption & { json?: boolean }): Promise<void> {
  const answer = await client(options)?.call('GET', '/api/doctor');
  if (answer === undefined) return;
  if (!answer.ok) return failWith(answer.error);
  if (options.json) return printJson(answer.value);
  const rows = z
    .array(z.object({ part: z.string(), state: z.string(), zh: z.string(), en: z.string() }))
    .parse(answer.value['rows']);
  for (const { part, state, zh, en } of rows) printLine(`${state.padEnd(8)}${part.padEnd(14)}${zh} / ${en}`);
  if (rows.some(({ state }) => state === 'fault')) process.exitCode = 1;
}
