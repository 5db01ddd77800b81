import { setImmediate as immediately } from 'node:timers/promises';
import { businessDateTime, businessDay } from '#core/business-time';
import type { ItemMapping } from '#core/domain/item-mapping';
import { type Fault, fault } from '#core/fault';
import { ok, type Result } from '#core/result';
import { withLine } from '../basket.ts';
import type { MappingCandidate, MappingList, MappingRow, Till } from '../facade.ts';
import { MappingDesk } from '../mapping-desk.ts';
import type { TillCore } from '../till-core.ts';
import { changed, samePricedLine } from './basket.ts';

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
    matchItems: () => atWork(core, () => desk.matchAll()),
    decideMapping: (shopCode, nationalCode) =>
      atWork(core, () => {
        const decision = nationalCode === undefined ? ('none' as const) : { nationalCode };
        const decided = desk.decide(shopCode, decision, core.operator());
        if (decided.ok) priceLinesAnew(core, shopCode);
        return shown(core, decided);
      }),
    uploadMappings: () => atWork(core, () => desk.upload()),
    revokeMapping: (shopCode) => atWork(core, () => shown(core, desk.revoke(shopCode, core.operator()))),
  };
}

/** The list is worked on by whoever has the shift. */
async function atWork<T>(
  core: TillCore,
  work: () => Promise<Result<T, Fault>> | Result<T, Fault>,
): Promise<Result<T, Fault>> {
  const open = core.shiftOpen();
  if (!open.ok) return open;
  const done = await work();
  core.changed();
  return done;
}

/** What was decided counts for the sale on screen too; one that is being settled is as it was quoted. */
function priceLinesAnew(core: TillCore, shopCode: string): void {
  for (const line of core.counter.sale.lines) {
    if (line.product.shopCode !== shopCode) continue;
    const priced = samePricedLine(core, line, shopCode);
    if (priced.ok) changed(core, (sale) => withLine(sale, line.lineNumber, priced.value));
  }
}

function shown(core: TillCore, row: Result<ItemMapping, Fault>): Result<MappingRow, Fault> {
  return row.ok ? ok(rowOf(core, row.value)) : row;
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
    ...(faultCode === undefined ? {} : { fault: fault(faultCode as Fault['code']) }),
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
