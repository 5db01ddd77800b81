import type { Money, Quantity, Ratio, UnitPrice } from '../money.ts';

/** Catalogue class: A 甲类 (fully in scope), B 乙类 (first self-pay share), C 丙类 (own pay). */
export type InsuranceClass = 'A' | 'B' | 'C';

/** One sellable product of the shop as one catalogue version describes it. */
export interface Product {
  /** Shop code (店内码, own code mapped by 3301). */
  readonly shopCode: string;
  /** National code (国家医保编码); absent means that the line is own pay (B2). */
  readonly nationalCode?: string;
  readonly genericName: string;
  readonly tradeName?: string;
  readonly form: string;
  readonly specification: string;
  readonly maker: string;
  readonly approvalNumber?: string;
  /** EAN-13 or any other code that the scanner gives for this pack. */
  readonly barcode?: string;
  readonly packUnit: string;
  readonly price: UnitPrice;
  readonly insuranceClass: InsuranceClass;
  /** First self-pay share (先行自付比例) of class B; zero for A. */
  readonly firstSelfPayRatio: Ratio;
  /** Price ceiling (医保支付上限); absent = none. */
  readonly ceiling?: UnitPrice;
  readonly category: 'drug' | 'herbal' | 'material' | 'service';
  readonly prescriptionOnly: boolean;
  readonly stock?: Quantity;
  /** Remark of the national list (限…), shown to the cashier. */
  readonly remark?: string;
}

/** A basket line: what is sold, at which price, by which catalogue version. */
export interface BasketLine {
  /** Unique inside the sale, 1, 2, 3 …; never reused after a removal. */
  readonly lineNumber: number;
  readonly product: Product;
  readonly quantity: Quantity;
  readonly amount: Money;
  readonly catalogVersion: string;
}
