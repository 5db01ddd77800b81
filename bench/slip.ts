import Printer from 'escpos/printer.js';
import { type Money, oneUnit, price, ratio, yuan, zeroMoney } from '#core/money';
import type { SlipDocument, SlipLine } from '#receipts/document';
import { slipBytes } from '#receipts/escpos';
import { slipLayout } from '#receipts/layout';
import type { SlipLayout } from '#receipts/layout-row';
import type { BenchContext, BenchOutput } from './measure.ts';
import { median, timed } from './statistics.ts';

const LINES = 20;
const COLUMNS = 48;
const ROUNDS = 15;
const SLIPS = 40;
const OTHER_ENCODER = '@point-of-sale/receipt-printer-encoder';

/** A slip of twenty lines, document to bytes, beside `escpos` printing the very rows of the finished layout. */
export async function* measures(_context: BenchContext): AsyncIterable<BenchOutput> {
  const document = sampleSlip();
  const layout = slipLayout(document, COLUMNS);
  const ours = () => slipBytes(document, { columns: COLUMNS });
  const theirs = () => withEscpos(layout);
  const encoder = await otherEncoder();
  const others = encoder === undefined ? undefined : () => encoder(layout);
  const found: { ours: number; theirs: number; other: number }[] = [];
  for (let round = -3; round < ROUNDS; round += 1) {
    const times = { ours: each(ours), theirs: each(theirs), other: others ? each(others) : 0 };
    if (round >= 0) found.push(times);
  }
  yield { name: 'slip-20-lines', value: median(found.map((r) => r.ours)), unit: 'ms', budget: { most: 1 } };
  const beside = median(found.map((round) => round.ours / round.theirs));
  yield { name: 'slip-beside-escpos', value: beside, unit: 'x', budget: { most: 1.5 } };
  yield { name: 'slip-escpos', value: median(found.map((round) => round.theirs)), unit: 'ms' };
  if (others === undefined) {
    yield { note: `${OTHER_ENCODER} is not installed: not compared` };
    return;
  }
  const other = median(found.map((round) => round.ours / round.other));
  yield { name: 'slip-beside-encoder', value: other, unit: 'x', budget: { most: 1 } };
}

function each(make: () => unknown): number {
  return (
    timed(() => {
      for (let count = 0; count < SLIPS; count += 1) make();
    }) / SLIPS
  );
}

/** Of `escpos`, beside what Guitai itself uses of it. */
interface PlainPrinter {
  align(where: 'lt' | 'ct'): PlainPrinter;
  style(type: 'B' | 'NORMAL'): PlainPrinter;
  size(width: number, height: number): PlainPrinter;
  text(content: string): PlainPrinter;
}

/**
 * As a program on `escpos` prints the same slip: one call a line, looks set where they change. It is handed
 * the finished rows, so it need not lay anything out.
 */
function withEscpos(layout: SlipLayout): Uint8Array {
  let bytes: Uint8Array = new Uint8Array();
  const nothing = () => undefined;
  const take = (all: Buffer) => {
    bytes = all;
  };
  const printer = new Printer({ open: nothing, write: take, close: nothing }, { encoding: 'GB18030' });
  const plain = printer as unknown as PlainPrinter;
  printer.hardware('init');
  let look = '';
  for (const line of layout.lines) {
    if (line.kind === 'qr') {
      printer.align('ct').print(Buffer.from(line.data, 'latin1'));
      look = '';
      continue;
    }
    const wanted = `${line.align} ${line.bold} ${line.widthScale} ${line.heightScale}`;
    if (wanted !== look) {
      plain.align(line.align === 'center' ? 'ct' : 'lt').style(line.bold ? 'B' : 'NORMAL');
      plain.size(line.widthScale, line.heightScale);
      look = wanted;
    }
    plain.text(line.text);
  }
  printer.cut(true, 4);
  printer.flush();
  return bytes;
}

interface OtherEncoder {
  initialize(): OtherEncoder;
  codepage(name: string): OtherEncoder;
  align(where: string): OtherEncoder;
  line(text: string): OtherEncoder;
  bold(on: boolean): OtherEncoder;
  qrcode(data: string): OtherEncoder;
  cut(): OtherEncoder;
  encode(): Uint8Array;
}

