import type { Sale } from '#core/domain/sale';
import { fault } from '#core/fault';
import { type Counter, type CounterHolder, holderKey } from './counter.ts';
import { noteCounterLook } from './office/looks.ts';
import type { CheckoutParts } from './parts.ts';

/** The counter as far as a new holder changes it. */
export interface CounterChange {
  readonly parts: CheckoutParts;
  readonly counter: Counter;
  /** Keeps what changes neither goods nor sums. */
  keepSale(sale: Sale): void;
  setBasket(sale: Sale): void;
}

/** Another holder, or the same one again: what belonged to somebody else leaves the sale, and the look is kept. */
export function holderCame(change: CounterChange, at: CounterHolder, operator: string): void {
  const { counter, parts } = change;
  const { actingPerson, ...alone } = counter.sale;
  const key = holderKey(at);
  // Someone who acts for one holder does not act for the next.
  if (actingPerson !== undefined && counter.actsFor !== key && counter.sale.state === 'open')
    change.keepSale(alone);
  counter.actsFor = key;
  dropOthersDisease(change);
  noteCounterLook(parts, operator, at, counter.sale.saleId);
}

/** The chronic disease that was chosen for one person is nobody else's; the screen says that it is gone. */
export function dropOthersDisease(change: CounterChange): void {
  const { sale, holder } = change.counter;
  const { chronic, ...ordinary } = sale;
  const person = holder?.holder?.personNumber;
  if (chronic === undefined || person === undefined || person === chronic.personNumber) return;
  if (sale.state !== 'open') return;
  change.setBasket(ordinary);
  change.counter.scanFault = fault('chronic-dropped');
}
