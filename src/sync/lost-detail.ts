import { saleClearingTypes } from '#agency/clearing-types';
import type { ClearingKey } from '#core/domain/sale';
import type { Fault } from '#core/fault';
import { ok, type Result } from '#core/result';
import { type Detail, distinctKeys, fetchDetail, keysOf, knownKeys } from './detail.ts';
import type { SyncParts } from './parts.ts';

/** Keys of everything that these records tell of: settlements of late, trials, and each sale that is still open. */
export function restoredKeys(parts: SyncParts): readonly ClearingKey[] {
  const open = parts.store.salesInState(['unknown', 'suspense', 'queued']);
  return distinctKeys([...knownKeys(parts), ...open.flatMap((sale) => keysOf(parts, sale.saleId))]);
}

/**
 * What the agency lists of the lost days. These may have sold under a kind of visit that the backup never saw, and
 * its charges are listed under a type of their own: each known office is asked about every type of a pharmacy's
 * sales. A region that knows no such type refuses the question in words, and has nothing to tell.
 */
export async function lostDetail(
  parts: SyncParts,
  days: readonly string[],
  keys: readonly ClearingKey[],
): Promise<Result<Detail, Fault>> {
  const known = await fetchDetail(parts, days, keys);
  if (!known.ok) return known;
  let detail = known.value;
  for (const key of keysBeside(keys)) {
    const more = await fetchDetail(parts, days, [key]);
    if (more.ok) detail = joined(detail, more.value);
    else if (more.error.code !== 'agency-refused') return more;
  }
  return ok(detail);
}

function keysBeside(keys: readonly ClearingKey[]): readonly ClearingKey[] {
  const offices = [...new Set(keys.map(({ office }) => office))];
  const all = offices.flatMap((office) => saleClearingTypes.map((type) => ({ office, type })));
  return all.filter(({ office, type }) => !keys.some((key) => key.office === office && key.type === type));
}

function joined(one: Detail, other: Detail): Detail {
  return {
    byMessage: new Map([...one.byMessage, ...other.byMessage]),
    refunds: [...one.refunds, ...other.refunds],
    institutionOnly: new Set([...one.institutionOnly, ...other.institutionOnly]),
    rows: [...one.rows, ...other.rows],
  };
}
