import { z } from 'zod';
import { operatorRoles } from '../domain/rights.ts';
import { yuan } from '../money.ts';
import { institutionKinds, institutionLevels } from '../policy/words.ts';
import { must } from './reasons.ts';
import {
  address,
  agencyUrl,
  displayAddress,
  milliseconds,
  moneyValue,
  pinHash,
  region,
  scannerAddress,
  serialAddress,
} from './values.ts';

const patternText = z.string().max(200).refine(isPattern, must('a regular expression'));

const shop = z.strictObject({
  name: z.string().min(1).max(60).default('未命名药店'),
  /** Institution code (定点医药机构编号): P for a pharmacy, H for a clinic, then eleven digits. */
  institution_code: z
    .string()
    .regex(/^[PH]\d{11}$/, must('P or H and eleven digits'))
    .default('P99010000001'),
  region: region.default('990100'),
  /** Level and kind of the institution (机构等级、类别): choose the benefit; a pharmacy's level is rarely asked for. */
  level: z.enum(institutionLevels).default('community'),
  kind: z.enum(institutionKinds).default('pharmacy'),
  /** Number of this terminal inside the shop: part of every sale number. */
  terminal: z
    .string()
    .regex(/^[0-9A-Z]{2,4}$/, must('two to four digits or capitals'))
    .default('01'),
  report_line: z.string().max(40).default(''),
  notices: z.array(z.string().max(60)).max(6).default([]),
  /** A clinic with one person: alone, that person may take a step for two; each such step is reported. */
  single_handed: z.boolean().default(false),
});

const server = z.strictObject({
  port: z.number().int().min(0).max(65535).default(8060),
  /** File with the token for other programs; made in the data folder when it is missing. */
  token_file: z.string().optional(),
});

const catalog = z.strictObject({
  /** Whether the agency's tables are fetched by the program itself, once a day and at a random minute of the night hours. */
  download: z.enum(['off', 'daily']).default('off'),
  /** Versions kept on disk of each of the two catalogues, the one in use among them. */
  keep_versions: z.number().int().min(2).max(50).default(5),
});

const policies = z.strictObject({
  /** Folder with the region's own policy documents (TOML or JSON); a bad one is refused at start. */
  folder: z.string().optional(),
});

const data = z.strictObject({
  folder: z.string().min(1).default('data'),
  /** Room kept on the disk for the outcome of running sales; 0 = none. */
  reserve_mb: z.number().int().min(0).max(10_000).default(16),
  /** Below this the doctor and the status bar warn. */
  warn_free_mb: z.number().int().min(0).max(10_000_000).default(500),
});

const backup = z.strictObject({
  /** Where the records are backed up to, better on another disk; without one nothing is scheduled. */
  folder: z.string().optional(),
  every_hours: z.number().int().min(1).max(720).default(6),
  /** Good backups kept; older ones are removed after a new one is good. */
  keep: z.number().int().min(1).max(1000).default(14),
});

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
  paths: z.record(z.string().regex(/^(?:\d{4}|G\d{3})$/), z.string().startsWith('/')).default({}),
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
  /** What it can do: name of a shipped profile, or a file of the shop's own; empty = by `width_mm`. */
  profile: z.string().max(300).default(''),
  /** Font of this machine that draws what the printer's font lacks: `auto`, `none`, or its file. */
  glyph_font: z.string().min(1).max(300).default('auto'),
});

const card = z.strictObject({
  /** Whether the region refuses a chip whose date has passed; otherwise it only warns. */
  refuse_expired: z.boolean().default(false),
  /** Who proves cards first; the other one steps in when the first cannot be asked. */
  prove_with: z.enum(['agency', 'module']).default('agency'),
});

const credentials = z.strictObject({
  /** Electronic certificate (医保电子凭证) by its QR code. */
  electronic_certificate: z.boolean().default(true),
  /** What the text of such a QR code looks like here; a regular expression. */
  certificate_pattern: patternText.default('^28[0-9A-Za-z]{14,100}$'),
  /** Identity number typed by hand: only where the region's document allows it. */
  identity_number: z.boolean().default(false),
  identity_number_basis: z.string().max(100).default(''),
});

