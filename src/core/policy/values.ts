import { z } from 'zod';
import { parseMoney, parseRatio } from '../money.ts';

/** Yuan as text with at most two decimals, zero or more. */
export const moneyText = z.string().transform((text, context) => {
  const parsed = parseMoney(text);
  if (parsed.ok && parsed.value >= 0n) return parsed.value;
  context.addIssue({ code: 'custom', message: `"${text}" is not an amount of yuan such as "200.00"` });
  return z.NEVER;
});

export const ratioText = z.string().transform((text, context) => {
  const parsed = parseRatio(text);
  if (parsed.ok) return parsed.value;
  context.addIssue({ code: 'custom', message: `"${text}" is not a ratio from "0" to "1"` });
  return z.NEVER;
});

export const dayText = z.string().refine(isDay, 'not a day such as "2026-01-01"');
export const word = z.string().min(1).max(60);
export const sentence = z.string().min(1).max(400);
/** Number of the rule in the document that the policy restates, as an inspector would look it up. */
export const ruleNumber = z.string().min(1).max(40);
/** How an exact amount becomes whole fen; half up unless the document says otherwise. */
export const rounding = z.enum(['half-up', 'down', 'up']).default('half-up');

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const epochMs = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(epochMs) && new Date(epochMs).toISOString().startsWith(text);
}
