import { z } from 'zod';
import { businessDay, parseBusinessDateTime } from '#core/business-time';
import {
  formatRatio,
  formatUnitPrice,
  type Money,
  parseMoney,
  parseQuantity,
  parseRatio,
  parseUnitPrice,
  type Quantity,
  type Ratio,
  type UnitPrice,
  zeroMoney,
} from '#core/money';
import { isLosslessNumber, type LosslessNumber } from './json.ts';

/*
 * Building blocks of the message schemas. `in…` checks what we send, strictly, with the types and lengths of
 * the interface tables. `out…` reads what the agency answers: it accepts numbers as text and text as numbers,
 * because both are seen, but never guesses an amount.
 */

/** Type C: at most `max` characters, no control characters; may be empty. */
export function inText(max: number) {
  return checkedText((text) => problemOf(text, max));
}

/** Type C, required: one to `max` characters. */
export function inRequired(max: number) {
  return checkedText((text) => problemOf(text, max) ?? (text.length > 0 ? undefined : 'is empty'));
}

/** Type C of a fixed form, for example a code. */
export function inPattern(pattern: RegExp, what: string) {
  return checkedText((text) => (pattern.test(text) ? undefined : `is not ${what}`));
}

/** A text of which `problem` names the first thing that is wrong: one check, because a message has a hundred of them. */
function checkedText(problem: (text: string) => string | undefined) {
  return z.string().check(({ value, issues }) => {
    const message = problem(value);
    if (message !== undefined) issues.push({ code: 'custom', message, input: value });
  });
}

function problemOf(text: string, max: number): string | undefined {
  if (!isWithin(text, max)) return `longer than ${max} characters`;
  return hasControl(text) ? 'contains control characters' : undefined;
}

/** Type N `digits,places`: at most `digits` digits, `places` of them after the point. */
export function inNumber(digits: number, places: number) {
  return z.custom<LosslessNumber>(
    (value) => isLosslessNumber(value) && fits(value.toString(), digits, places),
    `is not a number of ${digits} digits with ${places} decimals`,
  );
}

/** Type DT: `yyyy-MM-dd HH:mm:ss`, a real time. */
export const inDateTime = checkedText((text) =>
  parseBusinessDateTime(text) === undefined ? 'is not a date and time' : undefined,
);

/** Type D: `yyyy-MM-dd`, a real date. */
export const inDate = checkedText((text) =>
  parseBusinessDateTime(`${text} 00:00:00`) === undefined ? 'is not a date' : undefined,
);

const anything = z.unknown().optional();

/** Text or number as text; null and absence become the empty text. */
export function outText(max = 4000) {
  return anything.transform((value, context): string => {
    const text = asText(value);
    if (text !== undefined && isWithin(text, max)) return text;
    context.addIssue(text === undefined ? 'is not text' : `longer than ${max} characters`);
    return z.NEVER;
  });
}

/** Text that must be there: an id or a code. */
export function outRequired(max: number) {
  return anything.transform((value, context): string => {
    const text = asText(value);
    if (text !== undefined && text !== '' && isWithin(text, max) && !hasControl(text)) return text;
    context.addIssue('is not a text of the promised length');
    return z.NEVER;
  });
}

/** An amount that must be there, read from its source text. */
export const outMoney = anything.transform((value, context): Money => {
  const parsed = parseMoney(asText(value) ?? '');
  if (parsed.ok) return parsed.value;
  context.addIssue('is not an amount');
  return z.NEVER;
});

/** An amount whose null, empty text or absence means nothing was paid. */
export const outMoneyOrZero = anything.transform((value, context): Money => {
  const text = asText(value);
  if (text === '') return zeroMoney;
  const parsed = parseMoney(text ?? '');
  if (parsed.ok) return parsed.value;
  context.addIssue('is not an amount');
  return z.NEVER;
});

/** An amount that may be absent. */
export const outMoneyMaybe = anything.transform((value, context): Money | undefined => {
  const text = asText(value);
  if (text === '') return undefined;
  const parsed = parseMoney(text ?? '');
  if (parsed.ok) return parsed.value;
  context.addIssue('is not an amount');
  return z.NEVER;
});

/** A share from 0 to 1, absent as undefined. */
export const outRatioMaybe = anything.transform((value, context): Ratio | undefined => {
  const text = asText(value);
  if (text === '') return undefined;
  const parsed = parseRatio(text ?? '');
  if (parsed.ok) return parsed.value;
  context.addIssue('is not a share');
  return z.NEVER;
});

