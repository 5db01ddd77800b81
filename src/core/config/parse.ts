import { parse, TomlError } from 'smol-toml';
import { type Fault, fault } from '../fault.ts';
import { err, ok, type Result } from '../result.ts';
import { lineOf } from './line-of.ts';
import { chineseOf, inChinese } from './reasons.ts';
import { type Config, configSchema } from './schema.ts';

/** Environment variables that override a key; the value is text and checked like the key itself. */
const environmentKeys = {
  GUITAI_PORT: ['server', 'port'],
  GUITAI_DATA_DIR: ['data', 'folder'],
  GUITAI_AGENCY_URL: ['agency', 'url'],
  GUITAI_PRINTER: ['printer', 'address'],
  GUITAI_READER: ['reader', 'name'],
} as const;

type Environment = Readonly<Record<string, string | undefined>>;
type Tables = Record<string, unknown>;

/**
 * Reads `guitai.toml` text with the overrides of the environment. Fails with `config-invalid` whose detail
 * names every wrong key, or the line of a syntax error.
 */
export function parseConfig(text: string, environment: Environment): Result<Config, Fault> {
  const checked = checkConfig(text, environment);
  if (checked.ok) return checked;
  const places = checked.error.map(({ key, line, column, zh, en }) =>
    column === undefined ? `${key}: ${zh} ${en}` : `line ${line}, column ${column}: ${zh} ${en}`,
  );
  return err(fault('config-invalid', places.join('; ')));
}

/** What is wrong with a configuration, with the line where the key stands (absent = it is not written there). */
export interface ConfigProblem {
  readonly key: string;
  readonly line?: number;
  readonly column?: number;
  readonly zh: string;
  readonly en: string;
}

/** The same, problem by problem. */
export function checkConfig(
  text: string,
  environment: Environment,
): Result<Config, readonly ConfigProblem[]> {
  let tables: Tables;
  try {
    tables = parse(text) as Tables;
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const { line, column } = error;
    return err([{ key: '(file)', line, column, zh: '不符合 TOML 格式', en: firstLine(error.message) }]);
  }
  const overridden = override(tables, environment);
  const parsed = configSchema.safeParse(overridden);
  if (parsed.success) return ok(parsed.data);
  const again = configSchema.safeParse(overridden, inChinese);
  const chinese = again.success ? [] : again.error.issues.map(({ message }) => chineseOf(message));
  return err(
    parsed.error.issues.map(({ path, message, ...issue }, index): ConfigProblem => {
      const unknown = 'keys' in issue && Array.isArray(issue.keys) ? issue.keys.map(String) : [];
      const line = lineOf(text, [...path.map(String), ...unknown.slice(0, 1)]);
      const key = path.join('.') || '(file)';
      return { key, ...(line === undefined ? {} : { line }), zh: chinese[index] ?? message, en: message };
    }),
  );
}

function override(tables: Tables, environment: Environment): Tables {
  const result: Tables = { ...tables };
  for (const [variable, [table, key]] of Object.entries(environmentKeys)) {
    const value = environment[variable];
    if (value === undefined || value === '') continue;
    const current = result[table];
    const known = typeof current === 'object' && current !== null ? current : {};
    result[table] = { ...known, [key]: variable === 'GUITAI_PORT' ? wholeNumber(value) : value };
  }
  return result;
}

/** Text that is not a whole number stays text, so that the schema names the key. */
function wholeNumber(value: string): number | string {
  return /^\d{1,5}$/.test(value) ? Number(value) : value;
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? message;
}
