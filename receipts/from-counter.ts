import { assert } from '#core/assert';
import { businessDateTime } from '#core/business-time';
import type { Product } from '#core/domain/product';
import type { Operator, Sale } from '#core/domain/sale';
import type { Split } from '#core/domain/split';
import type { Fault } from '#core/fault';
import { addMoney, type Money, negateMoney, sumMoney, zeroMoney } from '#core/money';
import type { SlipInstitution } from './document.ts';
import { actingPart, operatorText, slipHolder, slipLine } from './from-sale.ts';
import type {
  ConsentDocument,
  DayRow,
  DaySummaryDocument,
  PaperHead,
  PriceLabelDocument,
  RefusalDocument,
} from './papers.ts';

/** What the checkout knows of where and by whom a paper is printed. */
export interface CounterFacts {
  readonly institution: SlipInstitution;
  readonly terminal: string;
  readonly operator: Operator;
  readonly printedAtMs: number;
  readonly training: boolean;
  readonly notices: readonly string[];
  readonly reportLine?: string;
}

function headOf(facts: CounterFacts): PaperHead {
  const { institution, terminal, operator, printedAtMs, training, notices, reportLine } = facts;
  return {
    institution,
    terminal,
    operator: operatorText(operator),
    printedAt: businessDateTime(printedAtMs),
    training,
    notices,
    ...(reportLine === undefined ? {} : { reportLine }),
  };
}

/**
 * Consent to what the insurance does not pay of a quoted sale; undefined when it pays a part of every line in
 * full. The holder's name and numbers are masked here.
 */
export function consentDocument(facts: CounterFacts, sale: Sale, split: Split): ConsentDocument | undefined {
  const lines = sale.lines.filter((line) => {
    const part = split.lines.find((one) => one.lineNumber === line.lineNumber);
    return part === undefined || part.inScope < part.total;
  });
  if (lines.length === 0) return undefined;
  const slipLines = lines.map((line) => slipLine(line, split, 'own-part', false));
  return {
    kind: 'consent',
    ...headOf(facts),
    saleNumber: sale.saleNumber,
    ...(sale.holder === undefined ? {} : { holder: slipHolder(sale.holder, undefined) }),
    ...actingPart(sale),
    lines: slipLines,
    own: sumMoney(slipLines.map((line) => line.parts?.own ?? line.amount)),
  };
}

/**
 * Why nothing was settled. Only for faults after which nothing was taken: an outcome that is not known is no
 * refusal (P3), and asking for one is a mistake of the caller.
 */
export function refusalDocument(
  facts: CounterFacts,
  why: Fault,
  about: { readonly sale?: Sale; readonly agencyText?: string } = {},
): RefusalDocument {
  assert(why.retry !== 'ambiguous', 'an unknown outcome is never told as a refusal');
  const { sale, agencyText } = about;
  const total = sale === undefined ? zeroMoney : sumMoney(sale.lines.map((line) => line.amount));
  return {
    kind: 'refusal',
    ...headOf(facts),
    ...(sale === undefined ? {} : { saleNumber: sale.saleNumber }),
    ...(sale?.holder === undefined ? {} : { holder: slipHolder(sale.holder, undefined) }),
    code: why.code,
    reasonZh: why.zh,
    ...(agencyText === undefined || agencyText === '' ? {} : { agencyText }),
    nextZh: why.nextZh,
    ...(total === 0n ? {} : { total }),
  };
}

/** What the records of a business day say. */
export interface DayFacts {
  readonly businessDay: string;
  readonly sales: readonly Sale[];
  /** Postings of the day by account: words, and debit positive. */
  readonly payers: readonly { readonly nameZh: string; readonly amount: Money }[];
  readonly open: readonly DayRow[];
  readonly journalHead?: string;
}

/** The day's summary: counts from the sales, amounts from the ledger, which alone knows corrections too. */
export function daySummaryDocument(facts: CounterFacts, day: DayFacts): DaySummaryDocument {
  const { businessDay, payers, open, journalHead } = day;
  return {
    kind: 'day-summary',
    ...headOf(facts),
    businessDay,
    sales: salesRows(day.sales),
    payers,
    total: payers.reduce((sum, { amount }) => addMoney(sum, amount), zeroMoney),
    open,
    ...(journalHead === undefined ? {} : { journalHead }),
  };
}

const WAYS = { insured: '医保联网结算', offline: '医保脱机结算', 'own-pay': '自费销售' } as const;
const TAKEN: ReadonlySet<Sale['state']> = new Set(['done', 'queued', 'disputed', 'rejected', 'cancelled']);

function salesRows(sales: readonly Sale[]): DayRow[] {
  const taken = sales.filter(({ state }) => TAKEN.has(state));
  const row = (nameZh: string, some: readonly Sale[], sign: (amount: Money) => Money): DayRow => ({
    nameZh,
    count: some.length,
    amount: sign(sumMoney(some.flatMap(({ lines }) => lines.map(({ amount }) => amount)))),
  });
  const same = (amount: Money): Money => amount;
  const ways = Object.entries(WAYS).map(([mode, nameZh]) =>
    row(
      nameZh,
      taken.filter((sale) => (sale.mode ?? 'own-pay') === mode),
      same,
    ),
  );
  const cancelled = taken.filter(({ state }) => state === 'cancelled');
  return [...ways, row('其中已退费', cancelled, negateMoney)];
}

/** Label of one product's place on the shelf. */
export function priceLabelDocument(
  facts: CounterFacts,
  product: Product,
  validFrom?: string,
): PriceLabelDocument {
  const { genericName, tradeName, specification, maker, packUnit, price, shopCode, nationalCode } = product;
  return {
    kind: 'price-label',
    ...headOf(facts),
    genericName,
    ...(tradeName === undefined ? {} : { tradeName }),
    specification,
    maker,
    unit: packUnit,
    price,
    shopCode,
    ...(nationalCode === undefined ? {} : { nationalCode }),
    insuranceClass: product.insuranceClass,
    firstSelfPayRatio: product.firstSelfPayRatio,
    prescriptionOnly: product.prescriptionOnly,
    ...(validFrom === undefined ? {} : { validFrom }),
  };
}
