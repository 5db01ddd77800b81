import { assert } from './assert.ts';

/**
 * What is on a strip of thermal paper, and a picture of it. Shared by the preview of a slip before printing
 * and by the virtual printer after decoding, so that both look alike. Lengths are printer dots (203 dpi,
 * 8 dots a millimetre): a half-width character is 12 × 24 dots, a full-width one 24 × 24.
 */
export interface PaperRun {
  readonly text: string;
  /** 1 to 8. */
  readonly widthScale: number;
  readonly heightScale: number;
  readonly bold: boolean;
  readonly underline: boolean;
  readonly inverted: boolean;
  /** A drawn character in line with the text: columns of 24 dots, three bytes each from the top. `text` is one U+FFFC. */
  readonly columns?: Uint8Array;
}

export type PaperAlign = 'left' | 'center' | 'right';

export type PaperItem =
  | { readonly kind: 'row'; readonly align: PaperAlign; readonly runs: readonly PaperRun[] }
  | {
      readonly kind: 'matrix';
      readonly align: PaperAlign;
      /** Rows of dark (true) and light modules: a QR code. */
      readonly modules: readonly (readonly boolean[])[];
      readonly moduleDots: number;
    }
  | {
      readonly kind: 'raster';
      readonly align: PaperAlign;
      readonly widthBytes: number;
      readonly heightDots: number;
      /** Row by row, most significant bit first, 1 is black. */
      readonly bits: Uint8Array;
      readonly widthScale: number;
      readonly heightScale: number;
    }
  | { readonly kind: 'feed'; readonly heightDots: number };

const CELL_DOTS = 12;
const GLYPH_DOTS = 24;
const LINE_GAP_DOTS = 6;
const MARGIN_DOTS = 30;
const TOOTH_DOTS = 9;
const INK = '#1c1b1a';
const PAPER = '#fffefb';
const FONTS =
  "'Sarasa Mono SC','Noto Sans Mono CJK SC','Source Han Mono SC','WenQuanYi Zen Hei Mono',NSimSun,SimSun,'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',monospace";

/**
 * Columns that a text takes on paper: ASCII one, everything else two, because a printer in Chinese mode
 * gives each two- and four-byte code a full square.
 */
export function columnWidth(text: string): number {
  let columns = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    // A character outside the first plane is two code units and two columns already.
    if (code >= 0x80 && (code < 0xd800 || code > 0xdfff)) columns += 1;
  }
  return columns;
}

/**
 * The strip as a standalone SVG picture, `columns` half-width characters wide. It holds presentation
 * attributes only (no style, script or link), so a page under a strict content policy may embed it.
 */
export function paperSvg(items: readonly PaperItem[], columns: number): string {
  assert(columns > 0, 'paper has a width');
  const inkDots = columns * CELL_DOTS;
  const widthDots = inkDots + 2 * MARGIN_DOTS;
  const parts: string[] = [];
  let y = MARGIN_DOTS;
  for (const item of items) y += draw(item, y, inkDots, parts);
  const heightDots = y + MARGIN_DOTS;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${widthDots} ${heightDots + TOOTH_DOTS}" width="${widthDots}" height="${heightDots + TOOTH_DOTS}">`,
    `<path d="${outline(widthDots, heightDots)}" fill="${PAPER}" stroke="#d9d5cc" stroke-width="1"/>`,
    `<g transform="translate(${MARGIN_DOTS} 0)" fill="${INK}" font-family="${FONTS}" font-size="${GLYPH_DOTS}">`,
    ...parts,
    '</g></svg>',
  ].join('\n');
}

/** Paper with a toothed lower edge, as a cutter or a tear bar leaves it. */
function outline(widthDots: number, heightDots: number): string {
  const teeth = Math.round(widthDots / (2 * TOOTH_DOTS));
  const step = widthDots / (2 * teeth);
  const points: string[] = [];
  for (let index = 1; index <= 2 * teeth; index += 1) {
    const dy = index % 2 === 1 ? TOOTH_DOTS : 0;
    points.push(`L${round(widthDots - index * step)} ${heightDots + dy}`);
  }
  return `M0 0H${widthDots}V${heightDots}${points.join('')}Z`;
}

/** Draws one item at `y`; answers its height in dots. */
function draw(item: PaperItem, y: number, inkDots: number, parts: string[]): number {
  switch (item.kind) {
    case 'feed':
      return item.heightDots;
    case 'row':
      return drawRow(item, y, inkDots, parts);
    case 'matrix': {
      const sizeDots = item.modules.length * item.moduleDots;
      const x = offset(item.align, sizeDots, inkDots);
      const path = item.modules.map((row, line) => darkRuns(row, line)).join('');
      parts.push(
        `<path transform="translate(${x} ${y}) scale(${item.moduleDots})" shape-rendering="crispEdges" d="${path}"/>`,
      );
      return sizeDots + LINE_GAP_DOTS;
    }
    case 'raster': {
      const x = offset(item.align, item.widthBytes * 8 * item.widthScale, inkDots);
      const lines: string[] = [];
      for (let line = 0; line < item.heightDots; line += 1) {
        lines.push(darkRuns(rasterRow(item.bits, item.widthBytes, line), line));
      }
      parts.push(
        `<path transform="translate(${x} ${y}) scale(${item.widthScale} ${item.heightScale})" shape-rendering="crispEdges" d="${lines.join('')}"/>`,
      );
      return item.heightDots * item.heightScale;
    }
  }
}

