import { businessDateTime, businessDay } from '#core/business-time';
import type { Sale } from '#core/domain/sale';
import { type Fault, fault } from '#core/fault';
import { addMoney, formatMoney, type Money, negateMoney, subtractMoney } from '#core/money';
import type { UploadRow } from '#store/port';
import { insuredPart, saleTotal, tendersKept } from '#store/records/postings';
import { unlessBroken } from '#store/seals';
import { decisionsFor } from './decide.ts';
import type { QueueRow } from './facade.ts';
import type { CheckoutParts } from './parts.ts';

/** A list is for people: the first of those that wait, everything that needs somebody, and what happened last. */
const WAITING_SHOWN = 100;
const CHANGED_SHOWN = 100;
const DAY_MS = 86_400_000;

type Known = Pick<CheckoutParts, 'store' | 'clock' | 'config'>;

/** The queue as people work through it: what needs a person first, then what waits, then what was done lately. */
export function queueRows(parts: Known): readonly QueueRow[] {
  const { store, clock } = parts;
  const rejected = store.uploads(['rejected']);
  const waiting = store.uploads(['carried', 'ambiguous', 'sending', 'queued']).slice(0, WAITING_SHOWN);
  const recent = store.uploadsChangedSince(clock.nowMs() - claimMs(parts), CHANGED_SHOWN);
  const adjusted = recent.filter(({ state, notedBy }) => state === 'adjusted' && notedBy === undefined);
  const shown = new Map([...rejected, ...adjusted, ...waiting, ...recent].map((row) => [row.saleId, row]));
  return [...shown.values()].map((row) => queueRow(parts, row));
}

function queueRow(parts: Known, row: UploadRow): QueueRow {
  const { store } = parts;
  // A row that does not open is listed without its number: it must not hide the others.
  const sale = unlessBroken(() => store.sale(row.saleId));
  const found = faultOf(row);
  const effect = sale === undefined ? undefined : effectOf(parts, sale, row);
  const decisions = sale === undefined ? [] : decisionsFor(sale, store);
  const open = row.state === 'rejected' || (row.state === 'adjusted' && row.notedBy === undefined);
  return {
    saleId: row.saleId,
    saleNumber: sale?.saleNumber ?? '',
    state: row.state,
    account: formatMoney(row.account),
    attempts: row.attempts,
    queuedAt: businessDateTime(row.queuedAtMs),
    ...(found === undefined ? {} : { fault: found }),
    ...(row.agencyText === undefined ? {} : { agencyText: row.agencyText }),
    ...(effect === undefined ? {} : { effect: formatMoney(effect) }),
    ...(open && row.changedAtMs !== undefined
      ? { deadline: businessDay(row.changedAtMs + claimMs(parts)) }
      : {}),
    ...(decisions.length === 0 ? {} : { decisions: [...decisions] }),
    ...(row.state === 'adjusted' ? { noted: row.notedBy !== undefined } : {}),
    ...(row.state === 'carried' ? carriedWith(parts, row.saleId) : {}),
  };
}

function carriedWith({ store }: Known, saleId: string): Pick<QueueRow, 'carried'> {
  const file = store.carry.lastOf(saleId);
  if (file === undefined) return {};
  const { number, partner: terminal, atMs } = file;
  return { carried: { file: number, terminal, since: businessDateTime(atMs) } };
}

function faultOf(row: UploadRow): Fault | undefined {
  if (row.state === 'adjusted') return fault('upload-adjusted');
  return row.faultCode === undefined ? undefined : fault(row.faultCode as Fault['code']);
}

/** What the shop stands to lose (below zero) or has gained against what it gave away offline. */
function effectOf({ store }: Known, sale: Sale, row: UploadRow): Money | undefined {
  if (row.state === 'rejected')
    return sale.split === undefined ? undefined : negateMoney(insuredPart(sale.split));
  if (row.state !== 'adjusted') return undefined;
  const settled = unlessBroken(() => store.settled(row.saleId)?.settlement);
  const promised = offlineInsured(sale);
  return settled === undefined ? undefined : subtractMoney(insuredPart(settled.split), promised);
}

/** Goods left against what the tenders did not cover: the insured part of the offline split. */
function offlineInsured(sale: Sale): Money {
  const { cash, mobile } = tendersKept(sale.tenders, sale.changeDue);
  return subtractMoney(saleTotal(sale), addMoney(cash, mobile));
}

function claimMs({ config }: Known): number {
  return config.upload.claim_days * DAY_MS;
}