const pin = z.strictObject({
  /** `pad`: only on the PIN pad. `keyboard`: masked on the screen, where the region allows it. */
  entry: z.enum(['pad', 'keyboard']).default('pad'),
  timeout_ms: milliseconds.default(60_000),
});

const pinPad = z.strictObject({
  address: serialAddress,
  /** File with the pad's transport key, 32 hex digits; made by the pad's loader. */
  key_file: z.string().min(1),
});

const scanner = z.strictObject({ address: scannerAddress });

const customerDisplay = z.strictObject({
  address: displayAddress,
  columns: z.number().int().min(8).max(40).default(20),
  /** Character set of the display's own font; a display without Chinese gets figures and English. */
  charset: z.enum(['gb18030', 'ascii']).default('ascii'),
});

const customerScreen = z.strictObject({
  /** How the page `/customer` looks: `large` type for the elderly, `simple` with pictures and few words. */
  mode: z.enum(['normal', 'large', 'simple']).default('normal'),
  /** Prices are spoken by that screen's own browser. */
  speech: z.boolean().default(false),
});

const cashDrawer = z.strictObject({
  /** `printer`: on the drawer socket of the slip printer. */
  connection: z.enum(['none', 'printer']).default('none'),
});

const buzzer = z.strictObject({
  /** Sounds at a refused scan or card and at an unknown outcome. */
  device: z.enum(['none', 'printer']).default('none'),
});

const keys = z.strictObject({
  /** `file`: wrapped under a secret. `pkcs11`: the root key lies in a token (Ukey, HSM). */
  store: z.enum(['file', 'pkcs11']).default('file'),
  /** Secret of the wrapped file; made in the data folder when it is missing. */
  secret_file: z.string().optional(),
  pkcs11_library: z.string().default(''),
  pkcs11_token: z.string().default(''),
  pkcs11_pin_file: z.string().optional(),
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
  /** Offline sales not yet accepted by the agency: of one card, and of this terminal. */
  sales_per_card: z.number().int().min(1).max(1000).default(10),
  sales_per_terminal: z.number().int().min(1).max(100_000).default(500),
  data_age_max_hours: z.number().int().min(1).max(2160).default(72),
  /** Age of the blacklist of cards beyond which nothing is deducted offline. */
  blacklist_age_max_hours: z.number().int().min(1).max(2160).default(72),
  /** Since the policy document last agreed with an answer of the agency, or came to this till. */
  policy_age_max_hours: z.number().int().min(1).max(8784).default(720),
  /** What is left of the three amounts when the oldest of these ages reaches its limit; 100 = they never tighten. */
  tightest_percent: z.number().int().min(0).max(100).default(25),
  clock_drift_max_seconds: z.number().int().min(1).max(3600).default(300),
  /** Who bears a refusal at upload: printed and shown. */
  bearer: z.enum(['shop', 'holder']).default('shop'),
});

const upload = z.strictObject({
  /** Cards whose sales are uploaded at the same time. */
  at_once: z.number().int().min(1).max(64).default(8),
  /** After an outage the upload begins at a random moment within this time. */
  random_start_seconds: z.number().int().min(0).max(3600).default(30),
  /** After so many uploads the agency gets a pause. */
  batch: z.number().int().min(1).max(100_000).default(200),
  pause_ms: milliseconds.default(100),
  /** Days within which a refusal can be argued with the agency: the deadline on the work-list. */
  claim_days: z.number().int().min(1).max(366).default(30),
});

const carry = z.strictObject({
  /** Days within which the receiver of a carry-out file may upload what is in it; afterwards it can be taken back. */
  days: z.number().int().min(1).max(60).default(7),
  /** Sales in one file at most. */
  sales: z.number().int().min(1).max(5_000).default(1_000),
  /** Terminals of this shop with which files are exchanged, each with the public key that it signs and reads with. */
  partners: z
    .array(
      z.strictObject({
        terminal: z.string().regex(/^[0-9A-Z]{2,4}$/, must('two to four digits or capitals')),
        /** 04 and 128 hex digits, as `guitai carry key` shows it there. */
        public_key: z
          .string()
          .regex(/^04[0-9a-fA-F]{128}$/, must('04 and 128 hex digits'))
          .transform((key) => key.toUpperCase()),
      }),
    )
    .max(32)
    .default([]),
});

