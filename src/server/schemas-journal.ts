import { z } from 'zod';

export const journalVerifyAnswer = z.object({
  at: z.string(),
  sound: z.boolean(),
  entries: z.number().int(),
  head: z.object({ sequence: z.number().int(), code: z.string() }),
  findingCount: z.number().int(),
  findings: z.array(
    z.object({
      kind: z.string(),
      sequence: z.number().int().optional().describe('place in the journal'),
      saleNumber: z.string().optional(),
      zh: z.string(),
      en: z.string(),
    }),
  ),
  signedUpTo: z.number().int().describe('entries up to here stand under a good signature; 0 = none'),
  provedUpTo: z
    .number()
    .int()
    .optional()
    .describe('up to here the anchor in the second folder proves that nothing was cut off'),
});

export const journalVerifyExample = {
  at: '2026-03-02 18:05:00',
  sound: true,
  entries: 412,
  head: { sequence: 412, code: '412-7Q4ZK-1M8TB' },
  findingCount: 0,
  findings: [],
  signedUpTo: 411,
  provedUpTo: 412,
} satisfies z.infer<typeof journalVerifyAnswer>;
