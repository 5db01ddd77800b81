import { columnWidth } from '#core/paper-picture';

/**
 * Text as a printer can take it: one line, no control characters (a product name must not be able to send
 * commands), composed accents, and the yen sign that printers' Chinese fonts hold.
 */
export function printable(text: string): string {
  if (ORDINARY.test(text)) return text;
  return text
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Zs}]/gu, ' ')
    .replaceAll(/\p{Cs}|\p{Cf}|[\uFFFE\uFFFF]/gu, '')
    .replaceAll('\u00A5', '￥');
}

/** What nearly every slip is made of needs no closer look. */
const ORDINARY = /^[\x20-\x7e\u00b7\u00d7\u2018-\u201d\u2026\u2103\u3001-\u3011\u4e00-\u9fff\uff01-\uff5e]*$/;

/** Closing marks stay with the character before them (避头): no line begins with a comma. */
const CLOSING: ReadonlySet<string> = new Set('，。、；：！？）】》」』％');

/**
 * Breaks a text into lines of at most `columns`. Runs of ASCII (numbers, codes) stay whole unless one alone
 * is wider than a line, so an amount is never cut.
 */
export function wrap(text: string, columns: number): string[] {
  const clean = printable(text).trim();
  if (clean === '') return [];
  if (columnWidth(clean) <= columns) return [clean];
  const lines: string[] = [];
  let line = '';
  let width = 0;
  for (const token of tokens(clean)) {
    const tokenWidth = columnWidth(token);
    if (width + columnWidth(token.trimEnd()) <= columns) {
      line += token;
      width += tokenWidth;
      continue;
    }
    if (line !== '') lines.push(line.trimEnd());
    const cut = pieces(token, columns);
    line = cut.pop() ?? '';
    lines.push(...cut);
    width = columnWidth(line);
  }
  if (line.trim() !== '') lines.push(line.trimEnd());
  return lines;
}

/** `label` at the left, `value` at the right edge; the value keeps a line of its own when both do not fit. */
export function pair(label: string, value: string, columns: number): string[] {
  const left = printable(label);
  const right = printable(value);
  const spare = columns - columnWidth(left) - columnWidth(right);
  if (spare >= 1) return [left + ' '.repeat(spare) + right];
  const above = wrap(left, columns);
  const last = above.at(-1) ?? '';
  const gap = columns - columnWidth(last) - columnWidth(right);
  if (gap >= 1) return [...above.slice(0, -1), last + ' '.repeat(gap) + right];
  return [...above, ...wrap(right, columns).map((line) => ' '.repeat(columns - columnWidth(line)) + line)];
}

/** Two facts on one line when there is room, else one under the other, both after `indent`. */
export function sideBySide(left: string, right: string, columns: number, indent = ''): string[] {
  const whole = printable(`${indent}${left}`);
  const other = printable(right);
  const spare = columns - columnWidth(whole) - columnWidth(other);
  if (spare >= 1) return [(whole + ' '.repeat(spare) + other).trimEnd()];
  return [...indented(left, columns, indent), ...indented(right, columns, indent)];
}

/** A wrapped paragraph whose lines all begin with `indent`. */
export function indented(text: string, columns: number, indent: string): string[] {
  return wrap(text, columns - columnWidth(indent)).map((line) => indent + line);
}

/** Unbreakable pieces: a run of ASCII or one other character, with the blanks and closing marks after it. */
function tokens(text: string): string[] {
  const found: string[] = [];
  let token = '';
  let afterAscii = false;
  for (const char of text) {
    const ascii = char !== ' ' && char.charCodeAt(0) < 0x80;
    const stays = char === ' ' || (ascii && afterAscii) || (CLOSING.has(char) && token.length < 24);
    if (token === '' || stays) token += char;
    else {
      found.push(token);
      token = char;
    }
    afterAscii = ascii;
  }
  if (token !== '') found.push(token);
  return found;
}

/** A token wider than a line, cut where it must be. */
function pieces(token: string, columns: number): string[] {
  if (columnWidth(token.trimEnd()) <= columns) return [token];
  const parts: string[] = [];
  let part = '';
  for (const char of token) {
    if (columnWidth(part) + columnWidth(char) > columns) {
      parts.push(part);
      part = '';
    }
    part += char;
  }
  return [...parts, part];
}
