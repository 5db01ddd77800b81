import { z } from 'zod';
import { businessDateTime } from '#core/business-time';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { noted } from '#store/records/noted';
import type { CheckoutParts } from '../parts.ts';
import type { GlassRow } from './rows.ts';

/** What is done by two, and why. */
export interface SecondStep {
  readonly what: string;
  readonly reason: string;
}

type Parts = Pick<CheckoutParts, 'store' | 'clock'>;

/** Steps taken alone that nobody else has seen, as a setting: changed together with their events. */
const UNSEEN = 'glass.unseen';
const KEPT = 200;

const unseenRows = z.array(
  z.object({ id: z.string(), at: z.string(), operator: z.string(), what: z.string(), reason: z.string() }),
);

/** A step for two is taken by one alone: written down before it is done. */
export function breakGlass({ store, clock }: Parts, operator: string, step: SecondStep): void {
  const nowMs = clock.nowMs();
  const facts = { what: step.what, reason: step.reason };
  const event = noted({ kind: 'break-glass', nowMs, operator, facts });
  const id = String(store.journalHead().sequence + 1);
  const row = { id, at: businessDateTime(nowMs), operator, ...facts };
  store.commit({ ...event, settings: [unseen([...glassRows({ store }), row].slice(-KEPT))] });
}

/** Steps that were taken alone and that nobody else has seen, oldest first. */
export function glassRows({ store }: Pick<Parts, 'store'>): readonly GlassRow[] {
  const text = store.setting(UNSEEN);
  return text === undefined ? [] : unseenRows.parse(JSON.parse(text));
}

/** Somebody else has seen them; never the one who took them. */
export function seeGlass(parts: Parts, id: string, operator: string): Result<void, Fault> {
  const rows = glassRows(parts);
  const row = rows.find((known) => known.id === id);
  if (row === undefined) return err(fault('record-unknown'));
  if (row.operator === operator) return err(fault('operator-second-needed'));
  const nowMs = parts.clock.nowMs();
  const event = noted({ kind: 'break-glass-seen', nowMs, operator, facts: { entry: id } });
  parts.store.commit({ ...event, settings: [unseen(rows.filter((known) => known.id !== id))] });
  return ok(undefined);
}

function unseen(rows: readonly GlassRow[]) {
  return { name: UNSEEN, value: JSON.stringify(rows) };
}
