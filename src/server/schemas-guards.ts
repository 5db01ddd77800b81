import { z } from 'zod';

const money = z.string().regex(/^-?\d+\.\d{2}$/);

export const owedAnswer = z.object({
  rows: z.array(
    z.object({
      kind: z.enum(['upload', 'outcome', 'slip', 'restore', 'agency-only']),
      saleId: z.string().optional(),
      saleNumber: z.string().optional(),
      amount: money,
      since: z.string(),
      zh: z.string(),
      en: z.string(),
    }),
  ),
  total: money,
});

export const owedExample: z.infer<typeof owedAnswer> = {
  rows: [
    {
      kind: 'upload',
      saleId: 's-000042',
      saleNumber: '260302010042',
      amount: '12.50',
      since: '2026-03-02 09:30:00',
      zh: '脱机交易待上传',
      en: 'offline sale to upload',
    },
  ],
  total: '12.50',
};

export const backupBody = z.strictObject({
  to: z.string().min(1).max(1000).optional().describe('folder on the machine of the till'),
  withKeys: z.boolean().optional().describe('the wrapped key file too; never its secret'),
});

export const backupAnswer = z.object({
  file: z.string(),
  at: z.string(),
  bytes: z.number().int(),
  sequence: z.number().int().describe('last journal entry in the backup'),
});

export const backupExample: z.infer<typeof backupAnswer> = {
  file: '/mnt/backup/guitai/guitai-01-20260302093000.backup',
  at: '2026-03-02 09:30:00',
  bytes: 1_048_576,
  sequence: 4711,
};
