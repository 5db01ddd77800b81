import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { QueueRow } from '#server/api-types';
import { FaultNote } from '../fault-note.tsx';
import { timeOf } from '../format.ts';
import { SaleChip } from '../sale-chip.tsx';
import { texts } from '../texts.ts';
import { Words } from '../words.tsx';

interface Props {
  readonly rows: readonly QueueRow[];
  readonly decide: (row: QueueRow) => void;
  readonly note: (row: QueueRow) => void;
  readonly sync: () => void;
}

/** One marked row; arrows move the mark, letters act on it, Enter uploads. */
export function QueueList({ rows, decide, note, sync }: Props) {
  const [marked, setMarked] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => box.current?.focus(), [rows.length === 0]);
  const index = Math.min(marked, rows.length - 1);
  const chosen = rows[index];
  useEffect(() => {
    box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [index]);
  if (chosen === undefined) {
    return (
      <p class="list-empty">
        <Words k="queueEmpty" />
      </p>
    );
  }
  const actions = [
    {
      key: 'D',
      label: 'actDecide',
      testId: 'queue-decide',
      able: (chosen.decisions ?? []).length > 0,
      run: decide,
    },
    { key: 'N', label: 'actNote', testId: 'queue-note', able: chosen.noted === false, run: note },
  ] as const;
  const key = (event: KeyboardEvent) => {
    const step = { ArrowUp: -1, ArrowDown: 1, PageUp: -8, PageDown: 8 }[event.key];
    const action = actions.find((one) => one.key === event.key.toUpperCase() && one.able);
    if (step === undefined && action === undefined && event.key !== 'Enter') return;
    event.preventDefault();
    if (step !== undefined) setMarked(Math.max(0, Math.min(rows.length - 1, index + step)));
    else if (action !== undefined) action.run(chosen);
    else sync();
  };
  return (
    <>
      {/* the listbox takes the arrow keys */}
      <div
        ref={box}
        class="list"
        role="listbox"
        tabIndex={0}
        data-first
        aria-label={texts.queueTitle.zh}
        onKeyDown={key}
      >
        {rows.map((row, at) => (
          <Row key={row.saleId} row={row} marked={at === index} mark={() => setMarked(at)} />
        ))}
      </div>
      {chosen.fault === undefined ? null : <FaultNote fault={chosen.fault} tone="warn" />}
      <div class="list-actions">
        {actions.map((action) => (
          <button
            key={action.key}
            type="button"
            class="key-button"
            data-testid={action.testId}
            disabled={!action.able}
            onClick={() => action.run(chosen)}
          >
            <kbd>{action.key}</kbd> <Words k={action.label} />
          </button>
        ))}
      </div>
    </>
  );
}

function Row({ row, marked, mark }: { row: QueueRow; marked: boolean; mark: () => void }) {
  const { effect, deadline, carried, agencyText = '' } = row;
  const words = [
    `${row.attempts} ${texts.attempts.zh}`,
    agencyText,
    ...(effect === undefined ? [] : [`${texts.effect.zh} ${effect}`]),
    ...(carried === undefined
      ? []
      : [
          `${texts.carriedFile.zh} ${carried.file} → ${carried.terminal}`,
          `${texts.carriedSince.zh} ${carried.since}`,
        ]),
    ...(deadline === undefined ? [] : [`${texts.deadline.zh} ${deadline}`]),
  ];
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox around it takes the keys
    <div
      role="option"
      tabIndex={-1}
      aria-selected={marked}
      class={marked ? 'list-row marked' : 'list-row'}
      data-testid={`queue-${row.saleId}`}
      onClick={mark}
    >
      <span>{timeOf(row.queuedAt)}</span>
      <span class="muted">{row.saleNumber}</span>
      <SaleChip state={row.state} />
      <span class="list-note">{words.filter((word) => word !== '').join(' · ')}</span>
      <b class="amount">{row.account}</b>
    </div>
  );
}
