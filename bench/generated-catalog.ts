import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { nationalList } from '#catalog/starter';
import type { Product } from '#core/domain/product';
import { formatQuantity, formatRatio, formatUnitPrice } from '#core/money';
import { catalogTools } from '#main';
import { generateProducts } from './generate-products.ts';
import type { BenchContext } from './measure.ts';

const { importCatalog } = await catalogTools();

const SEED = 20_260_305;

export interface GeneratedCatalog {
  /** Data folder with this one version in it. */
  readonly folder: string;
  readonly version: string;
  readonly file: string;
  /** Reading the list, making the keys and writing the file, in the builder's own process. */
  readonly importS: number;
}

/** The same products in every run of a size. */
export function generatedProducts(rows: number): Iterable<Product> {
  return generateProducts(
    rows,
    nationalList().map((entry) => entry.name),
    SEED,
  );
}

/** Writes the products as a shop's list and imports it; made once a run, whoever asks first. */
export function generatedCatalog(context: BenchContext): Promise<GeneratedCatalog> {
  return context.once('catalogue', async () => {
    const source = join(context.folder, 'products.tsv');
    await writeList(source, context.rows);
    const folder = join(context.folder, 'shop');
    const startMs = performance.now();
    const built = await importCatalog(folder, source);
    if (!built.ok) throw new Error(`the generated list was not imported: ${built.error.fault?.code}`);
    const { version, file } = built.value;
    return { folder, version, file, importS: (performance.now() - startMs) / 1000 };
  });
}

const headers = [
  'shop_code',
  'national_code',
  'generic_name',
  'trade_name',
  'form',
  'specification',
  'maker',
  'approval_number',
  'barcode',
  'pack_unit',
  'price',
  'insurance_class',
  'first_self_pay',
  'prescription',
  'stock',
];

async function writeList(path: string, rows: number): Promise<void> {
  const stream = createWriteStream(path);
  stream.write(`${headers.join('\t')}\n`);
  for (const product of generatedProducts(rows)) {
    if (!stream.write(`${rowOf(product).join('\t')}\n`)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
}

function rowOf(product: Product): readonly string[] {
  return [
    product.shopCode,
    product.nationalCode ?? '',
    product.genericName,
    product.tradeName ?? '',
    product.form,
    product.specification,
    product.maker,
    product.approvalNumber ?? '',
    product.barcode ?? '',
    product.packUnit,
    formatUnitPrice(product.price),
    product.insuranceClass,
    product.insuranceClass === 'A' ? '' : formatRatio(product.firstSelfPayRatio),
    product.prescriptionOnly ? 'RX' : 'OTC',
    formatQuantity(product.stock ?? (0n as never)),
  ];
}
