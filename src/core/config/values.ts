import { z } from 'zod';
import { type Money, parseMoney } from '../money.ts';
import { must } from './reasons.ts';

/** Yuan as text, such as "300.00": TOML's own numbers are floating point, so money is always quoted. */
export const moneyValue = z.string().transform((text, context): Money => {
  const parsed = parseMoney(text);
  if (parsed.ok && parsed.value >= 0n) return parsed.value;
  context.addIssue({ code: 'custom', message: must('an amount in yuan as text, such as "300.00"') });
  return z.NEVER;
});

export const milliseconds = z.number().int().min(1).max(86_400_000);

export const region = z.string().regex(/^\d{6}$/, must('six digits'));

/** `scrypt$salt$hash`, both base64url, as `guitai operator hash` prints it. */
export const pinHash = z
  .string()
  .regex(/^scrypt\$[\w-]{16,}\$[\w-]{32,}$/, must('as printed by `guitai operator hash`'));

export const address = z
  .string()
  .regex(
    /^(?:tcp:\/\/[^/\s]+:\d{1,5}|serial:\S+|file:\S+|none)$/,
    must('tcp://host:port, serial:PATH, file:PATH or none'),
  );

export const agencyUrl = z.string().regex(/^https?:\/\/[^\s/]+(?:\/\S*)?$/, must('an http or https address'));

/** `serial:PATH[?baud=9600&flow=none]`, see `core/serial-address`. */
export const serialAddress = z.string().regex(/^serial:\S+$/, must('serial:PATH, with ?baud=9600 if needed'));

/** `hid:` with vendor and product id in hex, or a serial line. */
export const scannerAddress = z
  .string()
  .regex(
    /^(?:serial:\S+|hid:[0-9a-fA-F]{4}:[0-9a-fA-F]{4})$/,
    must('serial:PATH or hid:VENDOR:PRODUCT in hex'),
  );

export const displayAddress = serialAddress;
