import { z } from 'zod';
import { inRequired, inText } from '../wire.ts';

/** 9002 签退, input (table 2.3). The answer's only field is a time that nothing depends on (table 2.4). */
export const signOutInput = z.strictObject({
  signOut: z.strictObject({ sign_no: inRequired(20), opter_no: inText(20) }),
});
export type SignOutInput = z.infer<typeof signOutInput>;

export function signOutRequest(signInNumber: string, operator: string): SignOutInput {
  return { signOut: { sign_no: signInNumber, opter_no: operator } };
}
