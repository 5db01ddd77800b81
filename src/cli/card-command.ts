import type { Command } from 'commander';
import type { CardMedicalData } from '#core/domain/card-medical';
import type { CardIdentity } from '#core/domain/holder';
import { readCardOnce } from '#main';
import { failWith, printJson, printLine } from './output.ts';
import { readShopSettings } from './settings.ts';

/** `guitai card read`: the card in the reader, authenticated by the agency of the configuration. */
export function addCardCommand(program: Command): void {
  const card = program.command('card').description('社会保障卡 / the social-security card');
  card
    .command('read')
    .description('读卡 / read the card in the reader (not while a till holds it)')
    .option('--json', 'print everything that was read')
    .option('--config <file>', 'guitai.toml')
    .action(read);
}

async function read(options: { readonly json?: boolean; readonly config?: string }): Promise<void> {
  const settings = readShopSettings(options.config);
  if (!settings.ok) return failWith(settings.error);
  const result = await readCardOnce(settings.value);
  if (!result.ok) return failWith(result.error);
  const { identity, warnings, reader, medical } = result.value;
  if (options.json) {
    const codes = warnings.map(({ code }) => code);
    printJson({ reader, ...identity, ...(medical === undefined ? {} : { medical }), warnings: codes });
  } else printCard(identity, medical);
  for (const { code, zh, en } of warnings) process.stderr.write(`${code}: ${zh} / ${en}\n`);
}

function printCard({ issuer, holder, authenticatedBy }: CardIdentity, medical?: CardMedicalData): void {
  printLine(`卡号 card number        ${issuer.cardNumber}`);
  printLine(`规范版本 version        ${issuer.version} (${issuer.algorithm})`);
  printLine(`发卡地区 region         ${issuer.region}`);
  printLine(`有效期 expires          ${issuer.expiryDate ?? '-'}`);
  printLine(`鉴权 authenticated by   ${authenticatedBy}`);
  printLine(holder === undefined ? '持卡人 holder           -' : `持卡人 holder           ${holder.name}`);
  if (medical === undefined) return;
  printLine(`参保地 insured region   ${medical.insuredRegion ?? '-'}`);
  printLine(`人员类别 person class   ${medical.personClass ?? '-'}`);
  printLine(`用卡方式 card use       ${medical.cardUse ?? '-'}`);
}
