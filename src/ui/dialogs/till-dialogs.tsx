import type { FaultView, LineView, ProductView, TillView } from '#server/api-types';
import type { TillModel } from '../use-till.ts';
import { ConsentDialog } from './consent-dialog.tsx';
import { EquivalentsDialog } from './equivalents-dialog.tsx';
import { MenuChoice } from './menu-choice.tsx';
import { MenuDialog, type MenuDialogId } from './menu-dialog.tsx';
import { PayDialog } from './pay-dialog.tsx';
import { ClearDialog, QuantityDialog } from './quantity-dialog.tsx';
import { GiveUpRestDialog } from './refund-dialog.tsx';
import { PendingDialog, SalesDialog } from './sales-dialog.tsx';
import { VisitDialog } from './visit-dialog.tsx';

export type DialogId =
  | 'menu'
  | 'quantity'
  | 'equivalents'
  | 'clear'
  | 'give-up-rest'
  | 'recall'
  | 'pay'
  | 'consent'
  | 'sales'
  | 'visit'
  | MenuDialogId;

interface DialogsProps {
  model: TillModel;
  till: TillView;
  dialog: DialogId | undefined;
  selected: number | undefined;
  /** Found by a search, to be compared; undefined = the marked line's product is. */
  compared: ProductView | undefined;
  open: (dialog: DialogId) => void;
  /** Put away: the focus goes back where it was. */
  close: () => void;
  /** What the dialog was for is done: the focus goes to the scan box. */
  done: () => void;
}

/** The one dialog that is open over the till, if any. */
export function TillDialogs(props: DialogsProps) {
  const { model, till, close } = props;
  const { api, run } = model;
  const closeWhenDone = async (verb: Promise<FaultView | undefined>) => {
    const failed = await verb;
    // An unknown outcome has its own state on the screen: asking again would invite a second charge.
    if (failed === undefined || failed.retry === 'ambiguous') props.done();
    return failed;
  };
  const line = till.sale.lines.find(({ lineNumber }) => lineNumber === props.selected);
  switch (props.dialog) {
    case 'menu':
      return <MenuDialog model={model} open={props.open} onClose={close} />;
    case 'quantity':
      return line === undefined ? null : (
        <QuantityDialog
          line={line}
          lines={till.sale.lines}
          onClose={close}
          set={(change) => closeWhenDone(run(() => api.patch(`/api/sale/lines/${line.lineNumber}`, change)))}
        />
      );
    case 'equivalents':
      return <Alike {...props} line={line} closeWhenDone={closeWhenDone} />;
    case 'clear':
      return (
        <ClearDialog
          onClose={close}
          clear={() => void closeWhenDone(run(() => api.post('/api/sale/clear')))}
        />
      );
    case 'give-up-rest':
      return <GiveUpRestDialog model={model} sale={till.sale} onClose={close} done={props.done} />;
    case 'recall':
      return <PendingDialog model={model} onClose={close} />;
    case 'consent':
      return <Consent {...props} />;
    case 'pay':
      return till.sale.split === undefined ? null : (
        <PayDialog
          api={api}
          till={till}
          split={till.sale.split}
          onClose={close}
          pay={(body) => closeWhenDone(run(() => api.post('/api/sale/pay', body)))}
        />
      );
    case 'sales':
      return <SalesDialog model={model} onClose={close} done={props.done} />;
    case 'visit':
      return <VisitDialog model={model} till={till} onClose={close} onDone={props.done} />;
    case undefined:
      return null;
    default:
      return (
        <MenuChoice id={props.dialog} model={model} till={till} product={line?.product} onClose={close} />
      );
  }
}

function Consent({ model, till, open, close }: DialogsProps) {
  const { consent } = till.sale;
  if (consent === undefined) return null;
  return (
    <ConsentDialog
      model={model}
      till={till}
      consent={consent}
      onClose={close}
      confirm={async (own) => {
        const failed = await model.run(() => model.api.post<TillView>('/api/sale/consent', { own }));
        // What F9 was pressed for comes next.
        if (failed === undefined) open('pay');
        return failed;
      }}
    />
  );
}

function Alike(
  props: DialogsProps & {
    line: LineView | undefined;
    closeWhenDone: (verb: Promise<FaultView | undefined>) => Promise<FaultView | undefined>;
  },
) {
  const { api, run } = props.model;
  const line = props.compared === undefined ? props.line : undefined;
  const product = props.compared ?? line?.product;
  if (product === undefined) return null;
  return (
    <EquivalentsDialog
      api={api}
      product={product}
      line={line}
      onClose={props.close}
      take={(shopCode, how) =>
        props.closeWhenDone(
          run(() =>
            how === 'add' || line === undefined
              ? api.post<TillView>('/api/sale/lines', { shopCode })
              : api.patch<TillView>(`/api/sale/lines/${line.lineNumber}`, { shopCode }),
          ),
        )
      }
    />
  );
}
