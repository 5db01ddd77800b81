import type { Product } from '#core/domain/product';
import type { Quantity, Ratio, UnitPrice } from '#core/money';

/** A seeded source of whole numbers below `limit` (mulberry32). */
export type Draw = (limit: number) => number;

export function seededDraw(seed: number): Draw {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * limit);
  };
}

const forms = ['片', '胶囊', '颗粒', '缓释片', '口服液', '丸', '软膏', '滴眼液', '注射液', '散'] as const;
const brands = ['示康', '样宁', '虚安', '演舒', '培欣', '假想', '练和', '试乐'] as const;

/**
 * `count` invented products over the given generic names (`nationalList()` of the catalogue), for measures at the size of a province's list:
 * three forms to a name, a tenth with a trade name, 8 % without barcode, 1 % sharing one. The same
 * seed gives the same products.
 */
export function* generateProducts(count: number, names: readonly string[], seed: number): Generator<Product> {
  const draw = seededDraw(seed);
  let lastBarcode = '';
  for (let number = 1; number <= count; number += 1) {
    const name = (names[draw(names.length)] ?? '示例药').split(/[ (（]/, 1)[0] ?? '示例药';
    // Three forms to a name, as most drugs have, so that there are far fewer names than products.
    const form = forms[(name.length * 3 + draw(3)) % forms.length] ?? '片';
    const maker = draw(1800);
    const insuranceClass = (['A', 'A', 'B', 'B', 'B', 'C'] as const)[draw(6)] ?? 'C';
    const chance = draw(100);
    if (chance >= 1) lastBarcode = gtin(`69${String(number).padStart(10, '0')}`);
    yield {
      shopCode: `S${String(number).padStart(7, '0')}`,
      nationalCode: `XZ99ZZZ${String(number % 1000).padStart(3, '0')}A001${String(number).padStart(9, '0')}`,
      genericName: name.endsWith(form) ? name : name + form,
      ...(draw(10) === 0 ? { tradeName: `${brands[draw(brands.length)]}${name.slice(0, 2)}` } : {}),
      form,
      specification: `${(draw(20) + 1) * 25}mg×${(draw(10) + 1) * 6}`,
      maker: `示例制药${maker}厂`,
      approvalNumber: `国药准字H2099${String(number % 10_000).padStart(4, '0')}`,
      ...(chance < 9 && chance >= 1 ? {} : { barcode: lastBarcode }),
      packUnit: '盒',
      price: (BigInt(draw(9_000) + 100) * 10_000n) as UnitPrice,
      insuranceClass,
      firstSelfPayRatio: ({ A: 0n, B: 1_000n, C: 10_000n }[insuranceClass] ?? 0n) as Ratio,
      category: 'drug',
      prescriptionOnly: draw(2) === 0,
      stock: (BigInt(draw(200)) * 10_000n) as Quantity,
    };
  }
}

function gtin(body: string): string {
  let sum = 0;
  for (let place = 0; place < body.length; place += 1) {
    sum += Number(body[body.length - 1 - place]) * (place % 2 === 0 ? 3 : 1);
  }
  return body + String((10 - (sum % 10)) % 10);
}
