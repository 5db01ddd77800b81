import { businessDay } from '#core/business-time';
import type { Sale } from '#core/domain/sale';
import type { Settlement } from '#core/domain/settlement';
import type { Split } from '#core/domain/split';
import { type SplitComparison, type SplitDifference, splitDifferences } from '#core/domain/split-comparison';
import { wholeSplit } from '#core/domain/whole-split';
import type { Change, TillStore } from '#store/port';
import { StoreError } from '#store/store-error';

/** The trial (2101) beside what the terminal computes from its own policies and catalogue; answers the differences. */
export function compareTrial(
  store: Pick<TillStore, 'noteSplitComparison'>,
  sale: Sale,
  ours: Split,
  agency: Split,
  nowMs: number,
): readonly SplitDifference[] {
  const differences = splitDifferences(ours, agency);
  try {
    store.noteSplitComparison({ ...factsOf(sale, ours, nowMs), against: 'trial', differences });
  } catch (error) {
    // A comparison is a report: a disk that refuses it must not touch the sale that it is about.
    if (!(error instanceof StoreError)) throw error;
  }
  return differences;
}

/**
 * The change that records a settlement (2102), with how it compares with our split (design 6.3): one transaction
 * for both. `sale` is the row before the answer: its split is ours when it was sold offline, else the agency's
 * trial, which the trial's own comparison leads back to ours.
 */
export function withComparison(
  change: Change,
  store: Pick<TillStore, 'splitComparison'>,
  sale: Sale,
  settlement: Settlement,
  nowMs: number,
): Change {
  const comparison = comparisonOf(store, sale, settlement, nowMs);
  return comparison === undefined ? change : { ...change, comparison };
}

function comparisonOf(
  store: Pick<TillStore, 'splitComparison'>,
  sale: Sale,
  settlement: Settlement,
  nowMs: number,
): SplitComparison | undefined {
  const { split } = sale;
  if (split === undefined) return undefined;
  const agency = wholeSplit(sale.lines, settlement.split);
  if (split.source === 'offline') {
    const differences = splitDifferences(split, agency);
    return { ...factsOf(sale, split, nowMs), against: 'upload', differences };
  }
  const trial = store.splitComparison(sale.saleId, 'trial');
  if (trial?.policy === undefined) return undefined;
  const differences = splitDifferences(split, agency, trial.differences);
  return { ...trial, against: 'settlement', atMs: nowMs, differences };
}

function factsOf(sale: Sale, ours: Split, nowMs: number): Omit<SplitComparison, 'against' | 'differences'> {
  const [line] = sale.lines;
  const rule = [...ours.reasons, ...ours.lines.flatMap((each) => each.reasons)][0];
  return {
    saleId: sale.saleId,
    saleNumber: sale.saleNumber,
    businessDay: businessDay(nowMs),
    atMs: nowMs,
    ...(rule === undefined ? {} : { policy: rule.policy, policyVersion: rule.version }),
    catalogVersion: line?.agencyCatalogVersion ?? line?.catalogVersion ?? '',
  };
}
