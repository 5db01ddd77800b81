import { z } from 'zod';
import { faultView } from '#checkout/view';
import { operatorRoles, rights } from '#core/domain/rights';
import { journalVerifyAnswer, journalVerifyExample } from './schemas-journal.ts';

const number = z.string().regex(/^[0-9A-Za-z]{1,20}$/);
const secret = z
  .string()
  .regex(/^[\x21-\x7e]{4,32}$/)
  .describe('never logged');
const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .describe('business day, Asia/Shanghai');
const text = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^[^\p{Cc}]+$/u);
const second = z.strictObject({ number, pin: secret });
const money = z.string().describe('yuan');

export const officeDayQuery = z.strictObject({ day: day.exactOptional() });
export const operatorParams = z.strictObject({ number });
export const glassParams = z.strictObject({ id: z.string().regex(/^\d{1,15}$/) });

export const addOperatorBody = z.strictObject({
  number,
  name: text(50),
  role: z.enum(operatorRoles),
  password: secret,
  until: day.exactOptional(),
  second,
  reason: text(100),
});
export const changeOperatorBody = z.strictObject({
  name: text(50).exactOptional(),
  role: z.enum(operatorRoles).exactOptional(),
  state: z.enum(['active', 'disabled']).exactOptional(),
  password: secret.exactOptional(),
  until: day.nullable().exactOptional(),
  second,
  reason: text(100),
});
export const firstManagerBody = z.strictObject({
  code: z
    .string()
    .regex(/^\d{8}$/)
    .describe('as the program shows it at its start'),
  number,
  name: text(50),
  password: secret,
});
export const ownSecretBody = z.strictObject({
  kind: z.enum(['password', 'quick']),
  old: secret,
  to: secret.nullable().describe('null: no quick PIN any more'),
});

export const operatorRow = z.object({
  number: z.string(),
  name: z.string(),
  role: z.enum(operatorRoles),
  rights: z.array(z.enum(rights)),
  state: z.enum(['active', 'disabled']),
  until: z.string().optional(),
  quickPin: z.boolean(),
  from: z.enum(['configuration', 'records']),
  changedAt: z.string().optional(),
  changedBy: z.string().optional(),
});
export const glassRow = z.object({
  id: z.string(),
  at: z.string(),
  operator: z.string(),
  what: z.string(),
  reason: z.string(),
});
export const operatorsAnswer = z.object({
  operators: z.array(operatorRow),
  glass: z.array(glassRow).describe('steps for two that one person took alone and nobody else has seen'),
});

export const verifyStateAnswer = z.object({
  running: z.boolean(),
  done: z.number().int(),
  total: z.number().int(),
  last: journalVerifyAnswer.optional(),
});

export const looksAnswer = z.object({
  looks: z.array(
    z.object({
      at: z.string(),
      operator: z.string(),
      operatorName: z.string(),
      holder: z.string().describe('masked'),
      medium: z.string().optional(),
      why: z.enum(['sale', 'enquiry', 'record']),
      saleNumber: z.string().optional(),
    }),
  ),
});

export const dayPictureAnswer = z.object({
  day: z.string(),
  sales: z.number().int(),
  total: money,
  hours: z.array(
    z.object({
      hour: z.number().int(),
      sales: z.number().int(),
      total: money,
      refused: z.number().int(),
    }),
  ),
  times: z.object({
    measured: z.number().int(),
    median: z.number().describe('seconds from the first line to the end'),
    slowest: z.number(),
    machineMedian: z.number().describe('seconds from the payment key to the outcome'),
    bands: z.array(z.object({ upTo: z.number().optional(), sales: z.number().int() })),
  }),
  payers: z.array(
    z.object({
      payer: z.enum(['fund', 'account', 'family', 'institution', 'cash', 'mobile']),
      amount: money,
      sales: z.number().int(),
    }),
  ),
  refusals: z.array(z.object({ code: z.string(), zh: z.string(), en: z.string(), count: z.number().int() })),
  ends: z.object({ insured: z.number().int(), offline: z.number().int(), ownPay: z.number().int() }),
  cancelled: z.number().int(),
  unclear: z.number().int(),
});

export const settingsAnswer = z.object({
  file: z.string().optional(),
  rows: z.array(z.object({ key: z.string(), value: z.string(), standard: z.boolean() })),
});
export const settingsCheckAnswer = z.object({
  at: z.string(),
  sound: z.boolean(),
  changed: z.boolean().describe('the program would run with other values after a restart'),
  problems: z.array(
    z.object({ key: z.string(), line: z.number().int().optional(), zh: z.string(), en: z.string() }),
  ),
  fault: faultView.optional(),
});

