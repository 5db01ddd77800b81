import { useState } from 'preact/hooks';
import type { FaultView, LineView } from '#server/api-types';
import { Dialog } from '../dialog.tsx';
import { FaultNote } from '../fault-note.tsx';
import { Words } from '../words.tsx';

export function QuantityDialog(props: {
  line: LineView;
  set: (quantity: string) => Promise<FaultView | undefined>;
  onClose: () => void;
}) {
  const [quantity, setQuantity] = useState('');
  const [fault, setFault] = useState<FaultView>();
  const submit = async (event: Event) => {
    event.preventDefault();
    setFault(await props.set(quantity.trim() === '' ? props.line.quantity : quantity.trim()));
  };
  return (
    <Dialog title="keyQuantity" testId="quantity-dialog" onClose={props.onClose}>
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
