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
  /** 药监本位码: fourteen digits. */
  readonly standardCode?: string;
  /** Further names (别名, 注册名) by which it is found. */
  readonly aliases?: string;
  /** Initials as people of the shop type them (拼音码, 五笔码), when its list has them. */
  readonly pinyin?: string;
  readonly wubi?: string;
  /** First seven digits of the drug trace code (追溯码), which name product and pack. */
  readonly tracePrefix?: string;
  /** Split sale (拆零): smallest units in a pack and their name; both or neither. */
  readonly unitsPerPack?: Quantity;
  readonly smallestUnit?: string;
  /** Price of one smallest unit where the shop sets one; absent = pack price ÷ units, cut at 10⁻⁶ yuan. */
  readonly smallestUnitPrice?: UnitPrice;
  /** Volume procurement (带量采购): the procured price of a pack and its days. */
  readonly procured?: { readonly price: UnitPrice; readonly from: string; readonly to?: string };
  /** Remark of the national list (限…), or why the listed code does not count; shown to the cashier. */
  readonly remark?: string;
}

/** Herbal pieces by the dose (中药饮片): number of doses (付数, whole) and grams of the piece in each. */
export interface HerbalDoses {
  readonly doses: Quantity;
  readonly gramsPerDose: Quantity;
}

/** A basket line: what is sold, at which price, by which catalogue version. */
export interface BasketLine {
  /** Unique inside the sale, 1, 2, 3 …; never reused after a removal. */
  readonly lineNumber: number;
  readonly product: Product;
  readonly quantity: Quantity;
  readonly amount: Money;
  readonly catalogVersion: string;
  /** Version of the agency's tables that gave class, share and ceiling; absent = the shop's list did. */
  readonly agencyCatalogVersion?: string;
  /** Sold by the smallest unit (拆零): quantity and the product's price are of that unit. */
  readonly brokenPack?: { readonly unitsPerPack: Quantity; readonly packPrice: UnitPrice };
  /** What the quantity of herbal pieces was reckoned from; absent = it was typed. */
  readonly herbalDoses?: HerbalDoses;
}
