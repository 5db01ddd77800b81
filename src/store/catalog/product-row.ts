import { z } from 'zod';
import { assert } from '#core/assert';
import type { Product } from '#core/domain/product';
import type { Quantity, Ratio, UnitPrice } from '#core/money';
import { CatalogUnreadable } from '#core/ports/catalog-store';

const optionalText = z.string().nullable();

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
});

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
  };
  assert(product.shopCode !== '', 'every product has a shop code');
  return product;
}
