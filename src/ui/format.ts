/** Amounts on the page are text from the till; where the page adds, it adds whole fen in a bigint. */

/** Whole fen of `12`, `12.3` or `-12.30`; undefined when the text is not such an amount. */
export function toFen(text: string): bigint | undefined {
  const match = /^(-?)(\d{1,16})(?:\.(\d{1,2}))?$/.exec(text.trim());
  if (match === null) return undefined;
  const [, sign, whole = '', part = ''] = match;
  const fen = BigInt(whole) * 100n + BigInt(part.padEnd(2, '0'));
  return sign === '-' ? -fen : fen;
}

/** `1234.50` of whole fen. */
export function fromFen(fen: bigint): string {
  const size = fen < 0n ? -fen : fen;
  return `${fen < 0n ? '-' : ''}${size / 100n}.${String(size % 100n).padStart(2, '0')}`;
}

/** The sum of amounts as the till writes them; a text that is no amount counts as nothing. */
export function sumText(...amounts: readonly string[]): string {
  return fromFen(amounts.reduce((sum, amount) => sum + (toFen(amount) ?? 0n), 0n));
}

/** A part in thousandths of the whole, for the width of a bar only. */
export function permille(part: string, whole: string): number {
  const of = toFen(whole) ?? 0n;
  return of <= 0n ? 0 : Number(((toFen(part) ?? 0n) * 1000n) / of);
}

export function isZero(amount: string): boolean {
  return (toFen(amount) ?? 0n) === 0n;
}

/** The instant of the till's time text, business (`yyyy-MM-dd HH:mm:ss`, Asia/Shanghai) or ISO. */
export function toEpochMs(time: string): number | undefined {
  const business = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2})?)$/.exec(time);
  const epochMs = Date.parse(business === null ? time : `${business[1]}T${business[2]}+08:00`);
  return Number.isNaN(epochMs) ? undefined : epochMs;
}

/** `09:30` in Asia/Shanghai, whatever the zone of the machine. */
export function clockText(epochMs: number): string {
  return new Date(epochMs + 8 * 3_600_000).toISOString().slice(11, 16);
}

/** `2026-03-01 09:30` in Asia/Shanghai. */
export function dayAndTime(epochMs: number): string {
  return `${new Date(epochMs + 8 * 3_600_000).toISOString().slice(0, 10)} ${clockText(epochMs)}`;
}

export function timeOf(time: string): string {
  const epochMs = toEpochMs(time);
  return epochMs === undefined ? time : clockText(epochMs);
}

/** Product of two quantities of at most four decimals each, without trailing zeros; undefined = one is no quantity. */
export function timesText(a: string, b: string): string | undefined {
  const [x, y] = [toScaled(a), toScaled(b)];
  if (x === undefined || y === undefined) return undefined;
  const digits = (x * y).toString().padStart(9, '0');
  const decimals = digits.slice(-8).replace(/0+$/, '');
  return `${digits.slice(0, -8)}${decimals === '' ? '' : `.${decimals}`}`;
}

/** Ten-thousandths. */
function toScaled(text: string): bigint | undefined {
  const match = /^(\d{1,6})(?:\.(\d{1,4}))?$/.exec(text.trim());
  return match === null ? undefined : BigInt(`${match[1]}${(match[2] ?? '').padEnd(4, '0')}`);
}
