import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { businessDay } from '#core/business-time';
import type { Clock } from '#core/clock';
import type { Holder } from '#core/domain/holder';
import type { OfflineProof } from '#core/domain/offline-proof';
import type { BasketLine } from '#core/domain/product';
import type { Operator, PendingCardPurchase, Sale } from '#core/domain/sale';
import type { Settlement, SettlementRequest } from '#core/domain/settlement';
import type { Split } from '#core/domain/split';
import {
  addMoney,
  fen,
  lineAmount,
  type Money,
  price,
  quantity,
  ratio,
  subtractMoney,
  yuan,
} from '#core/money';
import { openTillStore, type StoreOptions } from '#store/open';
import type { OfflineLimits } from '#store/records/offline';
import type { SqliteStore } from '#store/sqlite-store';
import { StoreError } from '#store/store-error';

/** The key of every test's records. */
export const testSealKey = new Uint8Array(32).fill(0x5a);

/** 2026-03-02 10:00:00 in Shanghai. */
export const morningMs = Date.parse('2026-03-02T02:00:00Z');
export const institution = 'P99010199999';

export const cashier: Operator = { number: '0101', name: '收银员甲', role: 'cashier' };

export function newFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'guitai-store-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export function openStore(folder: string, clock: Clock, more: Partial<StoreOptions> = {}): SqliteStore {
  const opened = openTillStore({ folder, terminal: '01', clock, sealKey: testSealKey, ...more });
  if (!opened.ok) throw new Error(`store not opened: ${opened.error.code} ${opened.error.detail ?? ''}`);
  return opened.value;
}

export function holder(personNumber = '99010000000000000001'): Holder {
  return {
    personNumber,
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
        region: '990101',
        civilServant: false,
      },
    ],
    tags: [],
    medium: 'card',
    mediumNumber: 'A12345678',
    cardId: '990101D156000005'.padEnd(32, '0'),
    asOfMs: morningMs,
  };
}

export function line(lineNumber: number, unitPrice = '12.345678', count = '2'): BasketLine {
  return {
    lineNumber,
    product: {
      shopCode: `S${lineNumber}`,
      nationalCode: `XA01AB${lineNumber}`,
      genericName: '阿莫西林胶囊',
      form: '胶囊剂',
      specification: '0.25g',
      maker: '示例制药',
      packUnit: '盒',
      price: price(unitPrice),
      insuranceClass: 'B',
      firstSelfPayRatio: ratio('0.1'),
      category: 'drug',
      prescriptionOnly: false,
    },
    quantity: quantity(count),
    amount: lineAmount(price(unitPrice), quantity(count), 'half-up'),
    catalogVersion: '2026-01',
  };
}

/** A split of `total` with a fifth from the fund, the account paying up to `account` and cash the rest. */
export function splitOf(total: Money, account: Money, source: Split['source'] = 'agency'): Split {
  const fund = fen(total / 5n);
  const own = subtractMoney(total, fund);
  const fromAccount = account < own ? account : own;
  return {
    total,
    outOfScope: fen(0n),
    overCeiling: fen(0n),
    firstSelfPay: fen(0n),
    inScope: total,
    deductible: fen(0n),
    funds: [{ fund: '310100', nameZh: '城镇职工基本医疗保险统筹基金', amount: fund }],
    fundTotal: fund,
    own,
    account: fromAccount,
    cash: subtractMoney(own, fromAccount),
    lines: [],
    reasons: [],
    source,
  };
}

export function openSale(store: SqliteStore, nowMs: number, more: Partial<Sale> = {}): Sale {
  const day = businessDay(nowMs);
  const saleNumber = store.nextSaleNumber(day);
  const lines = more.lines ?? [line(1), line(2, '20.00', '1')];
  const total = lines.reduce((sum, one) => addMoney(sum, one.amount), fen(0n));
  const split = more.split ?? splitOf(total, yuan('20.00'));
  const sale: Sale = {
    saleId: `sale-${saleNumber}`,
    saleNumber,
    state: 'open',
    businessDay: day,
    createdAtMs: nowMs,
    operator: cashier,
    holder: holder(),
    mode: 'insured',
    tenders: [{ kind: 'cash', amount: addMoney(split.cash, yuan('5.00')) }],
    changeDue: yuan('5.00'),
    ...more,
    lines,
    split,
  };
  store.saveBasket(sale);
  return sale;
}

