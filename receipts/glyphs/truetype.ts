import { type FontBytes, Outline, type Outlines } from './font-bytes.ts';

const ON_CURVE = 0x01;
const X_SHORT = 0x02;
const Y_SHORT = 0x04;
const REPEAT = 0x08;
const X_SAME = 0x10;
const Y_SAME = 0x20;
const ARGS_ARE_WORDS = 0x0001;
const ARGS_ARE_XY = 0x0002;
const HAS_SCALE = 0x0008;
const MORE = 0x0020;
const HAS_XY_SCALE = 0x0040;
const HAS_MATRIX = 0x0080;
const NESTED_AT_MOST = 6;

interface Place {
  readonly glyphs: number;
  readonly places: number;
  readonly hasLongPlaces: boolean;
  readonly count: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
  readonly isOn: boolean;
}

/** Outlines of the tables glyf and loca: quadratic curves, composed glyphs. */
export class TrueTypeOutlines implements Outlines {
  readonly #bytes: FontBytes;
  readonly #place: Place;

  constructor(bytes: FontBytes, place: Place) {
    this.#bytes = bytes;
    this.#place = place;
  }

  outline(glyph: number): Outline | undefined {
    const contours = this.#contours(glyph, 0);
    const outline = new Outline();
    for (const contour of contours) draw(contour, outline);
    return outline;
  }

  #contours(glyph: number, depth: number): Point[][] {
    const { places, hasLongPlaces, glyphs, count } = this.#place;
    if (glyph >= count || depth > NESTED_AT_MOST) return [];
    const at = (index: number): number =>
      hasLongPlaces ? this.#bytes.u32(places + index * 4) : this.#bytes.u16(places + index * 2) * 2;
    const length = at(glyph + 1) - at(glyph);
    if (length < 10) return [];
    const data = this.#bytes.view(glyphs + at(glyph), length);
    const contours = data.getInt16(0);
    return contours < 0 ? this.#composed(data, depth) : simple(data, contours);
  }

  #composed(data: DataView, depth: number): Point[][] {
    const found: Point[][] = [];
    let at = 10;
    let flags = MORE;
    while ((flags & MORE) !== 0) {
      flags = data.getUint16(at);
      const part = data.getUint16(at + 2);
      at += 4;
      const isWide = (flags & ARGS_ARE_WORDS) !== 0;
      const isXy = (flags & ARGS_ARE_XY) !== 0;
      const dx = !isXy ? 0 : isWide ? data.getInt16(at) : data.getInt8(at);
      const dy = !isXy ? 0 : isWide ? data.getInt16(at + 2) : data.getInt8(at + 1);
      at += isWide ? 4 : 2;
      const [a, b, c, d, used] = matrix(data, at, flags);
      at += used;
      for (const contour of this.#contours(part, depth + 1)) {
        found.push(contour.map(({ x, y, isOn }) => ({ x: a * x + c * y + dx, y: b * x + d * y + dy, isOn })));
      }
    }
    return found;
  }
}

function matrix(
  data: DataView,
  at: number,
  flags: number,
): readonly [number, number, number, number, number] {
  const f2 = (offset: number): number => data.getInt16(at + offset) / 16_384;
  if ((flags & HAS_SCALE) !== 0) return [f2(0), 0, 0, f2(0), 2];
  if ((flags & HAS_XY_SCALE) !== 0) return [f2(0), 0, 0, f2(2), 4];
  if ((flags & HAS_MATRIX) !== 0) return [f2(0), f2(2), f2(4), f2(6), 8];
  return [1, 0, 0, 1, 0];
}

function simple(data: DataView, contours: number): Point[][] {
  const ends = Array.from({ length: contours }, (_, index) => data.getUint16(10 + index * 2));
  const count = (ends.at(-1) ?? -1) + 1;
  let at = 10 + contours * 2;
  at += 2 + data.getUint16(at);
  const flags: number[] = [];
  while (flags.length < count) {
    const flag = data.getUint8(at);
    at += 1;
    let times = 1;
    if ((flag & REPEAT) !== 0) {
      times += data.getUint8(at);
      at += 1;
    }
    for (let index = 0; index < times; index += 1) flags.push(flag);
  }
  const axis = (short: number, same: number): number[] => {
    let value = 0;
    return flags.slice(0, count).map((flag) => {
      if ((flag & short) !== 0) {
        const step = data.getUint8(at);
        at += 1;
        value += (flag & same) === 0 ? -step : step;
      } else if ((flag & same) === 0) {
        value += data.getInt16(at);
        at += 2;
      }
      return value;
    });
  };
  const xs = axis(X_SHORT, X_SAME);
  const ys = axis(Y_SHORT, Y_SAME);
  const points = xs.map((x, i): Point => ({ x, y: ys[i] ?? 0, isOn: ((flags[i] ?? 0) & ON_CURVE) !== 0 }));
  return ends.map((end, index) => points.slice((ends[index - 1] ?? -1) + 1, end + 1));
}

/** Between two control points lies one of the curve, half-way. */
function draw(contour: readonly Point[], outline: Outline): void {
  const first = contour[0];
  const last = contour.at(-1);
  if (first === undefined || last === undefined) return;
  const start = first.isOn ? first : last.isOn ? last : halfway(first, last);
  outline.moveTo(start.x, start.y);
  let control: Point | undefined;
  for (const point of [...contour.slice(first.isOn ? 1 : 0), start]) {
    if (control === undefined) {
      if (point.isOn || point === start) outline.lineTo(point.x, point.y);
      else control = point;
      continue;
    }
    const to = point.isOn || point === start ? point : halfway(control, point);
    outline.quadTo(control.x, control.y, to.x, to.y);
    control = point.isOn || point === start ? undefined : point;
  }
}

function halfway(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, isOn: true };
}
