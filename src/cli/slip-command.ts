import { existsSync, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import type { Fault } from '#core/fault';
import { formatMoney } from '#core/money';
import { publicKeysIn } from '#core/slip-proof';
import { type SlipVerdict, verifySlip } from '#main';
import { failWith, printJson, printLine } from './output.ts';
import { readShopSettings } from './settings.ts';

interface Options {
  readonly config?: string;
  readonly key?: readonly string[];
  readonly json?: boolean;
}

const USUAL_CONFIG = 'guitai.toml';
/** Exit code when nothing speaks against the slip and nothing proves it. */
const NOT_PROVED = 2;

const KINDS = {
  settlement: '医保结算 insured',
  offline: '脱机结算 offline',
  'own-pay': '自费 own pay',
  cancellation: '退费 given back',
} as const;

/** `guitai slip …`: what an inspector does with a slip in the hand; needs no link and writes nothing. */
export function addSlipCommand(program: Command): void {
  program
    .command('slip')
    .description('小票 / slips')
    .command('verify')
    .argument(
      '<code|file|->',
      'check code, text of the QR code, a file with the text of a slip, or - for standard input',
    )
    .description(
      '核对小票真伪；0 属实，1 不符，2 未证明 / checks a slip offline; exit 0 genuine, 1 refused, 2 not proved',
    )
    .option(
      '--key <file|hex...>',
      'public key of the terminal: hex digits, or a file of guitai key list --json',
    )
    .option('--config <file>', 'guitai.toml of the till: its journal and its keys are asked')
    .option('--json')
    .action(verify);
}

async function verify(what: string, options: Options): Promise<void> {
  const publicKeys: string[] = [];
  for (const key of options.key ?? []) {
    const found = publicKeysIn(existsSync(key) ? readFileSync(key, 'utf8') : key);
    if (!found.ok) return notProved(found.error);
    publicKeys.push(...found.value);
  }
  const isAtTill = options.config !== undefined || (publicKeys.length === 0 && existsSync(USUAL_CONFIG));
  const settings = isAtTill ? readShopSettings(options.config) : undefined;
  if (settings !== undefined && !settings.ok) return notProved(settings.error);
  const looked = await verifySlip({
    text: await evidence(what),
    publicKeys,
    ...(settings === undefined ? {} : { place: settings.value }),
  });
  if (!looked.ok) {
    failWith(looked.error);
    process.exitCode = looked.error.code === 'slip-code-invalid' ? 1 : NOT_PROVED;
    return;
  }
  const { refused } = looked.value;
  const exitCode = refused !== undefined ? 1 : isProved(looked.value) ? 0 : NOT_PROVED;
  process.exitCode = exitCode;
  if (options.json === true) printJson({ genuine: exitCode === 0, ...jsonOf(looked.value) });
  else printVerdict(looked.value);
}

async function evidence(what: string): Promise<string> {
  if (what === '-') return text(process.stdin);
  return existsSync(what) ? readFileSync(what, 'utf8') : what;
}

function isProved({ signature, journal }: SlipVerdict): boolean {
  return signature === 'proved' || journal !== undefined;
}

function jsonOf({ facts, ...rest }: SlipVerdict): object {
  if (facts === undefined) return rest;
  const { total, fund, account, cash } = facts;
  const amounts = { total, fund, account, cash };
  const words = Object.fromEntries(
    Object.entries(amounts).map(([name, value]) => [name, formatMoney(value)]),
  );
  return { ...rest, facts: { ...facts, ...words } };
}

function printVerdict(verdict: SlipVerdict): void {
  const { facts, signature, signedBy, journal, refused } = verdict;
  printLine(`校验码 ${verdict.check} / check code`);
  if (facts !== undefined) {
    const { institution, terminal, saleNumber, kind, at } = facts;
    printLine(`机构 ${institution}  终端 ${terminal}  流水号 ${saleNumber}  ${at}  ${KINDS[kind]}`);
    printLine(
      `总额 ${formatMoney(facts.total)}  基金 ${formatMoney(facts.fund)}  账户 ${formatMoney(facts.account)}  现金 ${formatMoney(facts.cash)} / total, funds, account, cash`,
    );
  }
  if (signature === 'proved') printLine(`✓ 签名属实，公钥指纹 ${signedBy} / signed by the key ${signedBy}`);
  else printFault(signature);
  if (journal !== undefined) {
    if ('retry' in journal) printFault(journal);
    else {
      printLine(`✓ 流水第 ${journal.sequence} 条相符 / fits entry ${journal.sequence} of the journal`);
      if (journal.cancelledBy !== undefined) {
        printLine(
          `! 已退费，见第 ${journal.cancelledBy} 条 / given back later, entry ${journal.cancelledBy}`,
        );
      }
    }
  }
  if (refused !== undefined && refused !== signature && refused !== journal) printFault(refused);
  printLine(conclusionOf(verdict));
}

function conclusionOf(verdict: SlipVerdict): string {
  if (verdict.refused !== undefined) return '小票不符，不予认可 / the slip is refused';
  if (!isProved(verdict)) return '真伪未证明 / not proved';
  return [
    '小票属实 / the slip is genuine',
    '证明：该终端记录过这笔销售、时间和金额；不证明：各行商品、以后是否退费（除非核对流水）',
    'proves sale, time and amounts of that terminal; not its lines, nor that it was not given back later (the journal tells)',
  ].join('\n');
}

function printFault({ code, zh, en, detail }: Fault): void {
  printLine(`✗ ${zh}${detail === undefined ? '' : `（${detail}）`} / ${en} [${code}]`);
}

function notProved(why: Fault): void {
  failWith(why);
  process.exitCode = NOT_PROVED;
}
