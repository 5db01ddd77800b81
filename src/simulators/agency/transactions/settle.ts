import { businessDay } from '#core/business-time';
import { fen } from '#core/money';
import { need } from '../basket-check.ts';
import { type AgencyContext, done, type Outcome, refused } from '../context.ts';
import { nextCount } from '../database.ts';
import type { SettlementRecord } from '../records.ts';
import type { CheckedRequest } from '../request.ts';
import type { JsonObject } from '../wire.ts';
import { wireNumber } from '../wire.ts';
import { computeCharge, type EntitledCharge } from './charge.ts';
import { basketOf, judgePurchase } from './offline-sale.ts';
import { identityFields } from './query-person.ts';
import { cutRows, fundRows, settlementTime, sharedSums } from './sums.ts';

/** Clearing types (清算类别): what a pharmacy sells, and what it sells to chronic patients, who are outpatients (门诊). */
const CLEARING_TYPES = { pharmacy: '41', outpatient: '11' } as const;

function clearingTypeOf({ visitKind }: EntitledCharge['visit']): string {
  return visitKind === 'pharmacy' ? CLEARING_TYPES.pharmacy : CLEARING_TYPES.outpatient;
}

/** 2101 药店预结算: the split as it would be now; books nothing and gives no settlement id. */
export function trySettlement(request: CheckedRequest, context: AgencyContext): Outcome {
  const entitled = computeCharge(request, context);
  if (entitled.kind !== 'entitled') return entitled;
  context.offline.rememberTrial(basketOf(request), context.clock.nowMs());
  const visitId = platformId(entitled.person.region, 'visit', context);
  return done(settlementAnswer(request, context, entitled, { visitId }));
}

/** 2102 药店结算: books the split once per message id, whether or not a 2601 for it came before. */
export function settle(request: CheckedRequest, context: AgencyContext): Outcome {
  const { ledger } = context;
  return ledger.atomically(() => {
    const messageId = need(request.envelope, 'msgid');
    if (ledger.byMessage(messageId) !== undefined)
      return refused('发送方报文ID重复，该报文已结算', 'drugStoreSettleBO_2001', 'msgid');
    const purchase = judgePurchase(request, context);
    if (purchase.kind === 'refused') return purchase;
    const offlineAtMs = purchase.kind === 'offline' ? purchase.atMs : undefined;
    const entitled = computeCharge(request, context, offlineAtMs);
    if (entitled.kind !== 'entitled') return entitled;
    const record = settlementRecord(request, context, entitled);
    ledger.insert(record);
    if (purchase.kind === 'offline') context.offline.record(record.settlementId, purchase.proof);
    useToken(request, context, record);
    ledger.apply(record, 1n);
    ledger.addEvent('settled', record, messageId, record.atMs);
    return done(settlementAnswer(request, context, entitled, record));
  });
}

/** The token of an electronic certificate is good for one settlement that stands. */
function useToken(request: CheckedRequest, context: AgencyContext, record: SettlementRecord): void {
  const info = request.nodes['druginfo'] ?? {};
  if (need(info, 'mdtrt_cert_type') !== '01') return;
  context.certificates.use(need(info, 'mdtrt_cert_no'), record.settlementId);
}

function settlementRecord(
  request: CheckedRequest,
  context: AgencyContext,
  { person, scheme, visit, charge, balance }: EntitledCharge,
): SettlementRecord {
  const messageId = need(request.envelope, 'msgid');
  const atMs = Math.trunc(context.clock.nowMs());
  return {
    settlementId: platformId(person.region, 'settlement', context),
    visitId: platformId(person.region, 'visit', context),
    messageId,
    kind: 'settlement',
    state: 'booked',
    institution: need(request.envelope, 'fixmedins_code'),
    personNumber: person.personNumber,
    scheme: scheme.scheme,
    year: visit.day.slice(0, 4),
    visitDay: visit.day,
    visitKind: visit.visitKind,
    level: visit.institution.level,
    region: person.region,
    clearingType: clearingTypeOf(visit),
    atMs,
    businessDay: businessDay(atMs),
    saleNumber: request.nodes['druginfo']?.['invono'] ?? '',
    total: fen(charge.total),
    outOfScope: fen(charge.outOfScope),
    overCeiling: fen(charge.overCeiling),
    firstSelfPay: fen(charge.firstSelfPay),
    inScope: fen(charge.inScope),
    counted: fen(charge.counted),
    deductible: fen(charge.deductible),
    fund: fen(charge.fund),
    payers: charge.payers,
    institutionShare: fen(charge.institution),
    own: fen(charge.own),
    account: fen(charge.account),
    family: fen(charge.family),
    cash: fen(charge.cash),
    ratio: charge.ratio,
    balanceAfter: fen(balance - charge.account),
    afterReversal: context.ledger.wasReversed(messageId),
  };
}

function settlementAnswer(
  request: CheckedRequest,
  context: AgencyContext,
  { person, scheme, visit, charge, balance }: EntitledCharge,
  ids: { readonly visitId: string; readonly settlementId?: string; readonly atMs?: number },
): JsonObject {
  const nowMs = ids.atMs ?? context.clock.nowMs();
  const info = request.nodes['druginfo'] ?? {};
  return {
    setlinfo: {
      ...(ids.settlementId === undefined ? {} : { setl_id: ids.settlementId }),
      mdtrt_id: ids.visitId,
      psn_no: person.personNumber,
      ...identityFields(person, nowMs),
      insutype: scheme.scheme,
      psn_type: scheme.personType,
      cvlserv_flag: scheme.civilServant ? '1' : '0',
      setl_time: settlementTime(nowMs),
      mdtrt_cert_type: need(info, 'mdtrt_cert_type'),
      med_type: need(info, 'med_type'),
      ...sharedSums(charge, charge.ratio, balance - charge.account),
      ...(charge.institution === 0n ? {} : { hosp_part_amt: wireNumber(charge.institution, 2) }),
      psn_part_amt: wireNumber(charge.own, 2),
      psn_cash_pay: wireNumber(charge.cash, 2),
      medins_setl_id: need(request.envelope, 'msgid'),
      clr_optins: person.region,
      clr_way: '01',
      clr_type: clearingTypeOf(visit),
    },
    setldetail: fundRows(scheme.scheme, charge, charge.limits),
    detlcutinfo: cutRows(charge),
  };
}

/** 27 digits: region, milliseconds, serial; never given twice. */
export function platformId(region: string, kind: string, context: AgencyContext): string {
  const serial = nextCount(context.database, kind).toString().padStart(8, '0');
  return `${region}${Math.trunc(context.clock.nowMs()).toString().padStart(13, '0')}${serial}`;
}
