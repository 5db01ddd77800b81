import { need } from '../basket-check.ts';
import { type AgencyContext, done, type Outcome, refused } from '../context.ts';
import type { SettlementRecord } from '../records.ts';
import type { CheckedRequest } from '../request.ts';

/**
 * 2601 冲正: undoes the 2102 or 2103 with that message id. An original that was never seen is accepted all the
 * same and remembered: it undoes nothing, and the original is still booked when it arrives later (section 4.6).
 */
export function reverse(request: CheckedRequest, context: AgencyContext): Outcome {
  const { ledger } = context;
  return ledger.atomically(() => {
    const data = request.nodes['data'] ?? {};
    const original = ledger.byMessage(need(data, 'omsgid'));
    if (original === undefined && context.behaviour.refuseUnknownReversal)
      return refused('未查询到原交易，不能办理冲正交易', 'reverseBO_1001');
    const refusal = original === undefined ? undefined : undo(original, request, context);
    if (refusal !== undefined) return refusal;
    ledger.addReversal({
      originalMessageId: need(data, 'omsgid'),
      messageId: need(request.envelope, 'msgid'),
      personNumber: need(data, 'psn_no'),
      atMs: Math.trunc(context.clock.nowMs()),
      found: original !== undefined,
    });
    return done({});
  });
}

function undo(
  original: SettlementRecord,
  request: CheckedRequest,
  context: AgencyContext,
): Outcome | undefined {
  const data = request.nodes['data'] ?? {};
  const { ledger } = context;
  if (original.personNumber !== need(data, 'psn_no'))
    return refused('人员编号与原交易不符，不能办理冲正交易', 'reverseBO_1002');
  const infno = original.kind === 'settlement' ? '2102' : '2103';
  if (infno !== need(data, 'oinfno')) return refused('原交易编号与原交易不符', 'reverseBO_1003');
  if (original.state !== 'booked') return alreadyUndone();
  const atMs = Math.trunc(context.clock.nowMs());
  const messageId = need(request.envelope, 'msgid');
  if (original.kind === 'cancellation') {
    if (
      ledger.balance(original.personNumber) < -original.account ||
      ledger.relativeBalance(original.personNumber) < -original.family
    )
      return refused('个人账户余额不足，不能办理冲正交易', 'reverseBO_1004');
    ledger.setState(original.originalId ?? '', 'booked');
  }
  ledger.setState(original.settlementId, 'reversed');
  ledger.apply(original, -1n);
  ledger.addEvent(
    original.kind === 'settlement' ? 'reversed' : 'cancellation-reversed',
    original,
    messageId,
    atMs,
  );
  return undefined;
}

/** The recorded words for undoing what is already undone (section 12). */
function alreadyUndone(): Outcome {
  return {
    kind: 'refused',
    text:
      'FSI-调用业务基础子系统冲正失败:冲正的结算信息退费结算标志不为未退费，不能办理冲正交易' +
      '[iptPsnSetlMgtBO_4412][outpatientSettleBO_40]',
  };
}
