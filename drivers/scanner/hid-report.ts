import { BYTES_MAX } from './scan-text.ts';

/**
 * Input report of a barcode scanner in HID POS mode, 64 bytes as Honeywell, Zebra, Datalogic and Access-IS send
 * it; the fields are usages of page 8C (USB HID Point of Sale Usage Tables 1.02, section 3):
 *
 * | byte | field |
 * |---|---|
 * | 0 | report id, 2 (scanned data report, usage 12) |
 * | 1 | length of the data in this report, 0 to 56 |
 * | 2–4 | symbology: `]` and two signs (usages FB–FD); zeros when the scanner does not tell |
 * | 5–60 | decoded data (usage FE), filled up with zeros |
 * | 61 | further symbology of the maker |
 * | 62 | reserved |
 * | 63 | bit 0: the data goes on in the next report (usage FF) |
 *
 * A report that is cut short after its data is taken as a last one.
 */
const hidReportId = 2;
const LENGTH_AT = 1;
const SYMBOLOGY_AT = 2;
const DATA_AT = 5;
const DATA_MAX = 56;
const CONTINUED_AT = 63;
const BRACKET = 0x5d;

export interface HidReportState {
  readonly symbology: string;
  readonly bytes: readonly number[];
  /** A part of this scan was not readable: what follows up to its last report is dropped. */
  readonly spoiled: boolean;
}

export interface HidReportStep {
  readonly state: HidReportState;
  /** A whole scan: symbology prefix (`]E0`, or empty) and data. */
  readonly scan?: { readonly symbology: string; readonly bytes: Uint8Array };
  /** Why this report, or the scan that ends with it, cannot be read; without a part of its text. */
  readonly garbled?: string;
}

export const emptyHidState: HidReportState = { symbology: '', bytes: [], spoiled: false };

/** Takes one input report. Any bytes are allowed; reports with another id are none of its business. */
export function decodeHidReport(report: Uint8Array, before: HidReportState): HidReportStep {
  if (report[0] !== hidReportId) return { state: before };
  const continued = ((report[CONTINUED_AT] ?? 0) & 1) === 1;
  const wrong = wrongPart(report);
  const spoiled = before.spoiled || wrong !== undefined;
  if (spoiled) {
    const state = continued ? { ...emptyHidState, spoiled } : emptyHidState;
    // Told once for each scan, with its first bad report.
    return wrong === undefined || before.spoiled ? { state } : { state, garbled: wrong };
  }
  const length = report[LENGTH_AT] ?? 0;
  const bytes = [...before.bytes, ...report.subarray(DATA_AT, DATA_AT + length)];
  if (bytes.length > BYTES_MAX) {
    return {
      state: continued ? { ...emptyHidState, spoiled: true } : emptyHidState,
      garbled: `${bytes.length} bytes without an end`,
    };
  }
  const symbology = before.bytes.length > 0 ? before.symbology : symbologyOf(report);
  if (continued) return { state: { symbology, bytes, spoiled: false } };
  if (bytes.length === 0) return { state: emptyHidState };
  return { state: emptyHidState, scan: { symbology, bytes: Uint8Array.from(bytes) } };
}

function wrongPart(report: Uint8Array): string | undefined {
  const length = report[LENGTH_AT];
  if (length === undefined || report.length < DATA_AT) return `report of ${report.length} bytes`;
  if (length > DATA_MAX) return `length byte ${length}`;
  if (DATA_AT + length > report.length) return `${length} bytes of data in a report of ${report.length}`;
  const flag = report[SYMBOLOGY_AT];
  return flag === BRACKET || flag === 0 ? undefined : 'no symbology where it belongs';
}

function symbologyOf(report: Uint8Array): string {
  if (report[SYMBOLOGY_AT] !== BRACKET) return '';
  const text = String.fromCharCode(...report.subarray(SYMBOLOGY_AT, DATA_AT));
  return /^\][A-Za-z][0-9A-Za-z]$/.test(text) ? text : '';
}
