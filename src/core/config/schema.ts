import { z } from 'zod';
import { yuan } from '../money.ts';
import { address, agencyUrl, milliseconds, moneyValue, pinHash, region } from './values.ts';

const shop = z.strictObject({
  name: z.string().min(1).max(60).default('未命名药店'),
  /** Institution code (定点医药机构编号): P for a pharmacy, H for a clinic, then eleven digits. */
  institution_code: z
    .string()
    .regex(/^[PH]\d{11}$/, 'P or H and eleven digits')
    .default('P99010000001'),
  region: region.default('990100'),
  /** Number of this terminal inside the shop: part of every sale number. */
  terminal: z
    .string()
    .regex(/^[0-9A-Z]{2,4}$/, 'two to four digits or capitals')
    .default('01'),
  report_line: z.string().max(40).default(''),
  notices: z.array(z.string().max(60)).max(6).default([]),
});

const server = z.strictObject({
  port: z.number().int().min(0).max(65535).default(8060),
  /** File with the token for other programs; made in the data folder when it is missing. */
  token_file: z.string().optional(),
});

const data = z.strictObject({ folder: z.string().min(1).default('data') });

const agency = z.strictObject({
  url: agencyUrl.default('http://127.0.0.1:8061'),
  /** Plain http beyond this machine: only inside the agency's own closed network. */
  allow_plain_http: z.boolean().default(false),
  receiver_system: z.string().min(1).max(10).default('YBXT'),
  interface_version: z.string().min(1).max(6).default('V1.0'),
  device_number: z.string().max(100).default(''),
  /** x-tif signing (interface 1.4); without an account no such headers are sent. */
  account: z.string().default(''),
  token_file: z.string().optional(),
  connect_timeout_ms: milliseconds.default(5_000),
  answer_timeout_ms: milliseconds.default(30_000),
  /** How long a request may still be on its way after its last byte left. */
  request_life_ms: milliseconds.default(120_000),
  /** Zhuhai counts the personal account inside the fund sum (interface 11, relation 5). */
  account_inside_fund: z.boolean().default(false),
  /** Addresses that are not public, by transaction number. */
  paths: z.record(z.string().regex(/^\d{4}$/), z.string().startsWith('/')).default({}),
});

const reader = z.strictObject({
  /** `auto`, or part of the name of the reader for social-security cards. */
  name: z.string().default('auto'),
  /** Part of the name of the reader that holds the security module (PSAM); empty = none. */
  security_module: z.string().default(''),
});

const printer = z.strictObject({
  address: address.default('none'),
  width_mm: z.union([z.literal(58), z.literal(80)]).default(80),
});

const card = z.strictObject({
  /** Whether the region refuses a chip whose date has passed; otherwise it only warns. */
  refuse_expired: z.boolean().default(false),
});

const limits = z.strictObject({
  account_per_sale: moneyValue.default(yuan('1000.00')),
  account_per_day: moneyValue.default(yuan('2000.00')),
});

const offline = z.strictObject({
  /** Off until the region's document turns it on. */
  enabled: z.boolean().default(false),
  /** Number or title of that document; needed when enabled. */
  basis: z.string().default(''),
  per_sale: moneyValue.default(yuan('100.00')),
  per_card: moneyValue.default(yuan('200.00')),
  per_terminal: moneyValue.default(yuan('2000.00')),
  data_age_max_hours: z.number().int().min(1).max(2160).default(72),
  clock_drift_max_seconds: z.number().int().min(1).max(3600).default(300),
  /** Who bears a refusal at upload: printed and shown. */
  bearer: z.enum(['shop', 'holder']).default('shop'),
});

const checkout = z.strictObject({
  /** What follows when an unknown settlement was reversed and can no longer arrive. */
  after_unknown: z.enum(['settle-again', 'give-up']).default('settle-again'),
});

const operator = z.strictObject({
  number: z.string().regex(/^[0-9A-Za-z]{1,20}$/),
  name: z.string().min(1).max(50),
  role: z.enum(['cashier', 'manager']).default('cashier'),
  pin_hash: pinHash,
});

const log = z.strictObject({ level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info') });

/** Every key of `guitai.toml`, checked; each has a default. An unknown key is an error, never ignored. */
export const configSchema = z
  .strictObject({
    shop: shop.prefault({}),
    server: server.prefault({}),
    data: data.prefault({}),
    agency: agency.prefault({}),
    reader: reader.prefault({}),
    printer: printer.prefault({}),
    card: card.prefault({}),
    limits: limits.prefault({}),
    offline: offline.prefault({}),
    checkout: checkout.prefault({}),
    operators: z.array(operator).max(50).default([]),
    log: log.prefault({}),
  })
  .superRefine((config, context) => {
    if (config.offline.enabled && config.offline.basis === '')
      context.addIssue({
        code: 'custom',
        path: ['offline', 'basis'],
        message: 'offline deduction names the document of the region that allows it',
      });
    const numbers = config.operators.map(({ number }) => number);
    if (new Set(numbers).size !== numbers.length)
      context.addIssue({ code: 'custom', path: ['operators'], message: 'operator numbers are unique' });
  });

export type Config = z.infer<typeof configSchema>;
