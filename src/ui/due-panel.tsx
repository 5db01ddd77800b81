import type { SaleView } from '#server/api-types';
import type { Action, ActionId } from './actions.ts';
import { first, SECOND, second } from './language.ts';
import { texts } from './texts.ts';
import { Words } from './words.tsx';

const BUSY = { quoting: 'quoting', committing: 'committing', delivering: 'delivering' } as const;

/** The figure that matters now, as large as the counter needs it, and the one key to press. */
export function DuePanel(props: { sale: SaleView; actions: readonly Action[]; act: (id: ActionId) => void }) {
  const { sale } = props;
  const primary = props.actions.find((action) => action.primary);
  const busy = sale.state in BUSY ? BUSY[sale.state as keyof typeof BUSY] : undefined;
  const quoted = sale.split !== undefined;
  const over = sale.state === 'done' || sale.state === 'unknown';
  return (
    <section class="due">
      {over ? null : (
        <div class="due-figure">
          <Words k={quoted ? 'due' : 'toPay'} />
          <b class="amount" data-testid={quoted ? 'cash' : 'to-pay'}>
            {sale.split?.cash ?? sale.total}
          </b>
        </div>
      )}
      {busy === undefined ? null : (
        <p class="due-busy" role="status" data-testid={`busy-${sale.state}`}>
          <i class="spinner" aria-hidden="true" /> <Words k={busy} />
        </p>
      )}
      {primary === undefined ? null : (
        <button type="button" class="primary" data-testid="primary" onClick={() => props.act(primary.id)}>
          <kbd>{primary.key}</kbd> <span>{first(texts[primary.label])}</span>{' '}
          <small lang={SECOND}>{second(texts[primary.label])}</small>
        </button>
      )}
    </section>
  );
}
