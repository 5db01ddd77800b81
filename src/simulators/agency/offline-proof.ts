import { z } from 'zod';
import type { OfflineProof } from '#core/domain/offline-proof';
import { fen } from '#core/money';
import { err, ok, type Result } from '#core/result';

const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9A-F]{${digits}}$`));
/** A card signs amounts of four bytes. */
const amount = z
  .string()
  .regex(/^(?:0|[1-9]\d{0,9})$/)
  .transform((text) => fen(BigInt(text)))
  .refine((value) => value <= 0xffff_ffffn);

/** `druginfo.exp_content` of an uploaded offline sale: JSON, amounts in fen as text, hex in upper case. */
const content = z.strictObject({
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
    signature: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('card-tac'), cardSequence: hex(4), tac: hex(8), type: hex(2) }),
      z.strictObject({ kind: z.literal('module-mac'), mac: hex(8), factor: hex(16) }),
    ]),
    blacklistVersion: z.string().max(32),
    terminal: z.strictObject({ keyId: hex(16), signature: hex(128) }).optional(),
  }),
});

/** Reads a proof, or names the field that is no part of one. */
export function readProof(text: string): Result<OfflineProof, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err('不是JSON');
  }
  const parsed = content.safeParse(value);
  if (!parsed.success) return err(parsed.error.issues[0]?.path.join('.') ?? '');
  const { terminal, ...proof } = parsed.data.offlineProof;
  return ok({ ...proof, ...(terminal === undefined ? {} : { terminal }) });
}
