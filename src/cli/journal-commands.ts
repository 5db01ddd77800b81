import type { Command } from 'commander';
import { businessDateTime } from '#core/business-time';
import type { JournalEntry } from '#core/domain/journal';
import type { Fault } from '#core/fault';
import { journalCode, journalCodeText } from '#core/journal-code';
import { formatMoney } from '#core/money';
import {
  type JournalLook,
  journalBalances,
  journalEntries,
  journalReport,
  type ShopSettings,
  type SignedReport,
  verifyJournalOf,
} from '#main';
import { failWith, printJson, printLine } from './output.ts';
import { readShopSettings } from './settings.ts';

interface Options {
  readonly config?: string;
  readonly json?: boolean;
}

/** Exit code when the records could not be looked at: neither sound nor broken is said. */
const CANNOT_LOOK = 2;

/** `guitai journal …`: looks at the records of a closed or running till and writes nothing to them. */
export function addJournalCommands(program: Command): void {
  const journal = program.command('journal').description('流水 / the journal of this till');
  const command = (name: string, description: string) =>
    journal.command(name).description(description).option('--json').option('--config <file>', 'guitai.toml');
  command(
    'verify',
    '核对流水和记录是否被改动；0 完好，1 被改动，2 无法核对 / finds changes made behind the program; exit 0 sound, 1 broken, 2 cannot look',
  )
    .option('--anchor <file>', 'anchor file or day report: also finds a cut tail or an old file put back')
    .option('--slip <code...>', 'check codes as printed on slips, such as 123-ABCDE-FGHJK')
    .action(verify);
  command('show', '列出流水 / lists entries')
    .option('--from <sequence>', 'first entry', '1')
    .option('--limit <count>', 'at most so many', '50')
    .option('--sale <id>', 'entries of one sale, by its id or number')
    .action(show);
  command('balances', '科目余额 / balance of every account').action(balances);
  command('report', "日报表（签名） / the day's signed report")
    .option('--day <day>', 'yyyy-MM-dd, today without one')
    .action(report);
}

async function verify(
  options: Options & { readonly anchor?: string; readonly slip?: readonly string[] },
): Promise<void> {
  const place = settingsOf(options);
  if (place === undefined) return;
  const looked = await verifyJournalOf(place, {
    ...(options.anchor === undefined ? {} : { anchorFile: options.anchor }),
    slips: options.slip ?? [],
    ...(process.stderr.isTTY ? { onProgress: progress } : {}),
  });
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  if (!looked.ok) return cannotLook(looked.error);
  const { findingCount } = looked.value;
  if (findingCount > 0) process.exitCode = 1;
  if (options.json === true) printJson({ sound: findingCount === 0, ...looked.value });
  else printLook(looked.value);
}

function progress({ entries, sales }: { readonly entries: number; readonly sales: number }): void {
  if ((entries + sales) % 5_000 > 100) return;
  process.stderr.write(`\r${entries} 条流水 entries, ${sales} 笔销售 sales`);
}

function printLook(look: JournalLook): void {
  const { entries, head, signatures, findings, findingCount } = look;
  for (const { zh, en } of findings) printLine(`✗ ${zh}\n  ${en}`);
  if (findingCount > findings.length) printLine(`… ${findingCount}`);
  const code = head.sequence === 0 ? '-' : journalCodeText(journalCode(head.sequence, head.hash));
  printLine(`流水 ${entries} 条，末尾 ${code} / ${entries} entries, head ${code}`);
  const { good, unsigned, signedUpTo } = signatures;
  printLine(
    `签名 ${good} 个，签到第 ${signedUpTo} 条；未签名 ${unsigned} 个 / ${good} signatures, up to entry ${signedUpTo}; ${unsigned} unsigned`,
  );
  if (!look.sealsOpened || !look.keysChecked) {
    const why = look.keyFault === undefined ? '' : ` (${look.keyFault.code})`;
    printLine(`没有密钥，密封内容和签名密钥未核对${why} / without the keys: seals and signers not checked`);
  }
  printLine(tailText(look));
  if (findingCount === 0) printLine('没有发现改动 / no change found');
  else printLine(`发现 ${findingCount} 处改动 / ${findingCount} changes found`);
}

