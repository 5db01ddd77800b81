import { businessDateTime } from '#core/business-time';
import { type Config, configSchema } from '#core/config/schema';
import { formatMoney, type Money } from '#core/money';
import type { CheckoutParts } from '../parts.ts';
import type { SettingRow, SettingsCheck, SettingsView } from './rows.ts';

/** Keys whose values nobody needs to see: hashes, and keys of others. */
const HIDDEN = /(?:pin_hash|public_key)$/;

/** The configuration as it counts now, key by key, without secrets (those stand in files of their own). */
export function settingsView({ config, settings }: Pick<CheckoutParts, 'config' | 'settings'>): SettingsView {
  const standard = new Map(flat(configSchema.parse({})));
  const rows = flat(config).map(([key, value]): SettingRow => {
    const shown = HIDDEN.test(key) ? '••••' : value;
    return { key, value: shown, standard: standard.get(key) === value };
  });
  return { ...(settings?.file === undefined ? {} : { file: settings.file }), rows };
}

/** The file as the program would read it at its next start. */
export async function checkSettings({
  config,
  settings,
  clock,
}: Pick<CheckoutParts, 'config' | 'settings' | 'clock'>): Promise<SettingsCheck> {
  const at = businessDateTime(clock.nowMs());
  if (settings === undefined) return { at, sound: true, changed: false, problems: [] };
  const checked = settings.check();
  if (!checked.ok) return { at, sound: false, changed: false, ...checked.error };
  return { at, sound: true, changed: text(checked.value) !== text(config), problems: [] };
}

function text(config: Config): string {
  return JSON.stringify(flat(config));
}

function flat(value: unknown, key = ''): readonly (readonly [string, string])[] {
  if (Array.isArray(value)) {
    if (value.every((each) => typeof each !== 'object')) return [[key, value.map(String).join(', ')]];
    return value.flatMap((each, index) => flat(each, `${key}[${index + 1}]`));
  }
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, each]) => flat(each, key === '' ? name : `${key}.${name}`));
  // The only whole numbers that are no `number` are amounts.
  return [[key, typeof value === 'bigint' ? formatMoney(value as Money) : String(value)]];
}
