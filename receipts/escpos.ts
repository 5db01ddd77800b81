import Printer from 'escpos/printer.js';
import { slipLayout } from './layout.ts';
import type { LayoutRow, PaperColumns, SlipForm, SlipLayout } from './layout-row.ts';
import type { PaperDocument } from './papers.ts';

/** How the paper of a printer is used. */
export interface SlipPaper {
  readonly columns: PaperColumns;
  readonly form?: SlipForm;
}

const QR_MODULE_DOTS = 5;
/** From the print head to the cutter: blank lines that bring the last printed line past the blade. */
const LINES_TO_CUTTER = 4;

/** Chinese mode on (FS &): after ESC @ its state depends on the printer's switches. */
const CHINESE_ON = Buffer.from([0x1c, 0x26]);
/** ESC p 0, pulse 50 ms, pause 500 ms: connector pin 2. `escpos` sends this command without its two times. */
const DRAWER_KICK = [0x1b, 0x70, 0x00, 0x19, 0xfa] as const;

/** Document to ESC/POS bytes in GB18030, whole slip with reset and cut. Same document, same bytes. */
export function slipBytes(document: PaperDocument, paper: SlipPaper): Uint8Array {
  return layoutBytes(slipLayout(document, paper.columns, paper.form));
}

/** Layout to ESC/POS bytes; settings are sent only where they change. */
function layoutBytes(layout: SlipLayout): Uint8Array {
  let bytes: Uint8Array = new Uint8Array();
  const nothing = () => undefined;
  const take = (all: Buffer) => {
    bytes = Uint8Array.from(all);
  };
  const printer = new Printer({ open: nothing, write: take, close: nothing }, { encoding: 'GB18030' });
  printer.hardware('init').print(CHINESE_ON);
  let now: Look = PLAIN;
  let rows: string[] = [];
  // Rows that look alike go to the encoder as one text: one call for dozens of lines.
  const printRows = () => {
    if (rows.length > 0) printer.text(rows.join('\n'));
    rows = [];
  };
  for (const line of layout.lines) {
    const wanted = line.kind === 'row' ? lookOf(line) : CENTRED;
    if (!sameLook(now, wanted)) {
      printRows();
      now = change(printer, now, wanted);
    }
    if (line.kind === 'row') rows.push(line.text);
    else {
      printRows();
      printer.print(qrCommand(line.data)).print('\n');
    }
  }
  printRows();
  change(printer, now, PLAIN);
  printer.cut(true, LINES_TO_CUTTER);
  printer.flush();
  return bytes;
}

/** Opens the cash drawer that hangs on the printer. */
export function drawerKick(): Uint8Array {
  return Uint8Array.from(DRAWER_KICK);
}

interface Look {
  readonly align: 'left' | 'center';
  /** Operand of GS !: width − 1 in the high half, height − 1 in the low half. */
  readonly size: number;
  readonly bold: boolean;
  readonly inverted: boolean;
}

const PLAIN: Look = { align: 'left', size: 0, bold: false, inverted: false };
const CENTRED: Look = { ...PLAIN, align: 'center' };

function sameLook(a: Look, b: Look): boolean {
  return a.align === b.align && a.size === b.size && a.bold === b.bold && a.inverted === b.inverted;
}

function lookOf(line: LayoutRow): Look {
  const size = ((line.widthScale - 1) << 4) | (line.heightScale - 1);
  return { align: line.align, size, bold: line.bold, inverted: line.inverted };
}

function change(printer: Printer, from: Look, to: Look): Look {
  if (from.align !== to.align) printer.align(to.align === 'center' ? 'ct' : 'lt');
  if (from.size !== to.size) printer.print(sizeCommand(to.size));
  if (from.bold !== to.bold) printer.print(Buffer.from([0x1b, 0x45, to.bold ? 1 : 0]));
  if (from.inverted !== to.inverted) printer.print(Buffer.from([0x1d, 0x42, to.inverted ? 1 : 0]));
  return to;
}

/**
 * GS ! for all characters, then FS ! for Chinese ones: some printers scale Chinese characters by FS ! only,
 * and where both count they say the same. ESC !, which `escpos` uses for sizes, leaves Chinese ones alone.
 */
function sizeCommand(size: number): Buffer {
  const chinese = (size & 0x10 ? 0x04 : 0) | (size & 0x01 ? 0x08 : 0);
  return Buffer.from([0x1d, 0x21, size, 0x1c, 0x21, chinese]);
}

/** GS ( k: model 2, module size, correction level M, store, print. */
function qrCommand(data: string): Buffer {
  const content = Buffer.from(data, 'utf8');
  const length = content.length + 3;
  return Buffer.concat([
    Buffer.from([0x1d, 0x28, 0x6b, 4, 0, 0x31, 0x41, 0x32, 0]),
    Buffer.from([0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x43, QR_MODULE_DOTS]),
    Buffer.from([0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x45, 0x31]),
    Buffer.from([0x1d, 0x28, 0x6b, length & 0xff, length >> 8, 0x31, 0x50, 0x30]),
    content,
    Buffer.from([0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x51, 0x30]),
  ]);
}
