import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { FaultView, LineView } from '#server/api-types';
import { Dialog } from '../dialog.tsx';
import { FaultNote } from '../fault-note.tsx';
import type { TextKey } from '../texts.ts';
import { Words } from '../words.tsx';
import { DosesFields } from './doses-fields.tsx';
import { type CountMode, type LineChange, lastDoses, modesOf } from './line-count.ts';

const MODES = {
  pack: 'unitPack',
  smallest: 'unitSmallest',
  doses: 'dosesTitle',
} as const satisfies Record<CountMode, TextKey>;

/** Pieces sold by the gram have no pack. */
function labelOf(mode: CountMode, modes: readonly CountMode[]): TextKey {
  return mode === 'pack' && !modes.includes('smallest') ? 'countTitle' : MODES[mode];
}

/** How much of a line: packs, smallest units of a broken pack (拆零), or doses of herbal pieces (付数). */
export function QuantityDialog(props: {
  line: LineView;
  /** The whole basket: pieces of one prescription have the same number of doses. */
  lines: readonly LineView[];
  set: (change: LineChange) => Promise<FaultView | undefined>;
  onClose: () => void;
}) {
  const { line } = props;
  const modes = modesOf(line);
  const [mode, setMode] = useState<CountMode>(() => firstMode(line, props.lines));
  const [fault, setFault] = useState<FaultView>();
  const next = modes[(modes.indexOf(mode) + 1) % modes.length] ?? mode;
  const set = async (change: LineChange) => setFault(await props.set(change));
  return (
    <Dialog
      title="keyQuantity"
      testId="quantity-dialog"
      onClose={props.onClose}
      onKey={(event) => {
        if (event.key === 'F2') setMode(next);
      }}
    >
      <p class="dialog-subject">
        {line.product.genericName} <small>{line.product.specification}</small>
      </p>
      {mode === 'doses' ? (
        <DosesFields line={line} last={lastDoses(props.lines)} set={set} fault={fault} />
      ) : (
        <CountField key={mode} line={line} mode={mode} set={set} fault={fault} />
      )}
      {modes.length < 2 ? null : (
        <button
          type="button"
          class="menu-item quantity-mode"
          data-testid="quantity-unit"
          data-mode={mode}
          onClick={() => setMode(next)}
        >
          <kbd>F2</kbd>
          <span>
            {modes.map((each) => (
              <span key={each} class={each === mode ? 'mode chosen' : 'mode'} aria-current={each === mode}>
                <Words k={labelOf(each, modes)} />
              </span>
            ))}
          </span>
        </button>
      )}
    </Dialog>
  );
}

function firstMode(line: LineView, lines: readonly LineView[]): CountMode {
  const prescribed = line.product.byDoses === true && lastDoses(lines) !== undefined;
  return line.herbalDoses !== undefined || prescribed ? 'doses' : line.unit;
}

function CountField(props: {
  line: LineView;
  mode: 'pack' | 'smallest';
  set: (change: LineChange) => Promise<void>;
  fault: FaultView | undefined;
}) {
  const { line, mode, fault } = props;
  const [quantity, setQuantity] = useState('');
  const field = useRef<HTMLInputElement>(null);
  // The dialog sets the first focus; after F2 the field is another one.
  useLayoutEffect(() => field.current?.focus(), []);
  const submit = (event: Event) => {
    event.preventDefault();
    const typed = quantity.trim();
    // Another unit with the old figure would sell thirty packs instead of thirty tablets.
    if (typed === '' && mode !== line.unit) return;
    void props.set({ quantity: typed === '' ? line.quantity : typed, unit: mode });
  };
  const { unitsPerPack, smallestUnit, packUnit } = line.product;
  return (
    <form class="form" onSubmit={submit} autocomplete="off">
      <label class="field">
        <span>
          <Words k="quantity" /> {mode === 'smallest' ? smallestUnit : line.unit === 'pack' ? packUnit : null}
        </span>
        <input
          class="big amount"
          type="text"
          inputMode="decimal"
          maxLength={12}
          placeholder={mode === line.unit ? line.quantity : ''}
          value={quantity}
          ref={field}
          data-first
          data-testid="quantity"
          onInput={(event) => setQuantity(event.currentTarget.value)}
        />
      </label>
      {unitsPerPack === undefined ? null : (
        <p class="muted small">
          1 = {unitsPerPack} {smallestUnit}
        </p>
      )}
      {fault === undefined ? null : <FaultNote fault={fault} />}
      <button class="primary" type="submit" data-testid="quantity-submit">
        <kbd>↵</kbd> <Words k="confirm" />
      </button>
    </form>
  );
}

/** Asks before a filled basket is emptied. */
export function ClearDialog(props: { clear: () => void; onClose: () => void }) {
  return (
    <Dialog title="clearTitle" testId="clear-dialog" onClose={props.onClose}>
      <div class="form">
        <p>
          <Words k="clearNote" />
        </p>
        <button type="button" class="primary" data-first data-testid="clear-submit" onClick={props.clear}>
          <kbd>↵</kbd> <Words k="confirm" />
        </button>
      </div>
    </Dialog>
  );
}
