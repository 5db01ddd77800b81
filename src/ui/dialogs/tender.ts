import type { PayBody } from '#server/api-types';
import { fromFen, toFen } from '../format.ts';
import type { TextKey } from '../texts.ts';

export interface TenderFields {
  readonly cash: string;
  readonly mobile: string;
  readonly reference: string;
}

export type Tendered =
  | { readonly ok: true; readonly change: string; readonly tenders: PayBody['tenders'] }
  | { readonly ok: false; readonly reason: TextKey };

/** What is handed over against the cash part. Empty cash means exactly what mobile payment leaves. */
export function tenderOf(due: string, fields: TenderFields): Tendered {
  const owed = toFen(due) ?? 0n;
  const mobile = fields.mobile.trim() === '' ? 0n : toFen(fields.mobile);
  if (mobile === undefined || mobile < 0n) return { ok: false, reason: 'notAmount' };
  if (mobile > owed) return { ok: false, reason: 'mobileTooMuch' };
  const cash = fields.cash.trim() === '' ? owed - mobile : toFen(fields.cash);
  if (cash === undefined || cash < 0n) return { ok: false, reason: 'notAmount' };
  const change = cash + mobile - owed;
  if (change < 0n) return { ok: false, reason: 'tooLittle' };
  const reference = fields.reference.trim();
  return {
    ok: true,
    change: fromFen(change),
    tenders: [
      ...(cash > 0n ? [{ kind: 'cash' as const, amount: fromFen(cash) }] : []),
      ...(mobile > 0n
        ? [
            {
              kind: 'mobile' as const,
              amount: fromFen(mobile),
              ...(reference === '' ? {} : { reference }),
            },
          ]
        : []),
    ],
  };
}
