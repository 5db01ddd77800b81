import { businessDay } from '#core/business-time';
import { negateMoney as minus, subtractMoney } from '#core/money';
import { need } from '../basket-check.ts';
import { type AgencyContext, done, type Outcome, refused } from '../context.ts';
import type { SettlementRecord } from '../records.ts';
import type { CheckedRequest } from '../request.ts';
import { wireNumber } from '../wire.ts';
import { payersOf } from '../yearly-use.ts';
import { platformId } from './settle.ts';
import { fundRows, settlementTime, sharedSums } from './sums.ts';

/** 2103 药店结算撤销: gives back exactly what the settlement took, as a record of its own (table 4.4). */
export function cancelSettlement(request: CheckedRequest, context: AgencyContext): Outcome {
  const { ledger } = context;
  return ledger.atomically(() => {
    const data = request.nodes['data'] ?? {};
    const messageId = need(request.envelope, 'msgid');
    if (ledger.byMessage(messageId) !== undefined)
      return refused('发送方报文ID重复，该报文已撤销', 'drugStoreSettleBO_3001', 'msgid');
    const original = ledger.byId(need(data, 'setl_id'));
    if (
      original?.kind !== 'settlement' ||
      original.personNumber !== need(data, 'psn_no') ||
      original.visitId !== need(data, 'mdtrt_id') ||
      original.institution !== need(request.envelope, 'fixmedins_code')
    )
      return refused('未查询到可撤销的结算信息', 'drugStoreSettleBO_3002');
    if (original.state !== 'booked')
      return refused('结算信息已撤销或已冲正，不能重复撤销', 'drugStoreSettleBO_3003');
    const record = cancellationRecord(original, messageId, context);
    ledger.insert(record);
    ledger.setState(original.settlementId, 'cancelled');
    ledger.apply(record, 1n);
    ledger.addEvent('cancelled', record, messageId, record.atMs);
    return done(cancellationAnswer(record));
  });
}

function cancellationRecord(
  original: SettlementRecord,
  messageId: string,
  context: AgencyContext,
): SettlementRecord {
  const atMs = Math.trunc(context.clock.nowMs());
  const balance = context.ledger.balance(original.personNumber);
  return {
    ...original,
    settlementId: platformId(original.region, 'settlement', context),
    messageId,
    kind: 'cancellation',
    state: 'booked',
    atMs,
    businessDay: businessDay(atMs),
    total: minus(original.total),
    outOfScope: minus(original.outOfScope),
    overCeiling: minus(original.overCeiling),
    firstSelfPay: minus(original.firstSelfPay),
    inScope: minus(original.inScope),
    counted: minus(original.counted),
    deductible: minus(original.deductible),
    fund: minus(original.fund),
    payers: payersOf(original).map((row) => ({ ...row, amount: minus(row.amount) })),
    institutionShare: minus(original.institutionShare),
    own: minus(original.own),
    account: minus(original.account),
    family: minus(original.family),
    cash: minus(original.cash),
    balanceAfter: subtractMoney(balance, minus(original.account)),
    originalId: original.settlementId,
    afterReversal: context.ledger.wasReversed(messageId),
  };
}

function cancellationAnswer(record: SettlementRecord): { setlinfo: object; setldetail: object } {
  const hasAccount = record.scheme === '310';
  return {
    setlinfo: {
      mdtrt_id: record.visitId,
      setl_id: record.settlementId,
      clr_optins: record.region,
      setl_time: settlementTime(record.atMs),
      ...sharedSums(record, record.ratio, hasAccount ? record.balanceAfter : 0n),
      psn_pay: wireNumber(record.own, 2),
      cash_payamt: wireNumber(record.cash, 2),
      medins_setl_id: record.messageId,
    },
    setldetail: fundRows(record.scheme, record, {}),
  };
}
