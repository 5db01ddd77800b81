import { useState } from 'preact/hooks';
import type { FaultView, OperatorRow } from '#server/api-types';
import type { Api } from '../api.ts';
import { Dialog } from '../dialog.tsx';
import { FaultNote } from '../fault-note.tsx';
import { Entry } from './entry.tsx';
import { officeTexts } from './texts.ts';
import { W } from './words.tsx';

const KINDS = ['password', 'quick'] as const;
type Kind = (typeof KINDS)[number];

/** One's own password or quick PIN, with the password of now. */
export function OwnSecretDialog(props: { api: Api; operator: string; onClose: () => void }) {
  const [kind, setKind] = useState<Kind>('quick');
  const [fields, setFields] = useState({ old: '', to: '', again: '' });
  const [fault, setFault] = useState<FaultView>();
  const [saved, setSaved] = useState(false);
  const differs = fields.again !== '' && fields.to !== fields.again;
  const set = (name: keyof typeof fields) => (value: string) => {
    setSaved(false);
    setFields({ ...fields, [name]: value });
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    if (fields.to !== fields.again) return;
    const to = fields.to === '' && kind === 'quick' ? null : fields.to;
    const answer = await props.api.post<OperatorRow>('/api/office/own-secret', { kind, old: fields.old, to });
    setFields({ old: '', to: '', again: '' });
    setFault(answer.ok ? undefined : answer.error);
    setSaved(answer.ok);
  };
  return (
    <Dialog title={officeTexts.ownSecrets} testId="own-secret-dialog" onClose={props.onClose}>
      <form class="form" onSubmit={submit} autocomplete="off">
        <Kinds kind={kind} setKind={setKind} />
        <Entry k="oldPassword" testId="own-old" value={fields.old} set={set('old')} secret />
        <div class="field-pair">
          <Entry
            k="secretTo"
            testId="own-to"
            value={fields.to}
            set={set('to')}
            secret
            optional={kind === 'quick'}
          />
          <Entry
            k="secretAgain"
            testId="own-again"
            value={fields.again}
            set={set('again')}
            secret
            optional={kind === 'quick'}
          />
        </div>
        <p class="muted small">
          <W k={kind === 'quick' ? 'quickNote' : 'passwordRule'} />
        </p>
        {differs ? (
          <p class="note warn" role="status">
            <W k="secretDiffers" />
          </p>
        ) : null}
        {fault === undefined ? null : <FaultNote fault={fault} />}
        {saved ? (
          <p class="note ok" role="status" data-testid="own-saved">
            <W k="saved" />
          </p>
        ) : null}
        <button class="primary" type="submit" disabled={fields.to !== fields.again} data-testid="own-submit">
          <kbd>↵</kbd> <W k="save" />
        </button>
      </form>
    </Dialog>
  );
}

function Kinds({ kind, setKind }: { kind: Kind; setKind: (kind: Kind) => void }) {
  return (
    <fieldset class="choices">
      <legend>
        <W k="whichSecret" />
      </legend>
      {KINDS.map((each, index) => (
        <label key={each}>
          <input
            type="radio"
            name="kind"
            checked={each === kind}
            data-testid={`kind-${each}`}
            {...(index === 1 ? { 'data-first': true } : {})}
            onChange={() => setKind(each)}
          />{' '}
          <W k={each === 'quick' ? 'quickPin' : 'password'} />
        </label>
      ))}
    </fieldset>
  );
}
