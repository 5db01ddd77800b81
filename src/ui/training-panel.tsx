import { useLayoutEffect, useRef } from 'preact/hooks';
import type { AgencyFaultKind, TrainingState } from '#server/api-types';
import type { Api } from './api.ts';
import { type Text, texts } from './texts.ts';
import { spoken, Words } from './words.tsx';

const FAULTS: Record<AgencyFaultKind, Text> = {
  none: texts.faultNone,
  cut: texts.faultCut,
  delay: texts.faultDelay,
  'lose-request': texts.faultLoseRequest,
  'lose-reply': texts.faultLoseReply,
  'reply-twice': texts.faultReplyTwice,
  'late-after-reversal': texts.faultLate,
  garbage: texts.faultGarbage,
  'server-error': texts.faultServerError,
  'wrong-sums': texts.faultWrongSums,
  'wrong-clock': texts.faultWrongClock,
};

/** The controls beside the sale: F12 puts the focus here and takes it back to the scan box. */
export function TrainingSide(props: { api: Api; state: TrainingState; leave: () => void }) {
  const box = useRef<HTMLElement>(null);
  const { leave } = props;
  useLayoutEffect(() => {
    box.current?.querySelector('button')?.focus();
    return leave;
  }, []);
  return (
    <aside ref={box} class="side" aria-label={spoken('keyTraining')} data-testid="training-side">
      <header class="side-head">
        <h2>
          <Words k="keyTraining" />
        </h2>
        <a href="/training" target="_blank" rel="noopener">
          <Words k="openBeside" />
        </a>
      </header>
      <TrainingPanel api={props.api} state={props.state} />
    </aside>
  );
}

/** Switches of the simulated devices and agency, and the paper that came out of the printer. */
export function TrainingPanel({ api, state }: { api: Api; state: TrainingState }) {
  return (
    <div class="training" data-testid="training">
      <Cards api={api} state={state} />
      <section>
        <h3>
          <Words k="agencyFaults" />
        </h3>
        <div class="switches">
          {(Object.keys(FAULTS) as AgencyFaultKind[]).map((kind) => (
            <button
              key={kind}
              type="button"
              class={switchClass(kind, state.agencyFault)}
              aria-pressed={kind === state.agencyFault}
              data-testid={`agency-fault-${kind}`}
              onClick={() => void api.post('/api/training/agency-fault', { fault: kind })}
            >
              <Words text={FAULTS[kind]} />
            </button>
          ))}
        </div>
      </section>
      <section>
        <h3>
          <Words k="printerSwitches" />
        </h3>
        <div class="switches">
          {(['paperOut', 'coverOpen', 'unplugged'] as const).map((name) => (
            <button
              key={name}
              type="button"
              class={state.printer[name] ? 'switch on' : 'switch'}
              aria-pressed={state.printer[name]}
              data-testid={`printer-${name}`}
              onClick={() => void api.post('/api/training/printer', { [name]: !state.printer[name] })}
            >
              <Words k={name} />
            </button>
          ))}
        </div>
      </section>
      <Slips state={state} />
    </div>
  );
}

function switchClass(kind: AgencyFaultKind, current: AgencyFaultKind): string {
  if (kind !== current) return 'switch';
  return kind === 'none' ? 'switch on calm' : 'switch on';
}

function Cards({ api, state }: { api: Api; state: TrainingState }) {
  return (
    <section>
      <h3>
        <Words k="trainingCards" />
      </h3>
      <div class="training-cards">
        {state.cards.map((card) => {
          const inserted = card.id === state.insertedCardId;
          return (
            <button
              key={card.id}
              type="button"
              class={inserted ? 'training-card inserted' : 'training-card'}
              aria-pressed={inserted}
              data-testid={`card-${card.id}`}
              onClick={() => void api.post('/api/training/card', { cardId: inserted ? null : card.id })}
            >
              <b>{card.titleZh}</b>
              <small lang="en">{card.titleEn}</small>
              <span class="training-card-foot">
                {inserted ? texts.inserted.zh : texts.insert.zh}
                {card.pin === '' ? null : <b> PIN {card.pin}</b>}
              </span>
            </button>
          );
        })}
      </div>
    </section>
  );
}

function Slips({ state }: { state: TrainingState }) {
  const slips = [...state.slips].sort((a, b) => b.printedAtMs - a.printedAtMs);
  return (
    <section>
      <h3>
        <Words k="slips" /> <b>{state.slips.length}</b>
      </h3>
      {state.slips.length === 0 ? (
        <p class="muted small">
          <Words k="noSlips" />
        </p>
      ) : null}
      <div class="slips">
        {slips.map((slip, index) => (
          <img
            key={slip.id}
            class="slip-paper"
            src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(slip.svg)}`}
            alt={`${texts.slip.zh} ${index + 1}`}
            data-testid={`slip-${slip.id}`}
          />
        ))}
      </div>
    </section>
  );
}