/** For the document of the API. */
export const officeSchemas = {
  AddOperator: addOperatorBody,
  ChangeOperator: changeOperatorBody,
  ChangeOwnSecret: ownSecretBody,
  FirstManager: firstManagerBody,
  OperatorRow: operatorRow,
  OperatorsAnswer: operatorsAnswer,
  JournalVerifyState: verifyStateAnswer,
  LooksAnswer: looksAnswer,
  DayPicture: dayPictureAnswer,
  Settings: settingsAnswer,
  SettingsCheck: settingsCheckAnswer,
};

export const operatorRowExample = {
  number: '0102',
  name: '店长乙',
  role: 'manager',
  rights: ['sell', 'second', 'look', 'manage'],
  state: 'active',
  quickPin: true,
  from: 'records',
  changedAt: '2026-03-02 08:05:00',
  changedBy: '0101',
} satisfies z.infer<typeof operatorRow>;

export const glassRowExample = {
  id: '412',
  at: '2026-03-02 21:40:10',
  operator: '0101',
  what: 'cancel',
  reason: '夜间单人值班，顾客退药',
};

export const verifyStateExample = {
  running: false,
  done: 0,
  total: 0,
  last: journalVerifyExample,
} satisfies z.infer<typeof verifyStateAnswer>;

export const looksExample = {
  looks: [
    {
      at: '2026-03-02 09:12:30',
      operator: '0101',
      operatorName: '收银员甲',
      holder: '测** 990101**********19',
      medium: 'card',
      why: 'sale',
      saleNumber: '260302010001',
    },
    {
      at: '2026-03-02 09:10:02',
      operator: '0101',
      operatorName: '收银员甲',
      holder: '测** 990101**********27',
      medium: 'electronic-certificate',
      why: 'enquiry',
    },
  ],
} satisfies z.infer<typeof looksAnswer>;

export const dayPictureExample = {
  day: '2026-03-02',
  sales: 46,
  total: '2318.60',
  hours: [
    { hour: 8, sales: 9, total: '402.10', refused: 0 },
    { hour: 9, sales: 17, total: '911.00', refused: 2 },
    { hour: 10, sales: 12, total: '640.50', refused: 0 },
    { hour: 15, sales: 8, total: '365.00', refused: 1 },
  ],
  times: {
    measured: 46,
    median: 38.5,
    slowest: 214,
    machineMedian: 1.4,
    bands: [
      { upTo: 15, sales: 3 },
      { upTo: 30, sales: 15 },
      { upTo: 60, sales: 19 },
      { upTo: 120, sales: 7 },
      { upTo: 300, sales: 2 },
      { sales: 0 },
    ],
  },
  payers: [
    { payer: 'fund', amount: '812.30', sales: 21 },
    { payer: 'account', amount: '960.00', sales: 33 },
    { payer: 'family', amount: '40.00', sales: 1 },
    { payer: 'cash', amount: '306.30', sales: 19 },
    { payer: 'mobile', amount: '200.00', sales: 6 },
  ],
  refusals: [
    { code: 'agency-refused', zh: '医保中心拒绝了这笔业务', en: 'The agency refused this', count: 2 },
    { code: 'limit-account-per-sale', zh: '超过单笔限额', en: 'Above the limit per sale', count: 1 },
  ],
  ends: { insured: 37, offline: 2, ownPay: 7 },
  cancelled: 1,
  unclear: 0,
} satisfies z.infer<typeof dayPictureAnswer>;

export const settingsExample = {
  file: 'guitai.toml',
  rows: [
    { key: 'shop.name', value: '示例大药房', standard: false },
    { key: 'shop.region', value: '990100', standard: true },
    { key: 'lock.idle_minutes', value: '10', standard: true },
    { key: 'operators[1].pin_hash', value: '••••', standard: false },
  ],
} satisfies z.infer<typeof settingsAnswer>;

export const settingsCheckExample = {
  at: '2026-03-02 18:00:00',
  sound: false,
  changed: false,
  problems: [{ key: 'shop.region', line: 4, zh: '须为六位数字', en: 'six digits' }],
} satisfies z.infer<typeof settingsCheckAnswer>;
