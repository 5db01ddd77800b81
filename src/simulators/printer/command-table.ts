/**
 * ESC/POS commands that the virtual printer knows, by prefix and code: how many operand bytes follow.
 * Written from the published command lists, not from our encoder, so that each checks the other.
 */
export type Operands =
  /** A fixed number of bytes. */
  | number
  /** Up to and including a zero byte. */
  | 'to-zero'
  /** Told by the first operand bytes; undefined while too few have come. */
  | ((head: readonly number[]) => number | undefined);

type Rule = (head: readonly number[]) => number | undefined;

const twoByteLength: Rule = (head) => {
  const [low, high] = head;
  return low === undefined || high === undefined ? undefined : 2 + low + 256 * high;
};

const fourByteLength: Rule = (head) => {
  const [a, b, c, d] = head;
  if (a === undefined || b === undefined || c === undefined || d === undefined) return undefined;
  return 4 + a + 256 * b + 65_536 * c + 16_777_216 * d;
};

/** ESC * m nL nH: 8-dot modes take one byte a column, 24-dot modes three. */
const columnImage: Operands = (head) => {
  const [mode, low, high] = head;
  if (mode === undefined || low === undefined || high === undefined) return undefined;
  return 3 + (low + 256 * high) * (mode >= 32 ? 3 : 1);
};

/** GS v 0 m xL xH yL yH. */
const raster: Operands = (head) => {
  const [, , xl, xh, yl, yh] = head;
  if (xl === undefined || xh === undefined || yl === undefined || yh === undefined) return undefined;
  return 6 + (xl + 256 * xh) * (yl + 256 * yh);
};

/** ESC & y c1 c2, then x and x·y bytes for each character. */
const userCharacters: Operands = (head) => {
  const [y, first, last] = head;
  if (y === undefined || first === undefined || last === undefined) return undefined;
  let length = 3;
  for (let code = first; code <= last; code += 1) {
    const x = head[length];
    if (x === undefined) return undefined;
    length += 1 + x * y;
  }
  return length;
};

/** GS k: old form ends with a zero, new form (65 and up) tells its length. */
const barcode: Operands = (head) => {
  const [system, length] = head;
  if (system === undefined) return undefined;
  if (system >= 65) return length === undefined ? undefined : 2 + length;
  const end = head.indexOf(0, 1);
  return end < 0 ? undefined : end + 1;
};

/** GS V: forms 65, 66 and their like carry a feed. */
const cut: Operands = (head) => (head[0] === undefined ? undefined : head[0] >= 65 ? 2 : 1);

/** GS * x y: a bit image of x·y·8 bytes. */
const storedImage: Operands = (head) => {
  const [x, y] = head;
  return x === undefined || y === undefined ? undefined : 2 + x * y * 8;
};

/** DLE DC4: pulse and power take two more, clear-buffer seven. */
const realTime: Operands = (head) => (head[0] === undefined ? undefined : head[0] === 8 ? 8 : 3);

export const commandTable: Readonly<Record<string, Operands>> = {
  'DLE 4': 1,
  'DLE 5': 1,
  'DLE 20': realTime,
  'ESC @': 0,
  'ESC !': 1,
  'ESC a': 1,
  'ESC d': 1,
  'ESC e': 1,
  'ESC E': 1,
  'ESC G': 1,
  'ESC M': 1,
  'ESC t': 1,
  'ESC R': 1,
  'ESC -': 1,
  'ESC J': 1,
  'ESC K': 1,
  'ESC 2': 0,
  'ESC 3': 1,
  'ESC  ': 1,
  'ESC {': 1,
  'ESC V': 1,
  'ESC %': 1,
  'ESC ?': 1,
  'ESC =': 1,
  'ESC r': 1,
  'ESC S': 0,
  'ESC L': 0,
  'ESC T': 1,
  'ESC W': 8,
  'ESC $': 2,
  'ESC \\': 2,
  'ESC B': 2,
  'ESC p': 3,
  'ESC i': 0,
  'ESC m': 0,
  'ESC c': 2,
  'ESC D': 'to-zero',
  'ESC *': columnImage,
  'ESC &': userCharacters,
  'FS &': 0,
  'FS .': 0,
  'FS !': 1,
  'FS -': 1,
  'FS C': 1,
  'FS W': 1,
  'FS S': 2,
  'FS p': 2,
  'FS (': (head) => shift(twoByteLength, head),
  'GS !': 1,
  'GS B': 1,
  'GS H': 1,
  'GS h': 1,
  'GS w': 1,
  'GS f': 1,
  'GS a': 1,
  'GS r': 1,
  'GS I': 1,
  'GS b': 1,
  'GS /': 1,
  'GS L': 2,
  'GS W': 2,
  'GS P': 2,
  'GS $': 2,
  'GS \\': 2,
  'GS ^': 3,
  'GS :': 0,
  'GS V': cut,
  'GS k': barcode,
  'GS v': raster,
  'GS *': storedImage,
  // One byte names the function group (k symbols, L graphics …) before the length.
  'GS (': (head) => shift(twoByteLength, head),
  'GS 8': (head) => shift(fourByteLength, head),
};

function shift(rule: Rule, head: readonly number[]): number | undefined {
  const length = rule(head.slice(1, 5));
  return length === undefined ? undefined : 1 + length;
}
