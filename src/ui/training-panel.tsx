import { useLayoutEffect, useRef } from 'preact/hooks';
import type { AgencyFaultKind, TrainingState } from '#server/api-types';
import type { Api } from './api.ts';
import { first, pageAt, SECOND, second, type Text, told } from './language.ts';
import { texts } from './texts.ts';
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
        <a href={pageAt('/training')} target="_blank" rel="noopener">
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
      <Certificates api={api} state={state} />
      {state.pinPad === undefined ? null : <Pad api={api} pad={state.pinPad} />}
      <section>
        <h2>
          <Words k="agencyFaults" />
        </h2>
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
        <h2>
          <Words k="printerSwitches" />
        </h2>
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
      <h2>
        <Words k="trainingCards" />
      </h2>
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
              <b>{first(told(card.titleZh, card.titleEn))}</b>
              <small lang={SECOND}>{second(told(card.titleZh, card.titleEn))}</small>
              <span class="training-card-foot">
                {inserted ? first(texts.inserted) : first(texts.insert)}
                {card.pin === '' ? null : <b> PIN {card.pin}</b>}
              </span>
            </button>
          );
        })}
      </div>
    </section>
  );
}

/** The customers' telephones: any holder may show the certificate instead of the card. */
function Certificates({ api, state }: { api: Api; state: TrainingState }) {
  const { certificate } = state;
  return (
    <section>
      <h2>
        <Words k="certificates" />
      </h2>
      <div class="switches">
        {state.cards
          .filter(({ pin }) => pin !== '')
          .map((card) => (
            <button
              key={card.id}
              type="button"
              class={card.id === certificate?.cardId ? 'switch on calm' : 'switch'}
              data-testid={`certificate-${card.id}`}
              onClick={() => void api.post('/api/training/certificate', { cardId: card.id })}
            >
              {first(told(card.titleZh, card.titleEn))}
            </button>
          ))}
      </div>
      {certificate === null ? null : (
        <div class="phone">
          <img
            src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(certificate.svg)}`}
            alt={spoken('certificates')}
            data-testid="certificate-qr"
          />
          <button
            type="button"
            class="switch"
            data-testid="certificate-scan"
            onClick={() => void api.post('/api/scan', { code: certificate.qrText })}
          >
            <Words k="scanCertificate" />
          </button>
        </div>
      )}
    </section>
  );
}

const PAD_KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'cancel', '0', 'clear', 'enter'] as const;
const PAD_WORDS = { cancel: texts.padKeyCancel, clear: texts.padKeyClear, enter: texts.padKeyEnter } as const;

/** The PIN pad before the customer: keys to press, also by the keyboard while one of them has the focus. */
function Pad({ api, pad }: { api: Api; pad: NonNullable<TrainingState['pinPad']> }) {
  const press = (key: (typeof PAD_KEYS)[number]) => void api.post('/api/training/pin-pad/key', { key });
  const typed = (event: KeyboardEvent) => {
    const named = { Backspace: 'clear', Escape: 'cancel' }[event.key] ?? event.key;
    const key = PAD_KEYS.find((candidate) => candidate === named);
    if (key === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    press(key);
  };
  return (
    <section>
      <h2>
        <Words k="virtualPad" />
      </h2>
      <div class="pad" data-testid="pad" data-scan="none">
        <output class="pad-screen" data-testid="pad-screen">
          {pad.unplugged ? '—' : pad.screen.join('\n')}
        </output>
        <fieldset class="pad-keys" onKeyDown={typed}>
          {PAD_KEYS.map((key) => (
            <button key={key} type="button" data-testid={`pad-${key}`} onClick={() => press(key)}>
              {key in PAD_WORDS ? first(PAD_WORDS[key as keyof typeof PAD_WORDS]) : key}
            </button>
          ))}
        </fieldset>
        <button
          type="button"
          class={pad.unplugged ? 'switch on' : 'switch'}
          aria-pressed={pad.unplugged}
          data-testid="pad-unplugged"
          onClick={() => void api.post('/api/training/pin-pad/plug', { unplugged: !pad.unplugged })}
        >
          <Words k="unplugged" />
        </button>
      </div>
    </section>
  );
}

function Slips({ state }: { state: TrainingState }) {
  const slips = [...state.slips].sort((a, b) => b.printedAtMs - a.printedAtMs);
  return (
    <section>
      <h2>
        <Words k="slips" /> <b>{state.slips.length}</b>
      </h2>
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
            alt={`${first(texts.slip)} ${index + 1}`}
            data-testid={`slip-${slip.id}`}
          />
        ))}
      </div>
    </section>
  );
}
