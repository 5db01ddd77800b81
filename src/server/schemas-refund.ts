import { z } from 'zod';
import { paidSums } from '#checkout/view';
import { credentialBody, plainText, quantityText } from './schemas-parts.ts';

const lineBack = z.strictObject({
  lineNumber: z.number().int().min(1).max(10_000),
  quantity: quantityText.describe('so much comes back, in the unit in which the line was sold'),
});
const lines = z.array(lineBack).max(200);

export const refundPreviewBody = z.strictObject({ lines });
export const refundBody = z.strictObject({ lines, second: credentialBody, reason: plainText(100) });

export const refundPreviewAnswer = z.object({
  whole: z.boolean().describe('everything comes back: the sale is cancelled and nothing is sold anew'),
  goods: z.string().describe('price of the goods that come back'),
  before: paidSums.describe('what the sale took'),
  rest: paidSums
    .optional()
    .describe('the sale of what the customer keeps; absent = not known before its quote'),
  back: paidSums.optional().describe('the difference; below zero = more than before'),
  estimate: z.boolean().describe("by the terminal's own rules: the agency's quote of the rest decides"),
});

export const refundPreviewExample: z.infer<typeof refundPreviewAnswer> = {
  whole: false,
  goods: '9.80',
  before: { total: '26.60', fundTotal: '0.00', account: '20.00', cash: '6.60' },
  rest: { total: '16.80', fundTotal: '0.00', account: '16.80', cash: '0.00' },
  back: { total: '9.80', fundTotal: '0.00', account: '3.20', cash: '6.60' },
  estimate: true,
};

export const refundSchemas = {
  RefundLines: refundBody,
  RefundPreview: refundPreviewBody,
  RefundPreviewAnswer: refundPreviewAnswer,
};
