import { useCallback, useEffect, useState } from 'preact/hooks';
import type { FaultView, MappingRow, MappingsAnswer } from '#server/api-types';
import { Dialog } from '../dialog.tsx';
import { FaultNote } from '../fault-note.tsx';
import { type TextKey, texts } from '../texts.ts';
import type { TillModel } from '../use-till.ts';
import { Words } from '../words.tsx';
import { MappingChoices } from './mapping-choices.tsx';

/** Which keys act on the whole list. */
const MATCH_KEY = 'm';
const UPLOAD_KEY = 'u';

function useMappings(model: TillModel) {
  const { api } = model;
  const [list, setList] = useState<MappingsAnswer>();
  const [fault, setFault] = useState<FaultView>();
  const [busy, setBusy] = useState<TextKey>();
  const [done, setDone] = useState<string>();
  const load = useCallback(async () => {
    const answer = await api.get<MappingsAnswer>('/api/mappings');
    if (answer.ok) setList(answer.value);
    else setFault(answer.error);
  }, [api]);
  useEffect(() => void load(), [load]);
  const run = async (what: TextKey, path: string) => {
    if (busy !== undefined) return;
    setBusy(what);
    const answer = await api.post<Record<string, number>>(path);
    setBusy(undefined);
    setFault(answer.ok ? undefined : answer.error);
    setDone(answer.ok ? summary(answer.value) : undefined);
    await load();
  };
  const decide = async (row: MappingRow, nationalCode: string | null) => {
    const path = `/api/mappings/${encodeURIComponent(row.shopCode)}`;
    const answer = await api.put<MappingRow>(path, { nationalCode });
    setFault(answer.ok ? undefined : answer.error);
    await load();
  };
  return { list, fault, busy, done, run, decide };
}

/** Own items and their national codes: the program proposes, people decide, the agency is told. */
export function MappingDialog({ model, onClose }: { model: TillModel; onClose: () => void }) {
  const { list, fault, busy, done, run, decide } = useMappings(model);
  const [marked, setMarked] = useState(0);
  const rows = list?.rows ?? [];
  const index = Math.min(marked, rows.length - 1);
  const row = rows[index];
  const match = () => void run('mappingMatching', '/api/mappings/match');
  const upload = () => void run('mappingUploading', '/api/mappings/upload');
  const key = (event: KeyboardEvent) => {
    const step = { ArrowUp: -1, ArrowDown: 1, PageUp: -8, PageDown: 8 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setMarked(Math.max(0, Math.min(rows.length - 1, index + step)));
    } else if (event.key.toLowerCase() === MATCH_KEY) match();
    else if (event.key.toLowerCase() === UPLOAD_KEY) upload();
    else if (row !== undefined) choose(event.key, row, decide);
  };
  return (
    <Dialog title="mappingTitle" testId="mapping-dialog" wide onClose={onClose} onKey={key}>
      {fault === undefined ? null : <FaultNote fault={fault} />}
      <p data-testid="mapping-counts">
        {(['proposed', 'confirmed', 'uploaded', 'refused'] as const).map((state) => (
          <span key={state} class="mapping-count">
            <Words k={STATES[state]} /> <b>{list?.counts[state] ?? 0}</b>
          </span>
        ))}
      </p>
      {busy === undefined ? null : (
        <p role="status">
          <i class="spinner" aria-hidden="true" /> <Words k={busy} />
        </p>
      )}
      {done === undefined ? null : (
        <p role="status" class="note ok" data-testid="mapping-result">
          {done}
        </p>
      )}
      {list !== undefined && rows.length === 0 ? (
        <p class="list-empty">
          <Words k="mappingNone" />
        </p>
      ) : null}
      <div
        class="list mapping-list"
        role="listbox"
        tabIndex={0}
        data-first
        aria-label={texts.mappingTitle.zh}
      >
        {rows.map((each, place) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the dialog takes the keys
          <div
            key={each.shopCode}
            role="option"
            tabIndex={-1}
            aria-selected={place === index}
            class={place === index ? 'list-row mapping-row marked' : 'list-row mapping-row'}
            data-testid={`mapping-${each.shopCode}`}
            onClick={() => setMarked(place)}
          >
            <span class="muted">{each.shopCode}</span>
            <span>
              {each.name} {each.specification} <small class="muted">{each.maker}</small>
            </span>
            <Words k={STATES[each.state]} />
          </div>
        ))}
      </div>
      {row === undefined ? null : <MappingChoices row={row} decide={(code) => void decide(row, code)} />}
      <div class="list-actions">
        <button
          type="button"
          class="key-button"
          disabled={busy !== undefined}
          data-testid="mapping-match"
          onClick={match}
        >
          <kbd>M</kbd> <Words k="mappingMatch" />
        </button>
        <button
          type="button"
          class="key-button"
          disabled={busy !== undefined}
          data-testid="mapping-upload"
          onClick={upload}
        >
          <kbd>U</kbd> <Words k="mappingUpload" />
        </button>
      </div>
    </Dialog>
  );
}

/** Enter takes the proposal, a digit one of the others, N says that there is no code. */
function choose(
  key: string,
  row: MappingRow,
  decide: (row: MappingRow, nationalCode: string | null) => Promise<void>,
): void {
  const other = /^[1-5]$/.test(key) ? row.others[Number(key) - 1] : undefined;
  if (key === 'Enter' && row.choice !== undefined) void decide(row, row.choice.nationalCode);
  else if (key.toLowerCase() === 'n') void decide(row, null);
  else if (other !== undefined) void decide(row, other.nationalCode);
}

function summary(counts: Record<string, number>): string {
  const words: Readonly<Record<string, TextKey>> = {
    looked: 'mappingLooked',
    confirmed: 'mappingConfirmed',
    proposed: 'mappingProposed',
    uploaded: 'mappingUploaded',
    refused: 'mappingRefused',
    left: 'left',
  };
  return Object.entries(counts)
    .map(([name, count]) => `${texts[words[name] ?? 'left'].zh} ${count}`)
    .join(' · ');
}

const STATES = {
  proposed: 'mappingProposed',
  confirmed: 'mappingConfirmed',
  uploaded: 'mappingUploaded',
  refused: 'mappingRefused',
  declined: 'mappingDeclined',
  revoking: 'mappingRevoking',
  revoked: 'mappingRevoked',
} as const satisfies Record<MappingRow['state'], TextKey>;
