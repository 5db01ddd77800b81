import type { Sale } from '#core/domain/sale';
import { type NotedKind, noted } from '#store/records/noted';
import type { CheckoutParts } from './parts.ts';

/** Writes an event that moves no money. */
export function noteEvent(
  { store, clock }: Pick<CheckoutParts, 'store' | 'clock'>,
  event: {
    readonly kind: NotedKind;
    readonly operator: string;
    readonly sale?: Sale;
    readonly facts: Readonly<Record<string, string | number | boolean>>;
  },
): void {
  store.commit(noted({ ...event, nowMs: clock.nowMs() }));
}

/** Reasons are kept for whoever checks later: four characters at least. */
export function reasonGiven(reason: string): boolean {
  return [...reason.trim()].length >= 4;
}
