/** What a 24-pin form printer would put on paper, read from the ESC/P-K command lists and not from our encoder. */
export interface FormPaper {
  /** Lines of each page; a drawn character is U+FFFC. */
  readonly pages: readonly (readonly string[])[];
  /** Widest line in dots of 180 to the inch. */
  readonly widestDots: number;
  /** Height of the longest page. */
  readonly tallestDots: number;
  readonly pictureBands: number;
  readonly problems: readonly string[];
}

/** Operand bytes of the commands that a Chinese 24-pin printer knows and that we may meet. */
const ESC_OPERANDS: Readonly<Record<string, number>> = { '@': 0, M: 0, P: 0, E: 0, F: 0, '3': 1, '2': 0 };
const FS_OPERANDS: Readonly<Record<string, number>> = { '&': 0, '.': 0, S: 2, W: 1 };

export function readForm(bytes: Uint8Array): FormPaper {
  const pages: string[][] = [[]];
  const problems: string[] = [];
  const gb18030 = new TextDecoder('gb18030', { fatal: true });
  let [line, dots, widestDots, pictureBands, isChinese, at] = ['', 0, 0, 0, false, 0];
  let [left, right, pitch, feed, height, tallestDots] = [0, 0, 18, 30, 0, 0];
  const put = (text: string, width: number) => {
    line += text;
    dots += width;
    widestDots = Math.max(widestDots, dots);
  };
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0;
    const next = String.fromCharCode(bytes[at + 1] ?? 0);
    if (byte === 0x1b && next === '*') {
      const columns = (bytes[at + 3] ?? 0) + 256 * (bytes[at + 4] ?? 0);
      if (bytes[at + 2] !== 39) problems.push(`picture of mode ${bytes[at + 2]}`);
      if (columns > 30) pictureBands += 1;
      put(columns > 30 ? '' : '\uFFFC', columns);
      at += 5 + columns * 3;
    } else if (byte === 0x1b || byte === 0x1c) {
      const operands = (byte === 0x1b ? ESC_OPERANDS : FS_OPERANDS)[next];
      if (operands === undefined) problems.push(`unknown command ${byte} ${next}`);
      if (byte === 0x1b && next === 'M') pitch = 15;
      if (byte === 0x1b && next === '3') feed = bytes[at + 2] ?? 0;
      if (byte === 0x1c && next === '&') isChinese = true;
      if (byte === 0x1c && next === 'S') [left, right] = [bytes[at + 2] ?? 0, bytes[at + 3] ?? 0];
      at += 2 + (operands ?? 0);
    } else if (byte === 0x0d || byte === 0x0a || byte === 0x0c) {
      if (byte === 0x0a) {
        pages.at(-1)?.push(line);
        height += feed;
        tallestDots = Math.max(tallestDots, height);
      }
      if (byte === 0x0c) {
        pages.push([]);
        height = 0;
      }
      if (byte !== 0x0d) line = '';
      dots = 0;
      at += 1;
    } else if (byte < 0x80) {
      put(String.fromCharCode(byte), pitch);
      at += 1;
    } else {
      const length = (bytes[at + 1] ?? 0) <= 0x39 ? 4 : 2;
      if (!isChinese) problems.push('Chinese text while the Chinese mode is off');
      put(gb18030.decode(bytes.subarray(at, at + length)), left + 24 + right);
      at += length;
    }
  }
  const [last = []] = pages.slice(-1);
  if (last.length > 0 || line !== '') problems.push('the last page is not fed out');
  return { pages: pages.slice(0, -1), widestDots, tallestDots, pictureBands, problems };
}
