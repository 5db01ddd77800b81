/** A chronic or special disease under which a person may buy by rules of its own (门诊慢特病备案, A5). */
export interface ChronicEntitlement {
  /** Code of the disease as it was filed (门慢门特病种目录代码). */
  readonly diseaseCode: string;
  readonly diseaseName: string;
  /** First and last day, `yyyy-MM-dd`; without a last day it goes on. */
  readonly from: string;
  readonly to?: string;
  /** The one institution where it counts (定点机构); absent = the answer names none. */
  readonly institution?: { readonly code: string; readonly name: string };
}

/** Whether an entitlement counts on a day at an institution, or why it does not. */
export type EntitlementStanding = 'valid' | 'not-begun' | 'ended' | 'elsewhere';

export function entitlementStanding(
  { from, to, institution }: ChronicEntitlement,
  day: string,
  institutionCode: string,
): EntitlementStanding {
  if (day < from) return 'not-begun';
  if (to !== undefined && day > to) return 'ended';
  return institution === undefined || institution.code === institutionCode ? 'valid' : 'elsewhere';
}

/** The disease for which goods are bought: a visit of the kind 门诊慢特病 (E4). */
export interface ChronicDisease {
  readonly diseaseCode: string;
  readonly diseaseName: string;
}

/** The disease that was chosen for a sale, and for whom: it is nobody else's. */
export interface ChronicVisit extends ChronicDisease {
  /** Person number (人员编号) of its holder. */
  readonly personNumber: string;
}
