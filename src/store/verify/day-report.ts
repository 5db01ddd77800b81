import { accountName, inChartOrder, payerNames } from '#core/domain/chart-of-accounts';
import type { JournalEntry, JournalKind, LedgerAccount } from '#core/domain/journal';
import { type HeadSignature, type JournalHead, signedHeadText } from '#core/domain/journal-head';
import type { Fault, FaultCode } from '#core/fault';
import { journalCode, journalCodeText } from '#core/journal-code';
import { addMoney, formatMoney, type Money, subtractMoney, sumMoney, zeroMoney } from '#core/money';
import type { Result } from '#core/result';
import { canonical } from '../codec/json.ts';
import { genesisHash } from '../tables/journal.ts';

/** Entries read between two moments at which somebody else may work. */
const PAGE = 100;

/** What a report is made from: the records of a running till, or those that are looked at. */
export interface ReportSource {
  journal(fromSequence: number, limit: number): readonly JournalEntry[];
  journalHead(): { readonly sequence: number; readonly hash: string };
  balances(): ReadonlyMap<LedgerAccount, Money>;
}

export interface ReportAccount {
  readonly account: LedgerAccount;
  readonly zh: string;
  readonly en: string;
  /** Of a receivable: who owes it, in both languages. */
  readonly payer?: string;
  /** What the day added, in yuan; debit positive. */
  readonly day: string;
  /** At the end of the day. */
  readonly balance: string;
}

/** One day of the journal (日报表): its head, what happened how often, and every account. */
export interface DayReport {
  readonly form: 'guitai-day-report-1';
  readonly head: JournalHead;
  /** The head as a person reads it out. */
  readonly code: string;
  /** First entry of the day; absent on a day without any. */
  readonly from?: number;
  readonly entries: number;
  readonly events: Readonly<Partial<Record<JournalKind, number>>>;
  readonly accounts: readonly ReportAccount[];
  /** Of all balances: 0.00. */
  readonly sum: string;
}

/** With the terminal's signatures: of the head alone, as on an anchor, and of the whole report. */
export type SignedReport = DayReport &
  (
    | { readonly signature: HeadSignature; readonly reportSignature: HeadSignature }
    | { readonly unsigned: FaultCode }
  );

/** The bytes that are signed: the report as canonical JSON. */
export function reportBytes(report: object): Uint8Array {
  return new TextEncoder().encode(`guitai-day-report-1|${canonical(report)}`);
}

/**
 * Reads the journal backwards to the beginning of the day, in pieces; of today that costs the same however long
 * the journal is.
 */
export function* dayReport(
  source: ReportSource,
  whose: Pick<JournalHead, 'institution' | 'terminal'>,
  day: string,
): Generator<void, DayReport> {
  const sums = { later: new Map<LedgerAccount, Money>(), day: new Map<LedgerAccount, Money>() };
  const events = new Map<JournalKind, number>();
  const last = source.journalHead();
  const balances = source.balances();
  let end: { readonly sequence: number; readonly hash: string } | undefined;
  let from: number | undefined;
  let entries = 0;
  for (let upTo = last.sequence; upTo > 0; upTo -= PAGE) {
    const first = Math.max(1, upTo - PAGE + 1);
    const page = source.journal(first, upTo - first + 1).toReversed();
    for (const entry of page) {
      if (end === undefined && entry.businessDay > day) add(sums.later, entry);
      else end ??= entry;
      if (entry.businessDay !== day) continue;
      from = entry.sequence;
      entries += 1;
      events.set(entry.kind, (events.get(entry.kind) ?? 0) + 1);
      add(sums.day, entry);
    }
    // A clock that was set back mixes days near each other: only a whole page of earlier ones ends the day.
    if (page.every(({ businessDay }) => businessDay < day)) break;
    yield;
  }
  const { sequence, hash } = end ?? { sequence: 0, hash: genesisHash };
  const rows = accountsOf(balances, sums);
  return {
    form: 'guitai-day-report-1',
    head: { institution: whose.institution, terminal: whose.terminal, day, sequence, hash },
    code: journalCodeText(journalCode(sequence, hash)),
    ...(from === undefined ? {} : { from }),
    entries,
    events: Object.fromEntries([...events].sort(([a], [b]) => (a < b ? -1 : 1))),
    accounts: rows.map(({ row }) => row),
    sum: formatMoney(sumMoney(rows.map(({ balance }) => balance))),
  };
}

/** Accounts with their words; also what `guitai journal balances` shows. */
function accountsOf(
  balances: ReadonlyMap<LedgerAccount, Money>,
  sums: {
    readonly later: ReadonlyMap<LedgerAccount, Money>;
    readonly day: ReadonlyMap<LedgerAccount, Money>;
  },
): readonly { readonly row: ReportAccount; readonly balance: Money }[] {
  const accounts = [...new Set([...balances.keys(), ...sums.day.keys()])].map((account) => ({ account }));
  return inChartOrder(accounts).map(({ account }) => {
    const { zh, en, payer } = accountName(account);
    const balance = subtractMoney(balances.get(account) ?? zeroMoney, sums.later.get(account) ?? zeroMoney);
    const owes = payer === undefined ? {} : { payer: `${payerNames[payer].zh} / ${payerNames[payer].en}` };
    const moved = formatMoney(sums.day.get(account) ?? zeroMoney);
    return { row: { account, zh, en, ...owes, day: moved, balance: formatMoney(balance) }, balance };
  });
}

function add(sums: Map<LedgerAccount, Money>, { postings }: JournalEntry): void {
  for (const { account, amount } of postings)
    sums.set(account, addMoney(sums.get(account) ?? zeroMoney, amount));
}

/** A report with its head and the whole of it signed, or with the reason why not. */
export async function signReport(
  report: DayReport,
  sign: (data: Uint8Array) => Promise<Result<HeadSignature, Fault>>,
): Promise<SignedReport> {
  const head = await sign(signedHeadText(report.head));
  if (!head.ok) return { ...report, unsigned: head.error.code };
  const body = { ...report, signature: head.value };
  const whole = await sign(reportBytes(body));
  return whole.ok ? { ...body, reportSignature: whole.value } : { ...report, unsigned: whole.error.code };
}
