import { z } from 'zod';
import { err, ok, type Result } from '#core/result';
import type { TerminalKeyRequest } from '../port.ts';
import { firstProblem, inPattern, outRequired } from '../wire.ts';

/*
 * G001 terminal keys (终端密钥), a transaction of our own: no national number is known. A first key comes with
 * a one-time code that the agency gave on paper; every later change is signed by a key it already knows.
 */

const inKeyId = inPattern(/^[0-9A-Fa-f]{16}$/, 'a key id of 16 hex digits');

const ACTION_CODES = { enrol: '1', rotate: '2', revoke: '3' } as const;

export const terminalKeyInput = z.strictObject({
  data: z
    .strictObject({
      /** 1 enrol, 2 replace, 3 revoke. */
      key_oper: inPattern(/^[123]$/, 'a change of a key'),
      key_id: inKeyId,
      /** 04 ‖ x ‖ y. */
      pub_key: inPattern(/^04[0-9A-Fa-f]{128}$/, 'a public key of 130 hex digits'),
      old_key_id: inPattern(/^(?:[0-9A-Fa-f]{16})?$/, 'a key id of 16 hex digits'),
      /** r ‖ s over `terminalKeyText`. */
      old_key_sign: inPattern(/^(?:[0-9A-Fa-f]{128})?$/, 'a signature of 128 hex digits'),
      enrl_code: inPattern(/^[0-9A-Za-z-]{0,32}$/, 'an enrolment code'),
    })
    .refine((data) => data.key_oper !== '1' || data.enrl_code !== '', {
      path: ['enrl_code'],
      message: 'is required to enrol a first key',
    })
    .refine((data) => data.key_oper === '1' || (data.old_key_id !== '' && data.old_key_sign !== ''), {
      path: ['old_key_sign'],
      message: 'is required to change a known key',
    }),
});
export type TerminalKeyInput = z.infer<typeof terminalKeyInput>;

const terminalKeyOutput = z.object({ result: z.object({ key_id: outRequired(32) }) });

export function terminalKeyRequest(request: TerminalKeyRequest): TerminalKeyInput {
  return {
    data: {
      key_oper: ACTION_CODES[request.action],
      key_id: request.keyId,
      pub_key: request.publicKey,
      old_key_id: request.oldKeyId ?? '',
      old_key_sign: request.signature ?? '',
      enrl_code: request.enrolmentCode ?? '',
    },
  };
}

/** The answer must name the key that was asked about. */
export function readTerminalKey(output: unknown, request: TerminalKeyRequest): Result<void, string> {
  const parsed = terminalKeyOutput.safeParse(output);
  if (!parsed.success) return err(firstProblem(parsed.error));
  if (parsed.data.result.key_id !== request.keyId) return err('result.key_id: of another key');
  return ok(undefined);
}