function drawRow(
  row: Extract<PaperItem, { kind: 'row' }>,
  y: number,
  inkDots: number,
  parts: string[],
): number {
  const tallest = Math.max(1, ...row.runs.map((run) => run.heightScale));
  const rowDots = tallest * GLYPH_DOTS;
  const textDots = row.runs.reduce((sum, run) => sum + runDots(run), 0);
  let x = offset(row.align, textDots, inkDots);
  for (const run of row.runs) {
    drawRun(run, x, y, rowDots, parts);
    x += runDots(run);
  }
  return rowDots + LINE_GAP_DOTS;
}

function drawRun(run: PaperRun, x: number, y: number, rowDots: number, parts: string[]): void {
  const widthDots = runDots(run);
  if (/^-{8,}$/.test(run.text)) {
    // A row of hyphens is a rule: one dashed stroke reads better than glyphs with gaps of a font's own.
    const middle = y + rowDots - GLYPH_DOTS / 2;
    parts.push(
      `<path d="M${x} ${middle}H${x + widthDots}" stroke="${INK}" stroke-width="1.6" stroke-dasharray="8 4"/>`,
    );
    return;
  }
  const heightDots = run.heightScale * GLYPH_DOTS;
  const topDots = y + rowDots - heightDots;
  if (run.columns !== undefined) {
    parts.push(drawnCharacter(run.columns, x, topDots));
    return;
  }
  if (run.inverted) {
    parts.push(
      `<rect x="${x}" y="${topDots - 2}" width="${widthDots}" height="${heightDots + 4}" fill="${INK}"/>`,
    );
  }
  const look = [
    run.bold ? ' font-weight="700"' : '',
    run.underline ? ' text-decoration="underline"' : '',
    run.inverted ? ` fill="${PAPER}"` : '',
  ].join('');
  const glyphs = placedText(run.text);
  if (glyphs === '') return;
  const baseline = topDots + run.heightScale * GLYPH_DOTS * 0.86;
  parts.push(`<g transform="translate(${round(x)} ${round(baseline)})${scale(run)}"${look}>${glyphs}</g>`);
}

function drawnCharacter(columns: Uint8Array, x: number, y: number): string {
  let path = '';
  for (let line = 0; line < GLYPH_DOTS; line += 1) {
    const row = Array.from(
      { length: columns.length / 3 },
      (_, column) => ((columns[column * 3 + (line >> 3)] ?? 0) & (0x80 >> (line & 7))) !== 0,
    );
    path += darkRuns(row, line);
  }
  return `<path transform="translate(${round(x)} ${round(y)})" shape-rendering="crispEdges" d="${path}"/>`;
}

function scale(run: PaperRun): string {
  if (run.widthScale === 1 && run.heightScale === 1) return '';
  return ` scale(${run.widthScale} ${run.heightScale})`;
}

/**
 * Every character gets its own column, whatever font the viewer has: otherwise amounts drift out of line.
 * Characters outside the first plane stand alone, since viewers count their positions differently.
 */
function placedText(text: string): string {
  const words: { x: number[]; text: string }[] = [];
  let column = 0;
  let open = false;
  for (const char of text) {
    const single = char.length > 1;
    if (char === ' ') {
      open = false;
    } else {
      const last = words.at(-1);
      if (!open || single || last === undefined) words.push({ x: [column * CELL_DOTS], text: char });
      else {
        last.x.push(column * CELL_DOTS);
        last.text += char;
      }
      open = !single;
    }
    column += columnWidth(char);
  }
  return words.map((word) => `<text x="${word.x.join(' ')}">${escapeXml(word.text)}</text>`).join('');
}

function runDots(run: PaperRun): number {
  if (run.columns !== undefined) return run.columns.length / 3;
  return columnWidth(run.text) * CELL_DOTS * run.widthScale;
}

function offset(align: PaperAlign, widthDots: number, inkDots: number): number {
  if (align === 'left') return 0;
  const spare = Math.max(0, inkDots - widthDots);
  return align === 'right' ? spare : Math.floor(spare / 2);
}

function rasterRow(bits: Uint8Array, widthBytes: number, line: number): boolean[] {
  const row: boolean[] = [];
  for (let index = 0; index < widthBytes; index += 1) {
    const byte = bits[line * widthBytes + index] ?? 0;
    for (let mask = 0x80; mask > 0; mask >>= 1) row.push((byte & mask) !== 0);
  }
  return row;
}

function darkRuns(row: readonly boolean[], line: number): string {
  let path = '';
  let start = -1;
  for (let index = 0; index <= row.length; index += 1) {
    const dark = row[index] === true;
    if (dark && start < 0) start = index;
    if (!dark && start >= 0) {
      path += `M${start} ${line}h${index - start}v1h-${index - start}z`;
      start = -1;
    }
  }
  return path;
}

function escapeXml(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, '?')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}
