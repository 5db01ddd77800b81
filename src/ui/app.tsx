import { useEffect, useRef, useState } from 'preact/hooks';
import type { FaultView, TillView } from '#server/api-types';
import { FaultNote } from './fault-note.tsx';
import { SignIn } from './sign-in.tsx';
import { LostBanner } from './status-bar.tsx';
import { TillScreen } from './till-screen.tsx';
import { TrainingPanel } from './training-panel.tsx';
import { type TillModel, useTill } from './use-till.ts';
import { Words } from './words.tsx';

/** The cashier's page: sign in, open the shift, sell. */
export function App() {
  const model = useTill();
  if (model.shop === undefined) return <Loading />;
  if (model.shop.session === null) return <SignIn shop={model.shop} signIn={model.signIn} />;
  if (model.till === undefined) return <Loading />;
  if (model.till.shift.state !== 'open') return <ShiftScreen model={model} till={model.till} />;
  return <TillScreen model={model} till={model.till} />;
}

/** The training shop's controls as a page of their own, to stand beside the till. */
export function TrainingApp() {
  const model = useTill();
  if (model.shop === undefined) return <Loading />;
  if (model.shop.session === null) return <SignIn shop={model.shop} signIn={model.signIn} />;
  return (
    <main class="training-page">
      {model.link === 'lost' ? <LostBanner /> : null}
      <header class="training-head">
        <h1>
          <Words k="keyTraining" /> · {model.shop.shopName}
        </h1>
        <p class="muted">
          <Words k="trainingNote" />
        </p>
      </header>
      {model.training === undefined ? null : <TrainingPanel api={model.api} state={model.training} />}
    </main>
  );
}

function Loading() {
  return (
    <main class="sign-in">
      <p role="status" class="loading">
        <i class="spinner" aria-hidden="true" /> <Words k="loading" />
      </p>
    </main>
  );
}

/** Signed in, but the shift is not open: it is opened at once, and again on Enter when that was refused. */
function ShiftScreen({ model, till }: { model: TillModel; till: TillView }) {
  const { api, run } = model;
  const [fault, setFault] = useState<FaultView>();
  const tried = useRef(false);
  const button = useRef<HTMLButtonElement>(null);
  const open = () => {
    setFault(undefined);
    void run(() => api.post<TillView>('/api/shift/open')).then(setFault);
  };
  // Tried once, when the screen appears.
  useEffect(() => {
    button.current?.focus();
    // After a shift was closed by hand it is not opened again by itself.
    if (!tried.current && till.shift.state === 'signed-out') open();
    tried.current = true;
  }, []);
  const busy = model.busy || till.shift.state === 'signing-in' || till.shift.state === 'closing';
  const shown = fault ?? till.shift.fault;
  return (
    <main class="sign-in">
      {model.link === 'lost' ? <LostBanner /> : null}
      <section class="sign-in-card" data-testid="shift" data-state={till.shift.state}>
        <h1>{till.shopName}</h1>
        <p class="muted">{busy ? <Words k="signingIn" /> : <Words k="openShiftTitle" />}</p>
        <p>
          {model.shop?.session?.operator.number} {model.shop?.session?.operator.name} ·{' '}
          {till.shift.businessDay}
        </p>
        {shown === undefined ? null : <FaultNote fault={shown} />}
        <button
          ref={button}
          type="button"
          class="primary"
          disabled={busy}
          data-testid="open-shift"
          onClick={open}
        >
          {busy ? <i class="spinner" aria-hidden="true" /> : <kbd>↵</kbd>} <Words k="openShift" />
        </button>
        <button type="button" class="key-button" data-testid="sign-out" onClick={() => void model.signOut()}>
          <Words k="signOut" />
        </button>
      </section>
    </main>
  );
}
