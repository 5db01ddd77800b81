import { useEffect, useState } from 'preact/hooks';
import type { ConsentView, FaultView, SaleSummary, TillView } from '#server/api-types';
import type { Api } from '../api.ts';
import { Dialog } from '../dialog.tsx';
import { FaultNote } from '../fault-note.tsx';
import { first } from '../language.ts';
import { texts } from '../texts.ts';
import type { TillModel } from '../use-till.ts';
import { Words } from '../words.tsx';
import { DecisionDialog } from './decision-dialog.tsx';
import { RefundDialog } from './refund-dialog.tsx';
import { type SaleAction, SaleList } from './sale-list.tsx';
import { SecondDialog } from './second-dialog.tsx';

const PATH = (sale: SaleSummary, verb: string) => `/api/sales/${encodeURIComponent(sale.saleId)}/${verb}`;

/** Today's sales: see and print the slip again, cancel or take lines back with a second person. */
export function SalesDialog({
  model,
  onClose,
  done,
}: {
  model: TillModel;
  onClose: () => void;
  /** What the customer keeps of a sale lies on the counter now. */
  done: () => void;
}) {
  const { api, run } = model;
  const [cancelling, setCancelling] = useState<SaleSummary>();
  const [refunding, setRefunding] = useState<SaleSummary>();
  const [shown, setShown] = useState<SaleSummary>();
  const { sales, fault } = useSales(api, model.till?.revision);
  const [refused, setRefused] = useState<FaultView>();
  const actions = salesActions({
    show: setShown,
    print: (sale) => void run(() => api.post<TillView>(PATH(sale, 'print'))).then(setRefused),
    cancel: setCancelling,
    refund: setRefunding,
  });
  if (refunding !== undefined)
    return (
      <RefundDialog model={model} sale={refunding} onClose={() => setRefunding(undefined)} done={done} />
    );
  if (cancelling !== undefined) {
    return (
      <SecondDialog
        title="cancelTitle"
        submitLabel="cancelEnter"
        sale={cancelling}
        onClose={() => setCancelling(undefined)}
        decide={async (decision) => {
          const failed = await run(() => api.post<TillView>(PATH(cancelling, 'cancel'), decision));
          if (failed === undefined) setCancelling(undefined);
          return failed;
        }}
      />
    );
  }
  if (shown !== undefined) return <SlipDialog sale={shown} onClose={() => setShown(undefined)} />;
  return (
    <Dialog title="salesTitle" testId="sales-dialog" wide onClose={onClose}>
      {fault === undefined ? null : <FaultNote fault={fault} />}
      {refused === undefined ? null : <FaultNote fault={refused} />}
      {sales === undefined ? (
        <p class="muted">…</p>
      ) : (
        <SaleList sales={sales} actions={actions} empty="salesEmpty" />
      )}
    </Dialog>
  );
}

function salesActions(act: Readonly<Record<'show' | 'print' | 'cancel' | 'refund', SaleAction['run']>>) {
  const isDone = ({ state }: SaleSummary) => state === 'done';
  const actions: SaleAction[] = [
    { key: 'V', label: 'actSlip', testId: 'act-slip', enabled: hasSlip, run: act.show },
    { key: 'P', label: 'actPrint', testId: 'act-print', enabled: hasSlip, run: act.print },
    { key: 'C', label: 'actCancel', testId: 'act-cancel', enabled: isDone, run: act.cancel },
    {
      key: 'R',
      label: 'actRefund',
      testId: 'act-refund',
      // One that is not uploaded yet says what to do first.
      enabled: (sale) => isDone(sale) || sale.state === 'queued',
      run: act.refund,
    },
  ];
  return actions;
}

function hasSlip({ state }: SaleSummary): boolean {
  return state !== 'held' && state !== 'open' && state !== 'unknown' && state !== 'committing';
}

