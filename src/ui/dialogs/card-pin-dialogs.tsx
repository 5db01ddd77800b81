import { useState } from 'preact/hooks';
import type { TillView } from '#server/api-types';
import { Dialog } from '../dialog.tsx';
import { cancelPad, PadWait } from '../pad-wait.tsx';
import type { TextKey } from '../texts.ts';
import type { TillModel } from '../use-till.ts';
import { Words } from '../words.tsx';
import { AskForm, Field } from './form.tsx';
import { SecondDialog } from './second-dialog.tsx';

/** The holder's PIN on the card: on the pad, or masked on the screen where the shop is set up so. */
export function ChangePinDialog(props: { model: TillModel; till: TillView; onClose: () => void }) {
  const { api, run } = props.model;
  const { entry, waiting } = props.till.pin;
  const [old, setOld] = useState('');
  const [replacement, setReplacement] = useState('');
  const [again, setAgain] = useState('');
  const [changed, setChanged] = useState(false);
  const onPad = entry === 'pad';
  const differs = again !== '' && again !== replacement;
  const ask = async () => {
    const body = onPad ? {} : { old, replacement };
    setOld('');
    setReplacement('');
    setAgain('');
    const failed = await run(() => api.post<TillView>('/api/card/pin', body));
    if (failed === undefined) setChanged(true);
    return failed;
  };
  const close = () => (waiting ? cancelPad(api) : props.onClose());
  if (changed) return <DoneDialog title="pinChangeTitle" done="pinChanged" onClose={props.onClose} />;
  return (
    <Dialog title="pinChangeTitle" testId="change-pin-dialog" onClose={close}>
      <AskForm label="pinChangeEnter" testId="change-pin-submit" ask={ask} disabled={differs}>
        {onPad ? (
          <>
            <p class="muted">
              <Words k="pinChangePad" />
            </p>
            <PadWait api={api} waiting={waiting} />
          </>
        ) : (
          <>
            <Field label="pinOld" testId="pin-old" value={old} set={setOld} maxLength={12} first secret />
            <Field
              label="pinNew"
              testId="pin-new"
              value={replacement}
              set={setReplacement}
              maxLength={12}
              secret
            />
            <Field label="pinAgain" testId="pin-again" value={again} set={setAgain} maxLength={12} secret />
            {differs ? (
              <p class="note warn" role="status">
                <Words k="pinDiffers" />
              </p>
            ) : null}
          </>
        )}
      </AskForm>
    </Dialog>
  );
}

/** Gives a locked PIN its tries back. */
export function UnblockDialog({ model, onClose }: { model: TillModel; onClose: () => void }) {
  const { api, run } = model;
  const [done, setDone] = useState(false);
  if (done) return <DoneDialog title="unblockTitle" done="unblocked" onClose={onClose} />;
  return (
    <SecondDialog
      title="unblockTitle"
      submitLabel="confirm"
      note="unblockNote"
      onClose={onClose}
      decide={async (decision) => {
        const failed = await run(() => api.post<TillView>('/api/card/pin/unblock', decision));
        if (failed === undefined) setDone(true);
        return failed;
      }}
    />
  );
}

export function DoneDialog(props: { title: TextKey; done: TextKey; onClose: () => void }) {
  return (
    <Dialog title={props.title} testId="done-dialog" onClose={props.onClose}>
      <div class="form">
        <p class="note ok" role="status">
          <Words k={props.done} />
        </p>
        <button type="button" class="primary" data-first data-testid="done-close" onClick={props.onClose}>
          <kbd>↵</kbd> <Words k="close" />
        </button>
      </div>
    </Dialog>
  );
}
