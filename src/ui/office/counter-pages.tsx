import { DeviceList } from '../dialogs/devices-dialog.tsx';
import { QueuePanel } from '../dialogs/queue-dialog.tsx';
import { Waiting } from './day-field.tsx';
import type { PageProps } from './page-props.ts';

/** Every device of the counter, as the till's own list shows them. */
export function DevicesPage({ model: { till } }: PageProps) {
  return till === undefined ? <Waiting /> : <DeviceList till={till} />;
}

/** Offline sales on their way, and the work-list; an inspector sees it without its keys. */
export function QueuePage({ model, mayChange }: PageProps) {
  return model.till === undefined ? <Waiting /> : <QueuePanel model={model} mayChange={mayChange} />;
}
