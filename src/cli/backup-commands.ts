import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import type { OwedList } from '#checkout/facade';
import { businessDateTime } from '#core/business-time';
import type { Fault } from '#core/fault';
import { fault } from '#core/fault';
import type { Result } from '#core/result';
import {
  backUpOffline,
  owedOffline,
  resetRecords,
  restoreRecords,
  rotateRootKey,
  type ShopSettings,
} from '#main';
import { failWith, printJson, printLine } from './output.ts';
import { progressBar } from './progress-bar.ts';
import { readShopSettings, trainingFolder } from './settings.ts';
import { TillClient } from './till-client.ts';

interface Place {
  readonly config?: string;
  readonly training?: boolean;
}

const backupRow = z.object({ file: z.string(), at: z.string(), bytes: z.number(), sequence: z.number() });
const owedRows = z.object({
  rows: z.array(
    z.looseObject({
      kind: z.string(),
      amount: z.string(),
      since: z.string(),
      zh: z.string(),
      en: z.string(),
    }),
  ),
  total: z.string(),
});

/** Copies of the records and the way back, what is still owed, and a new beginning. */
export function addBackupCommands(program: Command): void {
  const command = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .option('--config <file>', 'guitai.toml')
      .option('--training', "训练店的数据 / the training shop's records");
  command('backup', '备份数据，营业时也可以 / back the records up, also while the till sells')
    .option('--to <folder>', 'default: backup.folder of the configuration')
    .option('--with-keys', '连同加密的密钥文件 / the wrapped key file too, never its secret')
    .option('--json')
    .action(backup);
  command('restore <file>', '从备份恢复 / put a backup back')
    .option('--to <folder>', 'default: data.folder of the configuration')
    .option('--replace', '原数据移到旁边保留 / move records that are there aside')
    .option('--json')
    .action(restore);
  command('owed', '还有什么没有了结 / what is still owed; exit code 1 when something is')
    .option('--json')
    .action(owed);
  command('reset', '从空白数据开始，原数据保留在旁边 / begin with empty records, the old ones are kept aside')
    .option('--confirm', '确认 / yes')
    .action(reset);
}

/** `guitai key rotate-root`, beside the commands about the terminal's signing key. */
export function addRootKeyCommand(key: Command): void {
  key
    .command('rotate-root')
    .description('更换根密钥（先关闭柜台程序） / a fresh root key; the till must not run')
    .option('--config <file>', 'guitai.toml')
    .option('--training', "训练店的密钥 / the training shop's keys")
    .action(rotateRoot);
}

function settingsOf({ config, training }: Place): ShopSettings | undefined {
  const settings = readShopSettings(config);
  if (!settings.ok) {
    failWith(settings.error);
    return undefined;
  }
  return training === true ? { ...settings.value, folder: trainingFolder() } : settings.value;
}

async function backup(
  options: Place & { readonly to?: string; readonly withKeys?: boolean; readonly json?: boolean },
): Promise<void> {
  const settings = settingsOf(options);
  if (settings === undefined) return;
  const to = options.to === undefined ? settings.config.backup.folder : resolve(options.to);
  if (to === undefined) return failWith(fault('backup-no-folder'));
  const withKeys = options.withKeys === true;
  const bar = progressBar();
  const taken = await backUpOffline(settings, { to, withKeys, onProgress: bar.show });
  bar.end();
  const row: Result<z.infer<typeof backupRow>, Fault> = taken.ok
    ? { ok: true, value: { ...taken.value, at: businessDateTime(taken.value.atMs) } }
    : taken.error.code === 'store-locked'
      ? await askTill(settings, 'POST', '/api/backup', backupRow, { to, withKeys })
      : taken;
  if (!row.ok) return failWith(row.error);
  if (options.json === true) return printJson(row.value);
  printLine(`${row.value.file}`);
  printLine(`  ${row.value.at}  ${row.value.bytes} bytes  流水 journal ${row.value.sequence}`);
}

async function restore(
  file: string,
  options: Place & { readonly to?: string; readonly replace?: boolean; readonly json?: boolean },
): Promise<void> {
  const settings = settingsOf(options);
  if (settings === undefined) return;
  const folder = options.to === undefined ? settings.folder : resolve(options.to);
  const done = await restoreRecords({ ...settings, folder }, resolve(file), options.replace === true);
  if (!done.ok) return failWith(done.error);
  if (options.json === true) return printJson(done.value);
  const { manifest, sequence, epoch, keptIn } = done.value;
  printLine(`已恢复到 / restored as of ${businessDateTime(manifest.atMs)}: ${folder}`);
  printLine(
    `  流水 journal ${manifest.head.sequence} → ${sequence}  销售单号标记 mark in sale numbers ${epoch}`,
  );
  if (keptIn !== undefined) printLine(`  原数据 earlier records: ${keptIn}`);
  const { zh, en, nextZh, nextEn } = fault('restore-hold');
  printLine(`  ${zh} / ${en}\n  → ${nextZh} / ${nextEn}`);
}

async function owed(options: Place & { readonly json?: boolean }): Promise<void> {
  const settings = settingsOf(options);
  if (settings === undefined) return;
  const offline: Result<z.infer<typeof owedRows> | OwedList, Fault> = await owedOffline(settings);
  const running = !offline.ok && offline.error.code === 'store-locked';
  const list = running ? await askTill(settings, 'GET', '/api/owed', owedRows) : offline;
  if (!list.ok) return failWith(list.error);
  const { rows, total } = list.value;
  if (rows.length > 0) process.exitCode = 1;
  if (options.json === true) return printJson(list.value);
  for (const row of rows)
    printLine(
      `${row.since}  ${String(row.saleNumber ?? '').padEnd(18)} ${row.amount.padStart(10)}  ${row.zh} / ${row.en}`,
    );
  printLine(rows.length === 0 ? '没有未了结的业务 / nothing is owed' : `合计 total ${total}`);
}

async function reset(options: Place & { readonly confirm?: boolean }): Promise<void> {
  if (options.confirm !== true) return failWith(fault('reset-not-confirmed'));
  const settings = settingsOf(options);
  if (settings === undefined) return;
  const aside = await resetRecords(settings);
  if (!aside.ok) return failWith(aside.error);
  printLine(`数据已清空，原数据在 / empty records from now on; the old ones: ${aside.value}`);
}

async function rotateRoot(options: Place): Promise<void> {
  const settings = settingsOf(options);
  if (settings === undefined) return;
  const rotated = await rotateRootKey(settings);
  if (!rotated.ok) return failWith(rotated.error);
  printLine(
    '根密钥已更换，旧的口令文件只能打开旧的密钥备份 / fresh root key; the old secret opens only old copies',
  );
}

/** The till that has the records open does it itself. */
async function askTill<T>(
  settings: ShopSettings,
  method: 'GET' | 'POST',
  path: string,
  answer: z.ZodType<T>,
  body?: unknown,
): Promise<Result<T, Fault>> {
  const client = TillClient.forSettings(settings);
  if (!client.ok) return client;
  const told = await client.value.call(method, path, body);
  return told.ok ? { ok: true, value: answer.parse(told.value) } : told;
}
