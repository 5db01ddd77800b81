import { accountName, inChartOrder } from '#core/domain/chart-of-accounts';
import type { Sale } from '#core/domain/sale';
import { type Fault, fault } from '#core/fault';
import { journalCode, journalCodeText } from '#core/journal-code';
import { parseMoney, sumMoney } from '#core/money';
import { err, ok, type Result } from '#core/result';
import { slipBytes } from '#receipts/escpos';
import {
  type CounterFacts,
  consentDocument,
  type DayFacts,
  daySummaryDocument,
  priceLabelDocument,
  refusalDocument,
} from '#receipts/from-counter';
import type { PaperDocument } from '#receipts/papers';
import { slipPreview } from '#receipts/preview';
import { dayReport } from '#store/verify/day-report';
import type { CheckoutParts } from './parts.ts';
import { type SlipParts, slipPaper } from './slips.ts';

/** A paper of the counter that is no slip of a sale, as it is asked for. */
export type PaperRequest =
  | { readonly kind: 'consent'; readonly sale: Sale }
  | { readonly kind: 'refusal'; readonly fault: Fault; readonly sale?: Sale }
  | { readonly kind: 'day-summary'; readonly businessDay: string }
  | { readonly kind: 'price-label'; readonly shopCode: string };

type Person = CounterFacts['operator'];
type PaperParts = SlipParts & Pick<CheckoutParts, 'catalog'>;

/**
 * Prints consents, refusals, day summaries and price labels. They record no money: each is printed when it is asked
 * for, and one that did not come out is simply asked for again.
 */
export class PaperDesk {
  readonly #parts: PaperParts;

  constructor(parts: PaperParts) {
    this.#parts = parts;
  }

  /** The paper as text and picture, without printing. */
  preview(request: PaperRequest, by: Person): Result<{ readonly svg: string; readonly text: string }, Fault> {
    const document = this.#document(request, by);
    return document.ok ? ok(slipPreview(document.value, slipPaper(this.#parts))) : document;
  }

  async print(request: PaperRequest, by: Person): Promise<Result<void, Fault>> {
    const { printer } = this.#parts;
    const document = this.#document(request, by);
    if (!document.ok) return document;
    if (printer === undefined) return err(fault('printer-unreachable', 'none configured'));
    return printer.print(slipBytes(document.value, slipPaper(this.#parts)));
  }

  #document(request: PaperRequest, by: Person): Result<PaperDocument, Fault> {
    const facts = this.#facts(by);
    switch (request.kind) {
      case 'consent':
        return this.#consent(facts, request.sale);
      case 'refusal':
        return this.#refusal(facts, request.fault, request.sale);
      case 'day-summary':
        return ok(daySummaryDocument(facts, this.#day(request.businessDay)));
      case 'price-label':
        return this.#label(facts, request.shopCode);
    }
  }

  #consent(facts: CounterFacts, sale: Sale): Result<PaperDocument, Fault> {
    if (sale.split === undefined) return err(fault('sale-not-now', 'not quoted'));
    const consent = consentDocument(facts, sale, sale.split);
    return consent === undefined
      ? err(fault('slip-none', 'nothing is paid by the holder alone'))
      : ok(consent);
  }

  /** An outcome that is not known is no refusal, and nothing is printed for it (P3). */
  #refusal(facts: CounterFacts, why: Fault, sale: Sale | undefined): Result<PaperDocument, Fault> {
    if (why.retry === 'ambiguous') return err(fault('sale-not-now', why.code));
    return ok(refusalDocument(facts, why, sale === undefined ? {} : { sale }));
  }

  #label(facts: CounterFacts, shopCode: string): Result<PaperDocument, Fault> {
    const catalog = this.#parts.catalog();
    if (catalog === undefined) return err(fault('catalog-none'));
    const product = catalog.findByShopCode(shopCode);
    return product.ok ? ok(priceLabelDocument(facts, product.value)) : product;
  }

  /** Amounts come from the ledger's postings of the day, which know refunds and corrections too. */
  #day(businessDay: string): DayFacts {
    const { store, config } = this.#parts;
    const { institution_code: institution, terminal } = config.shop;
    const pieces = dayReport(store, { institution, terminal }, businessDay);
    let piece = pieces.next();
    while (piece.done !== true) piece = pieces.next();
    const { accounts, head } = piece.value;
    const payers = inChartOrder(accounts).flatMap(({ account, day }) => {
      const amount = parseMoney(day);
      const { group, zh } = accountName(account);
      if (!amount.ok || amount.value === 0n || group === 'revenue' || group === 'suspense') return [];
      return [{ nameZh: zh, amount: amount.value }];
    });
    const uploads = store.uploads(['queued', 'sending', 'ambiguous', 'carried', 'rejected']);
    const slips = store.slips(['owed', 'printing', 'unclear']);
    return {
      businessDay,
      sales: store.salesOfDay(businessDay),
      payers,
      open: [
        ...(uploads.length === 0
          ? []
          : [
              {
                nameZh: '脱机交易未受理',
                count: uploads.length,
                amount: sumMoney(uploads.map(({ account }) => account)),
              },
            ]),
        ...(slips.length === 0 ? [] : [{ nameZh: '小票未打或不清楚', count: slips.length }]),
      ],
      ...(head.sequence === 0 ? {} : { journalHead: journalCodeText(journalCode(head.sequence, head.hash)) }),
    };
  }

  #facts(operator: Person): CounterFacts {
    const { config, clock, training } = this.#parts;
    const { name, institution_code: code, terminal, report_line: reportLine, notices } = config.shop;
    return {
      institution: { name, code },
      terminal,
      operator,
      printedAtMs: clock.nowMs(),
      training,
      notices,
      ...(reportLine === '' ? {} : { reportLine }),
    };
  }
}
