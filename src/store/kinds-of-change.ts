import type { Change } from './port.ts';

/** A settlement that is about to be sent, or a deduction from a card. */
export function asksForMoney({ budget, newMessages, settled }: Change): boolean {
  const sends = settled === undefined && newMessages?.some(({ transaction }) => transaction === '2102');
  return budget !== undefined || sends === true;
}

/** A basket leaves the counter: the goods are not handed over yet, so it may still be refused. */
export function beginsSale({ sale }: Change): boolean {
  return sale !== undefined && (sale.was === undefined || sale.was === 'open');
}
