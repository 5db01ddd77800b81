import type { JournalKind } from '#core/domain/journal';
import type { Change } from '../port.ts';
import { journaled, type Step } from './step.ts';

/** Events that stand for themselves: they move no money and change no row. */
export type NotedKind = Extract<
  JournalKind,
  | 'drawer-opened'
  | 'terminal-key'
  | 'card-pin-changed'
  | 'identified-by-hand'
  | 'operator-changed'
  | 'list-switched'
  | 'break-glass'
  | 'break-glass-seen'
>;

/**
 * An event and nothing else. Facts are codes, key ids, numbers of operators and typed reasons; names and
 * numbers of the sale's people in them are blanked.
 */
export function noted(
  step: Pick<Step, 'nowMs' | 'operator'> & {
    readonly kind: NotedKind;
    readonly sale?: Step['sale'];
    readonly facts: Readonly<Record<string, string | number | boolean>>;
  },
): Change {
  const { kind, sale, nowMs, operator } = step;
  const facts = Object.entries(step.facts).map(([name, value]) => {
    return [name, typeof value === 'string' ? journaled(value, sale) : value];
  });
  return {
    events: [
      {
        kind,
        ...(sale === undefined ? {} : { saleId: sale.saleId }),
        atMs: nowMs,
        operator,
        facts: Object.fromEntries(facts),
      },
    ],
  };
}
