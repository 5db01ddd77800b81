import type { SaleSummary } from '#server/api-types';
import { timeOf } from './format.ts';
import { first, SECOND, second, told } from './language.ts';
import { SaleLink } from './rest-panel.tsx';
import { SaleChip } from './sale-chip.tsx';
import { texts } from './texts.ts';

const SHOWN = 3;

/** Held sales and those whose outcome is not settled, always in sight under the basket. */
export function PendingStrip({ pending }: { pending: readonly SaleSummary[] }) {
  if (pending.length === 0) return null;
  const urgent = [...pending].sort((a, b) => Number(a.state === 'held') - Number(b.state === 'held'));
  return (
    <section class="pending" data-testid="pending">
      <h2>
        {first(texts.pending)} <small lang={SECOND}>{second(texts.pending)}</small> <b>{pending.length}</b>{' '}
        <kbd>F6</kbd>
      </h2>
      <ul>
        {urgent.slice(0, SHOWN).map((sale) => (
          <li key={sale.saleId} data-testid={`pending-${sale.saleId}`}>
            <SaleChip state={sale.state} />
            <span>{timeOf(sale.createdAt)}</span>
            <span class="muted">{sale.saleNumber.slice(-6)}</span>
            <span class="pending-progress">
              {first(told(sale.progressZh ?? sale.holderName, sale.progressEn ?? sale.holderName))}
              <SaleLink sale={sale} />
            </span>
            <b class="amount">{sale.total}</b>
          </li>
        ))}
      </ul>
      {urgent.length > SHOWN ? (
        <small class="muted">
          + {urgent.length - SHOWN} {first(texts.more)}
        </small>
      ) : null}
    </section>
  );
}
