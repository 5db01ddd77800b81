import { assert } from '#core/assert';
import type { ClearingKey, Sale, SaleState } from '#core/domain/sale';
import { sameButReasons } from '#core/domain/same-split';
import type { Settlement, SettlementRequest } from '#core/domain/settlement';
import { explainedByOurs, splitDifferences } from '#core/domain/split-comparison';
import { wholeSplit } from '#core/domain/whole-split';
import { formatMoney, type Money } from '#core/money';
import type { Change } from '../port.ts';
import {
  atStake,
  merged,
  released,
  settledBooks,
  settledPostings,
  suspended,
  uncovered,
} from './postings.ts';
import {
  type Answered,
  answered,
  byItself,
  type FixedMessage,
  intent,
  journaled,
  moved,
  type Refused,
  type Step,
  slipOf,
  type Unanswered,
  unanswered,
} from './step.ts';

/**
 * Intent of a 2102 before its first byte leaves: the open sale becomes committing and keeps the request, so
 * that a settling again asks exactly the same. `sale` is the row to keep (split, mode, tenders, change).
 */
export function settlementIntended(
  step: Step & {
    readonly request: SettlementRequest;
    readonly message: FixedMessage;
    readonly clearing?: ClearingKey;
  },
): Change {
  const { sale, request, message, clearing } = step;
  const row: Sale = { ...sale, request, ...(clearing === undefined ? {} : { clearing }) };
  return {
    sale: moved(row, ['open'], 'committing'),
    newMessages: [intent(sale.saleId, '2102', message)],
    events: [intended(step, message.messageId, 1)],
  };
}

/** Intent of settling an unknown sale again under a new message id; the sale stays unknown. */
export function settlementRetried(
  step: Step & { readonly message: FixedMessage; readonly attempt: number },
): Change {
  const { sale, message, attempt } = step;
  return {
    sale: moved(sale, ['unknown'], 'unknown'),
    newMessages: [intent(sale.saleId, '2102', message)],
    events: [intended(step, message.messageId, attempt)],
  };
}

export function intended(step: Step, messageId: string, attempt: number): Change['events'][number] {
  return {
    kind: 'settlement-intended',
    saleId: step.sale.saleId,
    atMs: step.nowMs,
    operator: step.operator,
    facts: {
      saleNumber: step.sale.saleNumber,
      messageId,
      attempt,
      total: step.sale.request?.total,
      expected: step.sale.split === undefined ? undefined : amounts(step.sale.split),
      // Which disease it is stays under the event's seal.
      ...(step.sale.chronic === undefined ? {} : { visitKind: 'chronic' }),
    },
  };
}

/**
 * The agency has settled. Broken money relations, or sums that leave the basket uncovered by payers and
 * tenders, make the sale disputed: the money is taken all the same (design 4). Owes the slip either way.
 */
export function settlementSucceeded(step: Step & Answered & { readonly settlement: Settlement }): Change {
  const { sale, settlement, nowMs, operator } = step;
  const { postings: paid, uncovered: rest } = settledBooks(sale, settlement.split);
  const disputed = isDisputed(sale, settlement, rest);
  const row = settledRow(sale, settlement);
  return {
    sale: moved(row, ['committing', 'unknown'], disputed ? 'disputed' : 'done'),
    messages: [answered(step, 'succeeded', nowMs)],
    settled: {
      saleId: sale.saleId,
      messageId: step.messageId,
      settlement: keptSettlement(sale, row, settlement),
    },
    events: [
      {
        kind: disputed ? 'settled-disputed' : 'settled',
        saleId: sale.saleId,
        atMs: nowMs,
        operator,
        facts: {
          ...settlementFacts(step.messageId, settlement),
          ...(rest === 0n ? {} : { uncovered: rest }),
        },
        postings: merged(sale.state === 'unknown' ? [...paid, ...released(atStake(sale))] : paid),
      },
    ],
    slip: slipOf(sale.saleId, 'settlement'),
  };
}

