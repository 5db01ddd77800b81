import { type Fault, fault } from '#core/fault';
import { err, type Result } from '#core/result';
import { noted } from '#store/records/noted';
import { answered } from '#store/store-error';
import { ListImport } from '../office/list-import.ts';
import type { ListImportView, ListVerbs } from '../office/list-rows.ts';
import type { TillCore } from '../till-core.ts';

const OFF: ListImportView = { phase: 'off', columns: [], missing: [], choices: [], percent: 0, versions: [] };

/** Verbs about the shop's own list, and the end of an import that still runs. */
export function listVerbs(core: TillCore): { readonly verbs: ListVerbs; stop(): Promise<void> } {
  const { listWorkshop: workshop, catalog, log } = core.parts;
  if (workshop === undefined) return { verbs: withoutWorkshop, stop: async () => undefined };
  const desk = new ListImport({
    workshop,
    inUse: () => catalog()?.version.version,
    use: (version, operator) => switchList(core, version, operator),
    log,
  });
  return {
    verbs: {
      listState: () => desk.view(),
      offerList: (name, content) => desk.offer(name, content),
      importList: async (columns, operator) => desk.import(columns, operator),
      dropList: async () => desk.drop(),
    },
    stop: () => desk.stop(),
  };
}

const off = async () => err(fault('catalog-import-off'));
const withoutWorkshop: ListVerbs = { listState: () => OFF, offerList: off, importList: off, dropList: off };

/** Sells from another version of the shop's list; who did it stands in the journal, as prices change with it. */
export function switchList(core: TillCore, version: string, operator: string): Result<void, Fault> {
  const { parts } = core;
  const before = parts.catalog()?.version.version ?? '';
  const used = parts.useCatalog(version);
  if (!used.ok) return used;
  core.changed();
  const products = parts.catalog()?.version.productCount ?? 0;
  const facts = { version, before, products };
  const change = noted({ kind: 'list-switched', nowMs: parts.clock.nowMs(), operator, facts });
  return answered(() => {
    parts.store.commit(change);
  });
}
