import type { InstitutionMapping, InsuranceFacts } from '#core/domain/agency-catalog';
import type { AgencyCatalogStore } from '#core/ports/agency-catalog';
import { CatalogUnreadable } from '#core/ports/catalog-store';

/** What the agency says of a code from one day to another. */
export type DatedFacts = InsuranceFacts & { readonly from: string; readonly to?: string };

export interface AgencyTables {
  readonly version?: string;
  readonly facts?: readonly DatedFacts[];
  /** 1317: shop code → national code. */
  readonly mappings?: Readonly<Record<string, string>>;
  /** Whether the insurance list (1312) was downloaded. */
  readonly hasInsuranceList?: boolean;
  readonly broken?: boolean;
}

/** The agency's tables in memory; like the file it answers by region and day, and throws when it is damaged. */
export function agencyTables(tables: AgencyTables): AgencyCatalogStore {
  const { version = 'agency-1', facts = [], mappings = {}, hasInsuranceList = true, broken = false } = tables;
  const look = <T>(answer: () => T): T => {
    if (broken) throw new CatalogUnreadable('SQLITE_CORRUPT');
    return answer();
  };
  return {
    version: {
      version,
      importedAtMs: 0,
      tables: hasInsuranceList ? { 1312: { rows: facts.length, agencyVersion: '1' } } : {},
    },
    item: () => look(() => undefined),
    itemsByStandardCode: () => look(() => []),
    itemsByApproval: () => look(() => []),
    itemsByName: () => look(() => []),
    searchItems: () => look(() => []),
    searchDiseases: () => look(() => []),
    insuranceFacts: (code, region, day) =>
      look(() => {
        const row = facts.find(
          ({ nationalCode, from, to }) =>
            nationalCode === code && day >= from && (to === undefined || day <= to) && region === '990100',
        );
        if (row === undefined) return undefined;
        const { from: _from, to: _to, ...rest } = row;
        return rest;
      }),
    institutionMapping: (shopCode) =>
      look(() => {
        const nationalCode = mappings[shopCode];
        const row = { table: '1317', recordId: '1', valid: true, version: '1', listType: '101' } as const;
        return nationalCode === undefined
          ? undefined
          : ({ ...row, shopCode, nationalCode } satisfies InstitutionMapping);
      }),
    close: () => {},
  };
}
