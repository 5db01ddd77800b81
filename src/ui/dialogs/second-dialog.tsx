import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { FaultView, SaleSummary } from '#server/api-types';
import { BusyButton } from '../busy-button.tsx';
import { Dialog } from '../dialog.tsx';
import { FaultNote } from '../fault-note.tsx';
import type { TextKey } from '../texts.ts';
import { Words } from '../words.tsx';

export interface SecondDecision {
  readonly second: { readonly number: string; readonly pin: string };
  readonly reason: string;
}

/** A step that two people decide: the second one's number and PIN, and why. */
export function SecondDialog(props: {
  title: TextKey;
  submitLabel: TextKey;
  sale?: Pick<SaleSummary, 'saleNumber' | 'total'>;
  note?: TextKey;
  /** What is being decided, above the fields. */
  children?: ComponentChildren;
  decide: (decision: SecondDecision) => Promise<FaultView | undefined>;
  onClose: () => void;
}) {
  const [fields, setFields] = useState<Fields>({ number: '', pin: '', reason: '' });
  const [fault, setFault] = useState<FaultView>();
  const [busy, setBusy] = useState(false);
  const set = (name: keyof Fields) => (event: { currentTarget: HTMLInputElement }) =>
    setFields({ ...fields, [name]: event.currentTarget.value });
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    const { number, pin, reason } = fields;
    setFault(await props.decide({ second: { number, pin }, reason: reason.trim() }));
    setFields({ ...fields, pin: '' });
    setBusy(false);
  };
  return (
    <Dialog title={props.title} testId="second-dialog" onClose={props.onClose}>
      <form class="form" onSubmit={submit} autocomplete="off">
        {props.sale === undefined ? null : (
          <p class="sale-line">
            {props.sale.saleNumber} <b class="amount">{props.sale.total}</b>
          </p>
        )}
        {props.note === undefined ? null : (
          <p class="muted">
            <Words k={props.note} />
          </p>
        )}
        {props.children}
        <SecondFields fields={fields} set={set} />
        {fault === undefined ? null : <FaultNote fault={fault} />}
        <BusyButton class="primary" type="submit" busy={busy} data-testid="second-submit">
          <kbd>↵</kbd> <Words k={props.submitLabel} />
        </BusyButton>
      </form>
    </Dialog>
  );
}

interface Fields {
  readonly number: string;
  readonly pin: string;
  readonly reason: string;
}

function SecondFields(props: {
  fields: Fields;
  set: (name: keyof Fields) => (event: { currentTarget: HTMLInputElement }) => void;
}) {
  const { fields, set } = props;
  return (
    <>
      <div class="field-pair">
        <label class="field">
          <Words k="secondOperator" />
          <input
            data-first
            required
            maxLength={20}
            value={fields.number}
            onInput={set('number')}
            data-testid="second-number"
          />
        </label>
        <label class="field">
          <Words k="pin" />
          <input
            class="secret"
            required
            inputMode="numeric"
            autocomplete="off"
            maxLength={32}
            value={fields.pin}
            onInput={set('pin')}
            data-testid="second-pin"
            data-scan="none"
          />
        </label>
      </div>
      <label class="field">
        <Words k="reason" />
        <input
          required
          maxLength={100}
          value={fields.reason}
          onInput={set('reason')}
          data-testid="second-reason"
        />
      </label>
    </>
  );
}
