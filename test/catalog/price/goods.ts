import { join } from 'node:path';
import { searchKeys } from '#catalog/search/search-keys';
import type { Product } from '#core/domain/product';
import { price, ratio } from '#core/money';
import type { CatalogStore } from '#core/ports/catalog-store';
import { openCatalogVersion } from '#store/catalog/open';
import { writeCatalog } from '#store/catalog/write-catalog';

/** A product for price tests: class B with a tenth first self-pay, 10.00 yuan, no ceiling. */
export function goods(change: Partial<Product> = {}): Product {
  return {
    shopCode: 'T001',
    nationalCode: 'XN02BEZ001A001010199001',
    genericName: '对乙酰氨基酚片',
    form: '片剂',
    specification: '0.5g×12片',
    maker: '示例制药',
    packUnit: '盒',
    price: price('10.00'),
    insuranceClass: 'B',
    firstSelfPayRatio: ratio('0.1'),
    category: 'drug',
    prescriptionOnly: false,
    ...change,
  };
}

export interface WrittenVersion {
  readonly folder: string;
  readonly version: string;
  readonly importedAtMs: number;
  /** Name of the version before. */
  readonly previous?: string;
}

/** Writes a real version file in this process. */
export function writeVersion(place: WrittenVersion, products: readonly Product[]): string {
  const { folder, version, importedAtMs, previous } = place;
  const file = join(folder, `${version}.db`);
  const options = previous === undefined ? {} : { previousFile: join(folder, `${previous}.db`) };
  const writer = writeCatalog(join(folder, `${version}.building`), file, searchKeys, options);
  for (const product of products) writer.add(product);
  writer.finish({ version, importedAtMs, source: 'test' });
  return file;
}

export function opened(file: string): CatalogStore {
  const store = openCatalogVersion(file);
  if (!store.ok) throw new Error(`${store.error.code} ${store.error.detail ?? ''}`);
  return store.value;
}
