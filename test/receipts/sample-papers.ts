import type { Operator } from '#core/domain/sale';
import { fault } from '#core/fault';
import { type Money, yuan, zeroMoney } from '#core/money';
import {
  type CounterFacts,
  consentDocument,
  daySummaryDocument,
  priceLabelDocument,
  refusalDocument,
} from '#receipts/from-counter';
import { isSaleSlip, type PaperDocument } from '#receipts/papers';
import { amountsOf, sampleDocument, sampleSale, slipKinds, soldAtMs } from './sample-slips.ts';

const operator: Operator = { number: '001', name: '李样', role: 'cashier' };

export const counterFacts: CounterFacts = {
  institution: { name: '示例市惠民大药房', code: 'P99010100001' },
  terminal: 'T01',
  operator,
  printedAtMs: soldAtMs,
  training: false,
  notices: ['药品为特殊商品，非质量问题售出不退换。'],
  reportLine: '0990-12393',
};

export const consent = consentDocument(
  counterFacts,
  {
    ...sampleSale,
    actingPerson: { relation: 'child', name: '张试女', identityNumber: '990100199001010010' },
  },
  sampleSale.split ?? never(),
);

function never(): never {
  throw new Error('the sample sale is quoted');
}

/** Every paper that is not the slip of a sale. */
export const papers: readonly (readonly [string, PaperDocument])[] = [
  ['consent', consent ?? never()],
  [
    'refusal',
    refusalDocument(counterFacts, fault('card-reported-lost'), {
      sale: sampleSale,
      agencyText: '该卡已挂失，不能结算',
    }),
  ],
  [
    'day-summary',
    daySummaryDocument(counterFacts, {
      businessDay: '2026-03-05',
      sales: [sampleSale, { ...sampleSale, mode: 'own-pay' }, { ...sampleSale, state: 'cancelled' }],
      payers: [
        { nameZh: '应收职工基本医疗保险统筹基金', amount: yuan('25.55') },
        { nameZh: '应收个人账户', amount: yuan('44.25') },
        { nameZh: '现金', amount: yuan('20.00') },
        { nameZh: '移动支付', amount: yuan('89.80') },
      ],
      open: [{ nameZh: '待上传脱机交易', count: 2, amount: yuan('31.60') }],
      journalHead: '1207-KWX7F-GGGQR',
    }),
  ],
  ['price-label', priceLabelDocument(counterFacts, sampleSale.lines[1]?.product ?? never(), '2026-03-01')],
];

/** All kinds of paper by name: the slips of sales, a marked copy of the training shop, and the others. */
export const everyPaper: readonly (readonly [string, PaperDocument])[] = [
  ...slipKinds.map((kind) => [kind, sampleDocument(kind)] as const),
  ['settlement-copy-training', sampleDocument('settlement', { copyNumber: 1, training: true })],
  ...papers,
];

/** Every amount that a paper shows. */
export function paperAmounts(document: PaperDocument): Money[] {
  if (isSaleSlip(document)) return amountsOf(document);
  switch (document.kind) {
    case 'consent':
      return [
        document.own,
        ...document.lines.flatMap((line) => [
          line.amount,
          line.parts?.covered ?? zeroMoney,
          line.parts?.own ?? line.amount,
        ]),
      ];
    case 'refusal':
      return document.total === undefined ? [] : [document.total];
    case 'day-summary':
      return [
        document.total,
        ...[...document.sales, ...document.payers, ...document.open].flatMap(rowAmount),
      ];
    case 'price-label':
      return [];
  }
}

function rowAmount({ amount }: { readonly amount?: Money }): Money[] {
  return amount === undefined ? [] : [amount];
}
