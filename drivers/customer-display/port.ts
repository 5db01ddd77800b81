import type { WatchedDevice } from '#core/domain/device';

/** What stands on a two-line pole display (顾客显示屏, 客显). */
export interface DisplayText {
  readonly upper: string;
  readonly lower: string;
}

/**
 * A customer display. Showing never fails a sale: `show` keeps the newest text, drops older ones, and a
 * display that comes back shows it again.
 */
export interface CustomerDisplayPort extends WatchedDevice {
  /** Columns of a line; a Chinese character takes two. */
  readonly columns: number;
  start(): Promise<void>;
  stop(): Promise<void>;
  show(text: DisplayText): void;
  clear(): void;
}
