import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { checkoutMachine } from '#machines/checkout/machine';
import { connectivityMachine } from '#machines/connectivity/machine';
import { toMermaid } from '#machines/diagram';
import { shiftMachine } from '#machines/shift/machine';

const machines = {
  checkout: checkoutMachine.root,
  connectivity: connectivityMachine.root,
  shift: shiftMachine.root,
};

test.each(Object.entries(machines))(
  'the diagram in the README of %s shows the machine as it is',
  (name, root) => {
    const file = fileURLToPath(new URL(`../../state-machines/${name}/README.md`, import.meta.url));
    const text = readFileSync(file, 'utf8');
    const block = /```mermaid\n[\s\S]*?```/;
    const current = `\`\`\`mermaid\n${toMermaid(root)}\`\`\``;
    if (process.env['UPDATE_DIAGRAMS'] === '1') writeFileSync(file, text.replace(block, current));
    expect(readFileSync(file, 'utf8').match(block)?.[0]).toBe(current);
  },
);
