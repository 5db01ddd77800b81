import { z } from 'zod';
import type { TillStore } from './port.ts';

/** Settings row that stands from a restore until the days since the backup are compared with the agency. */
export const holdSetting = 'restore.hold';
/** Settings row of the last restore; it stays. */
export const restoredSetting = 'restore.last';

const form = z.object({
  /** Wall clock of the restore and of the backup. */
  restoredAtMs: z.number(),
  backupAtMs: z.number(),
  /** Last journal entry of the backup. */
  sequence: z.number(),
  hash: z.string(),
  /** Mark of the new epoch in sale numbers. */
  epoch: z.string(),
});

/** What a restore left to do. */
export type Restore = z.infer<typeof form>;

/**
 * The restore whose days are not compared yet, or undefined. While there is one nothing insured is sold, nothing
 * owed is sent, and every offline budget counts as spent: the lost days may have done all of it.
 */
export function restoreHold(store: Pick<TillStore, 'setting'>): Restore | undefined {
  return read(store.setting(holdSetting));
}

/** The last restore, also after its days were compared. */
export function lastRestore(store: Pick<TillStore, 'setting'>): Restore | undefined {
  return read(store.setting(restoredSetting));
}

/**
 * Whether what is known of a card is older than the last restore: the lost days may have spent its whole offline
 * budget, so it counts as spent until the agency has answered about the card again.
 */
export function spentInLostDays(store: Pick<TillStore, 'setting'>, dataAsOfMs: number): boolean {
  const restored = lastRestore(store);
  return restored !== undefined && dataAsOfMs < restored.restoredAtMs;
}

export function restoreText(restore: Restore): string {
  return JSON.stringify(form.parse(restore));
}

function read(text: string | undefined): Restore | undefined {
  return text === undefined || text === '' ? undefined : form.parse(JSON.parse(text));
}
