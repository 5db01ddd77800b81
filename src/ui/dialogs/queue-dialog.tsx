import { useEffect, useState } from 'preact/hooks';
import type { FaultView, QueueRow, SyncAnswer } from '#server/api-types';
import { Dialog } from '../dialog.tsx';
import { FaultNote } from '../fault-note.tsx';
import { timeOf } from '../format.ts';
import { SaleChip } from '../sale-chip.tsx';
import { texts } from '../texts.ts';
import type { TillModel } from '../use-till.ts';
import { Words } from '../words.tsx';

/** Offline sales on their way to the agency, each with its state, tries and reason. */
export function QueueDialog({ model, onClose }: { model: TillModel; onClose: () => void }) {
  const { api } = model;
  const [rows, setRows] = useState<readonly QueueRow[]>([]);
  const [fault, setFault] = useState<FaultView>();
  const [result, setResult] = useState<SyncAnswer>();
  const [busy, setBusy] = useState(false);
  const revision = model.till?.revision;
  // The revision is the reason to ask again.
  useEffect(() => {
    const abort = new AbortController();
    void api.get<{ rows: QueueRow[] }>('/api/queue', abort.signal).then((answer) => {
      if (!abort.signal.aborted && answer.ok) setRows(answer.value.rows);
    });
    return () => abort.abort();
  }, [api, revision]);
  const sync = async () => {
    if (busy) return;
    setBusy(true);
    const answer = await api.post<SyncAnswer>('/api/queue/sync');
    setBusy(false);
    setFault(answer.ok ? undefined : answer.error);
    setResult(answer.ok ? answer.value : undefined);
  };
  return (
    <Dialog title="queueTitle" testId="queue-dialog" wide onClose={onClose}>
      {fault === undefined ? null : <FaultNote fault={fault} />}
      {rows.length === 0 ? (
        <p class="list-empty">
          <Words k="queueEmpty" />
        </p>
      ) : (
        <div class="list">
          {rows.map((row) => (
            <Row key={row.saleId} row={row} />
          ))}
        </div>
      )}
      {result === undefined ? null : (
        <p role="status" data-testid="sync-result">
          <Words k="syncDone" />: {texts.accepted.zh} {result.accepted} · {texts.rejected.zh}{' '}
          {result.rejected} · {texts.left.zh} {result.left}
        </p>
      )}
      <button type="button" class="primary" data-first disabled={busy} data-testid="sync" onClick={sync}>
        {busy ? <i class="spinner" aria-hidden="true" /> : <kbd>↵</kbd>} <Words k="syncNow" />
      </button>
    </Dialog>
  );
}

function Row({ row }: { row: QueueRow }) {
  return (
    <div class="list-row tall" data-testid={`queue-${row.saleId}`}>
      <span>{timeOf(row.queuedAt)}</span>
      <span class="muted">{row.saleNumber}</span>
      <SaleChip state={row.state} />
      <span class="list-note">
        {row.attempts} {texts.attempts.zh} {row.agencyText ?? ''}
      </span>
      <b class="amount">{row.account}</b>
      {row.fault === undefined ? null : <FaultNote fault={row.fault} tone="warn" />}
    </div>
  );
}
