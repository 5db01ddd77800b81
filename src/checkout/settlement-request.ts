import { assert } from '#core/assert';
import type { Sale } from '#core/domain/sale';
import type { SettlementLine, SettlementRequest } from '#core/domain/settlement';
import { sumMoney } from '#core/money';
import { type CounterHolder, insuranceOf, mediumNumber } from './counter.ts';

/**
 * What the agency is asked about a sale: the mapped lines only (B2: an item without a national code is paid
 * by the holder). Undefined when no line or no insurance is left to ask about.
 */
export function settlementRequest(
  sale: Sale,
  at: CounterHolder,
  useAccount: boolean,
): SettlementRequest | undefined {
  const { holder } = at;
  const insurance = holder === undefined ? undefined : insuranceOf(holder);
  const lines = mappedLines(sale);
  if (holder === undefined || insurance === undefined || lines.length === 0) return undefined;
  const { chronic } = sale;
  assert(
    chronic === undefined || chronic.personNumber === holder.personNumber,
    'the chosen disease is filed for the holder at the counter',
  );
  return {
    personNumber: holder.personNumber,
    medium: holder.medium,
    mediumNumber: mediumNumber(at),
    insuredRegion: insurance.region,
    scheme: insurance.scheme,
    beganAtMs: sale.createdAtMs,
    saleNumber: sale.saleNumber,
    useAccount,
    total: sumMoney(lines.map((line) => line.amount)),
    lines,
    ...(chronic === undefined
      ? {}
      : { chronic: { diseaseCode: chronic.diseaseCode, diseaseName: chronic.diseaseName } }),
  };
}

function mappedLines(sale: Sale): SettlementLine[] {
  return sale.lines.flatMap((line) => {
    const { nationalCode, shopCode, price } = line.product;
    if (nationalCode === undefined) return [];
    const { lineNumber, quantity, amount, herbalDoses } = line;
    const doses = herbalDoses === undefined ? {} : { herbalDoses };
    const occurredAtMs = sale.createdAtMs;
    return [{ lineNumber, nationalCode, shopCode, quantity, price, amount, occurredAtMs, ...doses }];
  });
}
