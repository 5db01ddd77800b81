import { z } from 'zod';
import { productView } from '#checkout/view';

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a day such as 2026-03-02');
const amount = z.string().regex(/^-?\d+\.\d{2,6}$/);
const shopCode = z.string().min(1).max(150);
const wholeNumber = (most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .refine((value) => value <= most, `at most ${most}`);

/** Pieces in which long tables are answered. */
export const ROWS_DEFAULT = 500;
const ROWS_MOST = 2_000;

export const pricesQuery = z.strictObject({
  day: day.optional(),
  after: wholeNumber(100_000_000).optional(),
  limit: wholeNumber(ROWS_MOST).optional(),
});

export const priceLogQuery = z.strictObject({
  from: day.optional(),
  to: day.optional(),
  shopCode: shopCode.optional(),
  limit: wholeNumber(ROWS_MOST).optional(),
});

export const equivalentsQuery = z.strictObject({ shopCode });

const goods = {
  shopCode: z.string(),
  genericName: z.string(),
  specification: z.string(),
  maker: z.string(),
  packUnit: z.string(),
};

export const pricesAnswer = z.object({
  day: z.string(),
  catalogVersion: z.string(),
  rows: z.array(
    z.object({
      ...goods,
      nationalCode: z.string().optional(),
      tradeName: z.string().optional(),
      price: amount,
      before: amount.optional(),
      insuranceClass: z.enum(['A', 'B', 'C']).optional(),
      firstSelfPayRatio: z.string().optional(),
      ceiling: amount.optional(),
      procuredPrice: amount.optional(),
    }),
  ),
  next: z.number().int().optional(),
});

export const priceLogAnswer = z.object({
  rows: z.array(
    z.object({
      at: z.string(),
      ...goods,
      oldPrice: amount.optional(),
      newPrice: amount.optional(),
      catalogVersion: z.string(),
    }),
  ),
});

const comparedProduct = z.object({
  product: productView,
  covered: z.boolean(),
  price: amount,
  holderPays: amount,
  /** Price of one smallest unit of a whole pack. */
  unitPrice: amount.optional(),
});

export const equivalentsAnswer = z.object({
  asked: comparedProduct,
  rows: z.array(comparedProduct.extend({ saving: amount, holderSaves: amount })),
});

const exampleGoods = {
  shopCode: 'G0001',
  genericName: '阿莫西林胶囊',
  specification: '0.25g×24粒',
  maker: '示例制药',
  packUnit: '盒',
};

export const pricesExample = {
  day: '2026-03-02',
  catalogVersion: '20260301-080000-1a2b3c4d',
  rows: [
    {
      ...exampleGoods,
      price: '15.80',
      before: '16.20',
      insuranceClass: 'A' as const,
      firstSelfPayRatio: '0',
      ceiling: '14.50',
    },
  ],
  next: 1,
};

export const priceLogExample = {
  rows: [
    {
      at: '2026-03-02 08:00:00',
      ...exampleGoods,
      oldPrice: '16.20',
      newPrice: '15.80',
      catalogVersion: '20260302-080000-1a2b3c4d',
    },
  ],
};

const exampleProduct = {
  form: '胶囊',
  insuranceClass: 'A' as const,
  firstSelfPayRatio: '0',
  prescriptionOnly: true,
};

export const equivalentsExample = {
  asked: {
    product: { ...exampleGoods, ...exampleProduct, price: '15.80', ceiling: '14.50' },
    covered: true,
    price: '15.80',
    holderPays: '1.30',
    unitPrice: '0.6583',
  },
  rows: [
    {
      product: { ...exampleGoods, ...exampleProduct, shopCode: 'G0101', price: '12.00', stock: '40' },
      covered: true,
      price: '12.00',
      holderPays: '0.00',
      unitPrice: '0.50',
      saving: '3.80',
      holderSaves: '1.30',
    },
  ],
};
