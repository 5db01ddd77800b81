import { useEffect, useState } from 'preact/hooks';
import type { FaultView, TillView } from '#server/api-types';
import { FaultNote } from './fault-note.tsx';
import { clockText, isZero, toEpochMs } from './format.ts';
import { first, SECOND, second } from './language.ts';
import { memo } from './memo.ts';
import { type TextKey, texts } from './texts.ts';
import { useScrollStop } from './use-scroll-stop.ts';
import { spoken, Words } from './words.tsx';

type Tone = 'ok' | 'warn' | 'bad' | 'idle';

interface Part {
  readonly id: string;
  readonly label: TextKey;
  readonly state: TextKey;
  readonly tone: Tone;
  readonly count?: number;
  readonly extra?: string;
  readonly fault?: FaultView | undefined;
}

/** Shop, person, time, and one light per part; a faulty part says its code here and its next step below. */
export function StatusBar({ till, openDevices }: { till: TillView; openDevices: () => void }) {
  return (
    <header class="status">
      <div class="status-shop">
        <h1>{till.shopName}</h1>
        <small>
          {till.terminal} · {till.shift.businessDay}
          {till.training ? <em class="tag">{first(texts.training)}</em> : null}
        </small>
      </div>
      <ul class="parts">
        {parts(till).map((part) => (
          <Light key={part.id} {...part} open={part.id === 'devices' ? openDevices : undefined} />
        ))}
      </ul>
      <div class="status-person">
        <b data-testid="operator-name">{till.shift.operator?.name ?? '—'}</b>
        <small>
          {till.shift.operator?.number} · <Time now={till.now} />
        </small>
      </div>
    </header>
  );
}

const Light = memo(function Light(part: Part & { open: (() => void) | undefined }) {
  return (
    <li class={`part ${part.tone}`} data-testid={`status-${part.id}`}>
      <i aria-hidden="true" class="light" />
      {part.open === undefined ? null : (
        <button type="button" class="part-open" aria-label={spoken('devices')} onClick={part.open} />
      )}
      <span class="part-text">
        <small>
          {first(texts[part.label])} <span lang={SECOND}>{second(texts[part.label])}</span>
        </small>
        <b>
          {part.count} {first(texts[part.state])} {part.extra}
        </b>
        {part.fault === undefined ? (
          <small lang={SECOND}>{second(texts[part.state])}</small>
        ) : (
          <code>{part.fault.code}</code>
        )}
      </span>
    </li>
  );
});

/** What each faulty part means for the counter, in one line each. */
export function Alerts({ till }: { till: TillView }) {
  const rows = [
    { part: first(texts.shift), fault: till.shift.fault },
    { part: first(texts.agency), fault: till.connectivity.fault },
    { part: first(texts.card), fault: till.reader.fault },
    { part: first(texts.printer), fault: till.printer.fault },
    { part: first(texts.queue), fault: till.queue.fault },
    ...(till.guards ?? []).map((fault) => {
      const part = fault.code.startsWith('disk') ? texts.disk : texts.records;
      return { part: first(part), fault };
    }),
  ];
  const box = useScrollStop<HTMLElement>();
  const faulty = rows.filter((row) => row.fault !== undefined);
  if (faulty.length === 0) return null;
  return (
    <section ref={box} class="alerts" aria-label={spoken('alerts')} data-testid="alerts">
      {faulty.map(({ part, fault }) =>
        fault === undefined ? null : <FaultNote key={part} part={part} fault={fault} tone="warn" />,
      )}
    </section>
  );
}

function Time({ now }: { now: string }) {
  const base = toEpochMs(now);
  const [shown, setShown] = useState(base);
  useEffect(() => {
    const startedMs = performance.now();
    setShown(base);
    const timer = window.setInterval(() => {
      if (base !== undefined) setShown(base + performance.now() - startedMs);
    }, 5_000);
    return () => window.clearInterval(timer);
  }, [base]);
  return <time data-testid="time">{shown === undefined ? now : clockText(shown)}</time>;
}

function parts(till: TillView): Part[] {
  const { connectivity, reader, printer, queue } = till;
  const troubled = queue.rejected + queue.adjusted > 0;
  return [
    { id: 'card', label: 'card', ...readerState(reader.state), fault: reader.fault },
    {
      id: 'agency',
      label: 'agency',
      state: connectivity.forced ? 'forced' : connectivity.state,
      ...driftExtra(connectivity.driftSeconds),
      tone: ({ online: 'ok', degraded: 'warn', offline: 'bad' } as const)[connectivity.state],
      fault: connectivity.fault,
    },
    {
      id: 'printer',
      label: 'printer',
      state: ({ ready: 'ready', fault: 'faulty', unknown: 'unknownState' } as const)[printer.state],
      tone: ({ ready: 'ok', fault: 'bad', unknown: 'idle' } as const)[printer.state],
      ...(printer.owed > 0 ? { extra: `· ${printer.owed} ${first(texts.owed)}` } : {}),
      fault: printer.fault,
    },
    devicesPart(till.devices),
    {
      id: 'queue',
      label: 'queue',
      state: troubled ? 'rejected' : 'waiting',
      tone: queueTone(queue),
      count: troubled ? queue.rejected + queue.adjusted : queue.waiting,
      ...(isZero(queue.atRisk) ? {} : { extra: `· ¥${queue.atRisk}` }),
      fault: queue.fault,
    },
  ];
}

/** Reader and printer have their own lights; this one counts the rest of the counter's devices. */
function devicesPart(devices: TillView['devices']): Part {
  const faulty = otherDevices(devices).filter(({ state }) => state === 'fault');
  const fault = faulty.length === 1 ? faulty[0]?.fault : undefined;
  return {
    id: 'devices',
    label: 'devices',
    state: faulty.length > 0 ? 'devicesFaulty' : 'devicesWell',
    tone: faulty.length > 0 ? 'warn' : 'ok',
    ...(faulty.length > 0 ? { count: faulty.length } : {}),
    fault,
  };
}

function otherDevices(devices: TillView['devices']): TillView['devices'] {
  return devices.filter(({ kind }) => kind !== 'card-reader' && kind !== 'printer');
}

const DRIFT_SHOWN_SECONDS = 5;

/** How far this machine's clock and the agency's lie apart; said as soon as it can be more than a slow answer. */
function driftExtra(seconds = 0): { extra?: string } {
  const apart = Math.abs(seconds);
  if (apart < DRIFT_SHOWN_SECONDS) return {};
  return { extra: `· ${first(texts.drift)} ${apart} ${first(texts.seconds)}` };
}

function queueTone({ rejected, waiting }: TillView['queue']): Tone {
  if (rejected > 0) return 'bad';
  return waiting > 0 ? 'warn' : 'ok';
}

function readerState(state: TillView['reader']['state']): { state: TextKey; tone: Tone } {
  switch (state) {
    case 'ready':
      return { state: 'ready', tone: 'idle' };
    case 'card-present':
      return { state: 'cardPresent', tone: 'ok' };
    case 'no-reader':
      return { state: 'noReader', tone: 'bad' };
    case 'service-down':
      return { state: 'serviceDown', tone: 'bad' };
    case 'fault':
      return { state: 'faulty', tone: 'bad' };
  }
}

export function LostBanner() {
  return (
    <div class="lost" role="alert" data-testid="link-lost">
      <Words k="lost" />
    </div>
  );
}
