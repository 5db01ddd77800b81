import { addMoney, sumMoney, zeroMoney } from '#core/money';
import { type InstitutionLevel, institutionLevels, type Layer } from '#core/policy';
import type { PayerRow, SettlementRecord, YearlyUse } from './records.ts';

/** Neither cancelled nor reversed: it counts. */
export function isStanding({ kind, state }: SettlementRecord): boolean {
  return kind === 'settlement' && state === 'booked';
}

/** What the settlements that stand among these have used; undoing one gives its use back by itself. */
export function yearlyUse(records: readonly SettlementRecord[]): YearlyUse {
  const standing = records.filter(isStanding);
  const stays = standing.filter(({ visitKind }) => visitKind === 'inpatient');
  const highestLevel = highest(stays.map(({ level }) => level));
  return {
    deductible: sumMoney(standing.map(({ deductible }) => deductible)),
    counted: sumMoney(standing.map(({ counted }) => counted)),
    fund: sumMoney(standing.map(({ fund }) => fund)),
    byLayer: layersOf(standing.flatMap((record) => payersOf(record))),
    visits: standing.length - stays.length,
    stays: stays.length,
    ...(highestLevel === undefined ? {} : { highestLevel }),
  };
}

/** The funds of a record; before they were kept one by one there was the basic one alone. */
export function payersOf({ payers, fund, scheme }: SettlementRecord): readonly PayerRow[] {
  if (payers.length > 0) return payers;
  const [code, nameZh] =
    scheme === '310' ? ['310100', '城镇职工基本医疗保险统筹基金'] : ['390100', '城乡居民基本医疗保险基金'];
  return [{ layer: 'basic', code, nameZh, amount: fund }];
}

function layersOf(rows: readonly PayerRow[]): Partial<Record<Layer, PayerRow['amount']>> {
  const paid: Partial<Record<Layer, PayerRow['amount']>> = {};
  for (const { layer, amount } of rows) paid[layer] = addMoney(paid[layer] ?? zeroMoney, amount);
  return paid;
}

function highest(levels: readonly InstitutionLevel[]): InstitutionLevel | undefined {
  return [...institutionLevels].reverse().find((level) => levels.includes(level));
}
