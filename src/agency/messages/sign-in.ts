import { z } from 'zod';
import { parseBusinessDateTime } from '#core/business-time';
import { err, ok, type Result } from '#core/result';
import type { SignIn } from '../port.ts';
import { firstProblem, inRequired, inText, outRequired, outText } from '../wire.ts';

/** 9001 签到, input (table 2.1). */
export const signInInput = z.strictObject({
  signIn: z.strictObject({ opter_no: inRequired(20), mac: inText(20), ip: inRequired(20) }),
});
export type SignInInput = z.infer<typeof signInInput>;

/** 9001 output (table 2.2). */
const signInOutput = z.object({
  signinoutb: z.object({ sign_time: outText(30), sign_no: outRequired(30) }),
});

export function signInRequest(terminal: { operator: string; mac: string; ip: string }): SignInInput {
  return { signIn: { opter_no: terminal.operator, mac: terminal.mac, ip: terminal.ip } };
}

/** `nowMs` stands in when the agency gives no readable time: only the number matters for later messages. */
export function readSignIn(output: unknown, nowMs: number): Result<SignIn, string> {
  const parsed = signInOutput.safeParse(output);
  if (!parsed.success) return err(firstProblem(parsed.error));
  const { sign_no, sign_time } = parsed.data.signinoutb;
  return ok({ signInNumber: sign_no, signedInAtMs: parseBusinessDateTime(sign_time) ?? nowMs });
}
