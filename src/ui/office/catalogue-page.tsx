import { useEffect, useState } from 'preact/hooks';
import type { CatalogStateAnswer, FaultView } from '#server/api-types';
import { BusyButton } from '../busy-button.tsx';
import { FaultNote } from '../fault-note.tsx';
import { first, told } from '../language.ts';
import type { TillModel } from '../use-till.ts';
import { Words } from '../words.tsx';
import { Waiting } from './day-field.tsx';
import { OwnList } from './own-list.tsx';
import type { PageProps } from './page-props.ts';
import type { OfficeKey } from './texts.ts';
import { type Loaded, useLoaded } from './use-loaded.ts';
import { W } from './words.tsx';

const LOOK_MS = 1_000;
const PHASES: Readonly<Record<CatalogStateAnswer['phase'], OfficeKey>> = {
  off: 'phaseOff',
  idle: 'phaseIdle',
  waiting: 'phaseWaiting',
  fetching: 'phaseFetching',
  building: 'phaseBuilding',
  switching: 'phaseSwitching',
};
const RUNNING: ReadonlySet<string> = new Set(['waiting', 'fetching', 'building', 'switching']);

/** The shop's own list and the agency's tables, with the versions in use and a download's progress. */
export function CataloguePage({ model, mayChange }: PageProps) {
  const state = useLoaded<CatalogStateAnswer>(model.api, '/api/catalog/state');
  const running = state.value !== undefined && RUNNING.has(state.value.phase);
  const { reload } = state;
  useEffect(() => {
    if (!running) return;
    const timer = window.setTimeout(reload, LOOK_MS);
    return () => window.clearTimeout(timer);
  }, [running, state.value, reload]);
  return (
    <div class="cards">
      <OwnList model={model} mayChange={mayChange} />
      {state.fault === undefined ? null : <FaultNote fault={state.fault} />}
      {state.value === undefined ? (
        <Waiting />
      ) : (
        <AgencyTables
          model={model}
          mayChange={mayChange}
          state={state}
          value={state.value}
          running={running}
        />
      )}
    </div>
  );
}

function AgencyTables(props: {
  model: TillModel;
  mayChange: boolean;
  state: Loaded<CatalogStateAnswer>;
  value: CatalogStateAnswer;
  running: boolean;
}) {
  const { value, running } = props;
  const [fault, setFault] = useState<FaultView>();
  const download = async () => {
    const answer = await props.model.api.post<CatalogStateAnswer>('/api/catalog/download');
    setFault(answer.ok ? undefined : answer.error);
    if (answer.ok) props.state.set(answer.value);
  };
  return (
    <section class="card" data-testid="agency-tables" data-phase={value.phase}>
      <h3>
        <W k="agencyCatalogue" />
      </h3>
      <dl class="facts">
        <Fact k="version" value={value.version ?? '—'} />
        <Fact k="lastDone" value={value.lastDone ?? '—'} />
        <Fact k="nextTime" value={value.next ?? '—'} />
      </dl>
      <p role="status" class="progress-line">
        <W k={PHASES[value.phase]} />
        {running ? <progress max={100} value={value.percent} /> : null}
        {running ? ` ${value.percent} % · ${value.tableZh ?? ''} ${value.rows}` : ''}
      </p>
      {value.lastFault === undefined ? null : <FaultNote fault={value.lastFault} tone="warn" />}
      {fault === undefined ? null : <FaultNote fault={fault} />}
      <Skipped value={value} />
      {props.mayChange && value.phase !== 'off' ? (
        <BusyButton
          type="button"
          class="primary narrow"
          busy={running}
          data-testid="download"
          onClick={() => void download()}
        >
          <W k="download" />
        </BusyButton>
      ) : null}
    </section>
  );
}

function Skipped({ value: { skipped, problems } }: { value: CatalogStateAnswer }) {
  return (
    <>
      {skipped.length === 0 ? null : (
        <div>
          <h4>
            <W k="skipped" />
          </h4>
          <ul>
            {skipped.map(({ table, tableZh, fault, agencyText }) => (
              <li key={table}>
                {table} {tableZh}: {first(told(fault.zh, fault.en))} <small>{agencyText}</small>
              </li>
            ))}
          </ul>
        </div>
      )}
      {problems.length === 0 ? null : (
        <div>
          <h4>
            <W k="importProblems" /> {problems.length}
          </h4>
          <ul>
            {problems.slice(0, 20).map(({ table, line, zh, en }) => (
              <li key={`${table} ${line}`}>
                {table}:{line} <Words text={told(zh, en)} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

function Fact({ k, value }: { k: OfficeKey; value: string }) {
  return (
    <div>
      <dt>
        <W k={k} />
      </dt>
      <dd class="digits">{value}</dd>
    </div>
  );
}
