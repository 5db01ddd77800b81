import type { Holder } from '#core/domain/holder';
import type { OfflineProof } from '#core/domain/offline-proof';
import type { BasketLine, Product } from '#core/domain/product';
import type { Sale } from '#core/domain/sale';
import type { Settlement } from '#core/domain/settlement';
import type { LineSplit, Reason, Split } from '#core/domain/split';
import { type Money, price, quantity, ratio, yuan, zeroMoney } from '#core/money';
import type { SlipDocument, SlipKind } from '#receipts/document';
import { type SlipInput, slipDocument } from '#receipts/from-sale';

/** 2026-03-05 10:20:30 in Asia/Shanghai. */
export const soldAtMs = Date.UTC(2026, 2, 5, 2, 20, 30);

const holder: Holder = {
  personNumber: '99010000000000012345',
  name: '张试样',
  certificateType: '01',
  certificateNumber: '990100196001010010',
  sex: 'male',
  age: '66.1',
  insurances: [
    {
      scheme: '310',
      personType: '12',
      inForce: true,
      balance: yuan('312.40'),
      region: '990100',
      civilServant: false,
    },
  ],
  tags: [],
  medium: 'card',
  mediumNumber: '99A123456',
  asOfMs: soldAtMs,
};

function product(part: Partial<Product> & Pick<Product, 'shopCode' | 'genericName' | 'price'>): Product {
  return {
    form: '片剂',
    specification: '10mg*30片',
    maker: '示例制药厂',
    packUnit: '盒',
    insuranceClass: 'A',
    firstSelfPayRatio: ratio('0'),
    category: 'drug',
    prescriptionOnly: false,
    ...part,
  };
}

const products: readonly Product[] = [
  product({
    shopCode: 'S0001',
    genericName: '阿莫西林胶囊',
    tradeName: '示例林',
    specification: '0.25g*24粒',
    nationalCode: 'XJ01CAA040E001020199001',
    price: price('12.50'),
  }),
  product({
    shopCode: 'S0002',
    genericName: '苯磺酸氨氯地平片',
    specification: '5mg*28片',
    nationalCode: 'XC08CAA187A001010299002',
    price: price('36.80'),
    insuranceClass: 'B',
    firstSelfPayRatio: ratio('0.1'),
    ceiling: price('35.00'),
  }),
  product({
    shopCode: 'S0003',
    genericName: '复方甘草口服溶液（儿童装，附量杯，请遵医嘱使用）',
    specification: '100ml',
    nationalCode: 'ZA06BAF0435010199003',
    packUnit: '瓶',
    price: price('8.333333'),
    insuranceClass: 'C',
  }),
  product({
    shopCode: 'S0004',
    genericName: '医用棉签',
    specification: '50支',
    packUnit: '包',
    price: price('3.00'),
  }),
];

const amounts = ['25.00', '36.80', '25.00', '3.00'] as const;
const counts = ['2', '1', '3', '1'] as const;

const lines: readonly BasketLine[] = products.map((one, index) => ({
  lineNumber: index + 1,
  product: one,
  quantity: quantity(counts[index] ?? '1'),
  amount: yuan(amounts[index] ?? '0'),
  catalogVersion: '2026-03',
}));

function reason(step: string, amount: string, zh: string): Reason {
  return { step, policy: '示例市职工门诊办法', version: '2026-1', amount: yuan(amount), zh, en: 'en' };
}

function part(
  lineNumber: number,
  out: string,
  over: string,
  first: string,
  scope: string,
  why: Reason[],
): LineSplit {
  const line = lines[lineNumber - 1];
  return {
    lineNumber,
    total: line?.amount ?? zeroMoney,
    outOfScope: yuan(out),
    overCeiling: yuan(over),
    firstSelfPay: yuan(first),
    inScope: yuan(scope),
    firstSelfPayRatio: line?.product.firstSelfPayRatio ?? ratio('0'),
    reasons: why,
  };
}

const split: Split = {
  total: yuan('89.80'),
  outOfScope: yuan('28.00'),
  overCeiling: yuan('1.80'),
  firstSelfPay: yuan('3.50'),
  inScope: yuan('56.50'),
  deductible: yuan('20.00'),
  funds: [{ fund: '310100', nameZh: '职工基本医疗保险统筹基金', amount: yuan('25.55') }],
  fundTotal: yuan('25.55'),
  own: yuan('64.25'),
  account: yuan('44.25'),
  cash: yuan('20.00'),
  balanceBefore: yuan('312.40'),
  balanceAfter: yuan('268.15'),
  lines: [
    part(1, '0', '0', '0', '25.00', [reason('in-scope', '25.00', '甲类药品，全部计入报销范围')]),
    part(2, '0', '1.80', '3.50', '31.50', [
      reason('over-ceiling', '1.80', '单价 36.80 元高于支付上限 35.00 元，超出 1.80 元由个人负担'),
      reason('first-self-pay', '3.50', '乙类药品，先由个人负担 10%，即 3.50 元'),
    ]),
    part(3, '25.00', '0', '0', '0', [
      reason('out-of-scope', '25.00', '丙类药品，不在医保目录内，由个人负担'),
    ]),
    part(4, '3.00', '0', '0', '0', [reason('out-of-scope', '3.00', '没有对应国家医保编码，由个人负担')]),
  ],
  reasons: [
    reason(
      'deductible',
      '20.00',
      '本年起付线 200.00 元，此前已计 180.00 元，本次计入 20.00 元，起付线以内由个人负担',
    ),
    reason('fund', '25.55', '报销范围内扣除起付线后 36.50 元，退休人员由统筹基金支付 70%，即 25.55 元'),
    reason('cash', '20.00', '其余 20.00 元现金支付'),
  ],
  source: 'agency',
};

