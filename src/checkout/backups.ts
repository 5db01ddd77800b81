import type { Fault } from '#core/fault';
import type { Result } from '#core/result';

/** Facts of a good backup. */
export interface BackupFacts {
  readonly file: string;
  readonly atMs: number;
  readonly bytes: number;
  /** Last journal entry in it. */
  readonly sequence: number;
}

/** Who copies the records; `main` puts it together, because it needs the key of the records. */
export interface Backups {
  /** Newest good backup in the configured folder, newly looked for. */
  last(): BackupFacts | undefined;
  /** Whether a schedule runs, and how old the last backup may be before it is a warning, ms. */
  readonly schedule: { readonly on: boolean; readonly oldAfterMs: number };
  /** One at a time. Faults `backup-…`, `store-damaged`, `store-disk-full`. */
  take(wish: { readonly to?: string; readonly withKeys?: boolean }): Promise<Result<BackupFacts, Fault>>;
}
