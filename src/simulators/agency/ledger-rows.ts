import { fen } from '#core/money';
import type { PayerRow, SettlementRecord } from './records.ts';

/** The table `settlement` as SQLite gives it. */
export interface SettlementRow {
  readonly settlement_id: string;
  readonly visit_id: string;
  readonly message_id: string;
  readonly kind: string;
  readonly state: string;
  readonly institution: string;
  readonly person_number: string;
  readonly scheme: string;
  readonly year: string;
  readonly visit_day: string;
  readonly visit_kind: string;
  readonly level: string;
  readonly region: string;
  readonly clearing_type: string;
  readonly at_ms: bigint;
  readonly business_day: string;
  readonly sale_number: string;
  readonly total: bigint;
  readonly out_of_scope: bigint;
  readonly over_ceiling: bigint;
  readonly first_self_pay: bigint;
  readonly in_scope: bigint;
  readonly counted: bigint;
  readonly deductible: bigint;
  readonly fund: bigint;
  /** JSON rows of layer, code, name and fen as text. */
  readonly payers: string;
  readonly institution_share: bigint;
  readonly own: bigint;
  readonly account: bigint;
  readonly family: bigint;
  readonly cash: bigint;
  readonly ratio: bigint;
  readonly balance_after: bigint;
  readonly original_id: string | null;
  readonly after_reversal: bigint;
}

export function settlementToRow(record: SettlementRecord): SettlementRow {
  return {
    settlement_id: record.settlementId,
    visit_id: record.visitId,
    message_id: record.messageId,
    kind: record.kind,
    state: record.state,
    institution: record.institution,
    person_number: record.personNumber,
    scheme: record.scheme,
    year: record.year,
    visit_day: record.visitDay,
    visit_kind: record.visitKind,
    level: record.level,
    region: record.region,
    clearing_type: record.clearingType,
    at_ms: BigInt(record.atMs),
    business_day: record.businessDay,
    sale_number: record.saleNumber,
    total: record.total,
    out_of_scope: record.outOfScope,
    over_ceiling: record.overCeiling,
    first_self_pay: record.firstSelfPay,
    in_scope: record.inScope,
    counted: record.counted,
    deductible: record.deductible,
    fund: record.fund,
    payers: JSON.stringify(record.payers.map((row) => ({ ...row, amount: row.amount.toString() }))),
    institution_share: record.institutionShare,
    own: record.own,
    account: record.account,
    family: record.family,
    cash: record.cash,
    ratio: record.ratio,
    balance_after: record.balanceAfter,
    original_id: record.originalId ?? null,
    after_reversal: record.afterReversal ? 1n : 0n,
  };
}

/** The table's own CHECK clauses hold `kind` and `state` to their unions. */
export function settlementFromRow(row: SettlementRow): SettlementRecord {
  return {
    settlementId: row.settlement_id,
    visitId: row.visit_id,
    messageId: row.message_id,
    kind: row.kind as SettlementRecord['kind'],
    state: row.state as SettlementRecord['state'],
    institution: row.institution,
    personNumber: row.person_number,
    scheme: row.scheme,
    year: row.year,
    visitDay: row.visit_day,
    visitKind: row.visit_kind as SettlementRecord['visitKind'],
    level: row.level as SettlementRecord['level'],
    region: row.region,
    clearingType: row.clearing_type,
    atMs: Number(row.at_ms),
    businessDay: row.business_day,
    saleNumber: row.sale_number,
    total: fen(row.total),
    outOfScope: fen(row.out_of_scope),
    overCeiling: fen(row.over_ceiling),
    firstSelfPay: fen(row.first_self_pay),
    inScope: fen(row.in_scope),
    counted: fen(row.counted),
    deductible: fen(row.deductible),
    fund: fen(row.fund),
    payers: payersOf(row.payers),
    institutionShare: fen(row.institution_share),
    own: fen(row.own),
    account: fen(row.account),
    family: fen(row.family),
    cash: fen(row.cash),
    ratio: row.ratio,
    balanceAfter: fen(row.balance_after),
    ...(row.original_id === null ? {} : { originalId: row.original_id }),
    afterReversal: row.after_reversal === 1n,
  };
}

/** Written by `settlementToRow` alone. */
function payersOf(text: string): PayerRow[] {
  const rows = JSON.parse(text) as (Omit<PayerRow, 'amount'> & { readonly amount: string })[];
  return rows.map((row) => ({ ...row, amount: fen(BigInt(row.amount)) }));
}
