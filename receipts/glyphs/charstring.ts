import { Outline, type Subroutines } from './font-bytes.ts';

const NESTED_AT_MOST = 10;

/** Runs a Type 2 charstring (Adobe Technical Note 5177) and keeps the outline that it draws; hints are skipped. */
export class CharstringRun {
  readonly outline = new Outline();
  readonly #global: Subroutines;
  readonly #local: Subroutines | undefined;
  #stack: number[] = [];
  #hints = 0;
  #isFirst = true;
  #isDone = false;

  constructor(global: Subroutines, local: Subroutines | undefined) {
    this.#global = global;
    this.#local = local;
  }

  run(code: Uint8Array, depth = 0): void {
    if (depth > NESTED_AT_MOST) throw new RangeError('charstring nested too deep');
    for (let at = 0; at < code.length && !this.#isDone; ) {
      const byte = code[at] ?? 0;
      if (byte >= 32 || byte === 28) {
        at += this.#number(code, at);
        continue;
      }
      at += 1;
      if (byte === 19 || byte === 20) {
        this.#stems();
        at += Math.ceil(this.#hints / 8);
      } else if (byte === 12) {
        this.#flex(code[at] ?? 0);
        at += 1;
      } else if (byte === 11) {
        return;
      } else if (byte === 10 || byte === 29) {
        this.#call(byte === 10 ? this.#local : this.#global, depth);
      } else {
        this.#operator(byte);
      }
    }
  }

  /** Pushes one number; answers how many bytes it took. */
  #number(code: Uint8Array, at: number): number {
    const byte = code[at] ?? 0;
    const next = (ahead: number): number => code[at + ahead] ?? 0;
    if (byte === 28) this.#stack.push(((next(1) << 24) | (next(2) << 16)) >> 16);
    else if (byte <= 246) this.#stack.push(byte - 139);
    else if (byte <= 250) this.#stack.push((byte - 247) * 256 + next(1) + 108);
    else if (byte <= 254) this.#stack.push(-(byte - 251) * 256 - next(1) - 108);
    else this.#stack.push(((next(1) << 24) | (next(2) << 16) | (next(3) << 8) | next(4)) / 65_536);
    return byte === 28 ? 3 : byte <= 246 ? 1 : byte <= 254 ? 2 : 5;
  }

  #call(index: Subroutines | undefined, depth: number): void {
    const count = index?.count ?? 0;
    const bias = count < 1_240 ? 107 : count < 33_900 ? 1_131 : 32_768;
    const code = index?.entry((this.#stack.pop() ?? 0) + bias)?.bytes;
    if (code === undefined) throw new RangeError('charstring calls nothing');
    this.run(code, depth + 1);
  }

  #operator(byte: number): void {
    switch (byte) {
      case 1:
      case 3:
      case 18:
      case 23:
        this.#stems();
        return;
      case 4:
        this.#width(1);
        this.#move(0, this.#stack[0] ?? 0);
        break;
      case 21:
        this.#width(2);
        this.#move(this.#stack[0] ?? 0, this.#stack[1] ?? 0);
        break;
      case 22:
        this.#width(1);
        this.#move(this.#stack[0] ?? 0, 0);
        break;
      case 14:
        this.#isDone = true;
        break;
      default:
        this.#path(byte);
    }
    this.#stack = [];
  }

  #path(byte: number): void {
    switch (byte) {
      case 5:
        this.#lines(this.#stack);
        break;
      case 6:
      case 7:
        for (const [index, step] of this.#stack.entries()) {
          const isAcross = (index % 2 === 0) === (byte === 6);
          this.#line(isAcross ? step : 0, isAcross ? 0 : step);
        }
        break;
      case 8:
        this.#curves(this.#stack);
        break;
      case 24:
        this.#curves(this.#stack.slice(0, -2));
        this.#lines(this.#stack.slice(-2));
        break;
      case 25:
        this.#lines(this.#stack.slice(0, -6));
        this.#curves(this.#stack.slice(-6));
        break;
      case 26:
      case 27:
        this.#straightCurves(byte === 27);
        break;
      case 30:
      case 31:
        this.#turningCurves(byte === 31);
        break;
    }
  }

  /** A first operand too many is the glyph's width. */
  #width(operands: number): void {
    if (this.#isFirst && this.#stack.length > operands) this.#stack.shift();
    this.#isFirst = false;
  }

  #stems(): void {
    if (this.#isFirst && this.#stack.length % 2 === 1) this.#stack.shift();
    this.#isFirst = false;
    this.#hints += this.#stack.length >> 1;
    this.#stack = [];
  }

  #move(dx: number, dy: number): void {
    this.outline.moveTo(this.outline.x + dx, this.outline.y + dy);
  }

  #line(dx: number, dy: number): void {
    this.outline.lineTo(this.outline.x + dx, this.outline.y + dy);
  }

  #lines(steps: readonly number[]): void {
    for (let at = 0; at + 1 < steps.length; at += 2) this.#line(steps[at] ?? 0, steps[at + 1] ?? 0);
  }

  #curve(a: number, b: number, c: number, d: number, e: number, f: number): void {
    const { x, y } = this.outline;
    const [ax, ay] = [x + a, y + b];
    const [bx, by] = [ax + c, ay + d];
    this.outline.cubicTo(ax, ay, bx, by, bx + e, by + f);
  }

  #curves(steps: readonly number[]): void {
    for (let at = 0; at + 5 < steps.length; at += 6) {
      const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = steps.slice(at, at + 6);
      this.#curve(a, b, c, d, e, f);
    }
  }

  /** hhcurveto and vvcurveto: begin and end along one axis. */
  #straightCurves(isAcross: boolean): void {
    const steps = this.#stack;
    let aside = steps.length % 4 === 1 ? (steps.shift() ?? 0) : 0;
    for (let at = 0; at + 3 < steps.length; at += 4) {
      const [a = 0, b = 0, c = 0, d = 0] = steps.slice(at, at + 4);
      if (isAcross) this.#curve(a, aside, b, c, d, 0);
      else this.#curve(aside, a, b, c, 0, d);
      aside = 0;
    }
  }

  /** hvcurveto and vhcurveto: begin along one axis and end along the other, in turn. */
  #turningCurves(beginsAcross: boolean): void {
    const steps = this.#stack;
    let isAcross = beginsAcross;
    for (let at = 0; at + 3 < steps.length; at += 4) {
      const [a = 0, b = 0, c = 0, d = 0] = steps.slice(at, at + 4);
      const last = steps.length - at === 5 ? (steps[at + 4] ?? 0) : 0;
      if (isAcross) this.#curve(a, 0, b, c, last, d);
      else this.#curve(0, a, b, c, d, last);
      isAcross = !isAcross;
    }
  }

  #flex(code: number): void {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0, j = 0, k = 0, l = 0] = this.#stack;
    if (code === 34) {
      this.#curve(a, 0, b, c, d, 0);
      this.#curve(e, 0, f, -c, g, 0);
    } else if (code === 35) {
      this.#curve(a, b, c, d, e, f);
      this.#curve(g, h, i, j, k, l);
    } else if (code === 36) {
      this.#curve(a, b, c, d, e, 0);
      this.#curve(f, 0, g, h, i, -(b + d + h));
    } else if (code === 37) {
      const [dx, dy] = [a + c + e + g + i, b + d + f + h + j];
      const isAcross = Math.abs(dx) > Math.abs(dy);
      this.#curve(a, b, c, d, e, f);
      this.#curve(g, h, i, j, isAcross ? k : -dx, isAcross ? -dy : k);
    }
    this.#stack = [];
  }
}
