import { parse as parseToml, TomlError } from 'smol-toml';
import { type Fault, fault } from '../fault.ts';
import { type Policy, policySchema } from '../policy.ts';
import { err, ok, type Result } from '../result.ts';

/** One thing wrong with a document: `place` is `line 3, column 7` or a path such as `groups[0].fundRatio`. */
export interface PolicyProblem {
  readonly place: string;
  readonly message: string;
}

export interface InvalidPolicy {
  /** `policy-invalid`; its detail holds every problem with its place. */
  readonly fault: Fault;
  readonly problems: readonly PolicyProblem[];
}

/** Longest document that is read; a policy takes a few kilobytes. */
const MAX_CHARACTERS = 1_000_000;

/**
 * Reads a policy document from the text of a region's TOML or JSON file (a text that begins with `{` is
 * JSON). Reading the file is the caller's business. Every error is named with its place.
 */
export function parsePolicy(text: string): Result<Policy, InvalidPolicy> {
  if (text.length > MAX_CHARACTERS) return invalid([{ place: 'document', message: 'is too long' }]);
  const tree = readTree(text.replace(/^\uFEFF/, ''));
  return tree.ok ? validatePolicy(tree.value) : tree;
}

/** Checks a document that is already a tree of values. */
export function validatePolicy(tree: unknown): Result<Policy, InvalidPolicy> {
  const checked = policySchema.safeParse(tree);
  if (checked.success) return ok(checked.data);
  return invalid(
    checked.error.issues.map((issue) => ({ place: placeOf(issue.path), message: issue.message })),
  );
}

function readTree(text: string): Result<unknown, InvalidPolicy> {
  try {
    return ok(text.trimStart().startsWith('{') ? JSON.parse(text) : parseToml(text));
  } catch (error) {
    if (error instanceof TomlError) {
      const place = `line ${error.line}, column ${error.column}`;
      return invalid([{ place, message: firstLine(error.message) }]);
    }
    if (error instanceof SyntaxError) return invalid([{ place: 'document', message: error.message }]);
    throw error;
  }
}

function invalid(problems: readonly PolicyProblem[]): { readonly ok: false; readonly error: InvalidPolicy } {
  const detail = problems.map(({ place, message }) => `${place}: ${message}`).join('; ');
  return err({ fault: fault('policy-invalid', detail), problems });
}

/** A path of zod as people write it: `entries[0].amount`; the whole is `document`. */
export function placeOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'document';
  return path.reduce<string>((place, key) => {
    if (typeof key === 'number') return `${place}[${key}]`;
    return place === '' ? String(key) : `${place}.${String(key)}`;
  }, '');
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text;
}
