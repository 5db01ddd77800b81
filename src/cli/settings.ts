import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { checkConfig, parseConfig } from '#core/config/parse';
import type { Config } from '#core/config/schema';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import type { ShopSettings } from '#main';

/** Configuration with its folder made absolute: relative paths of a file count from that file. */
export interface Settings {
  readonly config: Config;
  readonly folder: string;
}

/** Reads `--config FILE`, or `guitai.toml` here when it exists, with the overrides of the environment. */
export function readSettings(file: string | undefined): Result<Settings, Fault> {
  const path = resolve(file ?? 'guitai.toml');
  const text = settingsText(file, path);
  if (!text.ok) return text;
  const parsed = parseConfig(text.value, process.env);
  if (!parsed.ok) return parsed;
  return ok(inPlace(parsed.value, dirname(path)));
}

function settingsText(file: string | undefined, path: string): Result<string, Fault> {
  if (file !== undefined && !existsSync(path)) return err(fault('config-invalid', `no such file: ${file}`));
  const text = existsSync(path) ? textOf(path) : '';
  return text === undefined ? err(fault('config-invalid', `cannot be read: ${path}`)) : ok(text);
}

/** Relative paths count from the file. */
function inPlace(parsed: Config, from: string): Settings {
  const { backup, data, journal, policies } = parsed;
  // Absolute too: the shop does not know where its configuration lies.
  const policyFolder = policies.folder === undefined ? {} : { folder: resolve(from, policies.folder) };
  const anchorFolder = journal.anchor_folder === '' ? '' : resolve(from, journal.anchor_folder);
  const backupFolder = backup.folder === undefined ? {} : { folder: resolve(from, backup.folder) };
  const config = {
    ...parsed,
    backup: { ...backup, ...backupFolder },
    policies: policyFolder,
    journal: { ...journal, anchor_folder: anchorFolder },
  };
  return { config, folder: resolve(from, data.folder) };
}

/** Undefined for a folder, or a file that may not be read. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** The configuration file of a running shop: what the next start would make of it. */
function settingsDesk(file: string | undefined): NonNullable<ShopSettings['settings']> {
  const path = resolve(file ?? 'guitai.toml');
  return {
    ...(existsSync(path) ? { file: path } : {}),
    check() {
      const text = settingsText(file, path);
      if (!text.ok) return err({ problems: [], fault: text.error });
      const checked = checkConfig(text.value, process.env);
      if (!checked.ok) return err({ problems: checked.error, fault: fault('config-invalid') });
      const { config } = inPlace(checked.value, dirname(path));
      const secrets = readSecrets(config);
      return secrets.ok ? ok(config) : err({ problems: [], fault: secrets.error });
    },
  };
}

/** The same with the secrets that a shop needs, each from its own file. */
export function readShopSettings(file: string | undefined): Result<ShopSettings, Fault> {
  const settings = readSettings(file);
  if (!settings.ok) return settings;
  const secrets = readSecrets(settings.value.config);
  return secrets.ok ? ok({ ...settings.value, ...secrets.value, settings: settingsDesk(file) }) : secrets;
}

function readSecrets({ agency, keys }: Config): Result<Pick<ShopSettings, 'xTifToken' | 'tokenPin'>, Fault> {
  const xTif = secretOf(agency.account !== '', agency.token_file, 'agency.token_file');
  if (!xTif.ok) return xTif;
  const pin = secretOf(keys.store === 'pkcs11', keys.pkcs11_pin_file, 'keys.pkcs11_pin_file');
  if (!pin.ok) return pin;
  return ok({
    ...(xTif.value === undefined ? {} : { xTifToken: xTif.value }),
    ...(pin.value === undefined ? {} : { tokenPin: pin.value }),
  });
}

function secretOf(needed: boolean, file: string | undefined, key: string): Result<string | undefined, Fault> {
  if (!needed) return ok(undefined);
  return file === undefined ? err(fault('config-invalid', `${key}: needed here`)) : readSecret(file);
}

/** Where `npm start` keeps the training shop's records: never among those of a real shop. */
export function trainingFolder(): string {
  return resolve('.guitai', 'training');
}

/** A secret from its own file, refused when other users can read it (design section 10). */
function readSecret(path: string): Result<string, Fault> {
  let text: string;
  try {
    // Windows has no such bits: there the folder's own rights keep other users out.
    const exposed = process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0;
    if (exposed) return err(fault('config-invalid', `${path}: other users can read this secret (chmod 600)`));
    text = readFileSync(path, 'utf8').trim();
  } catch {
    return err(fault('config-invalid', `${path}: cannot be read`));
  }
  return text === '' ? err(fault('config-invalid', `${path}: is empty`)) : ok(text);
}
