import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { FaultView } from '#server/api-types';
import { BusyButton } from '../busy-button.tsx';
import { FaultNote } from '../fault-note.tsx';
import type { TextKey } from '../texts.ts';
import { Words } from '../words.tsx';

export interface FieldProps {
  readonly label: TextKey;
  readonly testId: string;
  readonly value: string;
  readonly set: (value: string) => void;
  readonly maxLength: number;
  readonly first?: boolean;
  readonly secret?: boolean;
  /** Takes what a scanner or a reader types as its text. */
  readonly takes?: boolean;
}

/** One labelled text field. */
export function Field(props: FieldProps) {
  const { secret = false, takes = false, first = false } = props;
  return (
    <label class="field">
      <Words k={props.label} />
      <input
        class={secret ? 'secret big' : ''}
        type="text"
        required
        autocomplete="off"
        spellcheck={false}
        maxLength={props.maxLength}
        value={props.value}
        data-testid={props.testId}
        {...(secret ? { inputMode: 'numeric' as const, 'data-scan': 'none' } : {})}
        {...(takes ? { 'data-scan': 'take' } : {})}
        {...(first ? { 'data-first': true } : {})}
        onInput={(event) => props.set(event.currentTarget.value)}
      />
    </label>
  );
}

/** A form whose Enter asks the till; a refusal stays beside it with its next step. */
export function AskForm(props: {
  label: TextKey;
  testId: string;
  disabled?: boolean;
  ask: () => Promise<FaultView | undefined>;
  children: ComponentChildren;
}) {
  const [fault, setFault] = useState<FaultView>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy || props.disabled === true) return;
    setBusy(true);
    setFault(undefined);
    setFault(await props.ask());
    setBusy(false);
  };
  return (
    <form class="form" onSubmit={submit} autocomplete="off">
      {props.children}
      {fault === undefined ? null : <FaultNote fault={fault} />}
      <BusyButton
        class="primary"
        type="submit"
        data-testid={props.testId}
        busy={busy}
        disabled={props.disabled === true}
      >
        {busy ? <i class="spinner" aria-hidden="true" /> : <kbd>↵</kbd>} <Words k={props.label} />
      </BusyButton>
    </form>
  );
}
