import { businessDay } from '#core/business-time';
import type { Holder } from '#core/domain/holder';
import type { BasketLine } from '#core/domain/product';
import type { Sale } from '#core/domain/sale';
import type { Settlement, SettlementRequest } from '#core/domain/settlement';
import type { LineSplit, Split } from '#core/domain/split';
import { lineAmount, price, quantity, ratio, sumMoney, yuan, zeroMoney } from '#core/money';

const LINES = 5;
const PERSON = '99010000000000000001';
export const operator = '0101';

/** An open basket of five insured lines with its quote: 8.00 a line, half from the fund, half from the account. */
export function sampleSale(saleNumber: string, nowMs: number): Sale {
  return {
    saleId: `sale-${saleNumber}`,
    saleNumber,
    state: 'open',
    businessDay: businessDay(nowMs),
    createdAtMs: nowMs,
    operator: { number: operator, name: '收银员甲', role: 'cashier' },
    holder: sampleHolder(nowMs),
    lines: Array.from({ length: LINES }, (_, index) => sampleLine(index + 1)),
    split: sampleSplit(),
    mode: 'insured',
    tenders: [],
    changeDue: zeroMoney,
  };
}

export function settlementRequest(sale: Sale): SettlementRequest {
  return {
    personNumber: PERSON,
    medium: 'card',
    mediumNumber: 'A12345678',
    insuredRegion: '990100',
    scheme: '310',
    beganAtMs: sale.createdAtMs,
    saleNumber: sale.saleNumber,
    useAccount: true,
    total: sumMoney(sale.lines.map((line) => line.amount)),
    lines: sale.lines.map(({ lineNumber, product, quantity: count, amount }) => ({
      lineNumber,
      nationalCode: product.nationalCode ?? '',
      shopCode: product.shopCode,
      quantity: count,
      price: product.price,
      amount,
      occurredAtMs: sale.createdAtMs,
    })),
  };
}

export function sampleSettlement(sale: Sale, settledAtMs: number): Settlement {
  return {
    visitId: `V-${sale.saleNumber}`,
    settlementId: `S-${sale.saleNumber}`,
    personNumber: PERSON,
    settledAtMs,
    split: sampleSplit(),
    clearingOffice: '990100',
    clearingType: '41',
    brokenRelations: [],
  };
}

function sampleHolder(asOfMs: number): Holder {
  return {
    personNumber: PERSON,
    name: '测试甲',
    certificateType: '01',
    certificateNumber: '990101199001010000',
    sex: 'male',
    age: '36.2',
    insurances: [
      {
        scheme: '310',
        personType: '1101',
        inForce: true,
        balance: yuan('500.00'),
        region: '990100',
        civilServant: false,
      },
    ],
    tags: [],
    medium: 'card',
    mediumNumber: 'A12345678',
    cardId: '990100D156000005'.padEnd(32, '0'),
    asOfMs,
  };
}

function sampleLine(lineNumber: number): BasketLine {
  const unitPrice = price('4.00');
  const count = quantity('2');
  return {
    lineNumber,
    product: {
      shopCode: `S000${lineNumber}`,
      nationalCode: `XJ01CAA040E00102019900${lineNumber}`,
      genericName: '阿莫西林胶囊',
      form: '胶囊剂',
      specification: '0.25g*24粒',
      maker: '示例制药厂',
      barcode: `690000000000${lineNumber}`,
      packUnit: '盒',
      price: unitPrice,
      insuranceClass: 'A',
      firstSelfPayRatio: ratio('0'),
      category: 'drug',
      prescriptionOnly: false,
    },
    quantity: count,
    amount: lineAmount(unitPrice, count, 'half-up'),
    catalogVersion: '2026-03',
  };
}

function sampleSplit(): Split {
  const total = yuan('40.00');
  const half = yuan('20.00');
  const policy = { policy: '示例市职工门诊办法', version: '2026-1' };
  const lines: LineSplit[] = Array.from({ length: LINES }, (_, index) => ({
    lineNumber: index + 1,
    total: yuan('8.00'),
    outOfScope: zeroMoney,
    overCeiling: zeroMoney,
    firstSelfPay: zeroMoney,
    inScope: yuan('8.00'),
    firstSelfPayRatio: ratio('0'),
    reasons: [
      {
        ...policy,
        step: 'in-scope',
        amount: yuan('8.00'),
        zh: '甲类药品，全部计入报销范围',
        en: 'class A: all of it counts',
      },
    ],
  }));
  return {
    total,
    outOfScope: zeroMoney,
    overCeiling: zeroMoney,
    firstSelfPay: zeroMoney,
    inScope: total,
    deductible: zeroMoney,
    funds: [{ fund: '310100', nameZh: '职工基本医疗保险统筹基金', amount: half }],
    fundTotal: half,
    own: half,
    account: half,
    cash: zeroMoney,
    balanceBefore: yuan('500.00'),
    balanceAfter: yuan('480.00'),
    lines,
    reasons: [
      {
        ...policy,
        step: 'fund',
        amount: half,
        zh: '统筹基金支付 50%，即 20.00 元',
        en: 'the fund pays 50 %, 20.00 yuan',
      },
    ],
    source: 'agency',
  };
}