/**
 * The row with the agency's split, widened to the lines that the agency was not asked about. What came as it was
 * quoted keeps the reasons of the quote (P4: by rule and version); where all of it did, the answer is `sale` itself.
 */
export function settledRow(sale: Sale, settlement: Settlement): Sale {
  const quoted = sale.split;
  if (quoted !== undefined && sameButReasons(quoted, settlement.split)) return sale;
  const agency = wholeSplit(sale.lines, settlement.split);
  if (quoted === undefined) return { ...sale, split: agency };
  return { ...sale, split: explainedByOurs(agency, quoted, splitDifferences(quoted, agency)) };
}

/**
 * The settlement as it is kept. One that came as it was quoted keeps the reasons of the quote like its row, of which it
 * holds the very split: that is written once. The agency's own words stand in its answer.
 */
function keptSettlement(sale: Sale, row: Sale, settlement: Settlement): Settlement {
  return row === sale && row.split !== undefined ? { ...settlement, split: row.split } : settlement;
}

/** Whether a settlement needs a second person: its own sums are wrong, or it does not fit what was tendered. */
export function isDisputed(
  sale: Sale,
  settlement: Settlement,
  rest = uncovered(sale, settlement.split),
): boolean {
  if (settlement.brokenRelations.length > 0) return true;
  return sale.mode !== 'offline' && rest !== 0n;
}

/** State to which a settled sale comes back when its cancellation did not happen. */
export function settledState(sale: Sale, settlement: Settlement): 'done' | 'disputed' {
  return isDisputed(sale, settlement) ? 'disputed' : 'done';
}

/**
 * Refused: nothing happened at the agency. At the counter the basket is open again, without quote, tenders
 * and request. A sale that was being settled again has left the counter and is closed as refused.
 */
export function settlementRefused(step: Step & Answered & Refused): Change {
  const { sale, nowMs, operator, faultCode } = step;
  const again = sale.state === 'unknown';
  return {
    sale: again ? moved(sale, ['unknown'], 'refused') : moved(reopened(sale), ['committing'], 'open'),
    messages: [answered(step, 'refused', nowMs, faultCode)],
    events: [
      {
        kind: 'settlement-refused',
        saleId: sale.saleId,
        atMs: nowMs,
        operator,
        facts: { messageId: step.messageId, faultCode },
        postings: again ? released(atStake(sale)) : [],
      },
    ],
  };
}

/** A settling again of which no byte left: the message is closed, the sale stays unknown and is tried later. */
export function settlementNotSent(step: Step & Answered & { readonly faultCode: string }): Change {
  return { messages: [answered(step, 'refused', step.nowMs, step.faultCode)], events: [] };
}

/** The basket as it was before its payment began. */
export function reopened(sale: Sale): Sale {
  const {
    request: _request,
    cardPurchase: _cardPurchase,
    clearing: _clearing,
    split: _split,
    mode: _mode,
    changeDue: _changeDue,
    ...basket
  } = sale;
  return { ...basket, tenders: [] };
}

/** No readable answer: the insured part goes into suspense; never shown as failed or done (P3). */
export function settlementUnknown(step: Step & Unanswered): Change {
  const { sale, nowMs, operator } = step;
  const first = sale.state === 'committing';
  return {
    sale: moved(sale, ['committing', 'unknown'], 'unknown'),
    messages: [unanswered(step)],
    events: [
      {
        kind: 'settlement-unknown',
        saleId: sale.saleId,
        atMs: nowMs,
        operator,
        facts: { messageId: step.messageId, faultCode: step.faultCode, lastByteAtMs: step.lastByteAtMs },
        postings: first ? suspended(atStake(sale)) : [],
      },
    ],
  };
}

