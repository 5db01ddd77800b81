import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { z } from 'zod';
import { failWith, printJson, printLine } from './output.ts';
import { readSettings } from './settings.ts';
import { TillClient } from './till-client.ts';

interface Options {
  readonly config?: string;
  readonly json?: boolean;
}

const written = z.object({
  file: z.string(),
  number: z.string(),
  terminal: z.string(),
  sales: z.number(),
  until: z.string().optional(),
});
const taken = z.object({ number: z.string(), imported: z.number(), known: z.number(), until: z.string() });
const applied = z.object({
  accepted: z.number(),
  adjusted: z.number(),
  rejected: z.number(),
  returned: z.number(),
  waiting: z.number(),
  ignored: z.number(),
});
const fileRow = z.looseObject({
  number: z.string(),
  terminal: z.string(),
  sales: z.number(),
  until: z.string(),
});
const state = z.object({
  own: z.object({ terminal: z.string(), publicKey: z.string() }),
  out: z.array(fileRow.extend({ stillOut: z.number(), takeBackFrom: z.string(), unclear: z.boolean() })),
  in: z.array(fileRow.extend({ waiting: z.number(), settled: z.number(), refused: z.number() })),
});

/** `guitai carry …` at a running till: it keeps the queue and does the uploads, so files go through it. */
export function addCarryCommands(program: Command): void {
  const carry = program
    .command('carry')
    .description('脱机交易用U盘带到有网络的终端上传 / carry offline sales to a terminal with a link');
  const command = (name: string, description: string) =>
    carry
      .command(name)
      .description(description)
      .option('--json', 'print everything')
      .option('--config <file>', 'guitai.toml');
  command('status', '带出和代传的文件 / files out and in').action(status);
  command('key', '本终端给对方配置用的一行 / the line for the configuration of the other terminal').action(
    key,
  );
  command('out', '带出待上传的脱机交易 / write waiting offline sales into a file')
    .requiredOption('--to <folder>', 'the medium')
    .option('--terminal <number>', 'the receiver, when there are several')
    .action(async (options: Options & { readonly to: string; readonly terminal?: string }) => {
      const { terminal } = options;
      const body = { to: resolve(options.to), ...(terminal === undefined ? {} : { terminal }) };
      await write(options, '/api/carry/out', body);
    });
  command('again', '再写一次同一个文件 / write a file that is out once more')
    .requiredOption('--to <folder>', 'the medium')
    .option('--number <number>', 'default: the newest')
    .action(async (options: Options & { readonly to: string; readonly number?: string }) => {
      const { number } = options;
      const body = { to: resolve(options.to), ...(number === undefined ? {} : { number }) };
      await write(options, '/api/carry/again', body);
    });
  command(
    'in <file>',
    '导入其他终端带来的文件并代传 / import a file of another terminal and upload it',
  ).action(take);
  command('answer', '写出代传结果 / write what became of them')
    .requiredOption('--to <folder>', 'the medium')
    .option('--terminal <number>', 'the terminal that sold, when there are several')
    .option('--give-back', '还没有开始上传的退回 / give back what was not begun')
    .action(answer);
  command('back <file>', '导入代传结果 / import what became of them').action(back);
  command(
    'take-back <number>',
    '期限过后取回没有结果的文件，第二人的密码从标准输入读取 / take a file without an answer back after its time; the PIN of the second person comes from standard input',
  )
    .requiredOption('--second <number>', 'operator number of the second person')
    .requiredOption('--reason <text>', 'why')
    .action(takeBack);
}

async function status(options: Options): Promise<void> {
  const found = await call(options, 'GET', '/api/carry', state);
  if (found === undefined || options.json === true) return;
  for (const { number, terminal, stillOut, sales, until, takeBackFrom, unclear } of found.out) {
    const words = unclear ? '  不能确定已写入 maybe not written' : '';
    printLine(`→ ${terminal}  ${number}  ${stillOut}/${sales}  到 until ${until}${words}`);
    printLine(`    取回 take back from ${takeBackFrom}`);
  }
  for (const { number, terminal, sales, waiting, settled, refused, until } of found.in) {
    printLine(`← ${terminal}  ${number}  ${sales}  到 until ${until}`);
    printLine(`    待传 waiting ${waiting}  已结 settled ${settled}  被拒 refused ${refused}`);
  }
  if (found.out.length + found.in.length === 0) printLine('没有带出的文件 / no files');
}

async function key(options: Options): Promise<void> {
  const found = await call(options, 'GET', '/api/carry', state);
  if (found === undefined || options.json === true) return;
  printLine('[[carry.partners]]');
  printLine(`terminal = "${found.own.terminal}"`);
  printLine(`public_key = "${found.own.publicKey}"`);
}

async function write(options: Options, path: string, body: unknown): Promise<void> {
  const row = await call(options, 'POST', path, written, body);
  if (row === undefined || options.json === true) return;
  printLine(row.file);
  const until = row.until === undefined ? '' : `  到 until ${row.until}`;
  printLine(`  ${row.sales} 笔 sales → ${row.terminal}${until}`);
}

async function take(file: string, options: Options): Promise<void> {
  const row = await call(options, 'POST', '/api/carry/in', taken, { file: resolve(file) });
  if (row === undefined || options.json === true) return;
  printLine(`${row.number}: 导入 imported ${row.imported}  已有 known ${row.known}  到 until ${row.until}`);
}

async function answer(
  options: Options & { readonly to: string; readonly terminal?: string; readonly giveBack?: boolean },
): Promise<void> {
  const { terminal, giveBack = false } = options;
  const body = { to: resolve(options.to), giveBack, ...(terminal === undefined ? {} : { terminal }) };
  await write(options, '/api/carry/answer', body);
}

async function back(file: string, options: Options): Promise<void> {
  const row = await call(options, 'POST', '/api/carry/back', applied, { file: resolve(file) });
  if (row === undefined || options.json === true) return;
  printLine(
    `接受 accepted ${row.accepted}  调整 adjusted ${row.adjusted}  拒绝 rejected ${row.rejected}  ` +
      `退回 returned ${row.returned}  等待 waiting ${row.waiting}  无变化 unchanged ${row.ignored}`,
  );
}

async function takeBack(
  number: string,
  options: Options & { readonly second: string; readonly reason: string },
): Promise<void> {
  if (process.stdin.isTTY) process.stderr.write('密码 PIN, then Ctrl-D: ');
  const second = { number: options.second, pin: (await text(process.stdin)).trim() };
  const body = { number, second, reason: options.reason };
  const row = await call(options, 'POST', '/api/carry/take-back', z.object({ sales: z.number() }), body);
  if (row === undefined || options.json === true) return;
  printLine(
    `${row.sales} 笔取回，上传前先与医保中心核对 / taken back; the agency is asked before they are sent`,
  );
}

/** One call; prints the fault, or with `--json` the answer. */
async function call<T>(
  options: Options,
  method: 'GET' | 'POST',
  path: string,
  answerForm: z.ZodType<T>,
  body?: unknown,
): Promise<T | undefined> {
  const settings = readSettings(options.config);
  const till = settings.ok ? TillClient.forSettings(settings.value) : settings;
  const told = till.ok ? await till.value.call(method, path, body) : till;
  if (!told.ok) {
    failWith(told.error);
    return undefined;
  }
  if (options.json === true) printJson(told.value);
  return answerForm.parse(told.value);
}
