import { businessDay } from '#core/business-time';
import type { Sale } from '#core/domain/sale';
import type { Settlement } from '#core/domain/settlement';
import type { Split } from '#core/domain/split';
import { type SplitComparison, type SplitDifference, splitDifferences } from '#core/domain/split-comparison';
import { wholeSplit } from '#core/domain/whole-split';
import type { TillStore } from '#store/port';
import { StoreError } from '#store/store-error';

type Records = Pick<TillStore, 'noteSplitComparison' | 'splitComparison'>;

/** Keeps how our split of a basket compares with an answer of the agency (design 6.3); the answer counts. */
function noteComparison(store: Records, comparison: SplitComparison): void {
  try {
    store.noteSplitComparison(comparison);
  } catch (error) {
    // A comparison is a report: a disk that refuses it must not touch the sale that it is about.
    if (!(error instanceof StoreError)) throw error;
  }
}

/** The trial (2101) beside what the terminal computes from its own policies and catalogue; answers the differences. */
export function compareTrial(
  store: Records,
  sale: Sale,
  ours: Split,
  agency: Split,
  nowMs: number,
): readonly SplitDifference[] {
  const differences = splitDifferences(ours, agency);
  noteComparison(store, { ...factsOf(sale, ours, nowMs), against: 'trial', differences });
  return differences;
}

/**
 * A settlement (2102) beside our split. `sale` is the row before the answer: its split is ours when it was sold
 * offline, else the agency's trial, which the trial's own comparison leads back to ours.
 */
export function compareSettled(store: Records, sale: Sale, settlement: Settlement, nowMs: number): void {
  const { split } = sale;
  if (split === undefined) return;
  const agency = wholeSplit(sale.lines, settlement.split);
  if (split.source === 'offline') {
    const differences = splitDifferences(split, agency);
    noteComparison(store, { ...factsOf(sale, split, nowMs), against: 'upload', differences });
    return;
  }
  const trial = store.splitComparison(sale.saleId, 'trial');
  if (trial?.policy === undefined) return;
  const differences = splitDifferences(split, agency, trial.differences);
  noteComparison(store, { ...trial, against: 'settlement', atMs: nowMs, differences });
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
