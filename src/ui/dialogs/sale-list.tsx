import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { SaleSummary } from '#server/api-types';
import { FaultNote } from '../fault-note.tsx';
import { timeOf } from '../format.ts';
import { SaleChip } from '../sale-chip.tsx';
import { type TextKey, texts } from '../texts.ts';

export interface RowAction {
  readonly key: string;
  readonly label: TextKey;
  readonly testId: string;
  readonly enabled: (sale: SaleSummary) => boolean;
  readonly run: (sale: SaleSummary) => void;
}

/** Sales with one marked row; arrows move the mark, letters act on it. */
export function SaleList(props: {
  sales: readonly SaleSummary[];
  actions: readonly RowAction[];
  empty: TextKey;
}) {
  const { sales, actions } = props;
  const [marked, setMarked] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => box.current?.focus(), []);
  const index = Math.min(marked, sales.length - 1);
  const chosen = sales[index];
  useEffect(() => {
    box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [index]);
  const key = (event: KeyboardEvent) => {
    const step = { ArrowUp: -1, ArrowDown: 1, PageUp: -8, PageDown: 8 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setMarked(Math.max(0, Math.min(sales.length - 1, index + step)));
      return;
    }
    const action = actions.find((candidate) => candidate.key.toLowerCase() === event.key.toLowerCase());
    if (action === undefined || chosen === undefined || !action.enabled(chosen)) return;
    event.preventDefault();
    action.run(chosen);
  };
  if (sales.length === 0) {
    return (
      <p class="list-empty" data-testid="list-empty">
        {texts[props.empty].zh} <small lang="en">{texts[props.empty].en}</small>
      </p>
    );
  }
  return (
    <>
      {/* the listbox takes the arrow keys */}
      <div
        ref={box}
        class="list"
        role="listbox"
        tabIndex={0}
        data-first
        aria-label={texts.keySales.zh}
        onKeyDown={key}
      >
        {sales.map((sale, row) => (
          <SaleRow key={sale.saleId} sale={sale} marked={row === index} mark={() => setMarked(row)} />
        ))}
      </div>
      {chosen?.fault === undefined ? null : <FaultNote fault={chosen.fault} tone="warn" />}
      <div class="list-actions">
        {actions.map((action) => (
          <button
            key={action.testId}
            type="button"
            class="key-button"
            data-testid={action.testId}
            disabled={chosen === undefined || !action.enabled(chosen)}
            onClick={() => chosen !== undefined && action.run(chosen)}
          >
            <kbd>{action.key === 'Enter' ? '↵' : action.key}</kbd> {texts[action.label].zh}{' '}
            <small lang="en">{texts[action.label].en}</small>
          </button>
        ))}
      </div>
    </>
  );
}

function SaleRow({ sale, marked, mark }: { sale: SaleSummary; marked: boolean; mark: () => void }) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox around it takes the keys
    <div
      role="option"
      tabIndex={-1}
      aria-selected={marked}
      class={marked ? 'list-row marked' : 'list-row'}
      data-testid={`sale-${sale.saleId}`}
      onClick={mark}
    >
      <span>{timeOf(sale.createdAt)}</span>
      <span class="muted">{sale.saleNumber}</span>
      <SaleChip state={sale.state} />
      <span class="list-note">{sale.progressZh ?? sale.holderName ?? ''}</span>
      <span class="amount muted">
        {texts.account.zh} {sale.account}
      </span>
      <b class="amount">{sale.total}</b>
    </div>
  );
}
