import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ProductView, TillView } from '#server/api-types';
import { type ActionId, actionsFor, hasVisits } from './actions.ts';
import { Basket, BasketTotal } from './basket.tsx';
import { type DialogId, TillDialogs } from './dialogs/till-dialogs.tsx';
import { DuePanel } from './due-panel.tsx';
import { FaultNote } from './fault-note.tsx';
import { HolderPanel } from './holder-panel.tsx';
import { KeyBar } from './key-bar.tsx';
import { OutcomePanel } from './outcome-panel.tsx';
import { PendingStrip } from './pending-strip.tsx';
import { RestPanel } from './rest-panel.tsx';
import { ScanBox, type ScanHandle } from './scan-box.tsx';
import { SplitPanel } from './split-panel.tsx';
import { Alerts, LostBanner, StatusBar } from './status-bar.tsx';
import { TrainingSide } from './training-panel.tsx';
import type { TillModel } from './use-till.ts';
import { useWedge } from './use-wedge.ts';

/** The one screen of the counter. */
export function TillScreen({ model, till }: { model: TillModel; till: TillView }) {
  const { api, run, training, clearNotice } = model;
  const [sideOpen, setSideOpen] = useState(false);
  const [selected, moveLine] = useSelectedLine(till.sale.lines.map(({ lineNumber }) => lineNumber));
  const scanBox = useRef<ScanHandle | null>(null);
  const { dialog, setDialog, compared, compare, close, done } = useDialog(
    till,
    selected,
    clearNotice,
    scanBox,
  );
  const act = useActions({
    model,
    till,
    selected,
    setDialog,
    toggleSide: () => setSideOpen((open) => !open),
  });
  const sell = (path: string, body: unknown) => {
    // A scan while the customer is being told the sum means that something was forgotten: nothing is settled yet.
    if (till.sale.state === 'confirming') void run(() => api.post<TillView>('/api/sale/back'));
    void run(() => api.post<TillView>(path, body));
  };
  // The next product is more than what stood open; a line that was being changed would be another one now.
  useWedge((code) => {
    if (dialog !== undefined) done();
    sell('/api/scan', { code });
  });
  usePageKeys(till, dialog === undefined, act, scanBox, clearNotice);
  const openDevices = useCallback(() => setDialog('devices'), [setDialog]);
  const actions = actionsFor(till);
  const notice = dialog === undefined ? noticeOf(model, till) : undefined;
  const over = till.sale.state === 'done' || till.sale.state === 'unknown';
  return (
    <div class="till" data-testid="till" data-state={till.sale.state} data-link={model.link}>
      <Head till={till} lost={model.link === 'lost'} openDevices={openDevices} />
      <main class="counter">
        {sideOpen && training !== undefined ? (
          <TrainingSide api={api} state={training} leave={() => scanBox.current?.focus()} />
        ) : null}
        <div class="sale-side">
          <ScanBox
            api={api}
            handle={scanBox}
            scan={(code) => sell('/api/scan', { code })}
            add={(shopCode) => sell('/api/sale/lines', { shopCode })}
            compare={compare}
            moveLine={moveLine}
          />
          {notice === undefined ? null : <FaultNote fault={notice} />}
          <Basket lines={till.sale.lines} selected={till.sale.state === 'selling' ? selected : undefined} />
          <BasketTotal sale={till.sale} />
          <RestPanel sale={till.sale} />
          <PendingStrip pending={till.pending} />
        </div>
        <div class="person-side">
          <HolderPanel till={till} />
          {over ? <OutcomePanel till={till} api={api} /> : <SplitPanel till={till} />}
          {over || till.sale.fault === undefined ? null : <FaultNote fault={till.sale.fault} />}
          <DuePanel sale={till.sale} actions={actions} act={act} />
        </div>
      </main>
      <KeyBar actions={actions} act={act} />
      <TillDialogs {...{ model, till, dialog, selected, compared, open: setDialog, close, done }} />
    </div>
  );
}

/** Which dialog is open, and about what. */
function useDialog(
  till: TillView,
  selected: number | undefined,
  clearNotice: () => void,
  scanBox: { current: ScanHandle | null },
) {
  const [dialog, setDialog] = useState<DialogId>();
  const [compared, setCompared] = useState<ProductView>();
  const close = useCallback(() => {
    setDialog(undefined);
    setCompared(undefined);
    clearNotice();
  }, [clearNotice]);
  const acted = useRef(false);
  /** What was asked for is done: the next thing is the next scan. */
  const done = useCallback(() => {
    acted.current = true;
    close();
  }, [close]);
  const compare = (product: ProductView) => {
    clearNotice();
    setCompared(product);
    setDialog('equivalents');
  };
  // A dialog whose subject is gone (card pulled, line removed) is over, and the keys are the page's again.
  const orphaned =
    (dialog === 'pay' && till.sale.split === undefined) ||
    (dialog === 'consent' && till.sale.consent === undefined) ||
    (dialog === 'visit' && !hasVisits(till)) ||
    (dialog === 'give-up-rest' && till.sale.replaces === undefined) ||
    (dialog === 'quantity' && selected === undefined) ||
    (dialog === 'equivalents' && selected === undefined && compared === undefined);
  useLayoutEffect(() => {
    if (orphaned) {
      acted.current = true;
      setDialog(undefined);
    } else if (dialog === undefined) {
      // The browser has put the focus back where it was; Escape leaves it there, if that is a place to stay.
      const stays = document.activeElement instanceof HTMLButtonElement && !acted.current;
      acted.current = false;
      if (!stays) scanBox.current?.focus();
    }
  }, [dialog, orphaned]);
  return { dialog, setDialog, compared, compare, close, done };
}

