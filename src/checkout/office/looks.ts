import { businessDateTime, businessDay, parseBusinessDateTime } from '#core/business-time';
import type { Sale } from '#core/domain/sale';
import { maskName } from '#receipts/mask';
import { StoreError } from '#store/store-error';
import { type CounterHolder, cardOf } from '../counter.ts';
import { maskIdentityNumber } from '../identity-number.ts';
import type { CheckoutParts } from '../parts.ts';
import type { LookRow } from './rows.ts';

/** A list for people; a shop's day has fewer. */
const LISTED = 1_000;
const DAY_MS = 86_400_000;

type Parts = Pick<CheckoutParts, 'store' | 'clock' | 'log'>;

/** Somebody's data came to the screen of the counter: for which sale or enquiry, the sale tells later. */
export function noteCounterLook(parts: Parts, operator: string, at: CounterHolder, saleId: string): void {
  const name = at.holder?.name ?? cardOf(at)?.name ?? '';
  const number = at.holder?.certificateNumber ?? '';
  note(parts, {
    operator,
    why: 'counter',
    medium: at.by.medium,
    holder: masked(name, number),
    saleId,
  });
}

/** A stored sale of somebody was opened. */
export function noteRecordLook(parts: Parts, operator: string, sale: Sale): void {
  const { holder, saleId } = sale;
  if (holder === undefined) return;
  note(parts, { operator, why: 'record', holder: masked(holder.name, holder.certificateNumber), saleId });
}

/** Looks of a business day, latest first. */
export function lookRows(
  parts: Parts,
  day: string,
  nameOf: (operator: string) => string,
): readonly LookRow[] {
  const fromMs = parseBusinessDateTime(`${day} 00:00:00`) ?? 0;
  const sales = new Map<string, Sale | undefined>();
  const saleOf = (saleId: string) => {
    if (!sales.has(saleId)) sales.set(saleId, parts.store.sale(saleId));
    return sales.get(saleId);
  };
  return parts.store.people.looks(fromMs, fromMs + DAY_MS, LISTED).map((look): LookRow => {
    const sale = saleOf(look.saleId);
    const sold = sale !== undefined && !['open', 'held'].includes(sale.state) && sale.holder !== undefined;
    return {
      at: businessDateTime(look.atMs),
      operator: look.operator,
      operatorName: nameOf(look.operator),
      holder: look.holder,
      ...(look.medium === undefined ? {} : { medium: look.medium }),
      why: look.why === 'record' ? 'record' : sold ? 'sale' : 'enquiry',
      ...(sale === undefined || (!sold && look.why === 'counter') ? {} : { saleNumber: sale.saleNumber }),
    };
  });
}

function masked(name: string, number: string): string {
  return `${maskName(name)} ${number === '' ? '' : maskIdentityNumber(number)}`.trim();
}

/** A disk that refuses this row refuses the next sale as well, and says so; the person at the counter is served. */
function note(parts: Parts, look: Omit<Parameters<Parts['store']['people']['noteLook']>[0], 'atMs'>): void {
  try {
    parts.store.people.noteLook({ ...look, atMs: parts.clock.nowMs() });
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    parts.log.error({ code: error.fault.code }, 'a look at a person could not be recorded');
  }
}

/** The day that is asked for, else today. */
export function dayOr(parts: Pick<CheckoutParts, 'clock'>, day: string | undefined): string {
  return day ?? businessDay(parts.clock.nowMs());
}
