import { z } from 'zod';
import { err, ok, type Result } from '#core/result';
import type { CardStatus } from '../port.ts';
import { firstProblem, inPattern, inRequired, outRequired } from '../wire.ts';

/*
 * 1904 card verification. Field names known, code list and node names unconfirmed (card reference 4.6): the
 * codes below are ours until a region tells its own.
 */

export const cardStatusInput = z.strictObject({
  data: z.strictObject({
    aab301: inPattern(/^\d{6}$/, 'a region of six digits'),
    aaz501: inPattern(/^[0-9A-Fa-f]{32}$/, 'a card id of 32 digits'),
    aaz500: inRequired(20),
  }),
});
export type CardStatusInput = z.infer<typeof cardStatusInput>;

const STATUS_BY_CODE: ReadonlyMap<string, CardStatus> = new Map([
  ['1', 'valid'],
  ['2', 'lost'],
  ['3', 'replaced'],
  ['4', 'cancelled'],
  ['5', 'not-activated'],
]);

const cardStatusOutput = z.object({ result: z.object({ aaz502: outRequired(3) }) });

export function cardStatusRequest(card: {
  readonly region: string;
  readonly cardId: string;
  readonly cardNumber: string;
}): CardStatusInput {
  return { data: { aab301: card.region, aaz501: card.cardId, aaz500: card.cardNumber } };
}

export function readCardStatus(output: unknown): Result<CardStatus, string> {
  const parsed = cardStatusOutput.safeParse(output);
  if (!parsed.success) return err(firstProblem(parsed.error));
  const status = STATUS_BY_CODE.get(parsed.data.result.aaz502);
  return status === undefined ? err('result.aaz502: unknown card status') : ok(status);
}