/** The sale's own fault stands beside it: the same words twice would look like two troubles. */
function noticeOf({ notice }: TillModel, { sale }: TillView): TillModel['notice'] {
  return notice?.code === sale.fault?.code ? undefined : notice;
}

function Head(props: { till: TillView; lost: boolean; openDevices: () => void }) {
  return (
    <>
      <StatusBar till={props.till} openDevices={props.openDevices} />
      {props.lost ? <LostBanner /> : null}
      <Alerts till={props.till} />
    </>
  );
}

/** The marked line: the newest one until arrows choose another. */
function useSelectedLine(numbers: readonly number[]): [number | undefined, (step: number) => void] {
  const count = numbers.length;
  // A line more or less moves the mark to the newest: at once, for an arrow may follow at once.
  const [chosen, setChosen] = useState<{ number: number | undefined; among: number }>();
  const selected =
    chosen?.among === count && chosen.number !== undefined && numbers.includes(chosen.number)
      ? chosen.number
      : numbers.at(-1);
  const move = (step: number) => {
    if (selected === undefined) return;
    const index = Math.max(0, Math.min(count - 1, numbers.indexOf(selected) + step));
    setChosen({ number: numbers[index], among: count });
  };
  return [selected, move];
}

function useActions(props: {
  model: TillModel;
  till: TillView;
  selected: number | undefined;
  setDialog: (dialog: DialogId) => void;
  toggleSide: () => void;
}): (id: ActionId) => void {
  const { model, till, selected, setDialog } = props;
  const { api, run } = model;
  const post = (path: string, body?: unknown) => void run(() => api.post<TillView>(path, body));
  const act = (id: ActionId) => {
    const action = actionsFor(till).find((candidate) => candidate.id === id);
    if (action?.enabled !== true) return;
    switch (id) {
      case 'quantity':
      case 'equivalents':
      case 'recall':
      case 'sales':
      case 'visit':
      case 'menu':
        model.clearNotice();
        return setDialog(id);
      case 'pay':
        model.clearNotice();
        return setDialog(till.sale.consent?.state === 'needed' ? 'consent' : 'pay');
      case 'remove':
        return void run(() => api.delete<TillView>(`/api/sale/lines/${selected ?? 0}`));
      case 'hold':
        return post('/api/sale/hold');
      case 'account':
        return post('/api/account', { useAccount: !till.sale.useAccount });
      case 'quote':
        return post('/api/sale/quote');
      case 'next':
        if (till.sale.state !== 'selling') return post('/api/sale/next');
        return setDialog(till.sale.replaces === undefined ? 'clear' : 'give-up-rest');
      case 'back':
        return post('/api/sale/back');
      case 'training':
        return props.toggleSide();
    }
  };
  return useTypeAhead(model.isBusy, act);
}

const KEYS_AHEAD = 4;
const OPENS_DIALOG: ReadonlySet<ActionId> = new Set([
  'menu',
  'quantity',
  'recall',
  'visit',
  'equivalents',
  'pay',
  'sales',
]);

/**
 * A key pressed while a verb runs waits for its end and is then judged by the state that it left. What is typed
 * behind a key that opens a dialog was meant for that dialog: it must not become a product meanwhile.
 */
function useTypeAhead(isBusy: () => boolean, act: (id: ActionId) => void): (id: ActionId) => void {
  const waiting = useRef<ActionId[]>([]);
  useLayoutEffect(() => {
    if (isBusy()) return;
    const next = waiting.current.shift();
    if (next !== undefined) act(next);
  });
  useLayoutEffect(() => {
    const down = (event: KeyboardEvent) => {
      if (!waiting.current.some((id) => OPENS_DIALOG.has(id))) return;
      if (event.key.length > 1 && event.key !== 'Enter') return;
      event.preventDefault();
      event.stopPropagation();
    };
    document.addEventListener('keydown', down, true);
    return () => document.removeEventListener('keydown', down, true);
  }, []);
  const latest = useRef(act);
  latest.current = act;
  return useCallback(
    (id: ActionId) => {
      if (!isBusy()) latest.current(id);
      else if (waiting.current.length < KEYS_AHEAD) waiting.current.push(id);
    },
    [isBusy],
  );
}

/** Function keys act from anywhere; any other typing lands in the scan box, wherever the focus was. */
function usePageKeys(
  till: TillView,
  active: boolean,
  act: (id: ActionId) => void,
  scanBox: { current: ScanHandle | null },
  clearNotice: () => void,
): void {
  // A layout effect: a key may follow the change of the screen at once.
  useLayoutEffect(() => {
    if (!active) return;
    const down = (event: KeyboardEvent) => {
      if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
      const name = event.key === 'Escape' ? 'Esc' : event.key;
      const action = actionsFor(till).find(({ key }) => key === name);
      if (action !== undefined) {
        event.preventDefault();
        if (action.id === 'back' && !action.enabled) clearNotice();
        if (!event.repeat) act(action.id);
        return;
      }
      const focused = document.activeElement;
      const presses = focused instanceof HTMLButtonElement && event.key === ' ';
      const inField = focused instanceof HTMLInputElement;
      if (event.key.length === 1 && !presses && !inField) scanBox.current?.focus();
    };
    document.addEventListener('keydown', down);
    return () => document.removeEventListener('keydown', down);
  });
}
