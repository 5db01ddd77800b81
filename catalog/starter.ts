import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert } from '#core/assert';
import type { Product } from '#core/domain/product';
import { readList } from './import/read-list.ts';
import { type NationalEntry, readNationalList } from './national-list.ts';
import { packageFolder } from './package-folder.ts';

/**
 * The starter that ships with the program. Its products are invented and marked so in the file's head; the
 * list is a table in the form that `guitai catalog import` reads.
 */
export function starterFile(): string {
  return join(dataFolder(), 'starter-products.tsv');
}

/** All products of the starter list, in its order; for the training shop and the agency simulator. */
export function starterProducts(): readonly Product[] {
  const products: Product[] = [];
  const report = readList(readFileSync(starterFile()), (product) => products.push(product));
  assert(report.fault === undefined, 'the shipped starter list passes its own import');
  return products;
}

/** The national list 2024 (国家医保药品目录), every row in the order of publication. */
export function nationalList(): readonly NationalEntry[] {
  return readNationalList(readFileSync(join(dataFolder(), 'national-list-2024.tsv'), 'utf8'));
}

function dataFolder(): string {
  return join(packageFolder(), 'catalog', 'data');
}