/** A second person takes a disputed settlement as it is. */
export function disputeAccepted(
  step: Step & { readonly secondOperator: string; readonly reason: string },
): Change {
  const { sale, nowMs, operator, secondOperator, reason } = step;
  return {
    sale: moved(sale, ['disputed'], 'done'),
    events: [
      {
        kind: 'dispute-accepted',
        saleId: sale.saleId,
        atMs: nowMs,
        operator,
        facts: { secondOperator, reason: journaled(reason, sale) },
      },
    ],
  };
}

/** Sale without insurance: paid by cash and mobile money, no message. */
export function ownPaySold(step: Step): Change {
  const { sale, nowMs, operator } = step;
  assert(sale.split !== undefined, 'an own-pay sale carries its split');
  return {
    sale: moved({ ...sale, mode: 'own-pay' }, ['open'], 'done'),
    events: [
      {
        kind: 'own-pay-sold',
        saleId: sale.saleId,
        atMs: nowMs,
        operator,
        facts: { saleNumber: sale.saleNumber, ...amounts(sale.split) },
        postings: settledPostings({ ...sale, mode: 'own-pay' }, sale.split),
      },
    ],
    slip: slipOf(sale.saleId, 'own-pay'),
  };
}

/** Gives an unknown or suspended sale up, after nothing of it can be on its way any more: no charge remains. */
export function abandoned(step: Step & { readonly reason: string }): Change {
  const { sale, nowMs, operator, reason } = step;
  return {
    sale: moved(sale, ['unknown', 'suspense'], 'abandoned'),
    events: [
      {
        kind: 'sale-abandoned',
        saleId: sale.saleId,
        atMs: nowMs,
        operator,
        facts: { reason: journaled(reason, sale) },
        postings: released(atStake(sale)),
      },
    ],
  };
}

/**
 * The detail of the agency shows the unanswered settlement booked with exactly the quoted sums and nothing
 * was settled again: the sale is taken as settled.
 */
export function settlementAdopted(
  step: Step & {
    readonly messageId: string;
    readonly settlement: Settlement;
    /** What told of it: the detail, or a person whom the agency told. */
    readonly foundBy?: '3202' | 'person';
  },
): Change {
  const { sale, settlement, messageId, nowMs, operator, foundBy = '3202' } = step;
  const from: readonly SaleState[] = ['unknown', 'suspense'];
  const paid = settledPostings(sale, settlement.split);
  const row = settledRow(sale, settlement);
  return {
    sale: moved(row, from, settledState(sale, settlement)),
    messages: [{ messageId, was: ['unknown'], to: 'succeeded', answeredAtMs: nowMs }],
    settled: { saleId: sale.saleId, messageId, settlement: keptSettlement(sale, row, settlement) },
    events: [
      {
        kind: 'settled',
        saleId: sale.saleId,
        atMs: nowMs,
        operator: operator === '' ? byItself : operator,
        facts: { ...settlementFacts(messageId, settlement), foundBy },
        postings: merged([...paid, ...released(atStake(sale))]),
      },
    ],
    slip: slipOf(sale.saleId, 'settlement'),
  };
}

export function settlementFacts(messageId: string, settlement: Settlement): Record<string, unknown> {
  return {
    messageId,
    settlementId: settlement.settlementId,
    visitId: settlement.visitId,
    clearingOffice: settlement.clearingOffice,
    clearingType: settlement.clearingType,
    ...amounts(settlement.split),
    ...(settlement.brokenRelations.length === 0 ? {} : { brokenRelations: settlement.brokenRelations }),
  };
}

export function amounts(split: Settlement['split']): Record<string, Money | Record<string, string>> {
  return {
    total: split.total,
    fundTotal: split.fundTotal,
    account: split.account,
    ...(split.familyAccount === undefined ? {} : { familyAccount: split.familyAccount }),
    cash: split.cash,
    funds: Object.fromEntries(split.funds.map((fund) => [fund.fund, formatMoney(fund.amount)])),
  };
}
