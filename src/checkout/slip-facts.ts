import { businessDateTime } from '#core/business-time';
import type { JournalEntry, JournalKind } from '#core/domain/journal';
import type { Operator, Sale } from '#core/domain/sale';
import type { SlipDocument } from '#receipts/document';
import { type SlipInput, slipDocument } from '#receipts/from-sale';
import type { SlipRow } from '#store/port';
import { byItself } from '#store/records/step';
import type { CheckoutParts } from './parts.ts';

type Facts = Pick<CheckoutParts, 'config' | 'store' | 'clock' | 'training'>;

/** Who bears a refused offline sale, as the slip prints it. */
const BEARERS = {
  shop: '若医保中心拒付，由本店承担',
  holder: '若医保中心拒付，由持卡人补付',
} as const;

/** The event that each kind of slip is a record of. */
const RECORDED: Readonly<Record<SlipRow['kind'], readonly JournalKind[]>> = {
  settlement: ['settled', 'settled-disputed'],
  offline: ['offline-authorised'],
  'own-pay': ['own-pay-sold'],
  cancellation: ['cancelled'],
};

/** The document of one slip row, made anew from the rows each time it is printed or looked at. */
export function slipOfRow(parts: Facts, sale: Sale, slip: SlipRow, copyNumber: number): SlipDocument {
  const { config, store, clock } = parts;
  const events = store.journalOfSale(sale.saleId);
  const recorded = events.findLast((event) => RECORDED[slip.kind].includes(event.kind));
  const settled = store.settled(sale.saleId)?.settlement;
  // The slip shows the whole basket, as the row has it; the settlement's own split is the mapped lines only.
  const settlement =
    settled === undefined || sale.split === undefined ? settled : { ...settled, split: sale.split };
  const { name, institution_code: code, terminal, report_line: reportLine, notices } = config.shop;
  return slipDocument({
    kind: slip.kind,
    sale,
    ...(settlement === undefined || slip.kind === 'offline' ? {} : { settlement }),
    ...(slip.kind === 'cancellation' ? { cancellation: cancellation(parts, events, clock.nowMs()) } : {}),
    institution: { name, code },
    terminal,
    ...(recorded === undefined ? {} : { soldAtMs: recorded.atMs, journal: recorded }),
    printedAtMs: clock.nowMs(),
    copyNumber,
    training: parts.training,
    ...(slip.kind === 'offline' ? { offline: offlinePart(parts, sale) } : {}),
    ...(sale.request === undefined ? {} : { scheme: sale.request.scheme }),
    notices,
    ...(reportLine === '' ? {} : { reportLine }),
  });
}

function offlinePart(parts: Facts, sale: Sale): NonNullable<SlipInput['offline']> {
  const bearerZh = BEARERS[parts.config.offline.bearer];
  const asOfMs = sale.holder?.asOfMs;
  return { bearerZh, ...(asOfMs === undefined ? {} : { balanceAsOf: businessDateTime(asOfMs) }) };
}

function cancellation(
  parts: Facts,
  events: readonly JournalEntry[],
  nowMs: number,
): NonNullable<SlipInput['cancellation']> {
  const done = events.findLast((event) => event.kind === 'cancelled');
  // Two people asked once; what the program tries again by itself is in their name. Own pay is asked and done in one.
  const intended = events.findLast(
    ({ kind, operator }) => kind === 'cancel-intended' && operator !== byItself,
  );
  const asked = intended ?? done;
  const facts: unknown = asked === undefined ? {} : JSON.parse(asked.facts);
  const { secondOperator, reason } = facts as { secondOperator?: string; reason?: string };
  const second: Operator = {
    number: secondOperator ?? '',
    name: nameOf(parts, secondOperator),
    role: 'manager',
  };
  return { atMs: done?.atMs ?? nowMs, second, reason: reason ?? '' };
}

function nameOf({ store, config }: Facts, operator: string | undefined): string {
  const named = [...store.people.operators(), ...config.operators];
  return named.find(({ number }) => number === operator)?.name ?? '';
}
