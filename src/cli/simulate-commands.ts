import { type Command, InvalidArgumentError } from 'commander';
import { simulateAgency, simulateCard, simulatePinPad, simulatePrinter, simulateWorld } from '#main';

/** `guitai simulate agency|card|pin-pad|printer`: each simulator as a program of its own; arguments are its own. */
export function addSimulateCommands(program: Command): void {
  const simulate = program.command('simulate').description('模拟器 / simulators');
  const run = (name: string, zh: string, en: string, start: (args: readonly string[]) => Promise<number>) =>
    simulate
      .command(name)
      .description(`${zh} / ${en}`)
      .helpOption(false)
      .allowUnknownOption()
      .allowExcessArguments()
      .action(async (_options: unknown, command: Command) => {
        process.exitCode = await start(command.args);
      });
  run('agency', '医保中心', 'the agency over HTTP, with switchable faults', simulateAgency);
  run('card', '虚拟卡', 'a card in the virtual reader', simulateCard);
  run('pin-pad', '虚拟密码键盘', 'a PIN pad on a pseudo-terminal', simulatePinPad);
  run('printer', '虚拟打印机', 'an ESC/POS printer on TCP', simulatePrinter);
  simulate
    .command('world')
    .description(
      '整机模拟：按种子出故障，逐步核对承诺 / the whole till in a world of faults, held to its promises',
    )
    .option('--seed <number>', '种子；与 --seeds 同用时为第一个 / the seed, or the first of several', whole)
    .option('--seeds <number>', '世界个数 / how many worlds', whole)
    .option('--sales <number>', '每个世界的销售次数 / tries to sell in each world', whole)
    .option('--total <number>', '直到完成这么多笔 / until so many sales are done in all', whole)
    .option('--jobs <number>', '并行进程数 / processes at once', whole)
    .option('--story', '打印经过 / tell what happened')
    .option('--bug <name>', '放回一个故意的错误 / put a deliberate bug back')
    .action(async (options: Parameters<typeof simulateWorld>[0]) => {
      process.exitCode = await simulateWorld(options);
    });
}

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('a whole number / 请输入整数');
  return Number(text);
}
