import type { StoredMessage } from '#core/domain/message';
import type { Operator, Sale } from '#core/domain/sale';
import type { SaleDecision } from '#core/domain/sale-decision';
import { type Fault, fault } from '#core/fault';
import { err, type Result } from '#core/result';
import type { Change } from '#store/port';
import {
  type Decided,
  suspenseNotSettled,
  suspenseSettled,
  tornNotDeducted,
  uploadAgain,
} from '#store/records/decide';
import { rejectionDecided } from '#store/records/offline';
import { answered } from '#store/store-error';
import { quotedSettlement } from '#sync/adopt';
import { isTorn } from '#sync/plan';
import { reasonGiven } from './journal.ts';
import type { CheckoutParts } from './parts.ts';

export interface DecisionRequest {
  readonly saleId: string;
  readonly decision: SaleDecision;
  readonly operator: Operator;
  /** A different person, proved by PIN. */
  readonly second: Operator;
  readonly reason: string;
}

type Records = Pick<CheckoutParts, 'store' | 'clock'>;

/** Carries out what two people decided; `sale-not-now` when the sale is not one that waits for this decision. */
export function decideSale(parts: Records, request: DecisionRequest): Result<void, Fault> {
  const { store, clock } = parts;
  const { saleId, decision, operator, second, reason } = request;
  if (!reasonGiven(reason)) return err(fault('reason-missing'));
  const sale = store.sale(saleId);
  if (sale === undefined) return err(fault('sale-not-found'));
  const step = {
    sale,
    nowMs: clock.nowMs(),
    operator: operator.number,
    secondOperator: second.number,
    reason,
  };
  const change = changeOf(parts, step, decision);
  if (change === undefined) return err(fault('sale-not-now'));
  return answered(() => {
    store.commit(change);
  });
}

function changeOf(parts: Records, step: Decided, decision: SaleDecision): Change | undefined {
  const { sale } = step;
  switch (decision.kind) {
    case 'collected-cash':
    case 'collected-mobile':
    case 'written-off':
      return sale.state === 'rejected' ? rejectionDecided({ ...step, decision: decision.kind }) : undefined;
    case 'upload-again':
      return sale.state === 'rejected' ? uploadAgain(step) : undefined;
    case 'not-deducted':
      return isTorn(sale) ? tornNotDeducted(step) : undefined;
    case 'not-settled':
    case 'settled':
      return suspended(parts, step, decision);
  }
}

function suspended(
  { store }: Records,
  step: Decided,
  decision: Extract<SaleDecision, { kind: 'settled' | 'not-settled' }>,
): Change | undefined {
  const { sale } = step;
  const message = unansweredSettlement(store.messagesOfSale(sale.saleId));
  if (sale.state !== 'suspense' || message === undefined) return undefined;
  if (decision.kind === 'not-settled') return suspenseNotSettled({ ...step, message });
  if (sale.split === undefined || sale.request === undefined) return undefined;
  const { settlementId, visitId } = decision;
  const key = sale.clearing ?? { office: '', type: '' };
  const settlement = quotedSettlement(sale, {
    settlementId,
    visitId,
    settledAtMs: message.preparedAtMs,
    key,
  });
  return suspenseSettled({ ...step, message, settlement });
}

/** A suspended cancellation is decided by the detail or stands as it was: no person is asked about it. */
function unansweredSettlement(messages: readonly StoredMessage[]): StoredMessage | undefined {
  return messages.find(({ transaction, state }) => transaction === '2102' && state === 'unknown');
}

/** Decisions that a sale waits for, in the order in which they are offered. */
export function decisionsFor(
  sale: Sale,
  store: Pick<CheckoutParts['store'], 'messagesOfSale'>,
): readonly SaleDecision['kind'][] {
  if (sale.state === 'rejected') return ['upload-again', 'collected-cash', 'collected-mobile', 'written-off'];
  if (isTorn(sale)) return ['not-deducted'];
  if (sale.state !== 'suspense') return [];
  if (unansweredSettlement(store.messagesOfSale(sale.saleId)) === undefined) return [];
  return sale.split === undefined ? ['not-settled'] : ['settled', 'not-settled'];
}
