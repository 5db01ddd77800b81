import { useState } from 'preact/hooks';
import type { FaultView, OperatorRow } from '#server/api-types';
import type { Api } from '../api.ts';
import { BusyButton } from '../busy-button.tsx';
import { Dialog } from '../dialog.tsx';
import { FaultNote } from '../fault-note.tsx';
import { Entry } from './entry.tsx';
import { type OfficeKey, officeTexts } from './texts.ts';
import { W } from './words.tsx';

const ROLES = ['cashier', 'manager', 'inspector'] as const;
const STATES = ['active', 'disabled'] as const;

interface Fields {
  readonly number: string;
  readonly name: string;
  readonly role: OperatorRow['role'];
  readonly state: OperatorRow['state'];
  readonly password: string;
  readonly until: string;
  readonly secondNumber: string;
  readonly secondPin: string;
  readonly reason: string;
}

function fieldsOf(operator: OperatorRow | undefined): Fields {
  return {
    number: operator?.number ?? '',
    name: operator?.name ?? '',
    role: operator?.role ?? 'cashier',
    state: operator?.state ?? 'active',
    password: '',
    until: operator?.until ?? '',
    secondNumber: '',
    secondPin: '',
    reason: '',
  };
}

/** A new operator, or a change of one: asked by the manager who is signed in, proved by somebody else. */
export function OperatorDialog(props: {
  api: Api;
  operator?: OperatorRow;
  onSaved: () => void;
  onClose: () => void;
}) {
  const { api, operator } = props;
  const [fields, setFields] = useState(() => fieldsOf(operator));
  const [fault, setFault] = useState<FaultView>();
  const [busy, setBusy] = useState(false);
  const set =
    <K extends keyof Fields>(name: K) =>
    (value: Fields[K]) =>
      setFields({ ...fields, [name]: value });
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    const answer = await send(api, operator, fields);
    setBusy(false);
    if (answer.ok) return props.onSaved();
    setFields({ ...fields, secondPin: '' });
    setFault(answer.error);
  };
  const isNew = operator === undefined;
  return (
    <Dialog
      title={isNew ? officeTexts.addOperator : officeTexts.changeOperator}
      testId="operator-dialog"
      onClose={props.onClose}
    >
      <form class="form" onSubmit={submit} autocomplete="off">
        <WhoFields fields={fields} set={set} isNew={isNew} />
        <SecondFields fields={fields} set={set} />
        {fault === undefined ? null : <FaultNote fault={fault} />}
        <BusyButton class="primary" type="submit" busy={busy} data-testid="op-submit">
          {busy ? <i class="spinner" aria-hidden="true" /> : <kbd>↵</kbd>} <W k="save" />
        </BusyButton>
      </form>
    </Dialog>
  );
}

type Set = <K extends keyof Fields>(name: K) => (value: Fields[K]) => void;

function WhoFields({ fields, set, isNew }: { fields: Fields; set: Set; isNew: boolean }) {
  return (
    <>
      <div class="field-pair">
        <NumberEntry
          testId="op-number"
          of="number"
          fields={fields}
          set={set}
          first={isNew}
          disabled={!isNew}
        />
        <Entry
          k="name"
          testId="op-name"
          value={fields.name}
          set={set('name')}
          maxLength={50}
          first={!isNew}
        />
      </div>
      <Choices k="role" names={ROLES} chosen={fields.role} choose={set('role')} />
      {isNew ? null : <Choices k="state" names={STATES} chosen={fields.state} choose={set('state')} />}
      <div class="field-pair">
        <Entry
          k={isNew ? 'password' : 'newPassword'}
          testId="op-password"
          value={fields.password}
          set={set('password')}
          secret
          optional={!isNew}
        />
        <Entry k="until" testId="op-until" type="date" value={fields.until} set={set('until')} optional />
      </div>
      <p class="muted small">
        <W k="passwordRule" /> · <W k="untilNote" />
      </p>
    </>
  );
}

/** An operator's number: of the one it is about, or of the second person. */
function NumberEntry(props: {
  testId: string;
  of: 'number' | 'secondNumber';
  fields: Fields;
  set: Set;
  first?: boolean;
  disabled?: boolean;
}) {
  const { testId, of, fields, set, first = false, disabled = false } = props;
  return (
    <Entry
      k="number"
      testId={testId}
      value={fields[of]}
      set={set(of)}
      maxLength={20}
      first={first}
      disabled={disabled}
    />
  );
}

function SecondFields({ fields, set }: { fields: Fields; set: Set }) {
  return (
    <fieldset class="second-part">
      <legend>
        <W k="twoPeople" />
      </legend>
      <p class="muted small">
        <W k="twoPeopleNote" />
      </p>
      <div class="field-pair">
        <NumberEntry testId="op-second" of="secondNumber" fields={fields} set={set} />
        <Entry k="password" testId="op-second-pin" value={fields.secondPin} set={set('secondPin')} secret />
      </div>
      <Entry k="reasonOf" testId="op-reason" value={fields.reason} set={set('reason')} maxLength={100} />
    </fieldset>
  );
}

function send(api: Api, operator: OperatorRow | undefined, fields: Fields) {
  const { number, name, role, state, password, until, secondNumber, secondPin, reason } = fields;
  const two = { second: { number: secondNumber, pin: secondPin }, reason: reason.trim() };
  const secret = password === '' ? {} : { password };
  if (operator === undefined) {
    const day = until === '' ? {} : { until };
    return api.post<OperatorRow>('/api/office/operators', { number, name, role, ...secret, ...day, ...two });
  }
  // Only what is another one: a role that stays signs nobody out.
  const change = {
    ...(name === operator.name ? {} : { name }),
    ...(role === operator.role ? {} : { role }),
    ...(state === operator.state ? {} : { state }),
    ...(until === (operator.until ?? '') ? {} : { until: until === '' ? null : until }),
  };
  return api.patch<OperatorRow>(`/api/office/operators/${number}`, { ...change, ...secret, ...two });
}

function Choices<T extends OfficeKey>(props: {
  k: OfficeKey;
  names: readonly T[];
  chosen: T;
  choose: (name: T) => void;
}) {
  return (
    <fieldset class="choices">
      <legend>
        <W k={props.k} />
      </legend>
      {props.names.map((name) => (
        <label key={name}>
          <input
            type="radio"
            name={props.k}
            checked={name === props.chosen}
            data-testid={`${props.k}-${name}`}
            onChange={() => props.choose(name)}
          />{' '}
          <W k={name} />
        </label>
      ))}
    </fieldset>
  );
}
