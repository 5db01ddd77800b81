import { z } from 'zod';
import { assert } from '#core/assert';
import type { Product } from '#core/domain/product';
import type { Quantity, Ratio, UnitPrice } from '#core/money';
import { CatalogUnreadable } from '#core/ports/catalog-store';

const optionalText = z.string().nullable();
/** Columns that files of format 1 do not have. */
const laterText = z.string().nullish();
const laterNumber = z.bigint().positive().nullish();

/** A row of `product` read with safe integers. */
const productRow = z.object({
  shop_code: z.string(),
  national_code: optionalText,
  barcode: optionalText,
  generic_name: z.string(),
  trade_name: optionalText,
  form: z.string(),
  specification: z.string(),
  maker: z.string(),
  approval_number: optionalText,
  pack_unit: z.string(),
  price: z.bigint().positive(),
  insurance_class: z.enum(['A', 'B', 'C']),
  first_self_pay: z.bigint().min(0n).max(10_000n),
  ceiling: z.bigint().positive().nullable(),
  category: z.enum(['drug', 'herbal', 'material', 'service']),
  prescription_only: z.bigint(),
  stock: z.bigint().nullable(),
  remark: optionalText,
  standard_code: laterText,
  aliases: laterText,
  pinyin: laterText,
  wubi: laterText,
  trace_prefix: laterText,
  units_per_pack: laterNumber,
  smallest_unit: laterText,
  smallest_unit_price: laterNumber,
  procured_price: laterNumber,
  procured_from: laterText,
  procured_to: laterText,
});

type ProductRow = z.output<typeof productRow>;

/** Checked once at the border: a page that SQLite could still read may hold nonsense. */
export function toProduct(row: unknown): Product {
  const checked = productRow.safeParse(row);
  if (!checked.success) throw new CatalogUnreadable('a product row does not fit its table');
  const value = checked.data;
  const product: Product = {
    shopCode: value.shop_code,
    genericName: value.generic_name,
    form: value.form,
    specification: value.specification,
    maker: value.maker,
    packUnit: value.pack_unit,
    price: value.price as UnitPrice,
    insuranceClass: value.insurance_class,
    firstSelfPayRatio: value.first_self_pay as Ratio,
    category: value.category,
    prescriptionOnly: value.prescription_only !== 0n,
    ...(value.national_code === null ? {} : { nationalCode: value.national_code }),
    ...(value.trade_name === null ? {} : { tradeName: value.trade_name }),
    ...(value.approval_number === null ? {} : { approvalNumber: value.approval_number }),
    ...(value.barcode === null ? {} : { barcode: value.barcode }),
    ...(value.ceiling === null ? {} : { ceiling: value.ceiling as UnitPrice }),
    ...(value.stock === null ? {} : { stock: value.stock as Quantity }),
    ...(value.remark === null ? {} : { remark: value.remark }),
    ...laterFields(value),
  };
  assert(product.shopCode !== '', 'every product has a shop code');
  return product;
}

function laterFields(value: ProductRow): Partial<Product> {
  const standardCode = value.standard_code ?? undefined;
  const aliases = value.aliases ?? undefined;
  const pinyin = value.pinyin ?? undefined;
  const wubi = value.wubi ?? undefined;
  const tracePrefix = value.trace_prefix ?? undefined;
  return {
    ...(standardCode === undefined ? {} : { standardCode }),
    ...(aliases === undefined ? {} : { aliases }),
    ...(pinyin === undefined ? {} : { pinyin }),
    ...(wubi === undefined ? {} : { wubi }),
    ...(tracePrefix === undefined ? {} : { tracePrefix }),
    ...splitFields(value),
    ...procuredFields(value),
  };
}

function splitFields(value: ProductRow): Partial<Product> {
  const { units_per_pack: units, smallest_unit: smallestUnit, smallest_unit_price: unitPrice } = value;
  if (units === null || units === undefined || smallestUnit === null || smallestUnit === undefined) return {};
  const smallestUnitPrice = unitPrice === null || unitPrice === undefined ? undefined : unitPrice;
  return {
    unitsPerPack: units as Quantity,
    smallestUnit,
    ...(smallestUnitPrice === undefined ? {} : { smallestUnitPrice: smallestUnitPrice as UnitPrice }),
  };
}

function procuredFields(value: ProductRow): Partial<Product> {
  const { procured_price: price, procured_from: from } = value;
  if (price === null || price === undefined || from === null || from === undefined) return {};
  const to = value.procured_to ?? undefined;
  return { procured: { price: price as UnitPrice, from, ...(to === undefined ? {} : { to }) } };
}
