/** What of GS1 data a counter uses; any part may be missing. */
export interface Gs1Elements {
  readonly gtin?: string;
  readonly serial?: string;
  readonly batch?: string;
  readonly expiry?: string;
}

const GS = '\u001d';
const NAMES = { '01': 'gtin', '10': 'batch', '17': 'expiry', '21': 'serial' } as const;

/** Lengths of the values that end without a separator (GS1 General Specifications, figure 7.8.5-2). */
const FIXED: Readonly<Record<string, number>> = {
  '00': 18,
  '01': 14,
  '02': 14,
  '03': 14,
  '11': 6,
  '12': 6,
  '13': 6,
  '15': 6,
  '16': 6,
  '17': 6,
  '20': 2,
  '31': 8,
  '32': 8,
  '33': 8,
  '34': 8,
  '35': 8,
  '36': 8,
  '41': 14,
};
/** Identifiers of three and four digits among those of two, by their first digits. */
const LONGER: readonly (readonly [RegExp, number])[] = [
  [/^3[1-6]/, 4],
  [/^(?:39|43|70|71|72|80|81|82)/, 4],
  [/^(?:2[3-5]|4[0-2])/, 3],
];

type Found = Record<string, string>;

/** Reads an element string, with FNC1 as GS, or as printed with brackets; undefined when it is none. */
export function parseElementString(text: string): Gs1Elements | undefined {
  const found = text.startsWith('(') ? byBrackets(text) : byLength(text);
  return found === undefined ? undefined : elements(found);
}

/** Reads a GS1 digital link: `https://…/01/GTIN/10/batch/21/serial?17=yymmdd`. */
export function parseGs1Link(text: string): Gs1Elements | undefined {
  if (!URL.canParse(text)) return undefined;
  const { pathname, searchParams } = new URL(text);
  const parts = pathname.split('/').filter((part) => part !== '');
  const start = parts.indexOf('01');
  if (start < 0) return undefined;
  const found: Found = {};
  for (let index = start; index + 1 < parts.length; index += 2) {
    const [name = '', value = ''] = parts.slice(index, index + 2);
    found[name] ??= decoded(value);
  }
  for (const [name, value] of searchParams) found[name] ??= value;
  return elements(found);
}

function byBrackets(text: string): Found {
  const found: Found = {};
  for (const [, name = '', value = ''] of text.matchAll(/\((\d{2,4})\)([^(]*)/g)) {
    found[name] ??= value.replaceAll(GS, '').trim();
  }
  return found;
}

function byLength(text: string): Found | undefined {
  const found: Found = {};
  let rest = text.startsWith(GS) ? text.slice(1) : text;
  while (rest !== '') {
    const two = rest.slice(0, 2);
    if (!/^\d\d$/.test(two)) break;
    const nameLength = LONGER.find(([pattern]) => pattern.test(two))?.[1] ?? 2;
    const fixed = FIXED[two];
    const end = fixed === undefined ? endOf(rest) : 2 + fixed;
    const value = rest.slice(nameLength, end);
    if (value === '' || (fixed !== undefined && rest.length < end)) break;
    found[rest.slice(0, nameLength)] ??= value;
    rest = rest.slice(rest[end] === GS ? end + 1 : end);
  }
  return Object.keys(found).length === 0 ? undefined : found;
}

function endOf(text: string): number {
  const separator = text.indexOf(GS);
  return separator < 0 ? text.length : separator;
}

function elements(found: Found): Gs1Elements {
  const facts: { -readonly [Name in keyof Gs1Elements]: string } = {};
  for (const [ai, name] of Object.entries(NAMES)) {
    const value = found[ai];
    if (value === undefined) continue;
    if (name === 'gtin') {
      if (/^\d{8}$|^\d{12,14}$/.test(value)) facts.gtin = value.padStart(14, '0');
    } else if (name === 'expiry') {
      const day = dayOf(value);
      if (day !== undefined) facts.expiry = day;
    } else if (/^[\x21-\x7e]{1,20}$/.test(value)) facts[name] = value;
  }
  return facts;
}

/** `yymmdd`, from the fifty years on either side of 2025. */
function dayOf(value: string): string | undefined {
  const [, yy = '', mm = '', dd = ''] = /^(\d\d)(\d\d)(\d\d)$/.exec(value) ?? [];
  const year = (Number(yy) > 75 ? 1900 : 2000) + Number(yy);
  const month = Number(mm);
  if (mm === '' || month < 1 || month > 12) return undefined;
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const day = Number(dd) === 0 ? last : Number(dd);
  return day > last ? undefined : `${year}-${mm}-${String(day).padStart(2, '0')}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
