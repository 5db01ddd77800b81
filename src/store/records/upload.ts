import { assert } from '#core/assert';
import type { Settlement } from '#core/domain/settlement';
import type { Split } from '#core/domain/split';
import { type Money, subtractMoney, zeroMoney } from '#core/money';
import type { Change, NewEvent, UploadRow } from '../port.ts';
import { merged, offlinePostings, opposite, settledPostings } from './postings.ts';
import { intended, isDisputed, settledRow, settlementFacts } from './settlement.ts';
import {
  type Answered,
  answered,
  type FixedMessage,
  intent,
  moved,
  type Refused,
  type Step,
  type Unanswered,
  unanswered,
} from './step.ts';

/** Intent of one upload try: a 2102 under its own stored id with the sale's original request. */
export function uploadIntended(
  step: Step & { readonly message: FixedMessage; readonly upload: UploadRow },
): Change {
  const { sale, message, upload } = step;
  const attempts = upload.attempts + 1;
  return {
    sale: moved(sale, ['queued'], 'queued'),
    newMessages: [intent(sale.saleId, '2102', message)],
    uploads: [{ saleId: sale.saleId, was: ['queued'], to: 'sending', attempts }],
    events: [intended(step, message.messageId, attempts)],
  };
}

/** Settled by the agency: accepted when its sums are ours, adjusted (each difference named) when not. */
export function uploadSettled(step: Step & Answered & { readonly settlement: Settlement }): {
  readonly change: Change;
  readonly state: 'accepted' | 'adjusted';
} {
  const { nowMs } = step;
  const { row, state, event } = uploadOutcome(step);
  return {
    state,
    change: {
      sale: row,
      messages: [answered(step, 'succeeded', nowMs)],
      settled: { saleId: step.sale.saleId, messageId: step.messageId, settlement: step.settlement },
      uploads: [{ saleId: step.sale.saleId, was: ['sending'], to: state }],
      events: [event],
    },
  };
}

/** The detail shows an unanswered upload booked with our sums: taken as accepted. */
export function uploadAdopted(
  step: Step & { readonly messageId: string; readonly settlement: Settlement },
): Change {
  const { row, state, event } = uploadOutcome(step);
  return {
    sale: row,
    messages: [{ messageId: step.messageId, was: ['unknown'], to: 'succeeded', answeredAtMs: step.nowMs }],
    settled: { saleId: step.sale.saleId, messageId: step.messageId, settlement: step.settlement },
    uploads: [{ saleId: step.sale.saleId, was: ['ambiguous'], to: state }],
    events: [{ ...event, facts: { ...event.facts, foundBy: '3202' } }],
  };
}

function uploadOutcome(step: Step & { readonly messageId: string; readonly settlement: Settlement }): {
  readonly row: NonNullable<Change['sale']>;
  readonly state: 'accepted' | 'adjusted';
  readonly event: NewEvent;
} {
  const { sale, settlement, nowMs, operator, messageId } = step;
  const { split } = sale;
  assert(split !== undefined, 'a queued sale carries its offline split');
  const row = settledRow(sale, settlement);
  const differences = adjustments(split, row.split ?? settlement.split);
  const state = differences.length === 0 ? 'accepted' : 'adjusted';
  const disputed = isDisputed(sale, settlement);
  return {
    row: moved(row, ['queued'], disputed ? 'disputed' : 'done'),
    state,
    event: {
      kind: state === 'accepted' ? 'offline-accepted' : 'offline-adjusted',
      saleId: sale.saleId,
      atMs: nowMs,
      operator,
      facts: {
        ...settlementFacts(messageId, settlement),
        ...(differences.length === 0 ? {} : { differences }),
      },
      postings: merged([
        ...opposite(offlinePostings(sale, split)),
        ...settledPostings(sale, settlement.split),
      ]),
    },
  };
}

/** One amount that the agency adjusted (调整) when it took the offline split. */
interface Adjustment {
  readonly amount: string;
  readonly lineNumber?: number;
  readonly offline: Money;
  readonly agency: Money;
  readonly difference: Money;
}

const compared = [
  'total',
  'outOfScope',
  'overCeiling',
  'firstSelfPay',
  'inScope',
  'deductible',
  'fundTotal',
  'account',
  'familyAccount',
  'cash',
] as const;

