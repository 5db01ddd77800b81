import { assert } from '#core/assert';
import type { Sale, SaleRest } from '#core/domain/sale';
import { formatQuantity } from '#core/money';
import type { Change, TillStore } from '../port.ts';
import { moved, type Step } from './step.ts';

/** Cancelled, or about to be, while what the customer keeps has no basket yet. */
const SETTING = 'open-rests';

/** Sales whose rest may still have to be laid out; few at any time. */
export function openRests(store: Pick<TillStore, 'setting'>): readonly string[] {
  const text = store.setting(SETTING);
  return text === undefined || text === '' ? [] : text.split(' ');
}

/** The change that cancels, or begins to, together with the note that a rest is to follow (nothing of one = as it is). */
export function restNoted(change: Change, store: Pick<TillStore, 'setting'>, { saleId, rest }: Sale): Change {
  if (rest === undefined) return change;
  const open = openRests(store).filter((one) => one !== saleId);
  return { ...change, settings: [...(change.settings ?? []), settingOf([...open, saleId])] };
}

/** Takes a sale off the list: its rest is laid out, or there is none to follow. */
export function restSeen(store: Pick<TillStore, 'setting'>, saleId: string): Change {
  return { events: [], settings: [settingOf(openRests(store).filter((one) => one !== saleId))] };
}

function settingOf(saleIds: readonly string[]) {
  return { name: SETTING, value: saleIds.join(' ') };
}

/** What the event of a cancellation says of its rest. */
export function restFacts(rest: SaleRest | undefined): Readonly<Record<string, string>> {
  if (rest === undefined) return {};
  const kept = rest.lines.map(({ lineNumber, quantity }) => `${lineNumber}: ${formatQuantity(quantity)}`);
  return { restSale: rest.saleId, restLines: kept.join(', ') };
}

/** The lines that the customer keeps lie as a held basket of their own, tied to the cancelled sale. */
export function restBegun(store: Pick<TillStore, 'setting'>, step: Step): Change {
  const { sale, nowMs, operator } = step;
  const { replaces } = sale;
  assert(replaces !== undefined && sale.state === 'held', 'a rest begins as a held basket of its sale');
  return {
    ...restSeen(store, replaces.saleId),
    sale: { row: sale, was: undefined },
    events: [
      {
        kind: 'rest-begun',
        saleId: sale.saleId,
        atMs: nowMs,
        operator,
        facts: { saleNumber: sale.saleNumber, replaces: replaces.saleNumber },
      },
    ],
  };
}

/** The customer keeps nothing after all: the whole sale stays taken back. */
export function restGivenUp(step: Step): Change {
  const { sale, nowMs, operator } = step;
  return {
    sale: moved(sale, ['open'], 'abandoned'),
    events: [
      {
        kind: 'rest-given-up',
        saleId: sale.saleId,
        atMs: nowMs,
        operator,
        facts: { saleNumber: sale.saleNumber, replaces: sale.replaces?.saleNumber },
      },
    ],
  };
}
