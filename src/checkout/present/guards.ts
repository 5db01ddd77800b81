import { type Fault, fault } from '#core/fault';
import { restoreHold } from '#store/restored';
import { ageInHours } from '../blacklist.ts';
import type { CheckoutParts } from '../parts.ts';

type Known = Pick<CheckoutParts, 'store' | 'config' | 'clock' | 'backups'>;

/** The disk is full or nearly so, or undefined. */
export function diskFault({ store, config }: Known): Fault | undefined {
  const { freeBytes, reserve } = store.disk();
  if (reserve === 'given-up') return fault('disk-low', `${megabytes(freeBytes)} MB`);
  return freeBytes < config.data.warn_free_mb * 1_048_576
    ? fault('disk-short', `${megabytes(freeBytes)} MB`)
    : undefined;
}

/** What the cashier must know of the till's own safety; shown until it is over. */
export function guardFaults(parts: Known): readonly Fault[] {
  const disk = diskFault(parts);
  return [
    ...(restoreHold(parts.store) === undefined ? [] : [fault('restore-hold')]),
    ...(disk === undefined ? [] : [disk]),
  ];
}

/** The last good backup is older than twice the schedule allows, or there is none. */
export function backupFault({ backups, clock }: Known): Fault | undefined {
  if (backups === undefined || !backups.schedule.on) return undefined;
  const last = backups.last();
  if (last === undefined) return fault('backup-too-old', 'none');
  const ageMs = clock.nowMs() - last.atMs;
  return ageMs > backups.schedule.oldAfterMs ? fault('backup-too-old', `${ageInHours(ageMs)} h`) : undefined;
}

export function megabytes(bytes: number): number {
  return Math.floor(bytes / 1_048_576);
}
