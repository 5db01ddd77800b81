import type { WatchedDevice } from '#core/domain/device';

/**
 * A barcode scanner (扫码枪) that this program reads itself: serial or HID POS. (A keyboard wedge types into
 * the page.) Never throws after `start`; taken up again after an unplug. Faults: `scanner-missing`, and
 * `scanner-garbled` until the next whole text.
 */
export interface ScannerPort extends WatchedDevice {
  start(): Promise<void>;
  stop(): Promise<void>;
  /**
   * Whole texts as read, at most 512 characters, terminators and control characters removed; only the group
   * separator (GS) of GS1 stays, and a symbology prefix such as `]d2` where the scanner sends one.
   */
  onScan(listener: (text: string) => void): () => void;
}

/** One HID interface as the system lists it. */
export interface HidInterface {
  /** Names it to `open`; another one after each plugging in. */
  readonly path: string;
  readonly vendorId: number;
  readonly productId: number;
  /** 8C is a barcode scanner in HID POS mode; missing where the system does not tell. */
  readonly usagePage?: number;
  readonly product?: string;
}

export interface HidConnection {
  /** Input reports, report id first. */
  onReport(listener: (report: Uint8Array) => void): void;
  /** The interface is gone; called once, nothing follows. */
  onLost(listener: (detail: string) => void): void;
  close(): Promise<void>;
}

/** HID interfaces of the machine. `list` and `open` reject when the library or the device is missing. */
export interface HidAccess {
  list(vendorId: number, productId: number): Promise<readonly HidInterface[]>;
  open(path: string): Promise<HidConnection>;
}
