import { useState } from 'preact/hooks';
import type { ActingPersonView, TillView } from '#server/api-types';
import { Dialog } from '../dialog.tsx';
import { RELATIONS } from '../holder-panel.tsx';
import { first, SECOND, second } from '../language.ts';
import { texts } from '../texts.ts';
import type { TillModel } from '../use-till.ts';
import { spoken, Words } from '../words.tsx';
import { AskForm, Field } from './form.tsx';

/** The holder by a number typed by hand, and why. */
export function IdentityDialog({ model, onClose }: { model: TillModel; onClose: () => void }) {
  const { api, run } = model;
  const [number, setNumber] = useState('');
  const [name, setName] = useState('');
  const [reason, setReason] = useState('');
  const ask = async () => {
    const identityNumber = number.trim().toUpperCase();
    const body = { identityNumber, name: name.trim(), reason: reason.trim() };
    const failed = await run(() => api.post<TillView>('/api/holder/identity-number', body));
    if (failed === undefined) onClose();
    return failed;
  };
  return (
    <Dialog title="identityTitle" testId="identity-dialog" onClose={onClose}>
      <AskForm label="identityEnter" testId="identity-submit" ask={ask}>
        <p class="muted">
          <Words k="identityNote" />
        </p>
        <Field
          label="identityNumber"
          testId="identity-number"
          value={number}
          set={setNumber}
          maxLength={18}
          first
          takes
        />
        <Field label="personName" testId="identity-name" value={name} set={setName} maxLength={50} />
        <Field label="reason" testId="identity-reason" value={reason} set={setReason} maxLength={100} />
      </AskForm>
    </Dialog>
  );
}

type Relation = ActingPersonView['relation'];

/** Who acts for the holder of this sale. */
export function ActingDialog(props: { model: TillModel; till: TillView; onClose: () => void }) {
  const { api, run } = props.model;
  const [relation, setRelation] = useState<Relation>('spouse');
  const [name, setName] = useState('');
  const [number, setNumber] = useState('');
  const done = async (asked: ReturnType<typeof run>) => {
    const failed = await asked;
    if (failed === undefined) props.onClose();
    return failed;
  };
  const body = () => ({ relation, name: name.trim(), identityNumber: number.trim().toUpperCase() });
  const known = props.till.sale.actingPerson ?? props.till.holder.actingPerson;
  return (
    <Dialog title="actingTitle" testId="acting-dialog" onClose={props.onClose}>
      <AskForm
        label="actingEnter"
        testId="acting-submit"
        ask={() => done(run(() => api.put<TillView>('/api/holder/acting-person', body())))}
      >
        <div class="choices" role="radiogroup" aria-label={spoken('actingRelation')}>
          {(Object.keys(RELATIONS) as Relation[]).map((key) => (
            <label key={key} class={key === relation ? 'choice chosen' : 'choice'}>
              <input
                type="radio"
                name="relation"
                checked={key === relation}
                data-testid={`relation-${key}`}
                onChange={() => setRelation(key)}
              />
              <Words k={RELATIONS[key]} />
            </label>
          ))}
        </div>
        <Field label="personName" testId="acting-name" value={name} set={setName} maxLength={50} first />
        <Field
          label="identityNumber"
          testId="acting-number"
          value={number}
          set={setNumber}
          maxLength={18}
          takes
        />
      </AskForm>
      {known === undefined ? null : (
        <button
          type="button"
          class="key-button wide"
          data-testid="acting-remove"
          onClick={() => void done(run(() => api.delete<TillView>('/api/holder/acting-person')))}
        >
          {first(texts.actingRemove)} <small lang={SECOND}>{second(texts.actingRemove)}</small> · {known.name}
        </button>
      )}
    </Dialog>
  );
}
