import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { explainTree } from '#benefits/explain-tree';
import { splitRefund } from '#benefits/refund-case';
import { splitCase } from '#benefits/split-case';
import { businessDay } from '#core/business-time';
import { systemClock } from '#core/clock';
import type { BenefitSplit } from '#core/domain/benefit';
import { type Fault, fault } from '#core/fault';
import type { Policy } from '#core/policy';
import { dayText } from '#core/policy/values';
import { err, ok, type Result } from '#core/result';
import { policyTools } from '#main';
import { failWith, printJson, printLine } from './output.ts';
import { type CaseProblem, invalidCase, readCase } from './split/read-case.ts';
import { errorJson, resultJson } from './split/result-json.ts';
import { splitTable } from './split/table.ts';

interface Options {
  readonly policy: string;
  readonly case: string;
  readonly date?: string;
  readonly json?: boolean;
  readonly explain?: boolean;
  readonly policies?: string;
}

interface Refused {
  readonly fault: Fault;
  readonly problems?: readonly CaseProblem[];
}

/** Longest case that is read from a file or standard input. */
const BYTES_MAX = 20_000_000;

/** `guitai split`: a case split by a policy document, without a till, an agency or a network. */
export function addSplitCommand(program: Command): void {
  program
    .command('split')
    .description('按待遇政策计算费用分解 / split a case by a policy document and explain every amount')
    .requiredOption(
      '--policy <id>',
      '政策编号，可加 @版本 / id of the document, with @version for an older one',
    )
    .requiredOption('--case <file>', '案例 JSON 文件，- 为标准输入 / the case in JSON, - for standard input')
    .option(
      '--date <day>',
      '日期，决定标签是否有效 / yyyy-MM-dd, decides which tags are valid (default today)',
    )
    .option('--policies <folder>', '本地区的政策文件夹 / a region’s folder of documents')
    .option('--json', 'print the result, or the error, as JSON')
    .option('--explain', '逐项说明 / print the tree of reasons')
    .action(split);
}

/** Exit code 2 with an error that tells its code; an amount is never guessed. */
async function split(options: Options): Promise<void> {
  const done = await splitAsAsked(options);
  if (!done.ok) {
    if (options.json) printJson(errorJson(done.error.fault, done.error.problems));
    else failWith(done.error.fault);
    process.exitCode = 2;
    return;
  }
  const { result, policy } = done.value;
  if (options.json) return printJson(resultJson(result));
  for (const line of splitTable(result, policy)) printLine(line);
  if (!options.explain) return;
  printLine('');
  for (const line of explainTree(result)) printLine(line);
}

async function splitAsAsked(
  options: Options,
): Promise<Result<{ readonly result: BenefitSplit; readonly policy: Policy }, Refused>> {
  const policy = await findPolicy(options.policy, options.policies);
  if (!policy.ok) return policy;
  const day = options.date ?? businessDay(systemClock.nowMs());
  if (!dayText.safeParse(day).success)
    return invalidCase([{ place: '--date', message: 'is not a day such as "2026-01-01"' }]);
  const text = await caseText(options.case);
  if (!text.ok) return text;
  const read = readCase(text.value, policy.value, day);
  if (!read.ok) return read;
  const { visit, refund } = read.value;
  const result =
    refund.length > 0 ? splitRefund(policy.value, visit, refund) : splitCase(policy.value, visit);
  return result.ok ? ok({ result: result.value, policy: policy.value }) : err({ fault: result.error });
}

/** The document `id`, or `id@version`; of several versions the one that began last. Its days do not matter. */
async function findPolicy(name: string, folder: string | undefined): Promise<Result<Policy, Refused>> {
  const [id = '', version] = name.split('@', 2);
  const policies = await candidates(id, folder);
  if (!policies.ok) return policies;
  const named = policies.value.filter(
    (policy) => policy.id === id && (version === undefined || policy.version === version),
  );
  const [latest] = named.sort((a, b) => latestFirst(a, b));
  return latest === undefined ? err({ fault: fault('policy-unknown', name) }) : ok(latest);
}

async function candidates(
  id: string,
  folder: string | undefined,
): Promise<Result<readonly Policy[], Refused>> {
  const { loadPolicies, shippedPolicy } = await policyTools();
  if (folder !== undefined) return loadPolicies(folder);
  const shipped = shippedPolicy(id);
  return ok(shipped === undefined ? [] : [shipped]);
}

/** Versions as people count them: 2026-10 comes after 2026-9. */
const versions = new Intl.Collator('en', { numeric: true });

function latestFirst(a: Policy, b: Policy): number {
  if (a.validFrom !== b.validFrom) return a.validFrom < b.validFrom ? 1 : -1;
  return versions.compare(b.version, a.version);
}

async function caseText(file: string): Promise<Result<string, Refused>> {
  const bytes = file === '-' ? await standardInput() : fileBytes(file);
  if (bytes === undefined)
    return invalidCase([{ place: '--case', message: 'is not there, cannot be read or is too long' }]);
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return invalidCase([{ place: '--case', message: 'is not UTF-8' }]);
  }
}

function fileBytes(file: string): Uint8Array | undefined {
  try {
    const bytes = readFileSync(file);
    return bytes.length > BYTES_MAX ? undefined : bytes;
  } catch {
    return undefined;
  }
}

async function standardInput(): Promise<Uint8Array | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of process.stdin) {
    const bytes = Buffer.from(part);
    size += bytes.length;
    if (size > BYTES_MAX) return undefined;
    parts.push(bytes);
  }
  return Buffer.concat(parts);
}
