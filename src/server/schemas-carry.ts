import { z } from 'zod';

const count = z.number().int();
const file = z.string().min(1).max(1000);
const terminal = z.string().regex(/^[0-9A-Z]{2,4}$/);
const number = z.string().regex(/^[0-9A-Z-]{1,20}$/);
const operatorNumber = z.string().regex(/^[0-9A-Za-z]{1,20}$/);

export const carryOutBody = z.strictObject({
  to: file.describe('folder on the machine of the till'),
  terminal: terminal.optional().describe('needed when there are several partners'),
});
export const carryAgainBody = z.strictObject({ to: file, number: number.optional() });
export const carryFileBody = z.strictObject({ file: file.describe('path on the machine of the till') });
export const carryAnswerBody = z.strictObject({
  to: file,
  terminal: terminal.optional(),
  giveBack: z.boolean().optional().describe('give back what was not begun'),
});
export const carryTakeBackBody = z.strictObject({
  number,
  second: z.strictObject({ number: operatorNumber, pin: z.string().min(1).max(20) }),
  reason: z.string().max(200),
});

export const carryFileAnswer = z.object({
  file: z.string(),
  number: z.string(),
  terminal: z.string(),
  sales: count,
  until: z.string().optional(),
});
export const carryInAnswer = z.object({
  number: z.string(),
  terminal: z.string(),
  imported: count,
  known: count,
  until: z.string(),
});
export const carryBackAnswer = z.object({
  accepted: count,
  adjusted: count,
  rejected: count,
  returned: count,
  waiting: count,
  ignored: count,
});
export const carryTakeBackAnswer = z.object({ sales: count });
export const carryStateAnswer = z.object({
  own: z.object({ terminal: z.string(), publicKey: z.string() }),
  out: z.array(
    z.object({
      number: z.string(),
      terminal: z.string(),
      sales: count,
      stillOut: count,
      since: z.string(),
      until: z.string(),
      takeBackFrom: z.string(),
      unclear: z.boolean().describe('whether the medium holds it is not known'),
    }),
  ),
  in: z.array(
    z.object({
      number: z.string(),
      terminal: z.string(),
      sales: count,
      waiting: count,
      settled: count,
      refused: count,
      since: z.string(),
      until: z.string(),
    }),
  ),
});

export const carryFileExample: z.infer<typeof carryFileAnswer> = {
  file: '/media/usb/guitai-P99010000001-01-02-0001-7F3A.carry',
  number: '0001-7F3A',
  terminal: '02',
  sales: 12,
  until: '2026-03-09 10:00:00',
};
export const carryStateExample: z.infer<typeof carryStateAnswer> = {
  own: { terminal: '01', publicKey: `04${'0'.repeat(128)}` },
  out: [
    {
      number: '0001-7F3A',
      terminal: '02',
      sales: 12,
      stillOut: 12,
      since: '2026-03-02 10:00:00',
      until: '2026-03-09 10:00:00',
      takeBackFrom: '2026-03-09 11:00:00',
      unclear: false,
    },
  ],
  in: [],
};
