import { z } from 'zod';
import { faultView } from '#checkout/view';

const text = z.string();
const problem = z.object({
  line: z.number().int(),
  column: text.optional(),
  value: text.optional(),
  zh: text,
  en: text,
});

export const listAnswer = z.object({
  phase: z
    .enum(['off', 'idle', 'reading', 'confirming', 'building'])
    .describe(
      'confirming: a person says what the columns are; building: a version is made beside the one in use',
    ),
  fileName: text.optional(),
  sheet: text.optional().describe('sheet of a workbook that was read'),
  columns: z.array(
    z.object({
      header: text,
      column: text.optional().describe('"-" = leave out; absent = nothing fits'),
      confidence: z.number().int().min(0).max(1000).describe('1000 = a documented header'),
      money: z.boolean().describe('money, share or class: never taken on a guess'),
      zh: text,
      en: text,
      samples: z.array(text),
    }),
  ),
  missing: z.array(text).describe('required columns that nothing in the list fits'),
  choices: z.array(z.object({ column: text, zh: text, required: z.boolean() })),
  step: z.enum(['reading', 'rows', 'index', 'sync']).optional(),
  percent: z.number().int().min(0).max(100),
  report: z
    .object({
      fileName: text,
      rowsRead: z.number().int(),
      products: z.number().int(),
      version: text.optional().describe('version in use from now on; absent = nothing was imported'),
      problems: z.array(problem),
      problemCount: z.number().int(),
    })
    .optional(),
  lastFault: faultView.optional(),
  versions: z.array(
    z.object({
      version: text,
      importedAtMs: z.number(),
      productCount: z.number().int(),
      source: text,
      inUse: z.boolean(),
    }),
  ),
});

export const listExample = {
  phase: 'confirming',
  fileName: '商品资料.xlsx',
  sheet: 'Sheet1',
  columns: [
    {
      header: '零售价(元)',
      column: 'price',
      confidence: 800,
      money: true,
      zh: '列名相近',
      en: 'the header looks like it',
      samples: ['12.50'],
    },
  ],
  missing: ['shop_code'],
  choices: [{ column: 'price', zh: '零售价', required: true }],
  percent: 0,
  versions: [
    {
      version: '20260301-083000-0a1b2c3d',
      importedAtMs: 1_772_325_000_000,
      productCount: 312,
      source: '商品资料.csv sha256:0a1b2c3d',
      inUse: true,
    },
  ],
} as const;

export const listNameQuery = z.strictObject({ name: z.string().min(1).max(200) });
/** Header of the list → column, or `-` to leave it out. */
export const listColumnsBody = z.strictObject({
  columns: z.record(z.string().min(1).max(200), z.string().min(1).max(40)),
});
