import { openAgencyCatalogInUse, openCatalogInUse } from '#checkout/catalog-switch';
import type { CheckoutParts } from '#checkout/parts';
import { businessDay } from '#core/business-time';
import { systemClock } from '#core/clock';
import type { Fault } from '#core/fault';
import { ok, type Result } from '#core/result';
import type { TillStore } from '#store/port';
import { agencyDownloader } from './agency-catalog.ts';
import { listWorkshop } from './list-workshop.ts';
import type { RecordsPlace } from './records.ts';

/** The shop's list and the agency's tables, each by the version that the records name. */
export interface OpenCatalogs {
  readonly parts: Pick<
    CheckoutParts,
    'catalog' | 'useCatalog' | 'listWorkshop' | 'agencyCatalog' | 'useAgencyCatalog' | 'downloader'
  >;
  /** Why the agency's tables cannot be opened: the shop then sells by its own list. */
  readonly damage: Fault | undefined;
  close(): void;
}

/** Fails when the shop's own list is named and cannot be opened. */
export function openCatalogs(
  store: TillStore,
  { config, folder }: RecordsPlace,
): Result<OpenCatalogs, Fault> {
  const keep = config.catalog.keep_versions;
  const agency = openAgencyCatalogInUse(store, folder, keep);
  const list = openCatalogInUse(store, folder, keep, {
    agency: agency.current,
    region: config.shop.region,
    today: () => businessDay(systemClock.nowMs()),
    mappedCode: (shopCode) => mappedCode(store, shopCode),
    sold: () => store.productsSold(),
  });
  if (!list.ok) {
    agency.close();
    return list;
  }
  return ok({
    parts: {
      catalog: list.value.current,
      useCatalog: list.value.use,
      listWorkshop: listWorkshop(folder),
      agencyCatalog: agency.current,
      useAgencyCatalog: agency.use,
      downloader: agencyDownloader(folder, agency),
    },
    damage: agency.fault(),
    close() {
      list.value.close();
      agency.close();
    },
  });
}

/** Only what a person or a sure match has confirmed, or the agency has, counts in a sale (B2). */
export function mappedCode(store: TillStore, shopCode: string): string | null | undefined {
  const mapping = store.mapping(shopCode);
  if (mapping?.state === 'declined') return null;
  return mapping?.state === 'confirmed' || mapping?.state === 'uploaded' ? mapping.nationalCode : undefined;
}
