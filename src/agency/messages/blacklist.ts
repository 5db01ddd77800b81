import { z } from 'zod';
import { parseBusinessDateTime } from '#core/business-time';
import type { Blacklist } from '#core/domain/blacklist';
import { err, ok, type Result } from '#core/result';
import { firstProblem, inText, outList, outRequired, outText } from '../wire.ts';

/*
 * G002 blacklist of cards (黑名单), a transaction of our own: no national number is known. The whole list comes
 * at once, and only when it is newer than the one the terminal has.
 */

export const blacklistInput = z.strictObject({ data: z.strictObject({ ver: inText(32) }) });
export type BlacklistInput = z.infer<typeof blacklistInput>;

/** A range with its ends exchanged would block nobody: it refuses the list instead. */
const blacklistOutput = z.object({
  result: z.object({ ver: outRequired(32), upd_time: outText(30), chg_flag: outRequired(1) }),
  cards: outList(z.object({ card: outRequired(32) })),
  ranges: outList(
    z
      .object({ beg_card: outRequired(32), end_card: outRequired(32) })
      .refine((range) => range.beg_card <= range.end_card, 'a range that ends before it begins'),
  ),
});

export function blacklistRequest(version: string): BlacklistInput {
  return { data: { ver: version } };
}

/** Undefined when the agency says that `version` is the newest. `nowMs` stands in for an unreadable time. */
export function readBlacklist(
  output: unknown,
  version: string,
  nowMs: number,
): Result<Blacklist | undefined, string> {
  const parsed = blacklistOutput.safeParse(output);
  if (!parsed.success) return err(firstProblem(parsed.error));
  const { result, cards, ranges } = parsed.data;
  if (result.chg_flag === '0') {
    return result.ver === version ? ok(undefined) : err('result.ver: unchanged, but another version');
  }
  if (result.chg_flag !== '1') return err('result.chg_flag: neither changed nor unchanged');
  return ok({
    version: result.ver,
    asOfMs: parseBusinessDateTime(result.upd_time) ?? nowMs,
    cards: cards.map((row) => row.card.toUpperCase()),
    ranges: ranges.map((row) => ({ from: row.beg_card, to: row.end_card })),
  });
}
