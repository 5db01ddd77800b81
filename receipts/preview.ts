import { columnWidth, type PaperItem, paperSvg } from '#core/paper-picture';
import { paperLayout, type SlipPaper } from './escpos.ts';
import type { LayoutLine, LayoutRow, SlipLayout } from './layout-row.ts';
import type { PaperDocument } from './papers.ts';
import { qrModuleDots, qrModules } from './qr-modules.ts';

/** A slip on screen: the same lines as on paper, as text and as a standalone SVG picture. */
export function slipPreview(
  document: PaperDocument,
  paper: SlipPaper,
): { readonly svg: string; readonly text: string } {
  const layout = paperLayout(document, paper);
  return { svg: layoutSvg(layout), text: layoutText(layout) };
}

/** One line of text per printed line; the QR code as its content in square brackets. */
function layoutText(layout: SlipLayout): string {
  return layout.lines.map((line) => textOf(line, layout.columns)).join('\n');
}

function layoutSvg(layout: SlipLayout): string {
  return paperSvg(layout.lines.map(itemOf), layout.columns);
}

function textOf(line: LayoutLine, columns: number): string {
  if (line.kind === 'qr') return `[${line.data}]`;
  if (line.align === 'left') return line.text.trimEnd();
  const spare = columns - columnWidth(line.text) * line.widthScale;
  return (' '.repeat(Math.max(0, Math.floor(spare / 2))) + line.text).trimEnd();
}

function itemOf(line: LayoutLine): PaperItem {
  if (line.kind === 'row') return rowItem(line);
  const modules = qrModules(line.data);
  return { kind: 'matrix', align: 'center', modules, moduleDots: qrModuleDots(line.data) };
}

function rowItem(line: LayoutRow): PaperItem {
  const { text, widthScale, heightScale, bold, inverted } = line;
  return {
    kind: 'row',
    align: line.align,
    runs: [{ text, widthScale, heightScale, bold, inverted, underline: false }],
  };
}
