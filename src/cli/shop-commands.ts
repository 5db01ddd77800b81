import type { Command } from 'commander';
import { type RunningShop, type RunningTrainingShop, startShop, startTrainingShop } from '#main';
import { failWith, printLine } from './output.ts';
import { readShopSettings, trainingFolder } from './settings.ts';

/** `serve` for the real shop, `training` for the simulated one. Both end on Ctrl-C and end what they started. */
export function addShopCommands(program: Command): void {
  program
    .command('serve')
    .description('正式营业 / the real shop: real reader, agency and printer')
    .requiredOption('--config <file>', 'guitai.toml')
    .action(serve);
  program
    .command('training')
    .description('训练店 / the training shop: everything simulated (npm start)')
    .option('--config <file>', 'guitai.toml')
    .option('--pin-pad', '密码在虚拟密码键盘上输入 / PINs go to a virtual PIN pad')
    .action(training);
}

async function serve(options: { readonly config: string }): Promise<void> {
  const settings = readShopSettings(options.config);
  const shop = settings.ok ? await startShop(settings.value) : settings;
  if (!shop.ok) return failWith(shop.error);
  printLine(`柜台已启动 / the till is ready: ${shop.value.url}`);
  const { setupCode } = shop.value;
  if (setupCode !== undefined)
    printLine(`还没有操作员，首次设置码 / no operator yet, set-up code: ${setupCode}`);
  await untilAsked(shop.value);
}

async function training(options: { readonly config?: string; readonly pinPad?: boolean }): Promise<void> {
  const settings = readShopSettings(options.config);
  if (!settings.ok) return failWith(settings.error);
  // The training shop never touches the records of a real one.
  const named = process.env['GUITAI_DATA_DIR'] !== undefined;
  const folder = named ? settings.value.folder : trainingFolder();
  const shop = await startTrainingShop({ ...settings.value, folder }, { pinPad: options.pinPad === true });
  if (!shop.ok) return failWith(shop.error);
  welcome(shop.value);
  await untilAsked(shop.value);
}

function welcome(shop: RunningTrainingShop): void {
  const reader = shop.inProcessReader;
  if (reader !== undefined)
    printLine(`没有读卡服务，使用内置读卡器 / in-process reader (missing: ${reader})`);
  for (const { number, name, pin } of shop.operators)
    printLine(`  操作员 operator ${number} ${name}  密码 PIN ${pin}`);
  printLine('  卡片 cards (按 F12 插卡 / F12 inserts one):');
  for (const { id, titleZh, titleEn, pin } of shop.training.state().cards)
    printLine(`    ${id.padEnd(20)}${titleZh} / ${titleEn}${pin === '' ? '' : `  PIN ${pin}`}`);
  printLine(`  医保中心模拟 agency simulator: ${shop.agency.url}  控制 control: ${shop.agency.controlUrl}`);
  printLine('');
  printLine(
    `训练店已启动，请在浏览器打开 / the training shop is open: ${shop.url}   (Ctrl-C 结束 / ends it)`,
  );
}

/** Waits for Ctrl-C or SIGTERM, then ends the shop; a second Ctrl-C is not needed and does nothing. */
async function untilAsked(shop: RunningShop): Promise<void> {
  await new Promise<void>((finish) => {
    process.once('SIGINT', () => finish());
    process.once('SIGTERM', () => finish());
  });
  process.on('SIGINT', () => {});
  await shop.stop();
}
