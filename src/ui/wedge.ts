/**
 * A scanner that plays a keyboard (键盘口扫码枪), told from a person by its speed. Pure: key events with their
 * times go in; what to withhold, what to give back as typing, and scans come out.
 */

/** One event of the page, as little of it as counts. Times in ms of one monotonic clock. */
export type WedgeEvent =
  | {
      readonly kind: 'key';
      readonly key: string;
      /** The physical key: with an input method on, `key` says only `Process`. */
      readonly code: string;
      readonly keyCode: number;
      readonly shift: boolean;
      readonly ctrl: boolean;
      /** Alt or Meta. */
      readonly other: boolean;
      readonly repeat: boolean;
      readonly timeMs: number;
      /** A sign must not reach what has the focus before it is known who typed it. */
      readonly withhold: boolean;
      /**
       * The till's own field has the focus: a sign that follows as quickly as a machine's waits for the end of the code,
       * and a first digit for the second, because an old machine takes longer to show them than the scanner to send them.
       */
      readonly inBox: boolean;
      /** Shortest code that is believed here. */
      readonly shortest: number;
    }
  /** Text that an input method put into a field. */
  | { readonly kind: 'text'; readonly text: string; readonly timeMs: number }
  /** Time has passed; due at `dueMs`. */
  | { readonly kind: 'idle'; readonly timeMs: number };

export interface WedgeOptions {
  /** Signs that this scanner sets before and after each code; taken off. */
  readonly prefix: string;
  readonly suffix: string;
}

interface Sign {
  readonly sign: string;
  /** Withheld so far: nothing has seen it. */
  readonly held: boolean;
  /** It went through an input method, which shows it in its own time. */
  readonly soft: boolean;
}

export interface WedgeState {
  /** Signs that followed each other quickly enough to be one code. */
  readonly run: readonly Sign[];
  readonly fastGaps: number;
  readonly startMs: number;
  readonly lastMs: number;
  readonly shortest: number;
  /** This scanner ends its codes with a key: a pause alone is then no end. */
  readonly ends: boolean;
  /** The scan before, for a scanner that sends everything twice. */
  readonly before?: { readonly text: string; readonly endMs: number };
}

export interface WedgeStep {
  readonly state: WedgeState;
  /** The event goes no further. */
  readonly withhold: boolean;
  /** Withheld signs that a person typed: they are due before this event. */
  readonly release: string;
  /**
   * Signs of this burst that stand in the till's own field: a machine types, they are withheld from now on as well and
   * come out of the field before the code is whole: at its end an old machine would draw the field before the line. (Of
   * a code that does not begin with a digit the first sign was shown.)
   */
  readonly takesBack?: string;
  /** A burst was recognised: what passed of it is taken out of the field again. `text` is missing for a repeat. */
  readonly scan?: { readonly text?: string; readonly passed: boolean; readonly soft: boolean };
}

/** Between two keys of a machine, mostly; a person needs longer. */
const FAST_MS = 40;
/** The longest pause inside one code: wireless scanners stumble. */
const RUN_MS = 250;
/** So long nothing may follow a code whose end was not marked. */
const UNENDED_MS = 600;
const MACHINE_GAPS = 3;
const FAST_SHARE = 0.7;
const UNENDED_MIN = 8;
const TWICE_MS = 60;
const LATE_TEXT_MS = 1_000;
const GS = '\u001d';
const NEUTRAL = new Set(['Shift', 'CapsLock', 'NumLock', 'AltGraph', 'Unidentified', 'Dead', 'Control']);
const SIGNS: Readonly<Record<string, readonly [string, string]>> = {
  Minus: ['-', '_'],
  Equal: ['=', '+'],
  Period: ['.', '>'],
  Slash: ['/', '?'],
  Semicolon: [';', ':'],
  BracketLeft: ['[', '{'],
  BracketRight: [']', '}'],
  NumpadSubtract: ['-', '-'],
  NumpadDecimal: ['.', '.'],
};

export const quiet: WedgeState = {
  run: [],
  fastGaps: 0,
  startMs: 0,
  lastMs: 0,
  shortest: UNENDED_MIN,
  ends: false,
};
export const plainWedge: WedgeOptions = { prefix: '', suffix: '' };