export const sampleSale: Sale = {
  saleId: 'sale-1',
  saleNumber: '260305T010000001',
  state: 'done',
  businessDay: '2026-03-05',
  createdAtMs: soldAtMs,
  operator: { number: '001', name: '李样', role: 'cashier' },
  holder,
  lines,
  split,
  mode: 'insured',
  tenders: [{ kind: 'cash', amount: yuan('50.00') }],
  changeDue: yuan('30.00'),
};

export const sampleSettlement: Settlement = {
  visitId: '990100G0000000001234',
  settlementId: '990100S0000000005678',
  personNumber: holder.personNumber,
  settledAtMs: soldAtMs,
  split,
  clearingOffice: '990100',
  clearingType: '41',
  brokenRelations: [],
};

/** Signed by the card itself. */
export const sampleProof: OfflineProof = {
  saleNumber: sampleSale.saleNumber,
  cardId: '990100D156000005000000010A1B2C3D',
  region: '990100',
  historicalBytes: '00814A444B8698000399010001',
  algorithm: 'sm4',
  terminalNumber: '990100000001',
  terminalSequence: '0000002A',
  time: '20260305102030',
  account: split.account,
  own: split.cash,
  pool: split.fundTotal,
  signature: { kind: 'card-tac', cardSequence: '0007', tac: '1A2B3C4D', type: '32' },
  blacklistVersion: '20260301',
};

export const sampleHash = '9f3a77c210be44d0a1b2c3d4e5f60718293a4b5c6d7e8f900112233445566778';

/** What a checkout would pass for each kind. */
export function sampleInput(kind: SlipKind, change: Partial<SlipInput> = {}): SlipInput {
  const base: SlipInput = {
    kind,
    sale: sampleSale,
    institution: { name: '示例市惠民大药房', code: 'P99010100001' },
    terminal: 'T01',
    printedAtMs: soldAtMs + 3_600_000,
    copyNumber: 0,
    training: false,
    journal: { sequence: 1207, hash: sampleHash },
    notices: ['药品为特殊商品，非质量问题售出不退换。', '请妥善保管本单。'],
    reportLine: '0990-12393',
  };
  return { ...base, ...extras(kind), ...change };
}

function extras(kind: SlipKind): Partial<SlipInput> {
  switch (kind) {
    case 'settlement':
      return { settlement: sampleSettlement };
    case 'offline':
      return {
        sale: {
          ...sampleSale,
          state: 'queued',
          mode: 'offline',
          split: { ...split, source: 'offline' },
          offlineProof: sampleProof,
        },
        offline: {
          bearerZh: '拒付金额由本机构先行承担，属个人原因的由参保人补缴。',
          balanceAsOf: '2026-03-04 17:05:00',
        },
      };
    case 'own-pay': {
      const { holder: _holder, split: _split, ...rest } = sampleSale;
      const tenders = [{ kind: 'mobile' as const, amount: yuan('89.80'), reference: '4200001234' }];
      return { sale: { ...rest, mode: 'own-pay', tenders, changeDue: zeroMoney } };
    }
    case 'cancellation':
      return {
        settlement: sampleSettlement,
        cancellation: {
          facts: {
            visitId: sampleSettlement.visitId,
            settlementId: '990100S0000000009999',
            total: yuan('-89.80'),
            fundTotal: yuan('-25.55'),
            account: yuan('-44.25'),
            balanceAfter: yuan('312.40'),
          },
          atMs: soldAtMs + 600_000,
          second: { number: '900', name: '王样', role: 'manager' },
          reason: '顾客退货',
        },
      };
  }
}

export const slipKinds: readonly SlipKind[] = ['settlement', 'offline', 'own-pay', 'cancellation'];

export function sampleDocument(kind: SlipKind, change: Partial<SlipInput> = {}): SlipDocument {
  return slipDocument(sampleInput(kind, change));
}

/** Every amount that the document shows, for comparing with paper. */
export function amountsOf(document: SlipDocument): Money[] {
  const { split: parts } = document;
  const insured = document.kind !== 'own-pay';
  return [
    ...document.lines.flatMap((line) => [line.amount, line.parts?.covered, line.parts?.own]),
    parts.total,
    parts.cash,
    ...(insured
      ? [
          parts.outOfScope,
          parts.overCeiling,
          parts.firstSelfPay,
          parts.inScope,
          parts.deductible,
          parts.fundTotal,
        ]
      : []),
    ...(insured ? [parts.account, parts.familyAccount, ...parts.funds.map((fund) => fund.amount)] : []),
    parts.balanceBefore,
    parts.balanceAfter,
    ...document.tenders.map((tender) => tender.amount),
    document.offline?.owed,
  ].filter((amount) => amount !== undefined);
}