/**
 * The nearest job that it can do: version 4 knows single-byte code pages only and neither GB 18030 nor any other
 * Chinese one, so it is handed the finished rows and writes a question mark for each Chinese character. Rows, looks,
 * QR code and cut are the same; what it spares by having no Chinese code table is its advantage.
 */
async function otherEncoder(): Promise<((layout: SlipLayout) => Uint8Array) | undefined> {
  let module: { readonly default: new (options: object) => OtherEncoder };
  try {
    module = await import(OTHER_ENCODER);
  } catch {
    return undefined;
  }
  return (layout) => {
    const encoder = new module.default({ columns: COLUMNS }).initialize();
    for (const line of layout.lines) {
      if (line.kind === 'row') encoder.align(line.align).bold(line.bold).line(line.text);
      else encoder.align('center').qrcode(line.data);
    }
    return encoder.cut().encode();
  };
}

function sampleSlip(): SlipDocument {
  const lines = Array.from({ length: LINES }, (_, index) => sampleLine(index));
  return {
    kind: 'settlement',
    copyNumber: 0,
    training: false,
    underCheck: false,
    institution: { name: '示例市惠民大药房', code: 'P99010100001' },
    terminal: 'T01',
    operator: '0101 收银员甲',
    saleNumber: '260305T010000001',
    soldAt: '2026-03-05 10:20:30',
    printedAt: '2026-03-05 10:20:31',
    holder: {
      maskedName: '张**',
      maskedPersonNumber: '9901************2345',
      medium: 'card',
      maskedMediumNumber: '99A***456',
      schemeZh: '职工基本医疗保险',
    },
    lines,
    split: sampleSplit(),
    tenders: [{ kind: 'cash', amount: yuan('100.00') }],
    change: zeroMoney,
    settlementId: '990100S0000000005678',
    visitId: '990100G0000000001234',
    check: { sequence: 1207, code: '9F3A77C210BE44D0' },
    manualReimbursement: false,
    reasons: [
      '本年起付线 200.00 元，此前已计 180.00 元，本次计入 20.00 元，起付线以内由个人负担',
      '报销范围内扣除起付线后，在职人员由统筹基金支付 70%',
    ],
    policies: ['示例市职工门诊办法 2026-1'],
    notices: ['药品为特殊商品，非质量问题售出不退换。'],
    reportLine: '0990-12393',
  };
}

function sampleLine(index: number): SlipLine {
  const shared = index % 2 === 1;
  return {
    genericName: ['阿莫西林胶囊', '苯磺酸氨氯地平片', '复方甘草口服溶液', '布洛芬缓释胶囊'][index % 4] ?? '',
    specification: `${(index + 1) * 5}mg*24粒`,
    nationalCode: `XJ01CAA040E0010201990${String(index).padStart(2, '0')}`,
    shopCode: `S${String(index).padStart(4, '0')}`,
    quantity: oneUnit,
    unit: '盒',
    unitPrice: price('36.80'),
    amount: yuan('36.80'),
    insuranceClass: shared ? 'B' : 'A',
    firstSelfPayRatio: ratio(shared ? '0.1' : '0'),
    parts: { covered: yuan(shared ? '33.12' : '36.80'), own: yuan(shared ? '3.68' : '0') },
    reasons: shared ? ['乙类药品，先由个人负担 10%，即 3.68 元'] : [],
  };
}

function sampleSplit(): SlipDocument['split'] {
  const amount = (text: string): Money => yuan(text);
  return {
    total: amount('736.00'),
    outOfScope: zeroMoney,
    overCeiling: zeroMoney,
    firstSelfPay: amount('36.80'),
    inScope: amount('699.20'),
    deductible: amount('20.00'),
    funds: [{ nameZh: '职工基本医疗保险统筹基金', amount: amount('475.44') }],
    fundTotal: amount('475.44'),
    account: amount('160.56'),
    cash: amount('100.00'),
    balanceBefore: amount('312.40'),
    balanceAfter: amount('151.84'),
  };
}
