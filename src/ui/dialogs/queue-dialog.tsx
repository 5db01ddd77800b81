import { useEffect, useState } from 'preact/hooks';
import type { FaultView, QueueRow, SyncAnswer, TillView } from '#server/api-types';
import { BusyButton } from '../busy-button.tsx';
import { Dialog } from '../dialog.tsx';
import { FaultNote } from '../fault-note.tsx';
import { first } from '../language.ts';
import { texts } from '../texts.ts';
import type { TillModel } from '../use-till.ts';
import { Words } from '../words.tsx';
import { DecisionDialog } from './decision-dialog.tsx';
import { QueueList } from './queue-list.tsx';

/** What can be done about the queue, and what became of it. */
function useQueueWork(model: TillModel) {
  const { api, run } = model;
  const rows = useQueue(model);
  const [fault, setFault] = useState<FaultView>();
  const [result, setResult] = useState<SyncAnswer>();
  const [busy, setBusy] = useState(false);
  const [deciding, setDeciding] = useState<QueueRow>();
  const sync = async () => {
    if (busy) return;
    setBusy(true);
    const answer = await api.post<SyncAnswer>('/api/queue/sync');
    setBusy(false);
    setFault(answer.ok ? undefined : answer.error);
    setResult(answer.ok ? answer.value : undefined);
  };
  const note = ({ saleId }: QueueRow) =>
    void run(() => api.post<TillView>(`/api/queue/${saleId}/note`)).then(setFault);
  return { rows, fault, result, busy, deciding, setDeciding, sync, note };
}

type QueueWork = ReturnType<typeof useQueueWork>;

/** Offline sales on their way to the agency: what needs a person first, each with its reason and deadline. */
export function QueueDialog({ model, onClose }: { model: TillModel; onClose: () => void }) {
  const work = useQueueWork(model);
  if (work.deciding !== undefined) return <Decision model={model} work={work} row={work.deciding} />;
  return (
    <Dialog title="queueTitle" testId="queue-dialog" wide onClose={onClose}>
      <QueueBody work={work} queue={model.till?.queue} mayChange />
    </Dialog>
  );
}

/** The same as a page of the back office; whoever may only look has no keys for it. */
export function QueuePanel({ model, mayChange }: { model: TillModel; mayChange: boolean }) {
  const work = useQueueWork(model);
  return (
    <div data-testid="queue-panel">
      <QueueBody work={work} queue={model.till?.queue} mayChange={mayChange} />
      {work.deciding === undefined ? null : <Decision model={model} work={work} row={work.deciding} />}
    </div>
  );
}

function Decision({ model, work, row }: { model: TillModel; work: QueueWork; row: QueueRow }) {
  const { saleId, saleNumber, decisions, effect, account } = row;
  const sale = { saleId, saleNumber, total: effect ?? account, decisions };
  return <DecisionDialog model={model} sale={sale} onClose={() => work.setDeciding(undefined)} />;
}

function QueueBody(props: { work: QueueWork; queue: TillView['queue'] | undefined; mayChange: boolean }) {
  const { fault, result, busy, setDeciding, sync, note } = props.work;
  const { mayChange } = props;
  const rows = mayChange
    ? props.work.rows
    : props.work.rows.map(({ decisions: _none, ...row }) => ({ ...row, noted: true }));
  return (
    <>
      {fault === undefined ? null : <FaultNote fault={fault} />}
      <UploadBar queue={props.queue} />
      <QueueList rows={rows} decide={setDeciding} note={note} sync={mayChange ? sync : () => undefined} />
      {result === undefined ? null : (
        <p role="status" data-testid="sync-result">
          <Words k="syncDone" />: {first(texts.accepted)} {result.accepted} · {first(texts.rejected)}{' '}
          {result.rejected} · {first(texts.left)} {result.left}
        </p>
      )}
      {mayChange ? (
        <BusyButton
          type="button"
          class="primary"
          {...(rows.length === 0 ? { 'data-first': true } : {})}
          busy={busy}
          data-testid="sync"
          onClick={sync}
        >
          {busy ? <i class="spinner" aria-hidden="true" /> : <kbd>↵</kbd>} <Words k="syncNow" />
        </BusyButton>
      ) : null}
    </>
  );
}

/** How many of how many, how fast, and about how long still. */
function UploadBar({ queue }: { queue: TillView['queue'] | undefined }) {
  const progress = queue?.progress;
  if (progress === undefined) return null;
  const { done, total, perMinute, secondsLeft } = progress;
  return (
    <p class="upload-bar" role="status" data-testid="upload-progress">
      <progress max={total} value={done} /> {done} / {total} · {perMinute} {first(texts.uploadRate)}
      {secondsLeft === undefined
        ? ''
        : ` · ${first(texts.uploadTimeLeft)} ${secondsLeft} ${first(texts.seconds)}`}
    </p>
  );
}

/** Asked again at each change of the till. */
function useQueue({ api, till }: TillModel): readonly QueueRow[] {
  const [rows, setRows] = useState<readonly QueueRow[]>([]);
  const revision = till?.revision;
  // The revision is the reason to ask again.
  useEffect(() => {
    const abort = new AbortController();
    void api.get<{ rows: QueueRow[] }>('/api/queue', abort.signal).then((answer) => {
      if (!abort.signal.aborted && answer.ok) setRows(answer.value.rows);
    });
    return () => abort.abort();
  }, [api, revision]);
  return rows;
}
