import { starterProducts } from '#catalog/starter';
import { type Goods, goodsOf, type NewRow } from '#simulators/agency/catalogue/goods';

/** The starter list as the training agency's own catalogue tables (1301–1319). */
export function agencyGoods(): readonly Goods[] {
  return starterProducts().flatMap((product) => goodsOf(product) ?? []);
}

/** What the training agency settles by: the starter list, in the simulator's own types. */
export function agencyCatalog() {
  return starterProducts().flatMap((product) => {
    const { nationalCode, insuranceClass, firstSelfPayRatio, ceiling, category } = product;
    if (nationalCode === undefined) return [];
    return [
      {
        nationalCode,
        class: insuranceClass,
        firstSelfPayRatio,
        category,
        ...(ceiling === undefined ? {} : { ceiling }),
      },
    ];
  });
}

const DIAGNOSES = [
  ['I10.x00', '特发性(原发性)高血压'],
  ['E11.900', '2型糖尿病不伴有并发症'],
  ['J06.900', '急性上呼吸道感染'],
  ['K29.500', '慢性胃炎'],
  ['M54.500', '下背痛'],
] as const;

const CHRONIC_DISEASES = [
  ['M03900', '高血压'],
  ['M01600', '糖尿病'],
] as const;

/** A few diagnoses (1307) and chronic diseases (1309), so that every kind of file can be downloaded. */
export function agencyDiseases(): readonly NewRow[] {
  return [
    ...DIAGNOSES.map(([code, name]) => ({
      table: '1307' as const,
      recordId: `1307-${code}`,
      valid: true,
      code,
      name,
    })),
    ...CHRONIC_DISEASES.map(([code, name]) => ({
      table: '1309' as const,
      recordId: `1309-${code}`,
      valid: true,
      code,
      name,
      region: '990100',
    })),
  ];
}
