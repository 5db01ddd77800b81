import type { AgencyOutcome, MessageContext } from '#agency/port';
import type { Operator, Sale, SaleRest } from '#core/domain/sale';
import type { Cancellation, Settlement } from '#core/domain/settlement';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import type { SettledFacts } from '#store/port';
import {
  cancelIntended,
  cancelRefused,
  cancelSucceeded,
  cancelUnknown,
  ownPayCancelled,
} from '#store/records/cancel';
import { restNoted } from '#store/records/refund';
import { disputeAccepted } from '#store/records/settlement';
import { restoreHold } from '#store/restored';
import { StoreError } from '#store/store-error';
import type { PersonTurns } from '#sync/person-turns';
import type { AgencyLink } from './link.ts';
import type { CheckoutParts } from './parts.ts';

export interface CancelOptions {
  readonly parts: CheckoutParts;
  readonly link: AgencyLink;
  readonly turns: PersonTurns;
  readonly context: () => MessageContext;
}

export interface CancelRequest {
  readonly saleId: string;
  /** Who asks, and the different person who confirms. */
  readonly operator: Operator;
  readonly second: Operator;
  readonly reason: string;
  /** What the customer keeps, when only some of the goods come back. */
  readonly rest?: SaleRest;
}

/**
 * Gives a finished sale back as a whole: 2103 for an insured one, a plain counter-booking for own pay. Two
 * people, an intent on disk first, and three outcomes like every message with money.
 */
export async function cancelSale(
  options: CancelOptions,
  request: CancelRequest,
): Promise<Result<void, Fault>> {
  const { store } = options.parts;
  const stored = store.sale(request.saleId);
  if (stored === undefined) return err(fault('sale-not-found'));
  const sale = withRest(stored, request.rest);
  if (sale.state !== 'done' && sale.state !== 'disputed') return err(fault('cancel-not-possible'));
  const settled = store.settled(sale.saleId);
  const isUnderWay = store.messagesOfSale(sale.saleId).some(({ state }) => state === 'intent');
  if (isUnderWay) return err(fault('cancel-not-possible', 'a cancellation is under way'));
  try {
    if (settled === undefined) return cancelOwnPay(options, sale, request);
    return await cancelAtAgency(options, sale, settled, request);
  } catch (error) {
    if (error instanceof StoreError) return err(error.fault);
    throw error;
  }
}

/** The rest of an earlier try, which did not cancel anything, is none. */
function withRest({ rest: _earlier, ...sale }: Sale, rest: SaleRest | undefined): Sale {
  return rest === undefined ? sale : { ...sale, rest };
}

function cancelOwnPay({ parts }: CancelOptions, sale: Sale, request: CancelRequest): Result<void, Fault> {
  if (sale.mode !== 'own-pay') return err(fault('cancel-not-possible'));
  const change = ownPayCancelled({
    sale,
    nowMs: parts.clock.nowMs(),
    operator: request.operator.number,
    secondOperator: request.second.number,
    reason: request.reason,
  });
  parts.store.commit(restNoted(change, parts.store, sale));
  return ok(undefined);
}

async function cancelAtAgency(
  options: CancelOptions,
  sale: Sale,
  settled: SettledFacts,
  { operator, second, reason }: CancelRequest,
): Promise<Result<void, Fault>> {
  const { parts, link, turns, context } = options;
  const { settlement, messageId: settledMessageId } = settled;
  const { settlementId, visitId, personNumber } = settlement;
  if (settlementId === undefined || sale.request === undefined) return err(fault('cancel-not-possible'));
  if (!link.usable()) return err(fault('agency-unreachable'));
  // The lost days may have cancelled it already.
  if (restoreHold(parts.store) !== undefined) return err(fault('restore-hold'));
  const { insuredRegion } = sale.request;
  const message = parts.agency.prepareCancel(
    { personNumber, insuredRegion, visitId, settlementId },
    context(),
  );
  if (!message.ok) return message;
  const step = { sale, nowMs: parts.clock.nowMs(), operator: operator.number };
  const intended = cancelIntended({
    ...step,
    message: message.value,
    settledMessageId,
    secondOperator: second.number,
    reason,
  });
  parts.store.commit(restNoted(intended, parts.store, sale));
  const sent = await turns.during(personNumber, () => parts.agency.sendCancel(message.value));
  const outcome = link.report(sent);
  return recordOutcome(options, sale.saleId, message.value.messageId, operator.number, settlement, outcome);
}

function recordOutcome(
  { parts }: CancelOptions,
  saleId: string,
  messageId: string,
  operator: string,
  settlement: Settlement,
  outcome: AgencyOutcome<Cancellation>,
): Result<void, Fault> {
  const sale = parts.store.sale(saleId);
  if (sale === undefined) throw new Error('a sale does not vanish while it is cancelled');
  const step = { sale, nowMs: parts.clock.nowMs(), operator, messageId, answer: outcome.answer };
  if (outcome.kind === 'success') {
    parts.store.commit(cancelSucceeded({ ...step, settlement, cancellation: outcome.value }));
    return ok(undefined);
  }
  const { fault: reason } = outcome;
  if (outcome.kind === 'refused') {
    const { agencyText } = outcome;
    parts.store.commit(cancelRefused({ ...step, faultCode: reason.code, agencyText }));
    return err(agencyText === '' ? reason : { ...reason, detail: agencyText });
  }
  parts.store.commit(cancelUnknown({ ...step, lastByteAtMs: outcome.lastByteAtMs, faultCode: reason.code }));
  return err(reason);
}

/** A second person takes a disputed settlement as it stands. */
export function acceptDispute(
  { parts }: CancelOptions,
  { saleId, operator, second, reason }: CancelRequest,
): Result<void, Fault> {
  const sale = parts.store.sale(saleId);
  if (sale === undefined) return err(fault('sale-not-found'));
  if (sale.state !== 'disputed') return err(fault('sale-not-now'));
  parts.store.commit(
    disputeAccepted({
      sale,
      nowMs: parts.clock.nowMs(),
      operator: operator.number,
      secondOperator: second.number,
      reason,
    }),
  );
  return ok(undefined);
}
