import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assert } from '#core/assert';
import { type Fault, fault } from '#core/fault';
import type { Policy } from '#core/policy';
import { type PolicyProblem, parsePolicy } from '#core/policy/parse';
import { err, ok, type Result } from '#core/result';

/** A document that was not put in force: its file by name only, and every problem with its place. */
export interface RefusedPolicy {
  readonly fault: Fault;
  readonly file: string;
  readonly problems: readonly PolicyProblem[];
}

const INVENTED_REGION = '9901';
const trainingIds = [
  'training-310-pharmacy',
  'training-390-pharmacy',
  'training-310-chronic',
  'training-390-chronic',
];
/** Most documents that one folder may hold; a region has a few dozen. */
const FILES_MAX = 1_000;

/**
 * The policy documents that come with the program (`src/benefits/documents`), by file name: restated rule
 * sets, city samples and those of the training shop. They pass their own schema, or the program is broken.
 */
export function shippedPolicies(): readonly Policy[] {
  const read = readPolicyFolder(shippedFolder());
  assert(read.ok, 'the shipped policy documents pass their own schema');
  return read.value;
}

/** What a till is started with. */
export interface TillPlace {
  /** Region of the shop, six digits. */
  readonly region: string;
  readonly training: boolean;
  /** The region's own documents, as `[policies] folder` names them. */
  readonly folder?: string | undefined;
}

/**
 * What a till splits by: the region's own documents, and in the training shop and the invented region 9901xx
 * the training documents too. Restated and sample documents never count at a till, and a real region's folder
 * may hold `official` documents only: nobody is charged by figures that nobody answers for.
 */
export function tillPolicies({ region, training, folder }: TillPlace): Result<readonly Policy[], Fault> {
  const invented = training || region.startsWith(INVENTED_REGION);
  const before = invented ? trainingPolicies() : [];
  if (folder === undefined) return ok(before);
  const read = readPolicyFolder(folder, { before, officialOnly: !invented });
  return read.ok ? read : err(read.error.fault);
}

/** The invented documents of the training shop. */
export function trainingPolicies(): readonly Policy[] {
  return trainingIds.map((id) => {
    const policy = shippedPolicy(id);
    assert(policy?.status === 'training', `the training document ${id} is shipped and marked so`);
    return policy;
  });
}

/** The shipped document of this id, read alone: each lies in a file of its own name. Undefined = none. */
export function shippedPolicy(id: string): Policy | undefined {
  const file = join(shippedFolder(), `${id}.toml`);
  if (!/^[a-z0-9-]+$/.test(id) || !existsSync(file)) return undefined;
  const read = readPolicyFile(file, `${id}.toml`);
  assert(read.ok && read.value.id === id, `the shipped policy ${id} passes its own schema`);
  return read.value;
}

/**
 * The shipped documents and those of a region's folder, when one is named. A region's document may be a newer
 * version of a shipped one, never the same id and version. Fault: `policy-invalid`.
 */
export function loadPolicies(folder?: string): Result<readonly Policy[], RefusedPolicy> {
  const shipped = shippedPolicies();
  return folder === undefined ? ok(shipped) : readPolicyFolder(folder, { before: shipped });
}

export interface FolderOptions {
  /** Documents that stand in front of the folder's in the answer; none may come twice. */
  readonly before?: readonly Policy[];
  readonly officialOnly?: boolean;
}

/**
 * Every `.toml` and `.json` file of a folder, by name; all or nothing, the first bad file is told. Two
 * documents of the same id and version are refused.
 */
export function readPolicyFolder(
  folder: string,
  { before = [], officialOnly = false }: FolderOptions = {},
): Result<readonly Policy[], RefusedPolicy> {
  const names = policyFiles(folder);
  if (names === undefined) return refuse('[policies] folder', 'the folder cannot be read');
  if (names.length > FILES_MAX) return refuse('[policies] folder', `more than ${FILES_MAX} documents`);
  const policies = [...before];
  const places = new Map(before.map((policy) => [nameOf(policy), 'the shipped documents']));
  for (const name of names) {
    const read = readPolicyFile(join(folder, name), name);
    if (!read.ok) return read;
    if (officialOnly && read.value.status !== 'official')
      return refuse(
        name,
        `${read.value.status}: a real region’s shop takes official documents only`,
        'status',
      );
    const other = places.get(nameOf(read.value));
    if (other !== undefined)
      return refuse(name, `id and version ${nameOf(read.value)} also stand in ${other}`, 'version');
    places.set(nameOf(read.value), name);
    policies.push(read.value);
  }
  return ok(policies);
}

/** One document; `name` is what a fault calls the file, so that no path of the machine is told. */
export function readPolicyFile(path: string, name: string): Result<Policy, RefusedPolicy> {
  const text = textOf(path);
  if (text === undefined) return refuse(name, 'the file is not there, cannot be read or is not UTF-8');
  const parsed = parsePolicy(text);
  return parsed.ok ? parsed : refused(name, parsed.error.problems);
}

function refuse(file: string, message: string, place = 'document') {
  return refused(file, [{ place, message }]);
}

function refused(file: string, problems: readonly PolicyProblem[]) {
  const detail = problems.map(({ place, message }) => `${file}, ${place}: ${message}`).join('; ');
  return err({ fault: fault('policy-invalid', detail), file, problems });
}

function nameOf({ id, version }: Policy): string {
  return `${id}@${version}`;
}

/** Undefined when the folder is not there or closed. Sorted by code units: the same order on every machine. */
function policyFiles(folder: string): readonly string[] | undefined {
  try {
    return readdirSync(folder)
      .filter((name) => /\.(toml|json)$/i.test(name))
      .sort();
  } catch {
    return undefined;
  }
}

function textOf(path: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch {
    return undefined;
  }
}

function shippedFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    assert(dirname(folder) !== folder, 'the program lies in its package');
    folder = dirname(folder);
  }
  return join(folder, 'src', 'benefits', 'documents');
}
