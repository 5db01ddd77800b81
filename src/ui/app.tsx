import { useEffect, useRef, useState } from 'preact/hooks';
import type { FaultView, FirstView, TillView } from '#server/api-types';
import { BusyButton } from './busy-button.tsx';
import { FaultNote } from './fault-note.tsx';
import { pageAt } from './language.ts';
import { SignIn } from './sign-in.tsx';
import { LostBanner } from './status-bar.tsx';
import { TillScreen } from './till-screen.tsx';
import { TrainingPanel } from './training-panel.tsx';
import { useIdleLock } from './use-idle-lock.ts';
import { type TillModel, useTill } from './use-till.ts';
import { Words } from './words.tsx';

/** The cashier's page: sign in, open the shift, sell. */
export function App({ first }: { first: FirstView | undefined }) {
  const model = useTill(first);
  const { shop, till } = model;
  const locked = useIdleLock(model.api, shop?.session?.lockMinutes);
  if (shop === undefined) return <Loading />;
  // A shop without operators is set up first.
  if (shop.session === null && shop.operators.length === 0) return <ToOffice />;
  if (shop.session === null) return <SignIn shop={shop} signIn={model.signIn} locked={locked} />;
  if (!shop.session.operator.rights.includes('sell')) return <ToOffice />;
  if (till === undefined) return <Loading />;
  if (till.shift.state !== 'open' || isOthers(shop.session.operator.number, till))
    return <ShiftScreen model={model} till={till} />;
  return <TillScreen model={model} till={till} />;
}

/** Who sells stands on every transaction: another one's shift is taken over first, yet never from under a payment. */
function isOthers(operator: string, { shift, sale }: TillView): boolean {
  const busy = sale.state === 'committing' || sale.state === 'delivering' || sale.state === 'quoting';
  return shift.operator !== undefined && shift.operator.number !== operator && !busy;
}

/** Who does not sell has nothing to do at the counter. */
function ToOffice() {
  useEffect(() => location.replace(pageAt('/office')), []);
  return <Loading />;
}

/** The training shop's controls as a page of their own, to stand beside the till. */
export function TrainingApp({ first }: { first: FirstView | undefined }) {
  const model = useTill(first);
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
  const [opening, setOpening] = useState(false);
  const tried = useRef(false);
  const open = () => {
    setFault(undefined);
    setOpening(true);
    void run(() => api.post<TillView>('/api/shift/open')).then((refused) => {
      setOpening(false);
      setFault(refused);
    });
  };
  // Tried once, when the screen appears.
  useEffect(() => {
    // After a shift was closed by hand it is not opened again by itself.
    if (!tried.current && till.shift.state === 'signed-out') open();
    tried.current = true;
  }, []);
  const busy = opening || till.shift.state === 'signing-in' || till.shift.state === 'closing';
  const shown = fault ?? till.shift.fault;
  const others = till.shift.state === 'open' ? till.shift.operator : undefined;
  return (
    <main class="sign-in">
      {model.link === 'lost' ? <LostBanner /> : null}
      <section class="sign-in-card" data-testid="shift" data-state={till.shift.state}>
        <h1>{till.shopName}</h1>
        <p class="muted">
          <Words k={busy ? 'signingIn' : others === undefined ? 'openShiftTitle' : 'takeOverTitle'} />
        </p>
        {others === undefined ? null : (
          <p data-testid="shift-others">
            {others.number} {others.name}
          </p>
        )}
        <p>
          {model.shop?.session?.operator.number} {model.shop?.session?.operator.name} ·{' '}
          {till.shift.businessDay}
        </p>
        {shown === undefined ? null : <FaultNote fault={shown} />}
        <BusyButton
          type="button"
          class="primary"
          busy={busy}
          takesFocus
          data-testid="open-shift"
          onClick={open}
        >
          {busy ? <i class="spinner" aria-hidden="true" /> : <kbd>↵</kbd>}{' '}
          <Words k={others === undefined ? 'openShift' : 'takeOver'} />
        </BusyButton>
        <button type="button" class="key-button" data-testid="sign-out" onClick={() => void model.signOut()}>
          <Words k="signOut" />
        </button>
      </section>
    </main>
  );
}
