import { basename } from 'node:path';
import type { Command } from 'commander';
import type { Policy } from '#core/policy';
import { policyTools } from '#main';
import { failWith, printJson, printLine } from './output.ts';
import { errorJson } from './split/result-json.ts';

/** `guitai policy list|check`: which documents there are, and what is wrong with one before it is put in force. */
export function addPolicyCommands(program: Command): void {
  const policy = program.command('policy').description('待遇政策 / policy documents');
  policy
    .command('list')
    .description('列出全部政策文件 / list the documents')
    .option('--policies <folder>', '本地区的政策文件夹 / a region’s folder of documents')
    .option('--json')
    .action(list);
  policy
    .command('check <file>')
    .description('检查一个政策文件，逐处指出错误 / check a document and name every error with its place')
    .option('--json')
    .action(check);
}

async function list(options: { readonly policies?: string; readonly json?: boolean }): Promise<void> {
  const { loadPolicies } = await policyTools();
  const policies = loadPolicies(options.policies);
  if (!policies.ok) {
    if (options.json) printJson(errorJson(policies.error.fault, policies.error.problems));
    else failWith(policies.error.fault);
    process.exitCode = 2;
    return;
  }
  if (options.json) printJson(policies.value.map(summary));
  else for (const policy of policies.value) printLine(row(policy));
}

async function check(file: string, options: { readonly json?: boolean }): Promise<void> {
  const { readPolicyFile } = await policyTools();
  const read = readPolicyFile(file, basename(file));
  if (!read.ok) {
    const { fault, problems } = read.error;
    if (options.json) printJson(errorJson(fault, problems));
    else {
      const { code, zh, en } = fault;
      process.stderr.write(`${code}: ${zh} / ${en}\n`);
      for (const { place, message } of problems)
        process.stderr.write(`  ${basename(file)}, ${place}: ${message}\n`);
    }
    process.exitCode = 2;
    return;
  }
  if (options.json) {
    printJson(summary(read.value));
    return;
  }
  printLine(row(read.value));
  printLine(`没有错误，共 ${read.value.steps.length} 步 / no errors, ${read.value.steps.length} steps`);
}

function summary({
  id,
  version,
  status,
  titleZh,
  titleEn,
  basis,
  regions,
  schemes,
  validFrom,
  validTo,
}: Policy) {
  const until = validTo === undefined ? {} : { validTo };
  return { id, version, status, titleZh, titleEn, basis, regions, schemes, validFrom, ...until };
}

function row({ id, version, status, titleZh, titleEn, validFrom, validTo }: Policy): string {
  const days = `${validFrom}–${validTo ?? ''}`;
  return `${id.padEnd(24)}${version.padEnd(16)}${status.padEnd(10)}${days.padEnd(23)}${titleZh} / ${titleEn}`;
}