/** When `idle` is to be told, in the clock of the events; undefined = nothing is pending. */
export function dueMs(state: WedgeState): number | undefined {
  if (state.run.length === 0) return undefined;
  if (machineLike(state)) return state.lastMs + (state.ends ? RUN_MS : UNENDED_MS);
  return state.lastMs + (state.run.some(({ held }) => held) ? FAST_MS : RUN_MS);
}

export function wedge(before: WedgeState, event: WedgeEvent, options: WedgeOptions = plainWedge): WedgeStep {
  switch (event.kind) {
    case 'key':
      return keyStep(before, event, options);
    case 'text':
      return pass(composed(before, event.text, event.timeMs));
    case 'idle':
      return idleStep(before, event.timeMs, options);
  }
}

type KeyEvent = Extract<WedgeEvent, { kind: 'key' }>;

function keyStep(before: WedgeState, event: KeyEvent, options: WedgeOptions): WedgeStep {
  const soft = event.keyCode === 229 || event.key === 'Process';
  if (isEnd(before, event, soft)) return endStep(before, event, options);
  if (NEUTRAL.has(event.key) && !soft) return pass(before);
  const sign = signOf(before, event, soft);
  if (sign === '') return soft ? pass(before) : giveUp(before);
  if (sign === undefined || event.repeat) return giveUp(before);
  const late = before.run.length > 0 && event.timeMs - before.lastMs > RUN_MS;
  const fresh = late ? forget(before) : before;
  // A blank presses the button that has the focus, which no withheld key could; no code begins with one.
  if (sign === ' ' && event.withhold && !machineLike(fresh)) return giveUp(before);
  const mayBeCode = isFast(fresh, event.timeMs) || (fresh.run.length === 0 && /\d/.test(sign));
  const held = !soft && (event.withhold || (event.inBox && mayBeCode));
  // What goes through at once must not overtake what waits.
  const waits = held && !late;
  const known = waits ? fresh : shown(fresh);
  const state = append(known, { sign, held, soft }, event.timeMs, event.shortest);
  const step = { state, withhold: held, release: waits ? '' : heldOf(before) };
  return held && event.inBox && machineLike(state) ? takeBack(step) : step;
}

function takeBack(step: WedgeStep): WedgeStep {
  const { run } = step.state;
  const stands = run.filter(({ held }) => !held);
  // What an input method shows comes out at the end, when it has handed over all of it.
  if (stands.length === 0 || stands.some(({ soft }) => soft)) return step;
  const state = { ...step.state, run: run.map((sign) => ({ ...sign, held: true })) };
  return { ...step, state, takesBack: stands.map(({ sign }) => sign).join('') };
}

function isEnd(state: WedgeState, event: KeyEvent, soft: boolean): boolean {
  if (event.other) return false;
  if (event.ctrl) return machineLike(state) && ['m', 'j'].includes(event.key.toLowerCase());
  const name = soft ? event.code : event.key;
  return name === 'Enter' || name === 'NumpadEnter' || (name === 'Tab' && !event.shift);
}

/** The sign that a key means; empty = none that is known; undefined = a key that ends any code. */
function signOf(state: WedgeState, event: KeyEvent, soft: boolean): string | undefined {
  const { key, code, shift } = event;
  // FNC1 comes as Ctrl+] from many scanners.
  if (event.ctrl) return machineLike(state) && (key === ']' || code === 'BracketRight') ? GS : undefined;
  if (event.other) return undefined;
  if (!soft) return key.length === 1 ? key : undefined;
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1];
  if (digit !== undefined) return digit;
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter !== undefined) return shift ? letter : letter.toLowerCase();
  return SIGNS[code]?.[shift ? 1 : 0] ?? '';
}

function endStep(before: WedgeState, event: KeyEvent, options: WedgeOptions): WedgeStep {
  const inTime = event.timeMs - before.lastMs <= RUN_MS;
  const code = inTime ? codeOf(before, event.shortest, options) : undefined;
  if (code === undefined) return giveUp(before);
  const step = scanned(before, code, event.timeMs);
  return { ...step, state: { ...step.state, ends: true }, withhold: true };
}

function idleStep(before: WedgeState, timeMs: number, options: WedgeOptions): WedgeStep {
  if (before.run.length === 0) return pass(before);
  const quietMs = timeMs - before.lastMs;
  if (machineLike(before) && !before.ends) {
    if (quietMs < UNENDED_MS) return pass(before);
    const code = codeOf(before, Math.max(UNENDED_MIN, before.shortest), options);
    return code === undefined ? giveUp(before) : scanned(before, code, before.lastMs);
  }
  if (quietMs >= RUN_MS) return giveUp(before);
  if (machineLike(before) || quietMs < FAST_MS) return pass(before);
  // A person so far. The signs stay known: a code that stumbled at its start is still found whole.
  return { state: shown(before), withhold: false, release: heldOf(before) };
}