/** A unit price, absent as undefined. */
export const outPriceMaybe = anything.transform((value, context) => {
  const text = asText(value);
  if (text === '') return undefined;
  const parsed = parseUnitPrice(text ?? '');
  if (parsed.ok) return parsed.value;
  context.addIssue('is not a price');
  return z.NEVER;
});

/** A quantity that the answer only repeats: what cannot be read is left out. */
export const outRepeatedQuantity = anything.transform((value): Quantity | undefined => {
  const parsed = parseQuantity(asText(value) ?? '');
  return parsed.ok ? parsed.value : undefined;
});

/** A price that the answer only repeats: what cannot be read is left out. */
export const outRepeatedPrice = anything.transform((value): UnitPrice | undefined => {
  const parsed = parseUnitPrice(asText(value) ?? '');
  return parsed.ok ? parsed.value : undefined;
});

/** An amount used for soft checks only: what cannot be read is left out. */
export const outRepeatedMoney = anything.transform((value): Money | undefined => {
  const parsed = parseMoney(asText(value) ?? '');
  return parsed.ok ? parsed.value : undefined;
});

/** A number of rows or pages that must be there. */
export const outCount = anything.transform((value, context): number => {
  const text = asText(value) ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text);
  context.addIssue('is not a count');
  return z.NEVER;
});

/** Type D that must be there, `yyyy-MM-dd`; a time behind it, or milliseconds since 1970, are seen as well. */
export const outDay = anything.transform((value, context): string => {
  const day = dayOf(asText(value) ?? '');
  if (day !== undefined) return day;
  context.addIssue('is not a day');
  return z.NEVER;
});

/** Type D that may be absent. */
export const outDayMaybe = anything.transform((value, context): string | undefined => {
  const text = asText(value);
  if (text === '') return undefined;
  const day = dayOf(text ?? '');
  if (day !== undefined) return day;
  context.addIssue('is not a day');
  return z.NEVER;
});

/** A unit price, not negative, that must be there: as plain decimal text. */
export const outPriceText = anything.transform((value, context): string => {
  const parsed = parseUnitPrice(asText(value) ?? '');
  if (parsed.ok && parsed.value >= 0n) return formatUnitPrice(parsed.value);
  context.addIssue('is not a price');
  return z.NEVER;
});

/** A share from 0 to 1 that must be there: as plain decimal text. */
export const outRatioText = anything.transform((value, context): string => {
  const parsed = parseRatio(asText(value) ?? '');
  if (parsed.ok) return formatRatio(parsed.value);
  context.addIssue('is not a share');
  return z.NEVER;
});

/** A list whose null or absence is the empty list. */
export function outList<T extends z.ZodType>(item: T) {
  return z
    .union([z.array(item), z.null()])
    .optional()
    .transform((rows) => rows ?? []);
}

/** First broken field of a parse, as `input.data.psn_no: longer than 30 characters`; never its value. */
export function firstProblem(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return 'unknown field';
  const path = issue.path.map(String).join('.');
  return `${path === '' ? 'message' : path}: ${issue.code === 'custom' ? issue.message : issue.code}`;
}

/** Type C lengths are counted in characters; whether the platform counts bytes is not confirmed. */
export function lengthOf(text: string): number {
  return text.length < 2 ? text.length : [...text].length;
}

function dayOf(text: string): string | undefined {
  if (/^\d{12,13}$/.test(text)) return businessDay(Number(text));
  const match = /^(\d{4}-\d{2}-\d{2})(?:[ T]\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?)?$/.exec(text);
  const day = match?.[1];
  return day !== undefined && parseBusinessDateTime(`${day} 00:00:00`) !== undefined ? day : undefined;
}

function asText(value: unknown): string | undefined {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value.trim();
  return isLosslessNumber(value) ? value.toString() : undefined;
}

/** `lengthOf` counts at most one character for each unit of the text, and rarely needs to be asked. */
function isWithin(text: string, max: number): boolean {
  return text.length <= max || lengthOf(text) <= max;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the signs that no text of a message may hold
const control = /[\u0000-\u001f\u007f]/;

function hasControl(text: string): boolean {
  return control.test(text);
}

function fits(text: string, digits: number, places: number): boolean {
  const parts = /^-?(\d+)(?:\.(\d+))?$/.exec(text);
  if (parts === null) return false;
  return (parts[1] ?? '').length <= digits - places && (parts[2] ?? '').length <= places;
}
