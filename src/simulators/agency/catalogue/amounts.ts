import { z } from 'zod';
import { parseRatio, parseUnitPrice, type Ratio, type UnitPrice } from '#core/money';

/** A price as text (`12.30`) to its scaled number. */
export const priceText = z.string().transform((text, context): UnitPrice => {
  const parsed = parseUnitPrice(text);
  if (parsed.ok && parsed.value >= 0n) return parsed.value;
  context.addIssue('is not a price');
  return z.NEVER;
});

/** A share as text (`0.1`) to its scaled number. */
export const ratioText = z.string().transform((text, context): Ratio => {
  const parsed = parseRatio(text);
  if (parsed.ok) return parsed.value;
  context.addIssue('is not a share');
  return z.NEVER;
});
