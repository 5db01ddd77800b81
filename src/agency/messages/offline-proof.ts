import { z } from 'zod';
import type { OfflineProof } from '#core/domain/offline-proof';
import { type Fault, fault } from '#core/fault';
import { fen } from '#core/money';
import { err, ok, type Result } from '#core/result';
import { parseJson } from '../json.ts';
import { firstProblem } from '../wire.ts';

/*
 * The proof of an offline sale inside `druginfo.exp_content` of its 2102: JSON text, amounts in fen as text.
 * The interface knows no offline settlement (section 12), so form and place are ours.
 */

const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9A-Fa-f]{${digits}}$`));
const amount = z
  .string()
  .regex(/^\d{1,14}$/)
  .transform((text) => fen(BigInt(text)));

const signature = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('card-tac'), cardSequence: hex(4), tac: hex(8), type: hex(2) }),
  z.strictObject({ kind: z.literal('module-mac'), mac: hex(8), factor: hex(16) }),
]);

const proofContent = z.strictObject({
  offlineProof: z.strictObject({
    saleNumber: z.string().min(1).max(20),
    cardId: hex(32),
    region: z.string().regex(/^\d{6}$/),
    historicalBytes: hex(26),
    algorithm: z.enum(['tdes', 'sm4']),
    terminalNumber: z.string().regex(/^\d{12}$/),
    terminalSequence: hex(8),
    time: z.string().regex(/^\d{14}$/),
    account: amount,
    own: amount,
    pool: amount,
    signature,
    blacklistVersion: z.string().max(32),
    terminal: z.strictObject({ keyId: hex(16), signature: hex(128) }).optional(),
  }),
});

/** JSON text for `exp_content`; `agency-message-invalid` names the field that does not fit. */
export function offlineProofContent(proof: OfflineProof): Result<string, Fault> {
  const text = JSON.stringify({ offlineProof: proof }, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
  const back = readOfflineProof(text);
  return back.ok
    ? ok(text)
    : err(fault('agency-message-invalid', `input.druginfo.exp_content: ${back.error}`));
}

/** The proof in an `exp_content`, or why it is none; never a value of it. */
export function readOfflineProof(text: string): Result<OfflineProof, string> {
  const json = parseJson(text);
  if (!json.ok) return err(json.error);
  const parsed = proofContent.safeParse(json.value);
  if (!parsed.success) return err(firstProblem(parsed.error));
  const { terminal, ...proof } = parsed.data.offlineProof;
  return ok({ ...proof, ...(terminal === undefined ? {} : { terminal }) });
}