/** Held sales and those not settled yet: recall, give up, decide. */
export function PendingDialog({ model, onClose }: { model: TillModel; onClose: () => void }) {
  const { api, run } = model;
  const [deciding, setDeciding] = useState<{ sale: SaleSummary; decision: 'accept' | 'cancel' }>();
  const [open, setOpen] = useState<SaleSummary>();
  const [refused, setRefused] = useState<FaultView>();
  const actions: SaleAction[] = [
    {
      key: 'Enter',
      label: 'actRecall',
      testId: 'act-recall',
      enabled: ({ state }) => state === 'held',
      run: ({ saleId }) =>
        void run(() => api.post<TillView>('/api/sale/recall', { saleId })).then((failed) =>
          failed === undefined ? onClose() : setRefused(failed),
        ),
    },
    {
      key: 'G',
      label: 'actGiveUp',
      testId: 'act-give-up',
      enabled: ({ state }) => state === 'unknown' || state === 'suspense',
      run: (sale) => void run(() => api.post<TillView>(PATH(sale, 'give-up'))).then(setRefused),
    },
    {
      key: 'D',
      label: 'actDecide',
      testId: 'act-decide',
      enabled: ({ decisions = [] }) => decisions.length > 0,
      run: setOpen,
    },
    ...disputeActions((sale, decision) => setDeciding({ sale, decision })),
  ];
  if (open !== undefined)
    return <DecisionDialog model={model} sale={open} onClose={() => setOpen(undefined)} />;
  if (deciding !== undefined) {
    const { sale, decision } = deciding;
    return (
      <SecondDialog
        title={decision === 'accept' ? 'acceptTitle' : 'cancelTitle'}
        submitLabel={decision === 'accept' ? 'confirm' : 'cancelEnter'}
        sale={sale}
        onClose={() => setDeciding(undefined)}
        decide={async (fields) => {
          const body = { decision, ...fields };
          const failed = await run(() => api.post<TillView>(PATH(sale, 'dispute'), body));
          if (failed === undefined) setDeciding(undefined);
          return failed;
        }}
      />
    );
  }
  return (
    <Dialog title="pendingTitle" testId="pending-dialog" wide onClose={onClose}>
      {refused === undefined ? null : <FaultNote fault={refused} />}
      <SaleList sales={model.till?.pending ?? []} actions={actions} empty="pendingEmpty" />
    </Dialog>
  );
}

function disputeActions(decide: (sale: SaleSummary, decision: 'accept' | 'cancel') => void): SaleAction[] {
  const enabled = ({ state }: SaleSummary) => state === 'disputed';
  return [
    {
      key: 'A',
      label: 'actAccept',
      testId: 'act-accept',
      enabled,
      run: (sale) => decide(sale, 'accept'),
    },
    {
      key: 'C',
      label: 'actCancel',
      testId: 'act-dispute-cancel',
      enabled,
      run: (sale) => decide(sale, 'cancel'),
    },
  ];
}

function SlipDialog({ sale, onClose }: { sale: SaleSummary; onClose: () => void }) {
  return (
    <Dialog title="slip" testId="slip-dialog" onClose={onClose}>
      <div class="slip-paper">
        <img src={PATH(sale, 'slip.svg')} alt={`${sale.saleNumber} ${sale.total}`} data-testid="slip-image" />
      </div>
      <p class="muted small">
        {sale.saleNumber} · <Words k="slip" />
      </p>
      {sale.consent === undefined ? null : <ConsentGiven consent={sale.consent} />}
    </Dialog>
  );
}

const HOW = {
  printed: 'consentHowPrinted',
  screen: 'consentHowScreen',
  program: 'consentHowProgram',
} as const;

/** What the holder agreed to, when, and who took it. */
function ConsentGiven({ consent }: { consent: ConsentView }) {
  const { at, operator, how, own, lines } = consent;
  return (
    <p class="consent-given" data-testid="consent-given">
      <b>
        <Words k="consentGiven" />
      </b>{' '}
      <span class="amount">{own}</span> · {lines.length} {first(texts.pieces)} · {at} · {operator} ·{' '}
      {how === undefined ? null : <Words k={HOW[how]} />}
    </p>
  );
}

/** The last customer is the one who comes back. */
function newestFirst(sales: readonly SaleSummary[]): readonly SaleSummary[] {
  return [...sales].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
}

/** Asked again at each change of the till, so that a cancellation shows at once. */
function useSales(api: Api, revision: number | undefined) {
  const [found, setFound] = useState<{ sales?: readonly SaleSummary[]; fault?: FaultView }>({});
  // The revision is the reason to ask again.
  useEffect(() => {
    const abort = new AbortController();
    void api.get<{ sales: SaleSummary[] }>('/api/sales', abort.signal).then((answer) => {
      if (abort.signal.aborted) return;
      setFound(answer.ok ? { sales: newestFirst(answer.value.sales) } : { fault: answer.error });
    });
    return () => abort.abort();
  }, [api, revision]);
  return found;
}
