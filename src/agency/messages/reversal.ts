import { z } from 'zod';
import type { ReversalRequest } from '../port.ts';
import { inPattern, inRequired } from '../wire.ts';

/** 2601 冲正交易, input (table 4.6.1). It has no output node. */
export const reversalInput = z.strictObject({
  data: z.strictObject({
    psn_no: inRequired(30),
    omsgid: inPattern(/^[A-Z0-9]{12}\d{18}$/, 'a message id of 30 characters'),
    oinfno: inPattern(/^210[23]$/, 'a transaction that can be reversed'),
  }),
});
export type ReversalInput = z.infer<typeof reversalInput>;

export function reversalRequest(request: ReversalRequest): ReversalInput {
  return {
    data: {
      psn_no: request.personNumber,
      omsgid: request.originalMessageId,
      oinfno: request.originalTransaction,
    },
  };
}