function tailText({ provedUpTo, head }: JournalLook): string {
  if (provedUpTo === undefined)
    return '没有锚点，末尾是否被截掉未证明（用 --anchor 或 --slip） / the tail is not proved without an anchor (--anchor, --slip)';
  const rest = head.sequence - provedUpTo;
  const after = rest <= 0 ? ['', ''] : [`，其后 ${rest} 条未证明`, `; ${rest} later entries are not`];
  return `锚点证明到第 ${provedUpTo} 条${after[0]} / proved up to entry ${provedUpTo}${after[1]}`;
}

async function show(
  options: Options & { readonly from: string; readonly limit: string; readonly sale?: string },
): Promise<void> {
  const place = settingsOf(options);
  if (place === undefined) return;
  const from = Math.max(1, Number.parseInt(options.from, 10) || 1);
  const limit = Math.max(1, Number.parseInt(options.limit, 10) || 50);
  const { sale } = options;
  const found = await journalEntries(place, { from, limit, ...(sale === undefined ? {} : { sale }) });
  if (!found.ok) return cannotLook(found.error);
  if (options.json === true) return printJson(found.value.map(entryJson));
  for (const entry of found.value) printEntry(entry);
}

function entryJson(entry: JournalEntry): unknown {
  const { postings, facts, ...rest } = entry;
  return { ...rest, facts: JSON.parse(facts), postings: postings.map(postingJson) };
}

function postingJson({ account, amount }: JournalEntry['postings'][number]) {
  return { account, amount: formatMoney(amount) };
}

function printEntry(entry: JournalEntry): void {
  const code = journalCodeText(journalCode(entry.sequence, entry.hash));
  printLine(
    `${code}  ${businessDateTime(entry.atMs)}  ${entry.kind}  ${entry.saleId ?? ''}  ${entry.operator}  ${entry.facts}`,
  );
  for (const { account, amount } of entry.postings)
    printLine(`    ${account.padEnd(28)}${formatMoney(amount).padStart(12)}`);
}

async function balances(options: Options): Promise<void> {
  const place = settingsOf(options);
  if (place === undefined) return;
  const found = await journalBalances(place);
  if (!found.ok) return cannotLook(found.error);
  if (options.json === true) return printJson(found.value);
  for (const { zh, en, balance } of found.value.rows) printLine(`${balance.padStart(14)}  ${zh} / ${en}`);
  printLine(`${found.value.sum.padStart(14)}  合计 / sum`);
}

async function report(options: Options & { readonly day?: string }): Promise<void> {
  const place = settingsOf(options);
  if (place === undefined) return;
  const made = await journalReport(place, options.day);
  if (!made.ok) return cannotLook(made.error);
  if (options.json === true) printJson(made.value);
  else printReport(made.value);
}

function printReport(made: SignedReport): void {
  const { head, code, entries, events, accounts, sum } = made;
  printLine(`日报表 ${head.day}  ${head.institution} ${head.terminal} / day report`);
  printLine(`流水末尾 ${code}，当日 ${entries} 条 / head ${code}, ${entries} entries of the day`);
  for (const [kind, count] of Object.entries(events)) printLine(`  ${String(count).padStart(8)}  ${kind}`);
  printLine(`${'当日 day'.padStart(14)}${'余额 balance'.padStart(14)}`);
  for (const { zh, en, day, balance } of accounts)
    printLine(`${day.padStart(16)}${balance.padStart(16)}  ${zh} / ${en}`);
  printLine(`${''.padStart(16)}${sum.padStart(16)}  合计 / sum`);
  if ('unsigned' in made) printLine(`未签名 / unsigned: ${made.unsigned}`);
  else printLine(`签名 / signed: ${made.reportSignature.keyId} ${made.reportSignature.signature}`);
}

function settingsOf({ config }: Options): ShopSettings | undefined {
  const settings = readShopSettings(config);
  if (settings.ok) return settings.value;
  cannotLook(settings.error);
  return undefined;
}

function cannotLook(problem: Fault): void {
  failWith(problem);
  process.exitCode = CANNOT_LOOK;
}
