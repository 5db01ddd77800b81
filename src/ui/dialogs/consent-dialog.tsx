import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ConsentView, FaultView, TillView } from '#server/api-types';
import { ProductBadge } from '../class-badge.tsx';
import { Dialog } from '../dialog.tsx';
import { FaultNote } from '../fault-note.tsx';
import { PaperPicture, usePrinting } from '../paper-sheet.tsx';
import type { TillModel } from '../use-till.ts';
import { Words } from '../words.tsx';

const PAPER = { path: '/api/sale/papers', body: { kind: 'consent' } } as const;

/** What the insurance does not pay, told before the payment: printed, and confirmed when the holder agrees. */
export function ConsentDialog(props: {
  model: TillModel;
  till: TillView;
  consent: ConsentView;
  confirm: (own: string) => Promise<FaultView | undefined>;
  onClose: () => void;
}) {
  const { model, consent } = props;
  const { paper, waiting, printed, fault, print } = usePrinting(model, PAPER);
  const [refused, setRefused] = useState<FaultView>();
  const [busy, setBusy] = useState(false);
  const primary = useRef<HTMLButtonElement>(null);
  const hasPaper = consent.printed === true;
  const prints = consent.must === 'print' && !hasPaper;
  const confirm = async () => {
    if (busy) return;
    setBusy(true);
    setRefused(await props.confirm(consent.own));
    setBusy(false);
  };
  const act = () => void (prints ? print() : confirm());
  // The next step of the same key: the paper is there, now it is signed.
  useLayoutEffect(() => primary.current?.focus(), [prints]);
  const shown = refused ?? fault;
  return (
    <Dialog
      title="consentTitle"
      testId="consent-dialog"
      wide
      onClose={props.onClose}
      onKey={(event) => {
        if (event.isComposing) return;
        if (event.key.toLowerCase() === 'p') void print();
        if (event.key === 'Enter') act();
      }}
    >
      <div class="consent-view">
        <div class="consent-side">
          <p class="muted">
            <Words k="consentNote" />
          </p>
          <OwnLines till={props.till} consent={consent} />
          <PaperNotes consent={consent} />
          {shown === undefined ? null : <FaultNote fault={shown} />}
          <button ref={primary} type="button" class="primary" data-testid="consent-act" onClick={act}>
            {busy || printed === 'busy' ? <i class="spinner" aria-hidden="true" /> : <kbd>↵</kbd>}{' '}
            <Words k={prints ? 'consentPrint' : hasPaper ? 'consentSigned' : 'consentAgree'} />
          </button>
          {prints ? null : (
            <button
              type="button"
              class="key-button wide"
              data-testid="consent-print"
              onClick={() => void print()}
            >
              <kbd>P</kbd> <Words k="consentPrint" />
            </button>
          )}
        </div>
        <PaperPicture paper={paper} waiting={waiting} />
      </div>
    </Dialog>
  );
}

/** Whether paper is asked for, and whether it has come out. */
function PaperNotes({ consent }: { consent: ConsentView }) {
  return (
    <>
      {consent.must === 'print' ? (
        <p class="note warn" data-testid="consent-must">
          <Words k="consentMust" />
        </p>
      ) : null}
      {consent.printed === true ? (
        <p class="note ok" role="status" data-testid="consent-printed">
          <Words k="paperPrinted" />
        </p>
      ) : null}
    </>
  );
}

function OwnLines({ till, consent }: { till: TillView; consent: ConsentView }) {
  return (
    <>
      <ul class="consent-lines">
        {consent.lines.map(({ lineNumber, own }) => {
          const product = till.sale.lines.find((line) => line.lineNumber === lineNumber)?.product;
          return (
            <li key={lineNumber} data-testid={`consent-line-${lineNumber}`}>
              {product === undefined ? null : <ProductBadge product={product} />}
              <span>{product?.genericName}</span>
              <b class="amount">{own}</b>
            </li>
          );
        })}
      </ul>
      <p class="figure big">
        <Words k="consentOwn" />
        <b class="amount" data-testid="consent-own">
          {consent.own}
        </b>
      </p>
    </>
  );
}
