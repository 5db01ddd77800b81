import { BYTES_MAX } from './scan-text.ts';

const STX = 0x02;
const ETX = 0x03;
const LF = 0x0a;
const CR = 0x0d;

/** What came and belongs to no whole scan yet. */
export interface SplitState {
  readonly bytes: readonly number[];
  /** Too many bytes came without an end: all up to the next end are dropped. */
  readonly overrun: boolean;
  /** This scanner ends its texts with a sign; a pause alone is then no end so soon. */
  readonly terminated: boolean;
}

export interface SplitStep {
  readonly state: SplitState;
  /** Bytes of whole scans, in order; undefined stands for one that was too long. */
  readonly scans: readonly (Uint8Array | undefined)[];
}

export const emptySplit: SplitState = { bytes: [], overrun: false, terminated: false };

/**
 * Cuts the bytes of a serial scanner into scans at CR, LF or ETX, wherever the chunks were cut. CR LF is one
 * end; STX begins anew. What stays is ended by a pause: see `pauseMs` and `endByPause`.
 */
export function splitBytes(before: SplitState, chunk: Uint8Array): SplitStep {
  let bytes = [...before.bytes];
  let { overrun, terminated } = before;
  const scans: (Uint8Array | undefined)[] = [];
  for (const byte of chunk) {
    if (byte === CR || byte === LF || byte === ETX) {
      terminated ||= bytes.length > 0 || overrun;
      if (overrun) scans.push(undefined);
      else if (bytes.length > 0) scans.push(Uint8Array.from(bytes));
      bytes = [];
      overrun = false;
    } else if (byte === STX) {
      bytes = [];
      overrun = false;
    } else if (bytes.length < BYTES_MAX && !overrun) bytes.push(byte);
    else {
      bytes = [];
      overrun = true;
    }
  }
  return { state: { bytes, overrun, terminated }, scans };
}

/** How long silence must last until it ends a scan, in ms: long where ends are marked, or half a code would be one. */
export function pauseMs(state: SplitState): number {
  return state.terminated ? 600 : 90;
}

/** The line fell silent: what stays is a scan whose end was not marked. */
export function endByPause(before: SplitState): SplitStep {
  const scans: (Uint8Array | undefined)[] = [];
  if (before.overrun) scans.push(undefined);
  else if (before.bytes.length > 0) scans.push(Uint8Array.from(before.bytes));
  return { state: { ...before, bytes: [], overrun: false }, scans };
}
