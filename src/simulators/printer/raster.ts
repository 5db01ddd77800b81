import type { PaperAlign, PaperItem } from '#core/paper-picture';

/** GS v 0 m xL xH yL yH d…, operands after `GS v`; undefined when sizes and data do not agree. */
export function rasterItem(operands: Uint8Array, align: PaperAlign): PaperItem | undefined {
  const [, mode = 0, xl = 0, xh = 0, yl = 0, yh = 0] = operands;
  const widthBytes = xl + 256 * xh;
  const heightDots = yl + 256 * yh;
  const bits = operands.subarray(6);
  if (bits.length !== widthBytes * heightDots || bits.length === 0) return undefined;
  const widthScale = (mode & 1) === 1 ? 2 : 1;
  const heightScale = (mode & 2) === 2 ? 2 : 1;
  return { kind: 'raster', align, widthBytes, heightDots, bits, widthScale, heightScale };
}

/** GS ( L / GS 8 L function 112: m, fn, tone, bx, by, colour, xL xH yL yH (in dots), data. */
export function graphicsItem(body: Uint8Array, align: PaperAlign): PaperItem | undefined {
  const [, code, , bx = 1, by = 1, , xl = 0, xh = 0, yl = 0, yh = 0] = body;
  if (code !== 0x70) return undefined;
  const widthBytes = Math.ceil((xl + 256 * xh) / 8);
  const heightDots = yl + 256 * yh;
  const bits = body.subarray(10);
  if (bits.length !== widthBytes * heightDots || bits.length === 0) return undefined;
  return { kind: 'raster', align, widthBytes, heightDots, bits, widthScale: bx, heightScale: by };
}
