import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import type { PaperState, PrinterStatus } from './port.ts';

/** DLE EOT n (实时状态): answered at once, also by a printer that is offline or whose buffer is full. */
export const statusKinds = [1, 2, 3, 4] as const;

export function statusRequest(kind: number): Uint8Array {
  return Uint8Array.of(0x10, 0x04, kind);
}

/** GS r 1: answered in the order of the data, so its answer proves that all before it was worked off. */
export const inOrderRequest: Uint8Array = Uint8Array.of(0x1d, 0x72, 0x01);

/** Fixed bits of a DLE EOT answer: 0xx1xx10. Sets it apart from XON, XOFF and unasked status reports. */
export function isStatusByte(byte: number): boolean {
  return (byte & 0x93) === 0x12;
}

/** Fixed bits of a GS r answer: 0xx0xxxx. */
export function isInOrderByte(byte: number): boolean {
  return (byte & 0x90) === 0x00;
}

const OFFLINE = 0x08;
const COVER_OPEN = 0x04;
/** Pin 3 of the drawer's socket is high, which is open with the usual wiring. */
const DRAWER_OPEN = 0x04;
const STOPPED_WITHOUT_PAPER = 0x20;
const ERROR_MET = 0x40;
const ANY_ERROR = 0x6c;
const PAPER_LOW = 0x0c;
const PAPER_OUT = 0x60;

/**
 * Four answers to DLE EOT 1..4, in that order, as one status. Anything but four status bytes is
 * `not-a-status`. Online means ready to print: an error of cutter or head counts as not online.
 */
export function decodeStatus(answers: readonly number[]): Result<PrinterStatus, 'not-a-status'> {
  const [printer, cause, error, paper] = answers;
  if (printer === undefined || cause === undefined || error === undefined || paper === undefined) {
    return err('not-a-status');
  }
  if (answers.length !== 4 || !answers.every(isStatusByte)) return err('not-a-status');
  const out = (paper & PAPER_OUT) !== 0 || (cause & STOPPED_WITHOUT_PAPER) !== 0;
  const low = (paper & PAPER_LOW) !== 0;
  const failed = (cause & ERROR_MET) !== 0 || (error & ANY_ERROR) !== 0;
  const state: PaperState = out ? 'out' : low ? 'low' : 'ok';
  return ok({
    online: (printer & OFFLINE) === 0 && !failed,
    paper: state,
    coverOpen: (cause & COVER_OPEN) !== 0,
    ...((printer & DRAWER_OPEN) === 0 ? {} : { drawerOpen: true }),
  });
}

/** Why a printer in this state takes no slip, most tangible cause first; undefined when it is ready. */
export function notReady(status: PrinterStatus): Fault | undefined {
  if (status.coverOpen) return fault('printer-cover-open');
  if (status.paper === 'out') return fault('printer-paper-out');
  if (!status.online) return fault('printer-fault');
  return undefined;
}
