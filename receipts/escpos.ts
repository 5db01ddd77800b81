import Printer from 'escpos/printer.js';
import { type PrinterProfile, plainProfile } from '#core/printer-profile';
import { firstLacking } from './charset.ts';
import { formBytes } from './esc-p.ts';
import { GLYPH_DOTS, glyphColumns } from './glyph-columns.ts';
import { slipLayout } from './layout.ts';
import type { LayoutRow, PaperColumns, SlipForm, SlipLayout } from './layout-row.ts';
import type { PaperDocument } from './papers.ts';
import { qrModuleDots, qrModules } from './qr-modules.ts';
import {
  type CharacterPlan,
  type GlyphBitmap,
  type GlyphSource,
  isUndrawable,
  rowPieces,
  spelledOut,
} from './rare-characters.ts';

/** How the paper of a printer is used. */
export interface SlipPaper {
  readonly columns: PaperColumns;
  readonly form?: SlipForm;
  /** What the printer can do; default what every receipt printer of these columns can. */
  readonly profile?: PrinterProfile;
  /** Pictures of characters that the printer's font lacks. */
  readonly glyphs?: GlyphSource;
}

/** Chinese mode on (FS &): after ESC @ its state depends on the printer's switches. */
const CHINESE_ON = Buffer.from([0x1c, 0x26]);

/** Document to bytes for the printer of the profile, whole slip with reset and cut. Same document, same bytes. */
export function slipBytes(document: PaperDocument, paper: SlipPaper): Uint8Array {
  const profile = paper.profile ?? plainProfile(paper.columns);
  const { layout, plan } = planned(document, paper, profile);
  return profile.language === 'esc-p-k' ? formBytes(layout, plan) : layoutBytes(layout, profile, plan);
}

/** The layout that the printer of the profile puts on paper; characters that it can neither print nor draw are spelled out. */
export function paperLayout(document: PaperDocument, paper: SlipPaper): SlipLayout {
  return planned(document, paper, paper.profile ?? plainProfile(paper.columns)).layout;
}

/** A plan only where the printer's font lacks a character: the ordinary slip is looked through once and no more. */
function planned(
  document: PaperDocument,
  { columns, form, glyphs }: SlipPaper,
  profile: PrinterProfile,
): { readonly layout: SlipLayout; readonly plan: CharacterPlan | undefined } {
  const layout = slipLayout(document, columns, form);
  const isPlain = layout.lines.every(
    (line) => line.kind === 'qr' || firstLacking(line.text, profile.charset) < 0,
  );
  if (isPlain) return { layout, plan: undefined };
  const plan = characterPlan(profile, glyphs);
  const isWhole = layout.lines.every((line) => line.kind === 'qr' || !isUndrawable(line.text, plan));
  return { layout: isWhole ? layout : slipLayout(spelledOut(document, plan), columns, form), plan };
}

function characterPlan(profile: PrinterProfile, glyphs: GlyphSource | undefined): CharacterPlan {
  const { charset, bitmap } = profile;
  return { charset, ...(glyphs === undefined || bitmap === 'none' ? {} : { glyphs }) };
}

/** Layout to ESC/POS bytes in GB18030; settings are sent only where they change. */
function layoutBytes(
  layout: SlipLayout,
  profile: PrinterProfile,
  plan: CharacterPlan | undefined,
): Uint8Array {
  let bytes: Uint8Array = new Uint8Array();
  const nothing = () => undefined;
  const take = (all: Buffer) => {
    bytes = new Uint8Array(all);
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
    const pieces = line.kind === 'row' && plan !== undefined ? rowPieces(line.text, plan) : undefined;
    if (line.kind === 'row' && pieces === undefined) {
      rows.push(line.text);
      continue;
    }
    printRows();
    if (line.kind === 'qr') {
      printer.print(profile.qr === 'command' ? qrCommand(line.data) : qrPicture(line.data)).print('\n');
      continue;
    }
    for (const piece of pieces ?? []) {
      if (piece.kind === 'text') printer.pureText(piece.text);
      else printer.print(glyphCommand(piece.bitmap, line.widthScale));
    }
    printer.print('\n');
  }
  printRows();
  change(printer, now, PLAIN);
  if (profile.cutter === 'none') printer.print('\n'.repeat(profile.feed_lines));
  else printer.cut(profile.cutter === 'partial', profile.feed_lines);
  printer.flush();
  return bytes;
}

/**
 * ESC * 33: 24 dots high in line with the text, column by column, three bytes each from the top. It follows neither
 * bold nor height, so in a tall row it stands small on the line; its width is doubled here.
 */
function glyphCommand(bitmap: GlyphBitmap, widthScale: number): Buffer {
  const columns = glyphColumns(bitmap);
  const width = GLYPH_DOTS * widthScale;
  const data = Buffer.alloc(5 + width * 3);
  data.set([0x1b, 0x2a, 33, width & 0xff, width >> 8]);
  for (let x = 0; x < width; x += 1) {
    const from = Math.floor(x / widthScale) * 3;
    data.set(columns.subarray(from, from + 3), 5 + x * 3);
  }
  return data;
}

/** GS v 0: the QR code as a picture, for printers that make none themselves. */
function qrPicture(data: string): Buffer {
  const modules = qrModules(data);
  const moduleDots = qrModuleDots(data);
  const dots = modules.length * moduleDots;
  const widthBytes = Math.ceil(dots / 8);
  const bits = Buffer.alloc(widthBytes * dots);
  for (let y = 0; y < dots; y += 1) {
    const row = modules[Math.floor(y / moduleDots)] ?? [];
    for (let x = 0; x < dots; x += 1) {
      if (row[Math.floor(x / moduleDots)] !== true) continue;
      const at = y * widthBytes + (x >> 3);
      bits[at] = (bits[at] ?? 0) | (0x80 >> (x & 7));
    }
  }
  const size = [widthBytes & 0xff, widthBytes >> 8, dots & 0xff, dots >> 8];
  return Buffer.concat([Buffer.from([0x1d, 0x76, 0x30, 0, ...size]), bits]);
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
    Buffer.from([0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x43, qrModuleDots(data)]),
    Buffer.from([0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x45, 0x31]),
    Buffer.from([0x1d, 0x28, 0x6b, length & 0xff, length >> 8, 0x31, 0x50, 0x30]),
    content,
    Buffer.from([0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x51, 0x30]),
  ]);
}
