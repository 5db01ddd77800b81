import { z } from 'zod';
import { comparedAnswers, comparedFields } from '#core/domain/split-comparison';

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a day such as 2026-03-02');
const money = z.string().regex(/^-?\d+\.\d{2}$/);

export const daysQuery = z.strictObject({ from: day.optional(), to: day.optional() });

export const policiesAnswer = z.object({
  policies: z.array(
    z.object({
      id: z.string(),
      version: z.string(),
      titleZh: z.string(),
      titleEn: z.string(),
      status: z.enum(['official', 'restated', 'sample', 'training']),
      basis: z.string(),
      schemes: z.array(z.string()),
      regions: z.array(z.string()),
      validFrom: z.string(),
      validTo: z.string().optional(),
    }),
  ),
});

export const splitReportAnswer = z.object({
  from: z.string(),
  to: z.string(),
  compared: z.number().int(),
  different: z.number().int(),
  rows: z.array(
    z.object({
      saleId: z.string(),
      saleNumber: z.string(),
      against: z.enum(comparedAnswers),
      at: z.string(),
      policy: z.string().optional(),
      policyVersion: z.string().optional(),
      catalogVersion: z.string(),
      differences: z.array(
        z.object({
          lineNumber: z.number().int().optional().describe('absent = the sum of the sale'),
          field: z.enum(comparedFields),
          ours: money,
          agency: money,
        }),
      ),
    }),
  ),
});

export const policiesExample = {
  policies: [
    {
      id: 'training-310-pharmacy',
      version: '2026-1',
      titleZh: '职工医保定点药店购药（培训）',
      titleEn: 'Employees buying in a pharmacy (training)',
      status: 'training',
      basis: '培训用政策',
      schemes: ['310'],
      regions: ['990100', '*'],
      validFrom: '2020-01-01',
    },
  ],
} as const;

export const splitReportExample = {
  from: '2026-03-02',
  to: '2026-03-02',
  compared: 41,
  different: 1,
  rows: [
    {
      saleId: 's-000042',
      saleNumber: 'T01260302000042',
      against: 'settlement',
      at: '2026-03-02 09:30:05',
      policy: 'training-310-pharmacy',
      policyVersion: '2026-1',
      catalogVersion: '20260301-083000-0a1b2c3d',
      differences: [{ lineNumber: 2, field: 'firstSelfPay', ours: '1.20', agency: '2.40' }],
    },
  ],
} as const;
