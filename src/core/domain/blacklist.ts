/** Cards that no terminal may serve offline (黑名单), by card id or card number, or by number range. */
export interface Blacklist {
  /** The agency's version, greater is newer. */
  readonly version: string;
  /** When the agency said so, epoch ms. */
  readonly asOfMs: number;
  /** Card identification codes (32 hex digits) or card numbers (9 characters), upper case. */
  readonly cards: readonly string[];
  /** Inclusive ranges of card numbers, compared as text. */
  readonly ranges: readonly { readonly from: string; readonly to: string }[];
}

/** Whether a card stands on the list (card reference 6.1). */
export function isBlacklisted(
  list: Blacklist,
  card: { readonly cardId: string; readonly cardNumber: string },
): boolean {
  const { cardId, cardNumber } = card;
  if (list.cards.includes(cardId.toUpperCase()) || list.cards.includes(cardNumber)) return true;
  return list.ranges.some(({ from, to }) => cardNumber >= from && cardNumber <= to);
}
