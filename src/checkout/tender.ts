import type { Tender } from '#core/domain/sale';
import { type Fault, fault } from '#core/fault';
import { type Money, parseMoney, subtractMoney, sumMoney } from '#core/money';
import { err, ok, type Result } from '#core/result';
import type { PayRequest } from './facade.ts';

export interface Tendered {
  readonly tenders: readonly Tender[];
  readonly total: Money;
  readonly changeDue: Money;
}

/**
 * What was handed over for the cash part `due`. Mobile payments never exceed it; change is given from cash
 * only. Too little is not an error here: the machine's guard says so.
 */
export function readTenders(texts: PayRequest['tenders'], due: Money): Result<Tendered, Fault> {
  const tenders: Tender[] = [];
  for (const { kind, amount, reference } of texts) {
    const parsed = parseMoney(amount);
    if (!parsed.ok || parsed.value < 0n) return err(fault('tender-invalid', amount.slice(0, 20)));
    if (parsed.value === 0n) continue;
    tenders.push({ kind, amount: parsed.value, ...(reference === undefined ? {} : { reference }) });
  }
  const mobile = sumMoney(
    tenders.filter((tender) => tender.kind === 'mobile').map((tender) => tender.amount),
  );
  if (mobile > due) return err(fault('tender-invalid', 'mobile payment above the cash part'));
  const total = sumMoney(tenders.map((tender) => tender.amount));
  const changeDue = total > due ? subtractMoney(total, due) : subtractMoney(due, due);
  return ok({ tenders, total, changeDue });
}
