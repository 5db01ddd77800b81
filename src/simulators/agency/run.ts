import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Clock, systemClock } from '#core/clock';
import type { BenefitCase } from '#core/domain/benefit';
import { institutionKinds, institutionLevels, type Policy } from '#core/policy';
import { err, ok, type Result } from '#core/result';
import { readCatalogFile } from './catalog-file.ts';
import type { Goods } from './catalogue/goods.ts';
import type { CatalogEntry } from './policy.ts';
import { readPolicyFolder, shippedPolicyFolder } from './policy-folder.ts';
import { type AgencySimulatorOptions, startAgencySimulator } from './simulator.ts';

/** What the caller may put in place of the process's own. */
export interface RunEnvironment {
  readonly clock?: Clock;
  readonly write?: (text: string) => void;
  /** Catalogue when the arguments name none. */
  readonly catalog?: Iterable<CatalogEntry>;
  /** What its catalogue tables (1301–1319) are made of when the arguments name no catalogue. */
  readonly goods?: Iterable<Goods>;
  /** Policy documents when the arguments name no folder; absent = those that ship with the program. */
  readonly policies?: readonly Policy[];
  /** Ends the run beside SIGINT and SIGTERM. */
  readonly signal?: AbortSignal;
}

const usage = `guitai simulate agency [--port N] [--control-port N] [--database FILE] [--catalog FILE]
  [--xtif-account NAME --xtif-token-file FILE] [--institution CODE --region REGION]
  [--policies FOLDER] [--level LEVEL --kind KIND]
  --policies FOLDER: policy documents (TOML, JSON); default those that ship with the program
  --catalog FILE: tab-separated national code, class (A, B, C), first self-pay share, price ceiling\n`;

const flags = {
  port: { type: 'string' },
  'control-port': { type: 'string' },
  database: { type: 'string' },
  catalog: { type: 'string' },
  policies: { type: 'string' },
  level: { type: 'string' },
  kind: { type: 'string' },
  'xtif-account': { type: 'string' },
  'xtif-token-file': { type: 'string' },
  institution: { type: 'string' },
  region: { type: 'string' },
} as const;

/**
 * `guitai simulate agency`: runs until SIGINT or SIGTERM. Prints one line with its address and its control
 * address. Answers the exit code: 0 ended as asked, 1 could not start, 2 wrong arguments.
 */
export async function runAgencySimulator(
  args: readonly string[],
  environment: RunEnvironment = {},
): Promise<number> {
  const write = environment.write ?? ((text: string) => void process.stdout.write(text));
  const options = readOptions(args, environment);
  if (!options.ok) {
    write(`${options.error}\n${usage}`);
    return 2;
  }
  let simulator: Awaited<ReturnType<typeof startAgencySimulator>>;
  try {
    simulator = await startAgencySimulator(options.value);
  } catch (error) {
    write(`cannot start the agency simulator: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
  write(`agency simulator ${simulator.url} control ${simulator.controlUrl}\n`);
  await ended(environment.signal);
  await simulator.stop();
  return 0;
}

function readOptions(
  args: readonly string[],
  environment: RunEnvironment,
): Result<AgencySimulatorOptions, string> {
  let values: Partial<Record<keyof typeof flags, string>>;
  try {
    values = parseArgs({ args: [...args], options: flags, strict: true }).values;
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error));
  }
  const port = portOf(values.port);
  const controlPort = portOf(values['control-port']);
  if (port === undefined || controlPort === undefined) return err('a port is a number from 0 to 65535');
  const account = values['xtif-account'];
  const tokenFile = values['xtif-token-file'];
  if ((account === undefined) !== (tokenFile === undefined))
    return err('--xtif-account and --xtif-token-file go together');
  if ((values.institution === undefined) !== (values.region === undefined))
    return err('--institution and --region go together');
  const served = servedOf(values.level, values.kind);
  if (served === undefined)
    return err(
      `--level is one of ${institutionLevels.join(', ')}, --kind one of ${institutionKinds.join(', ')}`,
    );
  try {
    const catalog = values.catalog === undefined ? environment.catalog : readCatalogFile(values.catalog);
    return ok({
      clock: environment.clock ?? systemClock,
      policies: policiesOf(values.policies, environment),
      served,
      port,
      controlPort,
      ...(values.database === undefined ? {} : { database: values.database }),
      ...(catalog === undefined ? {} : { catalog }),
      ...(environment.goods === undefined || values.catalog !== undefined
        ? {}
        : { goods: environment.goods }),
      ...(account === undefined || tokenFile === undefined
        ? {}
        : { xTif: { account, token: readFileSync(tokenFile, 'utf8').trim() } }),
      ...(values.institution === undefined || values.region === undefined
        ? {}
        : { institution: { code: values.institution, region: values.region } }),
    });
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error));
  }
}

function policiesOf(folder: string | undefined, environment: RunEnvironment): readonly Policy[] {
  if (folder === undefined && environment.policies !== undefined) return environment.policies;
  return readPolicyFolder(folder ?? shippedPolicyFolder());
}

function servedOf(level = 'community', kind = 'pharmacy'): BenefitCase['institution'] | undefined {
  const found = institutionLevels.find((each) => each === level);
  const ofKind = institutionKinds.find((each) => each === kind);
  return found === undefined || ofKind === undefined ? undefined : { level: found, kind: ofKind };
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return 0;
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined;
}

function ended(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      process.off('SIGINT', finish);
      process.off('SIGTERM', finish);
      resolve();
    };
    process.once('SIGINT', finish);
    process.once('SIGTERM', finish);
    if (signal?.aborted === true) finish();
    else signal?.addEventListener('abort', finish, { once: true });
  });
}
