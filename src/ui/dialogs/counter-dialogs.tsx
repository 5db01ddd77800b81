import { useEffect, useState } from 'preact/hooks';
import type { FaultView, TerminalKeyRow, TillView } from '#server/api-types';
import type { Answer } from '../api.ts';
import { Dialog } from '../dialog.tsx';
import { FaultNote } from '../fault-note.tsx';
import { first, SECOND, second } from '../language.ts';
import { type TextKey, texts } from '../texts.ts';
import type { TillModel } from '../use-till.ts';
import { Words } from '../words.tsx';
import { DoneDialog } from './card-pin-dialogs.tsx';
import { AskForm, Field } from './form.tsx';
import { SecondDialog } from './second-dialog.tsx';

/** The cash drawer without a sale, and why. */
export function DrawerDialog({ model, onClose }: { model: TillModel; onClose: () => void }) {
  const { api, run } = model;
  const [reason, setReason] = useState('');
  const [opened, setOpened] = useState(false);
  const ask = async () => {
    const failed = await run(() => api.post<TillView>('/api/drawer/open', { reason: reason.trim() }));
    if (failed === undefined) setOpened(true);
    return failed;
  };
  if (opened) return <DoneDialog title="drawerTitle" done="drawerOpened" onClose={onClose} />;
  return (
    <Dialog title="drawerTitle" testId="drawer-dialog" onClose={onClose}>
      <AskForm label="drawerTitle" testId="drawer-submit" ask={ask}>
        <Field label="reason" testId="drawer-reason" value={reason} set={setReason} maxLength={100} first />
      </AskForm>
    </Dialog>
  );
}

const KEY_STATES = {
  new: 'keyNewState',
  enrolled: 'keyEnrolled',
  retired: 'keyRetired',
  revoked: 'keyRevoked',
} as const satisfies Record<TerminalKeyRow['state'], TextKey>;
const KEY_TONES = { new: 'warn', enrolled: 'ok', retired: '', revoked: 'bad' } as const;

/** Keys of this terminal: enrolled with the agency's code, replaced, given up by two people. */
export function KeysDialog({ model, onClose }: { model: TillModel; onClose: () => void }) {
  const { api } = model;
  const { keys, fault, load } = useKeys(model);
  const [refused, setRefused] = useState<FaultView>();
  const [code, setCode] = useState('');
  const [revoking, setRevoking] = useState(false);
  const after = async (asked: Promise<Answer<TerminalKeyRow>>) => {
    const answer = await asked;
    load();
    return answer.ok ? undefined : answer.error;
  };
  if (revoking) {
    return (
      <SecondDialog
        title="keyRevokeTitle"
        submitLabel="keyRevoke"
        onClose={() => setRevoking(false)}
        decide={async (decision) => {
          const failed = await after(api.post<TerminalKeyRow>('/api/keys/revoke', decision));
          if (failed === undefined) setRevoking(false);
          return failed;
        }}
      />
    );
  }
  const shown = fault ?? refused;
  return (
    <Dialog title="keysTitle" testId="keys-dialog" wide onClose={onClose}>
      {keys?.length === 0 ? (
        <p class="list-empty">
          <Words k="keysNone" />
        </p>
      ) : null}
      <ul class="key-rows">
        {keys?.map((key) => (
          <KeyRow key={key.keyId} row={key} />
        ))}
      </ul>
      <div class="list-actions">
        <button
          type="button"
          class="key-button"
          data-testid="key-rotate"
          onClick={() => void after(api.post('/api/keys/rotate')).then(setRefused)}
        >
          <Words k="keyRotate" />
        </button>
        <button type="button" class="key-button" data-testid="key-revoke" onClick={() => setRevoking(true)}>
          <Words k="keyRevoke" />
        </button>
      </div>
      {shown === undefined ? null : <FaultNote fault={shown} />}
      <AskForm
        label="keyEnrol"
        testId="key-enrol"
        ask={async () => {
          const failed = await after(api.post('/api/keys/enrol', { enrolmentCode: code.trim() }));
          if (failed === undefined) setCode('');
          return failed;
        }}
      >
        <Field label="keyCode" testId="key-code" value={code} set={setCode} maxLength={64} first takes />
      </AskForm>
    </Dialog>
  );
}

function KeyRow({ row }: { row: TerminalKeyRow }) {
  return (
    <li class="key-row" data-testid={`key-${row.keyId}`} data-state={row.state}>
      <span class="mono">{row.keyId}</span>
      <span class="muted">{row.createdAt}</span>
      <span class={`chip ${KEY_TONES[row.state]}`}>
        {first(texts[KEY_STATES[row.state]])}{' '}
        <small lang={SECOND}>{second(texts[KEY_STATES[row.state]])}</small>
      </span>
    </li>
  );
}

function useKeys({ api }: TillModel) {
  const [found, setFound] = useState<{ keys?: readonly TerminalKeyRow[]; fault?: FaultView }>({});
  const load = () =>
    void api.get<{ keys: TerminalKeyRow[] }>('/api/keys').then((answer) => {
      setFound(answer.ok ? { keys: answer.value.keys } : { fault: answer.error });
    });
  useEffect(load, [api]);
  return { ...found, load };
}