export function requestOf(sale: Sale): SettlementRequest {
  const total = sale.lines.reduce((sum, one) => addMoney(sum, one.amount), fen(0n));
  return {
    personNumber: sale.holder?.personNumber ?? '',
    medium: 'card',
    mediumNumber: sale.holder?.mediumNumber ?? '',
    insuredRegion: '990101',
    scheme: '310',
    beganAtMs: sale.createdAtMs,
    saleNumber: sale.saleNumber,
    useAccount: true,
    total,
    lines: sale.lines.map((one) => ({
      lineNumber: one.lineNumber,
      nationalCode: one.product.nationalCode ?? '',
      shopCode: one.product.shopCode,
      quantity: one.quantity,
      price: one.product.price,
      amount: one.amount,
      occurredAtMs: sale.createdAtMs,
    })),
  };
}

export function settlementOf(sale: Sale, settledAtMs: number, more: Partial<Settlement> = {}): Settlement {
  if (sale.split === undefined) throw new Error('the sale has a split');
  return {
    visitId: `V-${sale.saleNumber}`,
    settlementId: `S-${sale.saleNumber}`,
    personNumber: sale.holder?.personNumber ?? '',
    settledAtMs,
    split: sale.split,
    clearingOffice: '990199',
    clearingType: '41',
    brokenRelations: [],
    ...more,
  };
}

const yearMs = 366 * 24 * 3_600_000;

/** Limits that no test reaches by accident. */
export const wideLimits: OfflineLimits = {
  rules: {
    perSale: yuan('100000.00'),
    perCard: yuan('1000000.00'),
    perTerminal: yuan('10000000.00'),
    salesPerCard: 100_000,
    salesPerTerminal: 1_000_000,
    dataAgeMaxMs: 100 * yearMs,
    blacklistAgeMaxMs: 100 * yearMs,
    policyAgeMaxMs: 100 * yearMs,
    driftMaxMs: 3_600_000,
    tightestPercent: 100,
  },
  sources: { dataAsOfMs: morningMs, blacklistAsOfMs: morningMs, policyAsOfMs: morningMs, driftMs: 0 },
};

export function purchaseOf(cardId: string, cardSequence = '0007'): PendingCardPurchase {
  return {
    cardId,
    region: '990101',
    historicalBytes: '008031C06477660300A1A2A3A4',
    algorithm: 'sm4',
    cardSequence,
    terminalNumber: '990101000001',
    terminalSequence: '00000011',
    time: '20260302100000',
    type: '32',
  };
}

/** A proof signed by the card, or by the security module when it made no purchase on the card. */
export function proofOf(sale: Sale, cardId: string, signedBy: 'card' | 'module' = 'module'): OfflineProof {
  const { split } = sale;
  if (split === undefined) throw new Error('the sale has a split');
  const { cardSequence, type, ...common } = purchaseOf(cardId);
  return {
    ...common,
    saleNumber: sale.saleNumber,
    account: split.account,
    own: split.cash,
    pool: split.fundTotal,
    signature:
      signedBy === 'card'
        ? { kind: 'card-tac', cardSequence, tac: 'A1B2C3D4', type }
        : { kind: 'module-mac', mac: '0A0B0C0D', factor: '0011223344556677' },
    blacklistVersion: '20260301',
  };
}

/** The code with which the records refuse; `done` when they do not. */
export function refusedWith(work: () => unknown): string {
  try {
    work();
    return 'done';
  } catch (error) {
    if (error instanceof StoreError) return error.fault.code;
    throw error;
  }
}
