import { useEffect, useState } from 'preact/hooks';
import type { DoctorRow, FaultView, TillView } from '#server/api-types';
import { Dialog } from '../dialog.tsx';
import { FaultNote } from '../fault-note.tsx';
import { first, nextLanguage, pageAt, SECOND, second } from '../language.ts';
import { type TextKey, texts } from '../texts.ts';
import type { TillModel } from '../use-till.ts';
import { Words } from '../words.tsx';

/** Dialogs that the menu opens. */
export type MenuDialogId =
  | 'queue'
  | 'doctor'
  | 'devices'
  | 'identity'
  | 'acting'
  | 'change-pin'
  | 'unblock'
  | 'drawer'
  | 'keys'
  | 'split-report'
  | 'mapping'
  | 'papers';

interface Item {
  readonly id: string;
  readonly label: TextKey;
  readonly run: () => void;
}

const KEYS = '123456789ABCDEFGHJKLMN';

interface MenuProps {
  readonly model: TillModel;
  readonly open: (dialog: MenuDialogId | 'equivalents') => void;
  readonly onClose: () => void;
}

/** The entries, and what became of the last one that stays in the menu. */
function useItems(props: MenuProps) {
  const { model } = props;
  const { api, run, till } = model;
  const [fault, setFault] = useState<FaultView>();
  const [done, setDone] = useState<string>();
  const verb = (act: () => ReturnType<typeof api.post<TillView>>) => () =>
    void run(act).then((failed) => (failed === undefined ? props.onClose() : setFault(failed)));
  const forced = till?.connectivity.forced === true;
  const reconcile = async () => {
    const answer = await api.post<{ proved: number; returned: number; differences: number }>(
      '/api/reconcile',
    );
    if (!answer.ok) return setFault(answer.error);
    const { proved, returned, differences } = answer.value;
    setDone(
      `${first(texts.reconcileDone)}: ${first(texts.proved)} ${proved} · ${first(texts.returned)} ${returned} · ${first(texts.differences)} ${differences}`,
    );
  };
  const opens = (id: MenuDialogId | 'equivalents', label: TextKey): Item => ({
    id,
    label,
    run: () => props.open(id),
  });
  const items: Item[] = [
    { id: 'card', label: 'menuCard', run: verb(() => api.post('/api/card/read')) },
    { id: 'drop', label: 'menuDrop', run: verb(() => api.delete('/api/holder')) },
    opens('queue', 'menuQueue'),
    {
      id: 'offline',
      label: forced ? 'menuOnline' : 'menuOffline',
      run: verb(() => api.post('/api/connectivity', { forcedOffline: !forced })),
    },
    { id: 'reconcile', label: 'menuReconcile', run: () => void reconcile() },
    opens('doctor', 'menuDoctor'),
    { id: 'close-shift', label: 'menuCloseShift', run: verb(() => api.post('/api/shift/close')) },
    { id: 'sign-out', label: 'menuSignOut', run: () => void model.signOut() },
    opens('devices', 'menuDevices'),
    opens('acting', 'menuActing'),
    ...(till?.credentials.identityNumber === true ? [opens('identity', 'menuIdentity')] : []),
    opens('change-pin', 'menuPinChange'),
    opens('unblock', 'menuUnblock'),
    opens('drawer', 'menuDrawer'),
    opens('keys', 'menuKeys'),
    opens('split-report', 'menuSplitReport'),
    opens('mapping', 'menuMapping'),
    opens('papers', 'menuPapers'),
    ...(model.shop?.session?.operator.rights.includes('look') === true
      ? [{ id: 'office', label: 'menuOffice', run: () => location.assign(pageAt('/office')) } as const]
      : []),
    { id: 'language', label: 'menuLanguage', run: () => location.assign(nextLanguage()) },
    ...(till?.sale.state === 'selling' && till.sale.lines.length > 0
      ? [opens('equivalents', 'keyEquivalents')]
      : []),
  ];
  return { items, fault, done };
}

/** The seldom verbs, by digit and letter. */
export function MenuDialog(props: MenuProps) {
  const { items, fault, done } = useItems(props);
  return (
    <Dialog
      title="menuTitle"
      testId="menu-dialog"
      wide
      onClose={props.onClose}
      onKey={(event) => {
        const place = event.key.length === 1 ? KEYS.indexOf(event.key.toUpperCase()) : -1;
        if (place >= 0) items[place]?.run();
      }}
    >
      {fault === undefined ? null : <FaultNote fault={fault} />}
      {done === undefined ? null : (
        <p role="status" class="note ok" data-testid="menu-result">
          {done}
        </p>
      )}
      <div class="menu main-menu">
        {items.map((item, index) => (
          <button
            key={item.id}
            type="button"
            class="menu-item"
            data-testid={`menu-${item.id}`}
            onClick={item.run}
            {...(index === 0 ? { 'data-first': true } : {})}
          >
            <kbd>{KEYS[index]}</kbd> <Words k={item.label} />
          </button>
        ))}
      </div>
    </Dialog>
  );
}

export function DoctorDialog({ model, onClose }: { model: TillModel; onClose: () => void }) {
  const { api } = model;
  const [rows, setRows] = useState<readonly DoctorRow[]>();
  const [fault, setFault] = useState<FaultView>();
  useEffect(() => {
    void api.get<{ rows: DoctorRow[] }>('/api/doctor').then((answer) => {
      if (answer.ok) setRows(answer.value.rows);
      else setFault(answer.error);
    });
  }, [api]);
  return (
    <Dialog title="doctorTitle" testId="doctor-dialog" wide onClose={onClose}>
      {fault === undefined ? null : <FaultNote fault={fault} />}
      {rows === undefined && fault === undefined ? (
        <p class="muted">
          <i class="spinner" aria-hidden="true" /> <Words k="doctorRunning" />
        </p>
      ) : null}
      <ul class="doctor">
        {rows?.map((row) => (
          <li
            key={`${row.part}${second(row)}`}
            class={`doctor-row ${TONE[row.state]}`}
            data-testid={`doctor-${row.part}`}
          >
            <i class="light" aria-hidden="true" />
            <span>
              {first(row)} <small lang={SECOND}>{second(row)}</small>
            </span>
            {row.fault === undefined ? null : <FaultNote fault={row.fault} tone="warn" />}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

const TONE = { ok: 'ok', warning: 'warn', fault: 'bad' } as const;
