import { Command } from 'commander';
import { addBackupCommands } from './backup-commands.ts';
import { addCardCommand } from './card-command.ts';
import { addCatalogCommands } from './catalog-commands.ts';
import { addJournalCommands } from './journal-commands.ts';
import { addKeyCommands } from './key-commands.ts';
import { addMappingCommands } from './mapping-commands.ts';
import { addOperatorCommand } from './operator-command.ts';
import { addPolicyCommands } from './policy-commands.ts';
import { addShopCommands } from './shop-commands.ts';
import { addSimulateCommands } from './simulate-commands.ts';
import { addSplitCommand } from './split-command.ts';
import { addTillCommands } from './till-commands.ts';

const program = new Command('guitai')
  .description('柜台：医保定点药店、村卫生室收银终端 / counter terminal for medical insurance')
  .version('0.1.0')
  .showHelpAfterError();

addShopCommands(program);
addTillCommands(program);
addBackupCommands(program);
addCardCommand(program);
addCatalogCommands(program);
addJournalCommands(program);
addKeyCommands(program);
addMappingCommands(program);
addOperatorCommand(program);
addPolicyCommands(program);
addSplitCommand(program);
addSimulateCommands(program);

await program.parseAsync(process.argv);
