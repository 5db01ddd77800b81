import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { FaultView, MappingRow, MappingsAnswer } from '#server/api-types';
import { BusyButton } from '../busy-button.tsx';
import { Dialog } from '../dialog.tsx';
import { FaultNote } from '../fault-note.tsx';
import { first } from '../language.ts';
import { type TextKey, texts } from '../texts.ts';
import type { TillModel } from '../use-till.ts';
import { Words } from '../words.tsx';
import { MappingChoices } from './mapping-choices.tsx';

/** Which keys act on the whole list. */
const MATCH_KEY = 'm';
const UPLOAD_KEY = 'u';
const VIEW_KEY = 'v';
const REVOKE_KEY = 'r';

/** What the list shows: all that waits for somebody, or one state, so that a wrong code can be found and declined. */
const VIEWS = ['waiting', 'confirmed', 'uploaded', 'declined'] as const;
type View = (typeof VIEWS)[number];

function useMappings(model: TillModel) {
  const { api } = model;
  const [list, setList] = useState<MappingsAnswer>();
  const [fault, setFault] = useState<FaultView>();
  const [busy, setBusy] = useState<TextKey>();
  const [done, setDone] = useState<string>();
  const [view, setView] = useState<View>('waiting');
  const load = useCallback(async () => {
    const state = view === 'waiting' ? '' : `?state=${view}`;
    const answer = await api.get<MappingsAnswer>(`/api/mappings${state}`);
    if (answer.ok) setList(answer.value);
    else setFault(answer.error);
  }, [api, view]);
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
  const revoke = async (row: MappingRow) => {
    const answer = await api.delete<MappingRow>(`/api/mappings/${encodeURIComponent(row.shopCode)}`);
    setFault(answer.ok ? undefined : answer.error);
    await load();
  };
  return { list, fault, busy, done, view, setView, run, decide, revoke };
}

/** Own items and their national codes: the program proposes, people decide, the agency is told. */
export function MappingDialog({ model, onClose }: { model: TillModel; onClose: () => void }) {
  const { list, fault, busy, done, view, setView, run, decide, revoke } = useMappings(model);
  const [marked, setMarked] = useState(0);
  const rows = list?.rows ?? [];
  const index = Math.min(marked, rows.length - 1);
  const row = rows[index];
  const show = (next: View = 'waiting') => {
    setMarked(0);
    setView(next);
  };
  const match = () => void run('mappingMatching', '/api/mappings/match');
  const upload = () => void run('mappingUploading', '/api/mappings/upload');
  const key = (event: KeyboardEvent) => {
    const step = { ArrowUp: -1, ArrowDown: 1, PageUp: -8, PageDown: 8 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setMarked(Math.max(0, Math.min(rows.length - 1, index + step)));
    } else if (event.key.toLowerCase() === MATCH_KEY) match();
    else if (event.key.toLowerCase() === UPLOAD_KEY) upload();
    else if (event.key.toLowerCase() === VIEW_KEY) show(VIEWS[(VIEWS.indexOf(view) + 1) % VIEWS.length]);
    else if (event.key.toLowerCase() === REVOKE_KEY && row?.state === 'uploaded') void revoke(row);
    else if (row !== undefined) choose(event.key, row, decide);
  };
  return (
    <Dialog title="mappingTitle" testId="mapping-dialog" wide onClose={onClose} onKey={key}>
      {fault === undefined ? null : <FaultNote fault={fault} />}
      <Counts counts={list?.counts} view={view} show={show} />
      <News busy={busy} done={done} />
      {list !== undefined && rows.length === 0 ? (
        <p class="list-empty">
          <Words k="mappingNone" />
        </p>
      ) : null}
      {rows.length === 0 ? null : <Rows rows={rows} marked={index} mark={setMarked} />}
      {row === undefined ? null : <MappingChoices row={row} decide={(code) => void decide(row, code)} />}
      <div class="list-actions">
        <Button
          keyName="M"
          label="mappingMatch"
          testId="mapping-match"
          busy={busy !== undefined}
          run={match}
        />
        <Button
          keyName="U"
          label="mappingUpload"
          testId="mapping-upload"
          busy={busy !== undefined}
          run={upload}
        />
        {row?.state === 'uploaded' ? (
          <Button
            keyName="R"
            label="mappingRevoke"
            testId="mapping-revoke"
            busy={busy !== undefined}
            run={() => void revoke(row)}
          />
        ) : null}
      </div>
    </Dialog>
  );
}

/** What runs now, and what became of the last run. */
function News({ busy, done }: { busy: TextKey | undefined; done: string | undefined }) {
  return (
    <>
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
    </>
  );
}

/** How many there are of each; V goes from one to the next. */
function Counts(props: {
  counts: MappingsAnswer['counts'] | undefined;
  view: View;
  show: (view: View) => void;
}) {
  const { counts, view, show } = props;
  const count = (of: View) =>
    of === 'waiting'
      ? (counts?.proposed ?? 0) + (counts?.refused ?? 0) + (counts?.revoking ?? 0)
      : (counts?.[of] ?? 0);
  return (
    <div class="mapping-views" data-testid="mapping-counts">
      <kbd>V</kbd>
      {VIEWS.map((each) => (
        <button
          key={each}
          type="button"
          class={each === view ? 'mode chosen' : 'mode'}
          aria-pressed={each === view}
          data-testid={`mapping-view-${each}`}
          onClick={() => show(each)}
        >
          <Words k={each === 'waiting' ? 'mappingWaiting' : STATES[each]} /> <b>{count(each)}</b>
        </button>
      ))}
    </div>
  );
}

function Rows(props: { rows: readonly MappingRow[]; marked: number; mark: (place: number) => void }) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => box.current?.focus(), []);
  useEffect(() => {
    box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [props.marked]);
  return (
    <div
      ref={box}
      class="list mapping-list"
      role="listbox"
      tabIndex={0}
      aria-label={first(texts.mappingTitle)}
    >
      {props.rows.map((row, place) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the dialog takes the keys
        <div
          key={row.shopCode}
          role="option"
          tabIndex={-1}
          aria-selected={place === props.marked}
          class={place === props.marked ? 'list-row mapping-row marked' : 'list-row mapping-row'}
          data-testid={`mapping-${row.shopCode}`}
          onClick={() => props.mark(place)}
        >
          <span class="muted">{row.shopCode}</span>
          <span>
            {row.name} {row.specification} <small class="muted">{row.maker}</small>
          </span>
          <Words k={STATES[row.state]} />
        </div>
      ))}
    </div>
  );
}

function Button(props: { keyName: string; label: TextKey; testId: string; busy: boolean; run: () => void }) {
  return (
    <BusyButton
      type="button"
      class="key-button"
      busy={props.busy}
      data-testid={props.testId}
      onClick={props.run}
    >
      <kbd>{props.keyName}</kbd> <Words k={props.label} />
    </BusyButton>
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
    .map(([name, count]) => `${first(texts[words[name] ?? 'left'])} ${count}`)
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
