import type { ProductView, TillView } from '#server/api-types';
import type { TillModel } from '../use-till.ts';
import { ChangePinDialog, UnblockDialog } from './card-pin-dialogs.tsx';
import { DrawerDialog, KeysDialog } from './counter-dialogs.tsx';
import { DevicesDialog } from './devices-dialog.tsx';
import { ActingDialog, IdentityDialog } from './holder-dialogs.tsx';
import { MappingDialog } from './mapping-dialog.tsx';
import { DoctorDialog, type MenuDialogId } from './menu-dialog.tsx';
import { PapersDialog } from './papers-dialog.tsx';
import { QueueDialog } from './queue-dialog.tsx';
import { SplitReportDialog } from './split-report-dialog.tsx';

/** The dialog behind an entry of the menu. */
export function MenuChoice(props: {
  id: MenuDialogId;
  model: TillModel;
  till: TillView;
  /** Of the marked line. */
  product: ProductView | undefined;
  onClose: () => void;
}) {
  const { model, till, onClose } = props;
  switch (props.id) {
    case 'queue':
      return <QueueDialog model={model} onClose={onClose} />;
    case 'doctor':
      return <DoctorDialog model={model} onClose={onClose} />;
    case 'devices':
      return <DevicesDialog till={till} onClose={onClose} />;
    case 'mapping':
      return <MappingDialog model={model} onClose={onClose} />;
    case 'papers':
      return <PapersDialog model={model} till={till} product={props.product} onClose={onClose} />;
    case 'split-report':
      return <SplitReportDialog model={model} onClose={onClose} />;
    case 'identity':
      return <IdentityDialog model={model} onClose={onClose} />;
    case 'acting':
      return <ActingDialog model={model} till={till} onClose={onClose} />;
    case 'change-pin':
      return <ChangePinDialog model={model} till={till} onClose={onClose} />;
    case 'unblock':
      return <UnblockDialog model={model} onClose={onClose} />;
    case 'drawer':
      return <DrawerDialog model={model} onClose={onClose} />;
    case 'keys':
      return <KeysDialog model={model} onClose={onClose} />;
  }
}
