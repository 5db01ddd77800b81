import { setImmediate as immediately } from 'node:timers/promises';
import { businessDateTime, businessDay } from '#core/business-time';
import type { ItemMapping } from '#core/domain/item-mapping';
import { fault } from '#core/fault';
import { ok } from '#core/result';
import type { MappingCandidate, MappingList, MappingRow, Till } from '../facade.ts';
import { MappingDesk } from '../mapping-desk.ts';
import type { TillCore } from '../till-core.ts';

const WORK_LIST = ['refused', 'proposed', 'revoking'] as const;
const LISTED = 200;

type MappingVerbs = Pick<
  Till,
  'mappings' | 'matchItems' | 'decideMapping' | 'uploadMappings' | 'revokeMapping'
>;

/** The work-list of own items and national codes (B2). */
export function mappingVerbs(core: TillCore): MappingVerbs {
  const { parts, link } = core;
  const desk = new MappingDesk({ parts, link, breathe: () => immediately() });
  return {
    mappings(states = WORK_LIST, limit = LISTED): MappingList {
      const counts = Object.fromEntries(parts.store.mappingCounts());
      const rows = parts.store.mappings(states, Math.min(limit, LISTED));
      return { counts, rows: rows.map((row) => rowOf(core, row)) };
    },
    async matchItems() {
      const open = core.shiftOpen();
      if (!open.ok) return open;
      const matched = await desk.matchAll();
      core.changed();
      return matched;
    },
    async decideMapping(shopCode, nationalCode) {
      const open = core.shiftOpen();
      if (!open.ok) return open;
      const decision = nationalCode === undefined ? ('none' as const) : { nationalCode };
      const decided = desk.decide(shopCode, decision, core.operator());
      core.changed();
      return decided.ok ? ok(rowOf(core, decided.value)) : decided;
    },
    async uploadMappings() {
      const open = core.shiftOpen();
      if (!open.ok) return open;
      const uploaded = await desk.upload();
      core.changed();
      return uploaded;
    },
    async revokeMapping(shopCode) {
      const open = core.shiftOpen();
      if (!open.ok) return open;
      const revoked = desk.revoke(shopCode, core.operator());
      core.changed();
      return revoked.ok ? ok(rowOf(core, revoked.value)) : revoked;
    },
  };
}

function rowOf(core: TillCore, row: ItemMapping): MappingRow {
  const found = core.parts.catalog()?.findByShopCode(row.shopCode);
  const product = found?.ok === true ? found.value : undefined;
  const { nationalCode, basis, faultCode, agencyText } = row;
  return {
    shopCode: row.shopCode,
    name: product?.genericName ?? '',
    specification: product?.specification ?? '',
    maker: product?.maker ?? '',
    state: row.state,
    ...(basis === undefined ? {} : { basis }),
    ...(nationalCode === undefined
      ? {}
      : { choice: candidate(core, { nationalCode, confidence: row.confidence, why: row.why }) }),
    why: row.why,
    others: row.others.map((other) => candidate(core, other)),
    changedAt: businessDateTime(row.changedAtMs),
    by: row.by,
    ...(faultCode === undefined ? {} : { fault: fault(faultCode as Parameters<typeof fault>[0]) }),
    ...(agencyText === undefined ? {} : { agencyText }),
  };
}

function candidate(
  core: TillCore,
  { nationalCode, confidence, why }: ItemMapping['others'][number],
): MappingCandidate {
  const day = businessDay(core.parts.clock.nowMs());
  const item = core.parts.agencyCatalog()?.item(nationalCode, day);
  return {
    nationalCode,
    name: item?.name ?? '',
    specification: [item?.specification, item?.packing].filter((text) => text !== undefined).join(' '),
    maker: item?.maker ?? '',
    confidence,
    why,
  };
}
