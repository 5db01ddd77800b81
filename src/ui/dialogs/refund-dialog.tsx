import { useEffect, useState } from 'preact/hooks';
import type {
  FaultView,
  LineView,
  RefundPreviewAnswer,
  SaleReceiptAnswer,
  SaleSummary,
  SaleView,
  TillView,
} from '#server/api-types';
import type { Api } from '../api.ts';
import { Dialog } from '../dialog.tsx';
import { FaultNote } from '../fault-note.tsx';
import { CashBack, RefundSums } from '../rest-panel.tsx';
import type { TillModel } from '../use-till.ts';
import { Words } from '../words.tsx';
import { AskForm } from './form.tsx';
import { RefundLines } from './refund-lines.tsx';
import { SecondDialog } from './second-dialog.tsx';

type LineBack = { readonly lineNumber: number; readonly quantity: string };

interface Props {
  readonly model: TillModel;
  readonly sale: SaleSummary;
  readonly onClose: () => void;
  /** Taken back: what is kept lies on the counter. */
  readonly done: () => void;
}

const PATH = ({ saleId }: SaleSummary) => `/api/sales/${encodeURIComponent(saleId)}`;

/** Takes back single lines (部分退货): what comes back, what that gives back to whom, and the yes of two people. */
export function RefundDialog({ model, sale, onClose, done }: Props) {
  const { api, run } = model;
  const { lines, fault } = useLines(api, sale);
  const [typed, setTyped] = useState<Readonly<Record<number, string>>>({});
  const back = backOf(typed);
  const [step, setStep] = useState<'choose' | 'go-on' | 'sure'>('choose');
  const told = usePreview(api, sale, back, step !== 'choose');
  // Enter may come before the answer to what was typed last: it waits for it.
  useEffect(() => {
    if (step === 'go-on' && told.preview !== undefined) setStep('sure');
    if (step === 'go-on' && told.fault !== undefined) setStep('choose');
  }, [step, told]);
  if (step === 'sure' && told.preview !== undefined)
    return (
      <SecondDialog
        title="refundConfirmTitle"
        submitLabel="refundConfirm"
        sale={sale}
        onClose={() => setStep('choose')}
        decide={async (decision) => {
          const body = { lines: back, ...decision };
          const failed = await run(() => api.post<TillView>(`${PATH(sale)}/refund`, body));
          if (failed === undefined) done();
          return failed;
        }}
      >
        <Told preview={told.preview} />
      </SecondDialog>
    );
  const refused = fault ?? told.fault;
  return (
    <Dialog title="refundTitle" testId="refund-dialog" wide onClose={onClose}>
      <form
        class="form"
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          setStep('go-on');
        }}
      >
        <p class="muted">
          <Words k="refundNote" />
        </p>
        <RefundLines lines={lines} typed={typed} type={setTyped} />
        <p class="muted small">
          <Words k="refundKeys" />
        </p>
        {told.preview === undefined ? null : <Told preview={told.preview} />}
        {refused === undefined ? null : <FaultNote fault={refused} />}
        <button class="primary" type="submit" data-testid="refund-next">
          <kbd>↵</kbd> <Words k="goOn" />
        </button>
      </form>
    </Dialog>
  );
}

/** The lines that come back, as typed; nothing typed and zero are the same. */
function backOf(typed: Readonly<Record<number, string>>): readonly LineBack[] {
  return Object.entries(typed)
    .map(([lineNumber, quantity]) => ({ lineNumber: Number(lineNumber), quantity: quantity.trim() }))
    .filter(({ quantity }) => quantity !== '' && !/^[0.]+$/.test(quantity));
}

function Told({ preview }: { preview: RefundPreviewAnswer }) {
  const { whole, goods, before, rest, back, estimate } = preview;
  return (
    <section class="refund-told" data-testid="refund-told" role="status">
      {whole ? (
        <p>
          <Words k="refundWhole" />
        </p>
      ) : (
        <p class="sale-line">
          <Words k="refundGoods" /> <b class="amount">{goods}</b>
        </p>
      )}
      <RefundSums before={before} rest={rest} back={back} />
      {estimate ? (
        <p class="note warn">
          <Words k={back === undefined ? 'refundLater' : 'refundEstimate'} />
        </p>
      ) : null}
    </section>
  );
}

/** Nothing is kept after all: what the cancelled sale had taken goes back whole. */
export function GiveUpRestDialog(props: {
  model: TillModel;
  sale: SaleView;
  onClose: () => void;
  done: () => void;
}) {
  const { api, run } = props.model;
  const { replaces } = props.sale;
  if (replaces === undefined) return null;
  const giveUp = async () => {
    const failed = await run(() => api.post<TillView>('/api/sale/give-up-rest'));
    if (failed === undefined) props.done();
    return failed;
  };
  return (
    <Dialog title="restGiveUpTitle" testId="give-up-rest-dialog" onClose={props.onClose}>
      <AskForm label="confirm" testId="give-up-rest-submit" ask={giveUp}>
        <p>
          <Words k="restGiveUpNote" />
        </p>
        <dl class="pay-sums">
          <CashBack back={replaces.before} />
        </dl>
      </AskForm>
    </Dialog>
  );
}

function useLines(api: Api, sale: SaleSummary): { lines?: readonly LineView[]; fault?: FaultView } {
  const [found, setFound] = useState<{ lines?: readonly LineView[]; fault?: FaultView }>({});
  useEffect(() => {
    const abort = new AbortController();
    void api.get<SaleReceiptAnswer>(PATH(sale), abort.signal).then((answer) => {
      if (abort.signal.aborted) return;
      setFound(answer.ok ? { lines: answer.value.view.lines } : { fault: answer.error });
    });
    return () => abort.abort();
  }, [api, sale]);
  return found;
}

interface Preview {
  readonly asked: string;
  readonly preview?: RefundPreviewAnswer;
  readonly fault?: FaultView;
}
const NOTHING: Omit<Preview, 'asked'> = {};

/** Asked at each change: what stands below the lines always belongs to them. Nothing chosen is asked on Enter only. */
function usePreview(
  api: Api,
  sale: SaleSummary,
  back: readonly LineBack[],
  entered: boolean,
): Omit<Preview, 'asked'> {
  const asked = JSON.stringify(back);
  const isEmpty = back.length === 0 && !entered;
  const [found, setFound] = useState<Preview>();
  useEffect(() => {
    if (isEmpty) return;
    let isOld = false;
    void api
      .post<RefundPreviewAnswer>(`${PATH(sale)}/refund/preview`, { lines: JSON.parse(asked) })
      .then((answer) => {
        if (isOld) return;
        setFound(answer.ok ? { asked, preview: answer.value } : { asked, fault: answer.error });
      });
    return () => {
      isOld = true;
    };
  }, [api, sale, asked, isEmpty]);
  return found?.asked === asked ? found : NOTHING;
}
