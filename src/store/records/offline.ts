import { assert } from '#core/assert';
import type { OfflineProof } from '#core/domain/offline-proof';
import type { PendingCardPurchase, Sale } from '#core/domain/sale';
import type { SettlementRequest } from '#core/domain/settlement';
import type { Split } from '#core/domain/split';
import { negateMoney } from '#core/money';
import type { Change, OfflineBudget } from '../port.ts';
import {
  atStake,
  fromAccounts,
  insuredPart,
  merged,
  offlinePostings,
  released,
  suspended,
} from './postings.ts';
import { amounts, reopened } from './settlement.ts';
import { journaled, moved, type Step, slipOf } from './step.ts';

/** Limits of the region for offline deductions (脱机限额), and what they rest on. */
export type OfflineLimits = Pick<OfflineBudget, 'rules' | 'sources'>;

/**
 * Intent of a purchase on the card's own account, before the card is asked to deduct: the open sale becomes
 * committing and keeps what names the purchase on the card. Its money counts against the budgets from here on.
 * `commit` refuses it as `Change.budget` says.
 */
export function offlineIntended(
  step: Step & {
    readonly request: SettlementRequest;
    /** The card, as its id: the same as in `purchase`. */
    readonly lane: string;
    readonly purchase: PendingCardPurchase;
    readonly limits: OfflineLimits;
  },
): Change {
  const { sale, request, lane, purchase, limits, nowMs, operator } = step;
  const split = offlineSplit(sale);
  assert(lane === purchase.cardId, 'a purchase is put to the card of its lane');
  const { cardSequence, terminalNumber, terminalSequence, time } = purchase;
  return {
    budget: { lane, account: split.account, ...limits },
    sale: moved({ ...sale, mode: 'offline', request, cardPurchase: purchase }, ['open'], 'committing'),
    events: [
      {
        kind: 'offline-intended',
        saleId: sale.saleId,
        atMs: nowMs,
        operator,
        facts: {
          saleNumber: sale.saleNumber,
          ...amounts(split),
          cardSequence,
          terminalNumber,
          terminalSequence,
          time,
        },
      },
    ],
  };
}

/**
 * Offline sale: goods leave now, the upload is owed. `sale.split` is the offline split. From an open sale (the
 * security module signs) the budgets are checked, so the limits are needed; a purchase that the card has made
 * was counted at its intent and is recorded whatever the limits say now, also when it was torn in between.
 */
export function offlineAuthorised(
  step: Step & {
    readonly request: SettlementRequest;
    /** The card, as its id: order inside it is kept at upload. */
    readonly lane: string;
    readonly proof: OfflineProof;
    /** What else the journal shall know, without any person's data. */
    readonly facts: Readonly<Record<string, string | number | boolean>>;
    readonly limits?: OfflineLimits;
  },
): Change {
  const { sale, request, lane, proof, facts, limits, nowMs, operator } = step;
  const split = offlineSplit(sale);
  const { cardPurchase, ...row } = sale;
  assert(sale.state !== 'open' || limits !== undefined, 'an offline sale at once is held against its limits');
  assert((cardPurchase?.cardId ?? lane) === lane, 'a purchase is authorised in the lane of its card');
  const { account } = split;
  return {
    ...(sale.state === 'open' && limits !== undefined ? { budget: { lane, account, ...limits } } : {}),
    sale: moved(
      { ...row, mode: 'offline', request, offlineProof: proof },
      ['open', 'committing', 'unknown'],
      'queued',
    ),
    events: [
      {
        kind: 'offline-authorised',
        saleId: sale.saleId,
        atMs: nowMs,
        operator,
        facts: { ...facts, saleNumber: sale.saleNumber, ...amounts(split), ...proofFacts(proof) },
        postings: merged([...offlinePostings(sale, split), ...outOfSuspense(sale)]),
      },
    ],
    slip: slipOf(sale.saleId, 'offline'),
    upload: {
      saleId: sale.saleId,
      lane,
      state: 'queued',
      attempts: 0,
      nextAtMs: nowMs,
      queuedAtMs: nowMs,
      account,
    },
  };
}

/** The card left while it was being debited: only the same card can tell what became of it (P3). */
export function offlineTorn(step: Step): Change {
  const { sale, nowMs, operator } = step;
  const { cardPurchase } = sale;
  assert(cardPurchase !== undefined, 'only a purchase that was put to a card is torn');
  const { cardSequence, terminalSequence } = cardPurchase;
  return {
    sale: moved(sale, ['committing'], 'unknown'),
    events: [
      {
        kind: 'offline-torn',
        saleId: sale.saleId,
        atMs: nowMs,
        operator,
        facts: { cardSequence, terminalSequence },
        postings: suspended(atStake(sale)),
      },
    ],
  };
}

/**
 * The card says that nothing was deducted, or it was never asked: the basket stays, without quote, tenders and
 * request. At the counter it is open again; a torn sale has left the counter and is put on hold.
 */
export function offlineNotDeducted(step: Step): Change {
  const { sale, nowMs, operator } = step;
  const { cardPurchase } = sale;
  assert(cardPurchase !== undefined, 'only a purchase that was put to a card is taken back');
  const { cardSequence, terminalSequence } = cardPurchase;
  return {
    sale: moved(reopened(sale), ['committing', 'unknown'], sale.state === 'unknown' ? 'held' : 'open'),
    events: [
      {
        kind: 'offline-not-deducted',
        saleId: sale.saleId,
        atMs: nowMs,
        operator,
        facts: { cardSequence, terminalSequence },
        postings: outOfSuspense(sale),
      },
    ],
  };
}

function offlineSplit(sale: Sale): Split {
  const { split } = sale;
  assert(split !== undefined, 'an offline sale carries the split computed from the cached policy');
  assert(fromAccounts(split) === split.account, "a relative's account pays online only");
  return split;
}

function outOfSuspense(sale: Sale): ReturnType<typeof released> {
  return sale.state === 'unknown' ? released(atStake(sale)) : [];
}

/** Of the proof only what names no card: the codes and counters make a change of the stored proof visible. */
function proofFacts({
  signature,
  terminalNumber,
  terminalSequence,
  time,
}: OfflineProof): Record<string, string> {
  const code = signature.kind === 'card-tac' ? { tac: signature.tac } : { mac: signature.mac };
  return { signature: signature.kind, ...code, terminalNumber, terminalSequence, time };
}

/**
 * A second person closes a rejected offline sale: `collected` when the holder has paid the insured part
 * (the sale is done), `written-off` when the shop bears it (revenue is reduced, the sale is abandoned).
 */
export function rejectionDecided(
  step: Step & {
    readonly decision: 'collected-cash' | 'collected-mobile' | 'written-off';
    readonly secondOperator: string;
    readonly reason: string;
  },
): Change {
  const { sale, decision, secondOperator, reason, nowMs, operator } = step;
  assert(sale.split !== undefined, 'a rejected sale carries its offline split');
  const amount = insuredPart(sale.split);
  const against = {
    'collected-cash': 'tender:cash',
    'collected-mobile': 'tender:mobile',
    'written-off': 'revenue',
  } as const;
  return {
    sale: moved(sale, ['rejected'], decision === 'written-off' ? 'abandoned' : 'done'),
    events: [
      {
        kind: 'operator-decided',
        saleId: sale.saleId,
        atMs: nowMs,
        operator,
        facts: { decision, secondOperator, reason: journaled(reason, sale), amount },
        postings: merged([
          { account: against[decision], amount },
          { account: 'offline-at-risk', amount: negateMoney(amount) },
        ]),
      },
    ],
  };
}
