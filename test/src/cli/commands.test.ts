import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { addCommands, commandFiles } from '../../../src/cli/commands.ts';

const namesOf = ({ commands }: Command) => commands.map((command) => command.name());
const allNames = commandFiles.flatMap(({ names }) => names);

describe('the commands of guitai', () => {
  test.each(commandFiles)(
    '$names are those that their file knows, so that none is looked for in vain',
    async (file) => {
      const program = new Command('guitai');
      (await file.load())(program);
      expect(namesOf(program)).toEqual(file.names);
    },
  );

  test.each(['--help', 'help', 'sael', undefined])('all are there for "guitai %s"', async (word) => {
    const program = new Command('guitai');
    await addCommands(program, word);
    expect(namesOf(program)).toEqual(allNames);
  });

  test('only the file of a command that is named is loaded', async () => {
    const program = new Command('guitai');
    await addCommands(program, 'queue');
    expect(namesOf(program)).toEqual(['sale', 'queue', 'reconcile', 'doctor']);
  });
});
