import { z } from 'zod';
import { faultView } from '#checkout/view';

const tableId = z.string().regex(/^13\d\d$/);

export const catalogStateAnswer = z.object({
  phase: z
    .enum(['off', 'idle', 'waiting', 'fetching', 'building', 'switching'])
    .describe('waiting: for an open shift, the link or the next try'),
  table: tableId.optional().describe('what is fetched or read now'),
  tableZh: z.string().optional(),
  rows: z.number().int(),
  percent: z.number().int().min(0).max(100),
  version: z.string().optional().describe("version of the agency's tables in use"),
  skipped: z
    .array(z.object({ table: tableId, tableZh: z.string(), fault: faultView, agencyText: z.string() }))
    .describe('tables that the agency refused; what the till has of them stays'),
  problems: z
    .array(
      z.object({
        table: tableId,
        line: z.number().int(),
        column: z.string().optional(),
        value: z.string().optional(),
        zh: z.string(),
        en: z.string(),
      }),
    )
    .describe('rows that the import refused'),
  lastFault: faultView.optional(),
  lastDone: z.string().optional(),
  next: z.string().optional(),
});

export const catalogStateExample = {
  phase: 'fetching',
  table: '1312',
  tableZh: '医保目录',
  rows: 1200,
  percent: 41,
  version: '20260301-021500',
  skipped: [],
  problems: [],
  lastDone: '2026-03-01 02:15:40',
  next: '2026-03-03 03:27:00',
} as const;
