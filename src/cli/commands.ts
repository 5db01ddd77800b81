import type { Command } from 'commander';

/** Adds its commands to the program. */
type AddCommands = (program: Command) => void;

interface CommandFile {
  /** First words of the command lines that it knows. */
  readonly names: readonly string[];
  readonly load: () => Promise<AddCommands>;
}

/** Which file knows which command, in the order of the help: a command that is named loads no other's file. */
export const commandFiles: readonly CommandFile[] = [
  {
    names: ['serve', 'training'],
    load: async () => (await import('./shop-commands.ts')).addShopCommands,
  },
  {
    names: ['sale', 'queue', 'reconcile', 'doctor'],
    load: async () => (await import('./till-commands.ts')).addTillCommands,
  },
  { names: ['key'], load: async () => (await import('./key-commands.ts')).addKeyCommands },
  {
    names: ['backup', 'restore', 'owed', 'reset'],
    load: async () => (await import('./backup-commands.ts')).addBackupCommands,
  },
  { names: ['carry'], load: async () => (await import('./carry-commands.ts')).addCarryCommands },
  { names: ['journal'], load: async () => (await import('./journal-commands.ts')).addJournalCommands },
  { names: ['card'], load: async () => (await import('./card-command.ts')).addCardCommand },
  { names: ['catalog'], load: async () => (await import('./catalog-commands.ts')).addCatalogCommands },
  { names: ['mapping'], load: async () => (await import('./mapping-commands.ts')).addMappingCommands },
  { names: ['operator'], load: async () => (await import('./operator-command.ts')).addOperatorCommand },
  { names: ['policy'], load: async () => (await import('./policy-commands.ts')).addPolicyCommands },
  { names: ['slip'], load: async () => (await import('./slip-command.ts')).addSlipCommand },
  { names: ['split'], load: async () => (await import('./split-command.ts')).addSplitCommand },
  { names: ['simulate'], load: async () => (await import('./simulate-commands.ts')).addSimulateCommands },
];

/** Adds the commands that a command line may mean: of one file when its first word names one, else all. */
export async function addCommands(program: Command, firstWord: string | undefined): Promise<void> {
  const named = commandFiles.filter(({ names }) => names.some((name) => name === firstWord));
  for (const { load } of named.length > 0 ? named : commandFiles) (await load())(program);
}
