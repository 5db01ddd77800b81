import type { Fault } from '#core/fault';
import type { Result } from '#core/result';

/** Answer to DLE EOT 1..4, reduced to what a counter acts on. `unknown`: the device cannot answer (device file). */
export type PaperState = 'ok' | 'low' | 'out' | 'unknown';

export interface PrinterStatus {
  readonly online: boolean;
  readonly paper: PaperState;
  readonly coverOpen: boolean;
  /** The drawer's switch says open; absent when it says closed, or where no drawer tells. */
  readonly drawerOpen?: true;
}

/**
 * A slip printer. `print` asks for the status before and after the bytes where the device can answer;
 * only `ok: true` may be recorded as printed. A fault with retry class `ambiguous` means that paper may
 * already carry the slip.
 */
export interface PrinterPort {
  /** Where it is, for doctor and status bar, for example `tcp://127.0.0.1:9100`. */
  readonly address: string;
  status(): Promise<Result<PrinterStatus, Fault>>;
  print(bytes: Uint8Array): Promise<Result<void, Fault>>;
  /**
   * Opens the cash drawer (钱箱) on the printer's socket by one pulse (ESC p). Needs no paper. Faults as
   * `print`; `ambiguous` = the pulse may have been given.
   */
  openDrawer(): Promise<Result<void, Fault>>;
  /** Sounds the printer's buzzer where it has one; never fails. */
  beep(): Promise<void>;
  close(): Promise<void>;
}
