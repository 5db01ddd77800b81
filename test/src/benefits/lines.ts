import type { BasketLine, Product } from '#core/domain/product';
import { lineAmount, price, quantity, ratio } from '#core/money';

/** A product for split tests; class A, 10.00 yuan, national code present, unless told otherwise. */
export function product(change: Partial<Product> = {}): Product {
  return {
    shopCode: 'T001',
    nationalCode: 'XN02ZZB901A0010101T9001',
    genericName: '对乙酰氨基酚片',
    form: '片剂',
    specification: '0.5g×12片',
    maker: '示例制药',
    packUnit: '盒',
    price: price('10.00'),
    insuranceClass: 'A',
    firstSelfPayRatio: ratio('0'),
    category: 'drug',
    prescriptionOnly: false,
    ...change,
  };
}

export function line(lineNumber: number, change: Partial<Product> = {}, count = '1'): BasketLine {
  const sold = product(change);
  return {
    lineNumber,
    product: sold,
    quantity: quantity(count),
    amount: lineAmount(sold.price, quantity(count), 'half-up'),
    catalogVersion: 'test',
  };
}

/** The same product without the national code: own pay by B2. */
export function lineWithoutCode(lineNumber: number, unitPrice: string): BasketLine {
  const { nationalCode: _, ...sold } = product({ price: price(unitPrice) });
  return { ...line(lineNumber, { price: price(unitPrice) }), product: sold };
}
