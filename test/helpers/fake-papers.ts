import type { PaperAsk } from '#checkout/facade';
import type { TillView } from '#checkout/view';
import { type Fault, fault } from '#core/fault';
import { price } from '#core/money';
import { err, ok, type Result } from '#core/result';
import type { PaperDocument } from '#receipts/papers';
import { slipPreview } from '#receipts/preview';
import { papers } from '../receipts/sample-papers.ts';
import { findFakeProduct } from './fake-products.ts';

/** Refuses what the real till refuses for this screen; else a sample of that kind of paper. */
export function fakePaper(ask: PaperAsk, view: TillView): Result<{ svg: string; text: string }, Fault> {
  const refusal = refusalOf(ask, view);
  if (refusal !== undefined) return err(refusal);
  const [, sample] = papers.find(([kind]) => kind === ask.kind) ?? [];
  const document =
    ask.kind === 'price-label' && sample !== undefined ? labelled(sample, ask.shopCode) : sample;
  return document === undefined ? err(fault('slip-none')) : ok(slipPreview(document, { columns: 48 }));
}

function labelled(sample: PaperDocument, shopCode: string): PaperDocument {
  const product = findFakeProduct(shopCode);
  if (sample.kind !== 'price-label' || product === undefined) return sample;
  const { genericName, specification, maker, packUnit: unit, insuranceClass } = product;
  return {
    ...sample,
    genericName,
    specification,
    maker,
    unit,
    insuranceClass,
    shopCode,
    price: price(product.price),
  };
}

function refusalOf(ask: PaperAsk, { sale, holder }: TillView): Fault | undefined {
  switch (ask.kind) {
    case 'consent':
      if (sale.state !== 'confirming') return fault('sale-not-now');
      return sale.split?.source === 'own-pay' ? fault('slip-none') : undefined;
    case 'refusal':
      return (holder.fault ?? sale.fault) === undefined ? fault('sale-not-now') : undefined;
    case 'price-label':
      return findFakeProduct(ask.shopCode) === undefined ? fault('catalog-product-unknown') : undefined;
    case 'day-summary':
      return undefined;
  }
}
