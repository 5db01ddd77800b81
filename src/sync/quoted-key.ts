import { z } from 'zod';
import type { ClearingKey } from '#core/domain/sale';
import type { TillStore } from '#store/port';

const setting = 'restore.clearing';
const form = z.object({ office: z.string(), type: z.string() });

/** Keeps the clearing key of a trial, for the comparison after a restore whose backup knows none. */
export function noteQuotedKey(store: Pick<TillStore, 'setSetting'>, { office, type }: ClearingKey): void {
  store.setSetting(setting, JSON.stringify({ office, type }));
}

/** The key that was kept; empty without one. */
export function quotedKeys(store: Pick<TillStore, 'setting'>): readonly ClearingKey[] {
  const text = store.setting(setting);
  return text === undefined ? [] : [form.parse(JSON.parse(text))];
}
