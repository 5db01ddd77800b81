import { z } from 'zod';

/** What several bodies are made of. */
export const operatorNumber = z.string().regex(/^[A-Za-z0-9_-]{1,20}$/);
export const pin = z
  .string()
  .regex(/^[\x21-\x7e]{4,32}$/)
  .describe('never logged');
export const quantityText = z
  .string()
  .regex(/^\d{1,8}(?:\.\d{1,4})?$/)
  .describe('as text, up to four decimals');
/** Control characters never come from a scanner or keyboard and would spoil slips and logs. */
export const plainText = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^[^\p{Cc}]+$/u);
export const credentialBody = z.strictObject({ number: operatorNumber, pin });
