import iconv from 'iconv-lite';
import { columnWidth } from '#core/paper-picture';
import { glyphColumns } from './glyph-columns.ts';
import type { LayoutRow, SlipLayout } from './layout-row.ts';
import { qrModules } from './qr-modules.ts';
import { type CharacterPlan, rowPieces } from './rare-characters.ts';

/**
 * ESC/P-K: the language of 24-pin form printers (针式打印机, 平推打印机) with a Chinese font. Half-width characters at
 * 12 to the inch are 15 dots of 180 to the inch, a Chinese one of 24 dots with 6 dots beside it is two of them, so
 * amounts stand in line. Sizes stay plain: a form is read at the desk, and double rows would cost the page.
 */
const INIT = [0x1b, 0x40];
const CHINESE_ON = [0x1c, 0x26];
/** FS S: dots left and right of a Chinese character. */
const CHINESE_SPACE = [0x1c, 0x53, 0, 6];
/** ESC M: twelve half-width characters to the inch. */
const PITCH_12 = [0x1b, 0x4d];
/** ESC 3 n: line feed of n/180 inch; 28 leaves 37 lines on a page of A5. */
const LINE_DOTS = 28;
const LINE_FEED = [0x1b, 0x33, LINE_DOTS];
/** Bands of a picture touch: 24 pins, 24 dots. */
const BAND_FEED = [0x1b, 0x33, 24];
const PAGE_DOTS = Math.floor((148 / 25.4) * 180);
/** Printers cannot print on the last half inch of a cut sheet. */
const PAGE_LINES = Math.floor((PAGE_DOTS - 60) / LINE_DOTS);
const FORM_FEED = 0x0c;
const NEW_LINE = [0x0d, 0x0a];
const BOLD = { on: [0x1b, 0x45], off: [0x1b, 0x46] };
const COLUMN_DOTS = 15;
const BAND_DOTS = 24;
const QR_MODULE_DOTS = 4;

/** Layout to ESC/P-K bytes; pages end with a form feed, a second one says so at its head. */
export function formBytes(layout: SlipLayout, plan: CharacterPlan | undefined): Uint8Array {
  const parts: Uint8Array[] = [];
  const put = (bytes: readonly number[] | Uint8Array) => parts.push(Uint8Array.from(bytes));
  for (const bytes of [INIT, CHINESE_ON, CHINESE_SPACE, PITCH_12, LINE_FEED]) put(bytes);
  const pages = pagesOf(layout);
  for (const [index, page] of pages.entries()) {
    if (pages.length > 1) {
      put(iconv.encode(`第 ${index + 1} 页 共 ${pages.length} 页`, 'GB18030'));
      put(NEW_LINE);
    }
    for (const line of page) {
      if (line.kind === 'qr') putQr(line.data, layout.columns, put);
      else putRow(line, layout.columns, plan, put);
    }
    put([FORM_FEED]);
  }
  return Buffer.concat(parts);
}

function pagesOf({ lines }: SlipLayout): SlipLayout['lines'][] {
  const pages: SlipLayout['lines'][number][][] = [];
  let page: SlipLayout['lines'][number][] = [];
  // One line of every page says which it is, where there are several.
  let left = PAGE_LINES - 1;
  for (const line of lines) {
    const needed = line.kind === 'qr' ? qrLines(line.data) : 1;
    if (needed > left && page.length > 0) {
      pages.push(page);
      page = [];
      left = PAGE_LINES - 1;
    }
    page.push(line);
    left -= needed;
  }
  return page.length > 0 ? [...pages, page] : pages;
}

function qrLines(data: string): number {
  return Math.ceil((qrModules(data).length * QR_MODULE_DOTS) / LINE_DOTS) + 1;
}

type Put = (bytes: readonly number[] | Uint8Array) => void;

function putRow(line: LayoutRow, columns: number, plan: CharacterPlan | undefined, put: Put): void {
  if (line.bold) put(BOLD.on);
  const spare = line.align === 'center' ? Math.floor((columns - columnWidth(line.text)) / 2) : 0;
  const text = ' '.repeat(Math.max(0, spare)) + line.text;
  const drawn = plan === undefined ? undefined : rowPieces(text, plan);
  for (const piece of drawn ?? [{ kind: 'text' as const, text }]) {
    if (piece.kind === 'text') put(iconv.encode(piece.text, 'GB18030'));
    else putBand(glyphColumns(piece.bitmap), 2 * COLUMN_DOTS, put);
  }
  if (line.bold) put(BOLD.off);
  put(NEW_LINE);
}

/** ESC * 39: 24 pins at 180 dots to the inch, filled up with blank columns to a width. */
function putBand(columns: Uint8Array, widthDots: number, put: Put): void {
  const band = new Uint8Array(5 + widthDots * 3);
  band.set([0x1b, 0x2a, 39, widthDots & 0xff, widthDots >> 8]);
  band.set(columns.subarray(0, widthDots * 3), 5);
  put(band);
}

function putQr(data: string, columns: number, put: Put): void {
  const modules = qrModules(data);
  const dots = modules.length * QR_MODULE_DOTS;
  const indent = Math.floor((columns * COLUMN_DOTS - dots) / 2);
  put(BAND_FEED);
  for (let top = 0; top < dots; top += BAND_DOTS) {
    const band = new Uint8Array((indent + dots) * 3);
    for (let x = 0; x < dots; x += 1) {
      for (let y = 0; y < BAND_DOTS; y += 1) {
        const row = modules[Math.floor((top + y) / QR_MODULE_DOTS)];
        if (row?.[Math.floor(x / QR_MODULE_DOTS)] !== true) continue;
        const at = (indent + x) * 3 + (y >> 3);
        band[at] = (band[at] ?? 0) | (0x80 >> (y & 7));
      }
    }
    putBand(band, indent + dots, put);
    put(NEW_LINE);
  }
  put(LINE_FEED);
  put(NEW_LINE);
}
