import { z } from 'zod';

const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .describe('business day, Asia/Shanghai; today without one');
const shopCode = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[^\p{Cc}]+$/u);

/** A paper about the sale on the counter. */
export const salePaperBody = z.strictObject({
  kind: z.enum(['consent', 'refusal']).describe('own-pay consent (自费知情同意) or refusal (拒付凭条)'),
});
/** A paper of the shop: day summary (日结单) or price label (价签). */
export const paperBody = z
  .strictObject({
    kind: z.enum(['day-summary', 'price-label']),
    day: day.exactOptional(),
    shopCode: shopCode.exactOptional(),
  })
  .refine(({ kind, shopCode: code }) => kind !== 'price-label' || code !== undefined, {
    path: ['shopCode'],
    message: 'a price label is of one product',
  });

export const consentBody = z.strictObject({
  own: z
    .string()
    .regex(/^\d{1,9}\.\d{2}$/)
    .describe('the amount that the holder was told, in yuan'),
});

export const paperAnswer = z.object({
  text: z.string().describe('line by line as on the paper'),
  svg: z.string().describe('the paper as a picture'),
});

export const paperExample: z.infer<typeof paperAnswer> = {
  text: '日结单 2026-03-02\n当日合计  25.00',
  svg: '<svg xmlns="http://www.w3.org/2000/svg"/>',
};

export const paperSchemas = {
  SalePaper: salePaperBody,
  Consent: consentBody,
  ShopPaper: paperBody,
  PaperAnswer: paperAnswer,
};
