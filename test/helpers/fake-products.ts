import type { ProductView } from '#checkout/view';

/** Invented products on public generic names; barcodes are from the range for internal use. */
function product(
  index: number,
  genericName: string,
  initials: string,
  rest: Pick<ProductView, 'form' | 'specification' | 'maker' | 'packUnit' | 'price' | 'insuranceClass'> &
    Partial<ProductView>,
): FakeProduct {
  const shopCode = `G${String(index).padStart(4, '0')}`;
  const view: ProductView = {
    shopCode,
    genericName,
    barcode: `69000000${String(index).padStart(5, '0')}`,
    // The national list knows no class 丙: such a product is the shop's own.
    ...(rest.insuranceClass === 'C'
      ? {}
      : { nationalCode: `XA01ABD000A0010102${String(index).padStart(5, '0')}` }),
    firstSelfPayRatio: rest.insuranceClass === 'B' ? '0.1' : '0',
    prescriptionOnly: false,
    stock: '40',
    ...rest,
  };
  return { view, initials };
}

export interface FakeProduct {
  readonly view: ProductView;
  readonly initials: string;
}

const north = '北方示例制药有限公司';
const south = '南方示例药业股份有限公司';
const tablets = { form: '片剂', packUnit: '盒' } as const;
const capsules = { form: '胶囊剂', packUnit: '盒' } as const;

export const fakeProducts: readonly FakeProduct[] = [
  product(1, '阿莫西林胶囊', 'amxljn', {
    ...capsules,
    specification: '0.25g×24粒',
    maker: north,
    price: '12.50',
    insuranceClass: 'A',
    prescriptionOnly: true,
  }),
  product(2, '阿莫西林克拉维酸钾片', 'amxlklwsjp', {
    ...tablets,
    specification: '0.457g×8片',
    maker: south,
    price: '26.80',
    insuranceClass: 'B',
    prescriptionOnly: true,
    remark: '限敏感菌感染',
  }),
  product(3, '盐酸二甲双胍片', 'ysejsgp', {
    ...tablets,
    specification: '0.5g×20片',
    maker: south,
    price: '18.60',
    insuranceClass: 'A',
    ceiling: '18.00',
  }),
  product(4, '苯磺酸氨氯地平片', 'bhsaldpp', {
    ...tablets,
    specification: '5mg×28片',
    maker: north,
    price: '21.40',
    insuranceClass: 'A',
  }),
  product(5, '阿托伐他汀钙片', 'atfttgp', {
    ...tablets,
    specification: '20mg×7片',
    maker: north,
    price: '32.00',
    insuranceClass: 'B',
  }),
  product(6, '维生素C咀嚼片', 'wssCjjp', {
    ...tablets,
    specification: '100mg×60片',
    maker: south,
    price: '15.90',
    insuranceClass: 'C',
  }),
  product(7, '板蓝根颗粒', 'blgkl', {
    form: '颗粒剂',
    packUnit: '袋',
    specification: '10g×20袋',
    maker: south,
    price: '16.00',
    insuranceClass: 'A',
  }),
  product(8, '布洛芬缓释胶囊', 'blfhsjn', {
    ...capsules,
    specification: '0.3g×20粒',
    maker: north,
    price: '19.80',
    insuranceClass: 'B',
  }),
  product(9, '医用外科口罩', 'ywwkkz', {
    form: '耗材',
    packUnit: '包',
    specification: '10只/包',
    maker: north,
    price: '9.90',
    insuranceClass: 'C',
  }),
  product(10, '硝苯地平控释片', 'xbdpksp', {
    ...tablets,
    specification: '30mg×7片',
    maker: south,
    price: '28.35',
    insuranceClass: 'A',
  }),
];

export function findFakeProduct(code: string): ProductView | undefined {
  return fakeProducts.find(({ view }) => view.barcode === code || view.shopCode === code)?.view;
}

export function searchFakeProducts(text: string, limit: number): ProductView[] {
  const wanted = text.toLowerCase();
  return fakeProducts
    .filter(
      ({ view, initials }) =>
        initials.toLowerCase().startsWith(wanted) ||
        view.genericName.includes(text) ||
        view.shopCode.toLowerCase() === wanted ||
        view.barcode === text,
    )
    .map(({ view }) => view)
    .slice(0, limit);
}
