import { Command } from 'commander';
import { addCommands } from './commands.ts';

const program = new Command('guitai')
  .description('柜台：医保定点药店、村卫生室收银终端 / counter terminal for medical insurance')
  .version('0.1.0')
  .showHelpAfterError();

await addCommands(program, process.argv[2]);
await program.parseAsync(process.argv);
