import { useState } from 'preact/hooks';
import type { FaultView, OperatorRow } from '#server/api-types';
import { FaultNote } from '../fault-note.tsx';
import type { TillModel } from '../use-till.ts';
import { Entry } from './entry.tsx';
import { W } from './words.tsx';

/** A shop without operators: the first manager is made with the code that the program shows at its start. */
export function FirstManager({ model }: { model: TillModel }) {
  const [fields, setFields] = useState({ code: '', number: '', name: '', password: '', again: '' });
  const [fault, setFault] = useState<FaultView>();
  const set = (name: keyof typeof fields) => (value: string) => setFields({ ...fields, [name]: value });
  const { again, ...wish } = fields;
  const differs = again !== '' && again !== wish.password;
  const submit = async (event: Event) => {
    event.preventDefault();
    if (again !== wish.password) return;
    const answer = await model.api.post<OperatorRow>('/api/setup/manager', wish);
    if (!answer.ok) return setFault(answer.error);
    setFault(await model.signIn(wish.number, wish.password));
  };
  return (
    <main class="sign-in">
      <form class="sign-in-card" data-testid="first-manager" onSubmit={submit} autocomplete="off">
        <h1>
          <W k="setup" />
        </h1>
        <h2>
          <W k="firstManager" />
        </h2>
        <Entry k="setupCode" testId="setup-code" value={fields.code} set={set('code')} maxLength={8} />
        <p class="muted small">
          <W k="setupCodeNote" />
        </p>
        <div class="field-pair">
          <Entry k="number" testId="setup-number" value={fields.number} set={set('number')} maxLength={20} />
          <Entry k="name" testId="setup-name" value={fields.name} set={set('name')} maxLength={50} />
        </div>
        <div class="field-pair">
          <Entry k="password" testId="setup-password" value={fields.password} set={set('password')} secret />
          <Entry k="passwordAgain" testId="setup-again" value={again} set={set('again')} secret />
        </div>
        <p class="muted small">
          <W k={differs ? 'secretDiffers' : 'passwordRule'} />
        </p>
        {fault === undefined ? null : <FaultNote fault={fault} />}
        <button class="primary" type="submit" disabled={differs} data-testid="setup-submit">
          <kbd>↵</kbd> <W k="save" />
        </button>
      </form>
    </main>
  );
}
