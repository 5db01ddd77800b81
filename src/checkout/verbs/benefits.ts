import { businessDateTime, businessDay } from '#core/business-time';
import type { SplitComparison } from '#core/domain/split-comparison';
import { formatMoney } from '#core/money';
import type { PolicyRow, SplitReport, SplitReportRow, Till } from '../facade.ts';
import type { TillCore } from '../till-core.ts';

/** Sales that a report lists; it counts all. */
const LISTED = 500;

/** Which rules are in force, and where the agency computed otherwise. */
export function benefitVerbs(core: TillCore): Pick<Till, 'policies' | 'splitReport'> {
  const { store, clock, policies } = core.parts;
  return {
    policies: () =>
      policies.map(
        ({
          id,
          version,
          titleZh,
          titleEn,
          status,
          basis,
          schemes,
          regions,
          validFrom,
          validTo,
        }): PolicyRow => ({
          id,
          version,
          titleZh,
          titleEn,
          status,
          basis,
          schemes,
          regions,
          validFrom,
          ...(validTo === undefined ? {} : { validTo }),
        }),
      ),
    splitReport(fromDay, toDay): SplitReport {
      const to = toDay ?? businessDay(clock.nowMs());
      const from = fromDay ?? to;
      const rows = store.splitComparisons(from, to, 'different', LISTED).map(rowOf);
      return { from, to, ...store.splitComparisonCounts(from, to), rows };
    },
  };
}

function rowOf(comparison: SplitComparison): SplitReportRow {
  const { saleId, saleNumber, against, policy, policyVersion, catalogVersion, atMs } = comparison;
  return {
    saleId,
    saleNumber,
    against,
    at: businessDateTime(atMs),
    ...(policy === undefined ? {} : { policy }),
    ...(policyVersion === undefined ? {} : { policyVersion }),
    catalogVersion,
    differences: comparison.differences.map(({ lineNumber, field, ours, agency }) => ({
      ...(lineNumber === undefined ? {} : { lineNumber }),
      field,
      ours: formatMoney(ours),
      agency: formatMoney(agency),
    })),
  };
}
