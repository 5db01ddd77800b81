import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { FaultView } from '#server/api-types';
import { FaultNote } from '../fault-note.tsx';
import { first } from '../language.ts';
import { type TextKey, texts } from '../texts.ts';
import { Words } from '../words.tsx';

/** What a key, or the button below the list, does with the marked row. */
export interface RowAction<R> {
  readonly key: string;
  readonly label: TextKey;
  readonly testId: string;
  readonly enabled: (row: R) => boolean;
  readonly run: (row: R) => void;
}

interface Row {
  readonly saleId: string;
  readonly fault?: FaultView | undefined;
}

interface Props<R extends Row> {
  readonly rows: readonly R[];
  readonly actions: readonly RowAction<R>[];
  readonly title: TextKey;
  /** What stands here when there are no rows. */
  readonly empty: TextKey;
  readonly testIdOf: (row: R) => string;
  readonly cells: (row: R) => ComponentChildren;
  /** Class of a row whose columns are its own. */
  readonly look?: string;
  /** What the marked row has to say at length, below the list. */
  readonly more?: (row: R) => ComponentChildren;
  /** Enter, when it is no row's action. */
  readonly onEnter?: () => void;
}

const PAGE_ROWS = 8;

/** Rows with one marked; arrows, Page, Home and End move the mark, letters act on it. */
export function MarkedList<R extends Row>({
  rows,
  actions,
  title,
  empty,
  testIdOf,
  cells,
  look = '',
  more,
  onEnter,
}: Props<R>) {
  const [marked, setMarked] = useState(0);
  const index = Math.min(marked, rows.length - 1);
  const chosen = rows[index];
  const box = useListFocus(rows.length === 0, index);
  if (chosen === undefined) {
    return (
      <p class="list-empty" data-testid="list-empty">
        <Words k={empty} />
      </p>
    );
  }
  const key = (event: KeyboardEvent) => {
    const step = stepOf(event.key, rows.length);
    const named = actions.find((action) => action.key.toLowerCase() === event.key.toLowerCase());
    const action = named?.enabled(chosen) === true ? () => named.run(chosen) : undefined;
    const act =
      step === undefined
        ? (action ?? (event.key === 'Enter' ? onEnter : undefined))
        : () => setMarked(Math.max(0, Math.min(rows.length - 1, index + step)));
    if (act === undefined) return;
    event.preventDefault();
    act();
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
        aria-label={first(texts[title])}
        onKeyDown={key}
      >
        {rows.map((row, at) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox around it takes the keys
          <div
            key={row.saleId}
            role="option"
            tabIndex={-1}
            aria-selected={at === index}
            class={`list-row ${look}${at === index ? ' marked' : ''}`}
            data-testid={testIdOf(row)}
            onClick={() => setMarked(at)}
          >
            {cells(row)}
          </div>
        ))}
      </div>
      {chosen.fault === undefined ? null : <FaultNote fault={chosen.fault} tone="warn" />}
      {more?.(chosen)}
      <Actions actions={actions} row={chosen} />
    </>
  );
}

function Actions<R>({ actions, row }: { actions: readonly RowAction<R>[]; row: R }) {
  return (
    <div class="list-actions">
      {actions.map((action) => (
        <button
          key={action.testId}
          type="button"
          class="key-button"
          data-testid={action.testId}
          disabled={!action.enabled(row)}
          onClick={() => action.run(row)}
        >
          <kbd>{action.key === 'Enter' ? '↵' : action.key}</kbd> <Words k={action.label} />
        </button>
      ))}
    </div>
  );
}

/** The list takes the focus when it appears, and keeps the marked row in sight. */
function useListFocus(isEmpty: boolean, index: number) {
  const box = useRef<HTMLDivElement>(null);
  // Again when the first row comes: an empty list cannot hold the focus.
  useLayoutEffect(() => box.current?.focus(), [isEmpty]);
  useEffect(() => {
    box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [index]);
  return box;
}

function stepOf(key: string, rows: number): number | undefined {
  return { ArrowUp: -1, ArrowDown: 1, PageUp: -PAGE_ROWS, PageDown: PAGE_ROWS, Home: -rows, End: rows }[key];
}
