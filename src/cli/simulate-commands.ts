import type { Command } from 'commander';
import { simulateAgency, simulateCard, simulatePinPad, simulatePrinter } from '#main';

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
}
