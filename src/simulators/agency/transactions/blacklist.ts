import { businessDateTime } from '#core/business-time';
import { type AgencyContext, done, type Outcome } from '../context.ts';
import type { CheckedRequest } from '../request.ts';

/** G002: the whole blacklist when the terminal has another version than the newest. */
export function tellBlacklist(request: CheckedRequest, context: AgencyContext): Outcome {
  const list = context.blacklist.current();
  const result = { ver: list.version, upd_time: businessDateTime(list.asOfMs) };
  if (request.nodes['data']?.['ver'] === list.version)
    return done({ result: { ...result, chg_flag: '0' }, cards: null, ranges: null });
  return done({
    result: { ...result, chg_flag: '1' },
    cards: list.cards.map((card) => ({ card })),
    ranges: list.ranges.map(({ from, to }) => ({ beg_card: from, end_card: to })),
  });
}
