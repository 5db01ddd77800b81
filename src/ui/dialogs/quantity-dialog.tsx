import { useState } from 'preact/hooks';
import type { FaultView, LineView } from '#server/api-types';
import { Dialog } from '../dialog.tsx';
import { FaultNote } from '../fault-note.tsx';
import { Words } from '../words.tsx';

export function QuantityDialog(props: {
  line: LineView;
  set: (quantity: string, unit: LineView['unit']) => Promise<FaultView | undefined>;
  onClose: () => void;
}) {
  const [quantity, setQuantity] = useState('');
  const [unit, setUnit] = useState(props.line.unit);
  const [fault, setFault] = useState<FaultView>();
  const submit = async (event: Event) => {
    event.preventDefault();
    const typed = quantity.trim();
    // Another unit with the old figure would sell thirty packs instead of thirty tablets.
    if (typed === '' && unit !== props.line.unit) return;
    setFault(await props.set(typed === '' ? props.line.quantity : typed, unit));
  };
  const { unitsPerPack, smallestUnit, packUnit } = props.line.product;
  const breakable = unitsPerPack !== undefined && smallestUnit !== undefined;
  const swap = () => breakable && setUnit(unit === 'pack' ? 'smallest' : 'pack');
  return (
    <Dialog
      title="keyQuantity"
      testId="quantity-dialog"
      onClose={props.onClose}
      onKey={(event) => {
        if (event.key === 'F2') swap();
      }}
    >
      <form class="form" onSubmit={submit} autocomplete="off">
        <p>
          {props.line.product.genericName} <small>{props.line.product.specification}</small>
        </p>
        <label class="field">
          <Words k="quantity" />
          <input
            class="big amount"
            type="text"
            inputMode="decimal"
            maxLength={12}
            placeholder={props.line.quantity}
            value={quantity}
            data-first
            data-testid="quantity"
            onInput={(event) => setQuantity(event.currentTarget.value)}
          />
        </label>
        {breakable ? (
          <button type="button" class="menu-item" data-testid="quantity-unit" onClick={swap}>
            <kbd>F2</kbd> <Words k={unit === 'pack' ? 'unitPack' : 'unitSmallest'} />{' '}
            <b>
              {unit === 'pack' && props.line.unit === 'pack' ? packUnit : unit === 'pack' ? '' : smallestUnit}
            </b>{' '}
            <small class="muted">
              1 = {unitsPerPack} {smallestUnit}
            </small>
          </button>
        ) : null}
        {fault === undefined ? null : <FaultNote fault={fault} />}
        <button class="primary" type="submit" data-testid="quantity-submit">
          <kbd>↵</kbd> <Words k="confirm" />
        </button>
      </form>
    </Dialog>
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
