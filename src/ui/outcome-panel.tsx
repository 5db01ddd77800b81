import { useEffect, useState } from 'preact/hooks';
import type { SaleReceiptAnswer, SaleSummary, TillView } from '#server/api-types';
import type { Api } from './api.ts';
import { VisitMark } from './chronic-panel.tsx';
import { FaultNote } from './fault-note.tsx';
import { isZero, sumText } from './format.ts';
import { first, SECOND, second, told } from './language.ts';
import { CashBack } from './rest-panel.tsx';
import { texts } from './texts.ts';
import { useScrollStop } from './use-scroll-stop.ts';
import { Words } from './words.tsx';

/** What became of the sale: settled, or, never as failed and never as done, not known yet. */
export function OutcomePanel({ till, api }: { till: TillView; api: Api }) {
  return till.sale.state === 'unknown' ? <Unknown till={till} /> : <Done till={till} api={api} />;
}

function Unknown({ till }: { till: TillView }) {
  const { sale } = till;
  const progress = till.pending.find(({ saleId }) => saleId === sale.saleId);
  const box = useScrollStop<HTMLElement>();
  return (
    <section ref={box} class="panel outcome unknown" role="alert" data-testid="unknown">
      <p class="outcome-title">
        <i class="mark" aria-hidden="true">
          ?
        </i>
        <Words k="unknown" />
      </p>
      <VisitMark sale={sale} />
      <p>
        <Words k="unknownNote" />
      </p>
      <dl>
        <div class="row">
          <dt>
            <Words k="total" />
          </dt>
          <dd class="amount">{sale.total}</dd>
        </div>
        <div class="row">
          <dt>
            <Words k="account" />
          </dt>
          <dd class="amount">{sale.split?.account ?? '—'}</dd>
        </div>
      </dl>
      {progress?.progressZh === undefined ? null : (
        <p data-testid="progress">
          {first(told(progress.progressZh, progress.progressEn))}{' '}
          <small lang={SECOND}>{second(told(progress.progressZh, progress.progressEn))}</small>
        </p>
      )}
      {sale.fault === undefined ? null : <FaultNote fault={sale.fault} tone="unknown" />}
    </section>
  );
}

function Done({ till, api }: { till: TillView; api: Api }) {
  const { sale } = till;
  const { split } = sale;
  const received = sumText(...sale.tenders.map(({ amount }) => amount));
  const slip = useSlipState(api, till);
  const box = useScrollStop<HTMLElement>();
  return (
    <section ref={box} class="panel outcome done" role="status" data-testid="done">
      <p class="outcome-title">
        <i class="mark" aria-hidden="true">
          ✓
        </i>
        <Words k={sale.mode === 'offline' ? 'doneOffline' : 'done'} />
      </p>
      <VisitMark sale={sale} />
      <dl class="outcome-rows">
        <Figure label="accountPaid" amount={split?.account ?? '0.00'} testId="account-paid" />
        {split === undefined || isZero(split.fundTotal) ? null : (
          <Figure label="fund" amount={split.fundTotal} testId="fund-paid" />
        )}
        <Figure label="cash" amount={split?.cash ?? '0.00'} testId="cash-paid" />
        {isZero(received) ? null : <Figure label="received" amount={received} testId="received" />}
        {sale.changeDue === undefined || isZero(sale.changeDue) ? null : (
          <Figure label="change" amount={sale.changeDue} testId="change" big />
        )}
        {sale.replaces?.back === undefined ? null : <CashBack back={sale.replaces.back} />}
        {split?.balanceAfter === undefined ? null : (
          <Figure label="balanceAfter" amount={split.balanceAfter} testId="balance-after" />
        )}
        <div class="figure">
          <dt>
            <Words k="slip" />
          </dt>
          <dd data-testid="slip-state" data-state={slip ?? 'none'}>
            {slip === undefined ? '—' : <Words text={SLIP[slip]} />}
          </dd>
        </div>
      </dl>
      {till.reader.state === 'card-present' ? (
        <p class="remove-card">
          <Words k="removeCard" />
        </p>
      ) : null}
      {sale.fault === undefined ? null : <FaultNote fault={sale.fault} tone="warn" />}
    </section>
  );
}

const SLIP = {
  owed: texts.slipOwed,
  printing: texts.slipPrinting,
  printed: texts.slipPrinted,
  unclear: texts.slipUnclear,
} as const;

function Figure(props: {
  label: 'accountPaid' | 'fund' | 'cash' | 'received' | 'change' | 'balanceAfter';
  amount: string;
  testId: string;
  big?: boolean;
}) {
  return (
    <div class={props.big === true ? 'figure big' : 'figure'}>
      <dt>
        <Words k={props.label} />
      </dt>
      <dd class="amount" data-testid={props.testId}>
        {props.amount}
      </dd>
    </div>
  );
}

/** The slip has its own state; it is asked for again at each change of the till. */
function useSlipState(api: Api, till: TillView): SaleSummary['slip'] {
  const [slip, setSlip] = useState<SaleSummary['slip']>();
  const { revision } = till;
  const { saleId } = till.sale;
  // The revision is the reason to ask again.
  useEffect(() => {
    const abort = new AbortController();
    const path = `/api/sales/${encodeURIComponent(saleId)}`;
    void api.get<SaleReceiptAnswer>(path, abort.signal).then((answer) => {
      if (answer.ok && !abort.signal.aborted) setSlip(answer.value.summary.slip);
    });
    return () => abort.abort();
  }, [api, saleId, revision]);
  return slip;
}
