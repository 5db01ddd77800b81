import type { WatchedDevice } from '#core/domain/device';

/**
 * A barcode scanner (扫码枪) that this program reads itself: serial or HID POS. (A keyboard wedge types into
 * the page.) Never throws after `start`; taken up again after an unplug.
 */
export interface ScannerPort extends WatchedDevice {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Whole texts as read, control characters and terminators removed, at most 512 characters. */
  onScan(listener: (text: string) => void): () => void;
}
