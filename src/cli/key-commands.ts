import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { z } from 'zod';
import { fault } from '#core/fault';
import { addRootKeyCommand } from './backup-commands.ts';
import { failWith, printJson, printLine } from './output.ts';
import { readSettings } from './settings.ts';
import { TillClient } from './till-client.ts';

const keyRow = z.object({
  keyId: z.string(),
  publicKey: z.string(),
  state: z.string(),
  createdAt: z.string(),
});

interface KeyOptions {
  readonly config?: string;
  readonly json?: boolean;
}

/** `guitai key …`: the terminal's own key at a running till; its private part never leaves the key store. */
export function addKeyCommands(program: Command): void {
  const key = program.command('key').description("终端密钥 / the terminal's key");
  const command = (name: string, description: string) =>
    key
      .command(name)
      .description(description)
      .option('--json', 'print everything')
      .option('--config <file>', 'guitai.toml');
  addRootKeyCommand(key);
  command('list', '列出密钥 / list the keys').action(list);
  command(
    'enrol',
    '向医保中心登记，登记码从标准输入读取 / make it known to the agency; its code comes from standard input',
  ).action(enrol);
  command('rotate', '换新密钥 / a new key in the name of the old one').action((options: KeyOptions) =>
    change(options, '/api/keys/rotate'),
  );
  command(
    'revoke',
    '作废密钥，第二人的密码从标准输入读取 / give it up; the PIN of the second person comes from standard input',
  )
    .requiredOption('--second <number>', 'operator number of the second person')
    .requiredOption('--reason <text>', 'why')
    .action(revoke);
}

async function list(options: KeyOptions): Promise<void> {
  const till = client(options);
  const answer = await till?.call('GET', '/api/keys');
  if (answer === undefined) return;
  if (!answer.ok) return failWith(answer.error);
  const rows = z.object({ keys: z.array(keyRow) }).parse(answer.value).keys;
  if (options.json === true) return printJson(rows);
  for (const row of rows) printKey(row);
}

async function enrol(options: KeyOptions): Promise<void> {
  const enrolmentCode = await secretFromInput('登记码 code, then Ctrl-D: ');
  if (enrolmentCode === '') return failWith(fault('request-invalid', 'no enrolment code'));
  await change(options, '/api/keys/enrol', { enrolmentCode });
}

async function revoke(
  options: KeyOptions & { readonly second: string; readonly reason: string },
): Promise<void> {
  const pin = await secretFromInput('密码 PIN, then Ctrl-D: ');
  const second = { number: options.second, pin };
  await change(options, '/api/keys/revoke', { second, reason: options.reason });
}

async function change(options: KeyOptions, path: string, body?: unknown): Promise<void> {
  const answer = await client(options)?.call('POST', path, body);
  if (answer === undefined) return;
  if (!answer.ok) return failWith(answer.error);
  const row = keyRow.parse(answer.value);
  if (options.json === true) printJson(row);
  else printKey(row);
}

/** From standard input, so that it stands in no shell history and no list of processes. */
async function secretFromInput(prompt: string): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write(prompt);
  return (await text(process.stdin)).trim();
}

function printKey({ keyId, state, createdAt, publicKey }: z.infer<typeof keyRow>): void {
  printLine(`${keyId}  ${state.padEnd(8)}  ${createdAt}`);
  printLine(`  ${publicKey}`);
}

function client({ config }: KeyOptions): TillClient | undefined {
  const settings = readSettings(config);
  const made = settings.ok ? TillClient.forSettings(settings.value) : settings;
  if (made.ok) return made.value;
  failWith(made.error);
  return undefined;
}
