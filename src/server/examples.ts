import type { z } from 'zod';
import type { CustomerView, DeviceView, SaleSummary, TillView } from '#checkout/view';
import { fault } from '#core/fault';
import type { receiptAnswer, terminalKeyRow, trainingAnswer } from './schemas.ts';

/** Invented answers for the OpenAPI document; a test holds them against the schemas. */

const product: TillView['sale']['lines'][number]['product'] = {
  shopCode: 'G0001',
  nationalCode: 'XJ01CAA040E001010100000',
  genericName: '阿莫西林胶囊',
  form: '胶囊剂',
  specification: '0.25g×24粒',
  maker: '示例制药有限公司',
  barcode: '6900000000014',
  packUnit: '盒',
  price: '12.50',
  insuranceClass: 'A',
  firstSelfPayRatio: '0',
  prescriptionOnly: true,
  stock: '40',
};

const split: NonNullable<TillView['sale']['split']> = {
  source: 'agency',
  total: '25.00',
  outOfScope: '0.00',
  overCeiling: '0.00',
  firstSelfPay: '0.00',
  inScope: '25.00',
  deductible: '0.00',
  funds: [{ fund: '310100', nameZh: '统筹基金', amount: '0.00' }],
  fundTotal: '0.00',
  own: '25.00',
  account: '25.00',
  cash: '0.00',
  balanceBefore: '320.00',
  balanceAfter: '295.00',
  reasons: [
    {
      step: 'account',
      policy: 'agency',
      version: '1',
      amount: '25.00',
      zh: '个人账户支付',
      en: 'Paid from the personal account',
    },
  ],
};

export const productExample = product;

export const deviceExample: DeviceView = {
  kind: 'scanner',
  address: 'hid:05e0:1900',
  state: 'fault',
  fault: fault('scanner-missing'),
  lastFault: {
    code: 'scanner-missing',
    zh: '扫码枪未连接',
    en: 'The scanner is not connected',
    at: '2026-03-02 09:28:10',
  },
  faults: 1,
};

export const keyExample: z.infer<typeof terminalKeyRow> = {
  keyId: '0123456789abcdef',
  publicKey: `04${'0'.repeat(128)}`,
  state: 'enrolled',
  createdAt: '2026-03-01 08:00:00',
};

export const tillExample: TillView = {
  revision: 42,
  shopName: '示例大药房',
  terminal: 'T01',
  training: true,
  now: '2026-03-02 09:30:00',
  shift: { state: 'open', businessDay: '2026-03-02', operator: { number: '01', name: '柜员甲' } },
  connectivity: { state: 'online', forced: false, sinceSeconds: 600, driftSeconds: 1 },
  reader: { state: 'card-present', readers: ['Reader 0'] },
  printer: { state: 'ready', owed: 0 },
  queue: { waiting: 0, rejected: 0, adjusted: 0, atRisk: '0.00' },
  catalog: { version: '2026-03-01', products: 300 },
  devices: [deviceExample],
  pin: { entry: 'pad', waiting: false },
  credentials: { certificate: true, identityNumber: false },
  holder: {
    state: 'identified',
    name: '测试甲',
    sex: 'female',
    age: '66',
    certificateNumber: '990101**********0X',
    medium: 'card',
    scheme: '310',
    schemeZh: '职工基本医疗保险',
    schemeEn: 'Employee basic medical insurance',
    insuredRegion: '990101',
    balance: '320.00',
    balanceAgeSeconds: 3,
    source: 'agency',
    authenticatedBy: 'agency',
    warnings: [],
  },
  sale: {
    saleId: 's-000042',
    saleNumber: 'T01260302000042',
    state: 'confirming',
    lines: [{ lineNumber: 1, product, quantity: '2', unit: 'pack', amount: '25.00' }],
    total: '25.00',
    useAccount: true,
    mode: 'insured',
    split,
    tenders: [],
  },
  pending: [],
};

export const customerExample: CustomerView = {
  revision: 42,
  shopName: '示例大药房',
  training: true,
  state: 'confirming',
  holderName: '测**',
  lines: [
    {
      lineNumber: 1,
      name: '阿莫西林胶囊',
      specification: '0.25g×24粒',
      quantity: '2',
      unit: '盒',
      price: '12.50',
      amount: '25.00',
      insuranceClass: 'A',
      unmapped: false,
    },
  ],
  total: '25.00',
  fundTotal: '0.00',
  account: '25.00',
  cash: '0.00',
  balanceBefore: '320.00',
  balanceAfter: '295.00',
  hint: 'check',
  mode: 'normal',
  speech: false,
};

export const summaryExample: SaleSummary = {
  saleId: 's-000042',
  saleNumber: 'T01260302000042',
  state: 'done',
  total: '25.00',
  account: '25.00',
  createdAt: '2026-03-02 09:30:05',
  mode: 'insured',
  holderName: '测**',
  slip: 'printed',
};

export const receiptExample: z.infer<typeof receiptAnswer> = {
  summary: summaryExample,
  view: { ...tillExample.sale, state: 'done' },
};

export const errorExample = { error: fault('catalog-product-unknown') };

export const queueExample = {
  rows: [
    {
      saleId: 's-000041',
      saleNumber: 'T01260302000041',
      state: 'queued',
      account: '18.00',
      attempts: 1,
      queuedAt: '2026-03-02 09:12:44',
      fault: fault('agency-unreachable'),
    },
    {
      saleId: 's-000038',
      saleNumber: 'T01260302000038',
      state: 'adjusted',
      account: '12.00',
      attempts: 1,
      queuedAt: '2026-03-02 08:40:10',
      fault: fault('upload-adjusted'),
      effect: '-2.40',
      deadline: '2026-04-01',
      noted: false,
    },
  ],
} as const;

export const doctorExample = {
  rows: [{ part: 'printer', state: 'ok', zh: '打印机就绪', en: 'The printer is ready' }],
} as const;

export const trainingExample: z.infer<typeof trainingAnswer> = {
  cards: [{ id: 'card-a', titleZh: '职工甲', titleEn: 'Employee A', pin: '123456' }],
  insertedCardId: null,
  agencyFault: 'none',
  printer: { paperOut: false, coverOpen: false, unplugged: false },
  slips: [],
  certificate: null,
  drawerOpened: 0,
};
