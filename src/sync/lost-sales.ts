import { z } from 'zod';
import { formatMoney, type Money, zeroMoney } from '#core/money';
import type { TillStore } from '#store/port';
import type { ListedRow } from './detail.ts';

/** Settings row with what only the agency knows of the lost days; ids, days and sums, no persons. */
export const lostSalesSetting = 'restore.agency-only';

const form = z.array(
  z.object({
    messageId: z.string(),
    settlementId: z.string(),
    visitId: z.string(),
    day: z.string(),
    total: z.string(),
    account: z.string(),
  }),
);

/** A sale of the lost days as the agency lists it; amounts in yuan. A person writes it up by hand. */
export type LostSale = z.infer<typeof form>[number];

export function lostSalesText(rows: readonly ListedRow[]): string {
  const amount = (value: Money | undefined) => formatMoney(value ?? zeroMoney);
  return JSON.stringify(
    rows.map(({ messageId, settlementId, visitId, day, total, account }) => {
      return { messageId, settlementId, visitId, day, total: amount(total), account: amount(account) };
    }),
  );
}

/** Sales of the days between backup and restore that only the agency has; empty without a restore. */
export function lostSales(store: Pick<TillStore, 'setting'>): readonly LostSale[] {
  const text = store.setting(lostSalesSetting);
  return text === undefined ? [] : form.parse(JSON.parse(text));
}

/** Whether a row of the detail is listed already as a sale, or the refund of a sale, of the lost days. */
export function isLostSale(store: Pick<TillStore, 'setting'>, row: ListedRow): boolean {
  return lostSales(store).some(
    ({ messageId, visitId }) => messageId === row.messageId || (visitId !== '' && visitId === row.visitId),
  );
}
