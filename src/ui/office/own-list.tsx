import { useEffect, useState } from 'preact/hooks';
import type { FaultView, ListAnswer, TillView } from '#server/api-types';
import type { Answer } from '../api.ts';
import { FaultNote } from '../fault-note.tsx';
import { told } from '../language.ts';
import { Words } from '../words.tsx';
import { Waiting } from './day-field.tsx';
import { ListColumns } from './list-columns.tsx';
import { ListVersions } from './list-versions.tsx';
import type { PageProps } from './page-props.ts';
import type { OfficeKey } from './texts.ts';
import { useLoaded } from './use-loaded.ts';
import { W } from './words.tsx';

const URL = '/api/catalog/list';
const LOOK_MS = 500;
const STEPS: Readonly<Record<NonNullable<ListAnswer['step']>, OfficeKey>> = {
  reading: 'buildReading',
  rows: 'buildRows',
  index: 'buildIndex',
  sync: 'buildSync',
};

/** The shop's own list: a file is chosen, its columns confirmed, imported; older versions can be used again. */
export function OwnList({ model, mayChange }: PageProps) {
  const { api } = model;
  const state = useLoaded<ListAnswer>(api, URL);
  const [fault, setFault] = useState<FaultView>();
  const { value, reload } = state;
  const isWorking = value?.phase === 'reading' || value?.phase === 'building';
  useEffect(() => {
    if (!isWorking) return;
    const timer = window.setTimeout(reload, LOOK_MS);
    return () => window.clearTimeout(timer);
  }, [isWorking, value, reload]);
  const take = (answer: Answer<ListAnswer>) => {
    setFault(answer.ok ? undefined : answer.error);
    if (answer.ok) state.set(answer.value);
    else reload();
  };
  const offer = (file: File) => {
    if (value !== undefined) state.set({ ...value, phase: 'reading' });
    void api.upload<ListAnswer>(`${URL}?name=${encodeURIComponent(file.name)}`, file).then(take);
  };
  const use = async (version: string) => {
    const answer = await api.post<TillView>('/api/catalog/use', { version });
    setFault(answer.ok ? undefined : answer.error);
    reload();
  };
  return (
    <section class="card" data-testid="own-list" data-phase={value?.phase}>
      <h3>
        <W k="shopCatalogue" />
      </h3>
      {state.fault === undefined ? null : <FaultNote fault={state.fault} />}
      {value === undefined ? (
        <Waiting />
      ) : (
        <>
          <Offer value={value} mayChange={mayChange} offer={offer} />
          {value.phase === 'confirming' && mayChange ? (
            <ListColumns
              value={value}
              drop={() => void api.delete<ListAnswer>(URL).then(take)}
              confirm={(columns) => void api.post<ListAnswer>(`${URL}/import`, { columns }).then(take)}
            />
          ) : null}
          {fault === undefined ? null : <FaultNote fault={fault} />}
          <Outcome value={value} />
          <ListVersions versions={value.versions} {...(mayChange ? { use } : {})} />
        </>
      )}
    </section>
  );
}

/** The file to choose, or how far the last one is. */
function Offer(props: { value: ListAnswer; mayChange: boolean; offer: (file: File) => void }) {
  const { value, mayChange, offer } = props;
  if (value.phase === 'off')
    return (
      <p class="muted small">
        <W k="importHint" />
      </p>
    );
  if (value.phase === 'reading' || value.phase === 'building')
    return (
      <p role="status" class="progress-line">
        <b>{value.fileName}</b>
        <W k={value.phase === 'reading' ? 'readingList' : STEPS[value.step ?? 'reading']} />
        <progress max={100} {...(value.step === undefined ? {} : { value: value.percent })} />
      </p>
    );
  if (value.phase === 'confirming' || !mayChange) return null;
  return (
    <label class="key-button file-field">
      <W k="chooseList" />
      <input
        type="file"
        accept=".xlsx,.csv,.tsv,.txt"
        data-testid="list-file"
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          if (file !== undefined) offer(file);
        }}
      />
    </label>
  );
}

/** What became of the last list. */
function Outcome({ value: { phase, report, lastFault } }: { value: ListAnswer }) {
  if (phase !== 'idle' || report === undefined) return null;
  const good = report.version !== undefined;
  return (
    <div data-testid="list-report" role="status">
      <p class={good ? 'note ok' : 'note warn'}>
        <b>{report.fileName}</b> · <W k={good ? 'imported' : 'notImported'} /> · <W k="rowsRead" />{' '}
        {report.rowsRead} · <W k="products" /> {report.products} · <W k="problems" /> {report.problemCount}
      </p>
      {good || lastFault === undefined ? null : <FaultNote fault={lastFault} />}
      {report.problems.length === 0 ? null : (
        <ul class="small">
          {report.problems.slice(0, 20).map(({ line, column, value, zh, en }) => (
            <li key={`${line} ${column}`}>
              <W k="line" /> {line} {column} {value === undefined ? '' : `“${value}” `}
              <Words text={told(zh, en)} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