/** Every amount of the offline split that the agency settled otherwise: the whole, each fund and each line. */
function adjustments(offline: Split, agency: Split): readonly Adjustment[] {
  const found: Adjustment[] = [];
  const compare = (amount: string, ours: Money, theirs: Money, lineNumber?: number) => {
    if (ours === theirs) return;
    found.push({
      amount,
      offline: ours,
      agency: theirs,
      difference: subtractMoney(theirs, ours),
      ...(lineNumber === undefined ? {} : { lineNumber }),
    });
  };
  for (const name of compared) compare(name, offline[name] ?? zeroMoney, agency[name] ?? zeroMoney);
  const funds = new Map(agency.funds.map((fund) => [fund.fund, fund.amount]));
  for (const fund of offline.funds) {
    compare(`fund:${fund.fund}`, fund.amount, funds.get(fund.fund) ?? zeroMoney);
    funds.delete(fund.fund);
  }
  for (const [fund, amount] of funds) compare(`fund:${fund}`, zeroMoney, amount);
  for (const line of agency.lines) {
    const ours = offline.lines.find((candidate) => candidate.lineNumber === line.lineNumber);
    if (ours === undefined) continue;
    for (const name of ['total', 'outOfScope', 'overCeiling', 'firstSelfPay', 'inScope'] as const) {
      compare(name, ours[name], line[name], line.lineNumber);
    }
  }
  return found;
}

/** Refused by the agency: on the work-list with its words; its money stays at risk until a person decides. */
export function uploadRejected(step: Step & Answered & Refused): Change {
  const { sale, messageId, faultCode, agencyText, nowMs, operator } = step;
  return {
    sale: moved(sale, ['queued'], 'rejected'),
    messages: [answered(step, 'refused', nowMs, faultCode)],
    uploads: [{ saleId: sale.saleId, was: ['sending'], to: 'rejected', faultCode, agencyText }],
    events: [
      {
        kind: 'offline-rejected',
        saleId: sale.saleId,
        atMs: nowMs,
        operator,
        facts: { messageId, faultCode },
      },
    ],
  };
}

/** The upload does not even fit the interface: on the work-list, nothing was sent. */
export function uploadUnsendable(
  step: Step & { readonly faultCode: string; readonly detail: string },
): Change {
  const { sale, faultCode, detail, nowMs, operator } = step;
  return {
    sale: moved(sale, ['queued'], 'rejected'),
    uploads: [{ saleId: sale.saleId, was: ['queued'], to: 'rejected', faultCode, agencyText: detail }],
    events: [{ kind: 'offline-rejected', saleId: sale.saleId, atMs: nowMs, operator, facts: { faultCode } }],
  };
}

/** Nothing was sent (link down, not signed in): the upload waits for its next try. */
export function uploadPostponed(
  step: Step & Answered & { readonly faultCode: string; readonly nextAtMs: number },
): Change {
  const { sale, faultCode, nextAtMs, nowMs } = step;
  return {
    messages: [answered(step, 'refused', nowMs, faultCode)],
    uploads: [{ saleId: sale.saleId, was: ['sending'], to: 'queued', nextAtMs, faultCode }],
    events: [],
  };
}

/** No readable answer: the lane of the card is blocked until the reversal of this try is through. */
export function uploadUnknown(step: Step & Unanswered): Change {
  const { sale, messageId, faultCode, lastByteAtMs, nowMs, operator } = step;
  return {
    messages: [unanswered(step)],
    uploads: [{ saleId: sale.saleId, was: ['sending'], to: 'ambiguous', faultCode }],
    events: [
      {
        kind: 'settlement-unknown',
        saleId: sale.saleId,
        atMs: nowMs,
        operator,
        facts: { messageId, faultCode, lastByteAtMs },
      },
    ],
  };
}

/** The unanswered try is out of the way: the upload is owed again. */
export function uploadRequeued(step: Step): Change {
  return {
    uploads: [{ saleId: step.sale.saleId, was: ['ambiguous'], to: 'queued', nextAtMs: step.nowMs }],
    events: [],
  };
}

/** The seal of the sale's record is broken: on the work-list, nothing was sent, its money stays at risk. */
export function uploadUnreadable(upload: UploadRow): Change {
  return {
    uploads: [{ saleId: upload.saleId, was: ['queued'], to: 'rejected', faultCode: 'record-seal-broken' }],
    events: [],
  };
}