const checkout = z.strictObject({
  /** What follows when an unknown settlement was reversed and can no longer arrive. */
  after_unknown: z.enum(['settle-again', 'give-up']).default('settle-again'),
  /** The holder's consent to own-pay lines of an insured sale: a yes at the till, a signed paper, or none. */
  own_pay_consent: z.enum(['off', 'ask', 'print']).default('ask'),
  /** Whether the shop sells to chronic patients (门诊慢特病): the agency is asked what is filed for a holder (5301). */
  chronic: z.boolean().default(true),
});

const operator = z.strictObject({
  number: z.string().regex(/^[0-9A-Za-z]{1,20}$/),
  name: z.string().min(1).max(50),
  role: z.enum(operatorRoles).default('cashier'),
  pin_hash: pinHash,
});

const journal = z.strictObject({
  /** Second folder, better on another medium, where the head of the journal is written down; empty = off. */
  anchor_folder: z.string().default(''),
  /** While a shift sells, at most this long and at most this many sales between two anchors. */
  anchor_minutes: z.number().int().min(1).max(1440).default(10),
  anchor_sales: z.number().int().min(1).max(1000).default(20),
});

const lock = z.strictObject({
  /** Without a key or a touch for so long the page locks itself; the sale stays. 0 = never. */
  idle_minutes: z.number().int().min(0).max(720).default(10),
});

const log = z.strictObject({ level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info') });

/** Every key of `guitai.toml`, checked; each has a default. An unknown key is an error, never ignored. */
export const configSchema = z
  .strictObject({
    shop: shop.prefault({}),
    server: server.prefault({}),
    data: data.prefault({}),
    backup: backup.prefault({}),
    catalog: catalog.prefault({}),
    policies: policies.prefault({}),
    agency: agency.prefault({}),
    reader: reader.prefault({}),
    printer: printer.prefault({}),
    card: card.prefault({}),
    credentials: credentials.prefault({}),
    pin: pin.prefault({}),
    pin_pads: z.array(pinPad).max(8).default([]),
    scanners: z.array(scanner).max(8).default([]),
    customer_displays: z.array(customerDisplay).max(8).default([]),
    customer_screen: customerScreen.prefault({}),
    cash_drawer: cashDrawer.prefault({}),
    buzzer: buzzer.prefault({}),
    keys: keys.prefault({}),
    limits: limits.prefault({}),
    offline: offline.prefault({}),
    upload: upload.prefault({}),
    carry: carry.prefault({}),
    checkout: checkout.prefault({}),
    operators: z.array(operator).max(50).default([]),
    journal: journal.prefault({}),
    lock: lock.prefault({}),
    log: log.prefault({}),
  })
  .superRefine((config, context) => {
    if (config.offline.enabled && config.offline.basis === '')
      context.addIssue({
        code: 'custom',
        path: ['offline', 'basis'],
        message: must('offline deduction names the document of the region that allows it'),
      });
    if (config.credentials.identity_number && config.credentials.identity_number_basis === '')
      context.addIssue({
        code: 'custom',
        path: ['credentials', 'identity_number_basis'],
        message: must('identity numbers by hand name the document of the region that allows them'),
      });
    if (config.keys.store === 'pkcs11' && config.keys.pkcs11_library === '')
      context.addIssue({
        code: 'custom',
        path: ['keys', 'pkcs11_library'],
        message: must('a token needs the library of its maker'),
      });
    const numbers = config.operators.map(({ number }) => number);
    if (new Set(numbers).size !== numbers.length)
      context.addIssue({ code: 'custom', path: ['operators'], message: must('operator numbers are unique') });
  });

export type Config = z.infer<typeof configSchema>;

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u').source !== '';
  } catch {
    return false;
  }
}
