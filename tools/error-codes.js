// Writes the table of fault codes into the README, from the table that the program itself uses.
// `node tools/error-codes.js --check` only compares (a test does that too). Needs a build.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { faultTable } from '../dist/src/core/fault.js';

const file = fileURLToPath(new URL('../README.md', import.meta.url));
const rows = Object.entries(faultTable)
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([code, { retry, zh, en, nextZh }]) => `| \`${code}\` | ${retry} | ${zh} / ${en} | ${nextZh} |`);
const table = ['| code | retry class | what happened | next step |', '|---|---|---|---|', ...rows].join('\n');
const marks = /(<!-- fault codes: begin -->\n)[\s\S]*?(<!-- fault codes: end -->)/;
const before = readFileSync(file, 'utf8');
const after = before.replace(marks, `$1${table}\n$2`);
if (process.argv.includes('--check')) process.exitCode = before === after ? 0 : 1;
else writeFileSync(file, after);
