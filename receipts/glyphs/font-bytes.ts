/** A font file as it is needed: pieces of it, never the whole of its megabytes. */
export interface FontFile {
  /** Exactly so many bytes; throws a RangeError past the end. */
  read(offset: number, length: number): Uint8Array;
}

/** Big-endian numbers of a font file; whatever lies outside of it throws a RangeError. */
export class FontBytes {
  readonly #file: FontFile;

  constructor(file: FontFile) {
    this.#file = file;
  }

  view(offset: number, length: number): DataView {
    const bytes = this.#file.read(offset, length);
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  bytes(offset: number, length: number): Uint8Array {
    return this.#file.read(offset, length);
  }

  u8(offset: number): number {
    return this.view(offset, 1).getUint8(0);
  }

  u16(offset: number): number {
    return this.view(offset, 2).getUint16(0);
  }

  i16(offset: number): number {
    return this.view(offset, 2).getInt16(0);
  }

  u32(offset: number): number {
    return this.view(offset, 4).getUint32(0);
  }
}

/** An outline being drawn: straight pieces only, curves are cut into so many. */
export class Outline {
  readonly contours: (readonly [number, number])[][] = [];
  #x = 0;
  #y = 0;

  get x(): number {
    return this.#x;
  }

  get y(): number {
    return this.#y;
  }

  moveTo(x: number, y: number): void {
    this.contours.push([[x, y]]);
    this.#x = x;
    this.#y = y;
  }

  lineTo(x: number, y: number): void {
    const open = this.contours.at(-1);
    if (open === undefined) this.contours.push([[this.#x, this.#y]]);
    this.contours.at(-1)?.push([x, y]);
    this.#x = x;
    this.#y = y;
  }

  quadTo(cx: number, cy: number, x: number, y: number): void {
    const { x: x0, y: y0 } = this;
    for (let step = 1; step <= 6; step += 1) {
      const t = step / 6;
      const u = 1 - t;
      this.lineTo(u * u * x0 + 2 * u * t * cx + t * t * x, u * u * y0 + 2 * u * t * cy + t * t * y);
    }
  }

  cubicTo(ax: number, ay: number, bx: number, by: number, x: number, y: number): void {
    const { x: x0, y: y0 } = this;
    for (let step = 1; step <= 8; step += 1) {
      const t = step / 8;
      const u = 1 - t;
      const [p, q, r, s] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
      this.lineTo(p * x0 + q * ax + r * bx + s * x, p * y0 + q * ay + r * by + s * y);
    }
  }
}

/** Outlines of one font by glyph number; undefined when it has no such glyph. */
export interface Outlines {
  outline(glyph: number): Outline | undefined;
}

/** Pieces of charstrings that others call. */
export interface Subroutines {
  readonly count: number;
  entry(index: number): { readonly bytes: Uint8Array } | undefined;
}