function scanned(before: WedgeState, text: string, endMs: number): WedgeStep {
  const again = before.before?.text === text && before.startMs - before.before.endMs <= TWICE_MS;
  return {
    state: { ...quiet, ends: before.ends, before: { text, endMs } },
    withhold: false,
    release: '',
    scan: {
      ...(again ? {} : { text }),
      passed: before.run.some(({ held }) => !held),
      soft: before.run.some(({ soft }) => soft),
    },
  };
}

/** The code that this run is, or undefined when a person typed it. */
function codeOf(state: WedgeState, shortest: number, options: WedgeOptions): string | undefined {
  const gaps = state.run.length - 1;
  if (gaps < MACHINE_GAPS || state.fastGaps < gaps * FAST_SHARE) return undefined;
  let text = halved(state.run.map(({ sign }) => sign).join(''));
  if (text.startsWith(options.prefix)) text = text.slice(options.prefix.length);
  if (text.endsWith(options.suffix)) text = text.slice(0, text.length - options.suffix.length);
  const isCode = /^[\x20-\x7e]+$/.test(text.replaceAll(GS, '')) && /\d/.test(text) && !text.startsWith(' ');
  // Amounts are typed ahead by quick hands; a code has no such point.
  const isAmount = /^\d{1,7}\.\d{1,2}$/.test(text);
  return isCode && !isAmount && text.length >= shortest ? text : undefined;
}

/** The same code twice in one burst. */
function halved(text: string): string {
  const half = text.slice(0, text.length / 2);
  return half.length >= UNENDED_MIN && text.length !== 20 && half + half === text ? half : text;
}

function composed(before: WedgeState, text: string, timeMs: number): WedgeState {
  const plain = text.replaceAll(/[\uff01-\uff5e]/g, (sign) =>
    String.fromCharCode(sign.charCodeAt(0) - 0xfee0),
  );
  // An input method may hand over the signs of a scan only after its end was seen.
  const scan = before.before;
  if (scan !== undefined && timeMs - scan.endMs <= LATE_TEXT_MS && scan.text.endsWith(plain)) return before;
  const known = before.run
    .filter(({ soft }) => soft)
    .map(({ sign }) => sign)
    .join('');
  // The keys told these signs already.
  if (known !== '' && (known.endsWith(plain) || plain.endsWith(known))) return before;
  if (!/^[\x21-\x7e]+$/.test(plain)) return forget(before);
  let state = timeMs - before.lastMs > RUN_MS ? forget(before) : before;
  for (const sign of plain) state = append(state, { sign, held: false, soft: true }, timeMs, state.shortest);
  return state;
}

function append(state: WedgeState, sign: Sign, timeMs: number, shortest: number): WedgeState {
  return {
    ...state,
    run: [...state.run, sign],
    fastGaps: state.fastGaps + (isFast(state, timeMs) ? 1 : 0),
    startMs: state.run.length === 0 ? timeMs : state.startMs,
    lastMs: timeMs,
    shortest,
  };
}

/** Whether a sign at that time follows the one before as quickly as a machine's. */
function isFast({ run, lastMs }: WedgeState, timeMs: number): boolean {
  return run.length > 0 && timeMs - lastMs <= FAST_MS;
}

function machineLike(state: WedgeState): boolean {
  return state.fastGaps >= MACHINE_GAPS;
}

function heldOf(state: WedgeState): string {
  return state.run
    .filter(({ held }) => held)
    .map(({ sign }) => sign)
    .join('');
}

/** The same run, with nothing withheld any more. */
function shown(state: WedgeState): WedgeState {
  return { ...state, run: state.run.map((sign) => ({ ...sign, held: false })) };
}

function forget(state: WedgeState): WedgeState {
  const { ends } = state;
  return { ...quiet, ends, ...(state.before === undefined ? {} : { before: state.before }) };
}

/** A person is typing: what was withheld is due, and the event goes on. */
function giveUp(before: WedgeState): WedgeStep {
  return { state: forget(before), withhold: false, release: heldOf(before) };
}

function pass(state: WedgeState): WedgeStep {
  return { state, withhold: false, release: '' };
}
