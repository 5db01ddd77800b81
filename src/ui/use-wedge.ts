import { useLayoutEffect, useRef } from 'preact/hooks';
import { dueMs, quiet, type WedgeEvent, type WedgeStep, wedge } from './wedge.ts';

/** What a field wants of a burst: `box` is the till's own, `take` takes it as its text, `none` gets nothing. */
const BOX = '[data-scan="box"]';
const TAKES = '[data-scan="take"]';
const SECRET = '[data-scan="none"]';

/** Told to an open dialog when a code came that it does not take. */
export const SCAN_REFUSED = 'scan-refused';

/** Digits typed ahead of a PIN are shorter than any code: shorter bursts stay typing where a secret is asked. */
const SHORTEST = 6;
const SHORTEST_BESIDE_SECRETS = 8;
/** So long after a scan an input method may still bring its signs. */
const LATE_TEXT_MS = 400;

/**
 * Listens for bursts of a keyboard scanner on the whole page. `onScan` gets each code, wherever the focus was;
 * a dialog with a field of its own for codes gets it there, one that asks for a secret keeps it out.
 */
export function useWedge(onScan: (code: string) => void): void {
  const latest = useRef(onScan);
  latest.current = onScan;
  // Before the first painting: the first keys after it may be a scanner's, and half a code is another one.
  useLayoutEffect(() => {
    const listener = new WedgeListener((code) => latest.current(code));
    return listener.start();
  }, []);
}

const MACHINE_SIGNS = 3;
/** Digits of a torn code wait so long in the box for the rest. */
const TORN_MS = 2_000;

type TextField = HTMLInputElement | HTMLTextAreaElement;

class WedgeListener {
  readonly #onScan: (code: string) => void;
  #state = quiet;
  #timer: number | undefined;
  /** The field that has the focus while a burst may be coming, as it was before. */
  #before: Before | undefined;
  #lastKeyMs = Number.NEGATIVE_INFINITY;
  #lateUntilMs = 0;
  #replaying = false;

  constructor(onScan: (code: string) => void) {
    this.#onScan = onScan;
  }

  start(): () => void {
    const key = (event: KeyboardEvent) => this.#key(event);
    const text = (event: CompositionEvent) =>
      this.#take({ kind: 'text', text: event.data, timeMs: event.timeStamp });
    const begin = () => {
      if (this.#state.run.length === 0) this.#before = snapshot(Number.POSITIVE_INFINITY);
    };
    const input = (event: Event) => this.#late(event);
    const settle = () => this.#settle();
    window.addEventListener('keydown', key, true);
    window.addEventListener('compositionstart', begin, true);
    window.addEventListener('compositionend', text, true);
    window.addEventListener('input', input, true);
    window.addEventListener('mousedown', settle, true);
    return () => {
      window.removeEventListener('keydown', key, true);
      window.removeEventListener('compositionstart', begin, true);
      window.removeEventListener('compositionend', text, true);
      window.removeEventListener('input', input, true);
      window.removeEventListener('mousedown', settle, true);
      window.clearTimeout(this.#timer);
    };
  }

  #key(event: KeyboardEvent): void {
    if (this.#replaying) return;
    const { key, code, keyCode, repeat, timeStamp } = event;
    const focus = focusNow();
    const step = this.#take({
      kind: 'key',
      key,
      code,
      keyCode,
      shift: event.shiftKey,
      ctrl: event.ctrlKey,
      other: event.altKey || event.metaKey,
      repeat,
      timeMs: timeStamp,
      withhold: focus.withhold,
      inBox: focus.inBox,
      shortest: focus.asksSecret ? SHORTEST_BESIDE_SECRETS : SHORTEST,
    });
    if (!step.withhold) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  #take(event: WedgeEvent): WedgeStep {
    const step = wedge(this.#state, event);
    if (step.release !== '') this.#replay(step.release);
    const begins = step.state.run.length === 1 && step.state.startMs !== this.#state.startMs;
    if (begins && event.kind === 'key') this.#before = snapshot(event.timeMs - this.#lastKeyMs);
    if (event.kind === 'key') this.#lastKeyMs = event.timeMs;
    this.#state = step.state;
    if (step.takesBack !== undefined) this.#takeBack();
    if (step.scan !== undefined) this.#scanned(step.scan);
    this.#plan();
    return step;
  }

  #plan(): void {
    window.clearTimeout(this.#timer);
    const due = dueMs(this.#state);
    if (due === undefined) return;
    const waitMs = Math.max(0, due - performance.now());
    this.#timer = window.setTimeout(
      () => this.#take({ kind: 'idle', timeMs: Math.max(performance.now(), due) }),
      waitMs,
    );
  }

  /** The pointer acts at once: what was withheld goes before it. */
  #settle(): void {
    const due = dueMs(this.#state);
    if (due !== undefined) this.#take({ kind: 'idle', timeMs: due });
  }

  /** The caret stands where it stood: should the signs be a person's after all, they are typed there. */
  #takeBack(): void {
    const before = this.#before;
    if (before === undefined) return;
    setText(before.field, before.value);
    before.field.setSelectionRange(before.caret.start, before.caret.end);
  }

  #scanned({ text, passed, soft }: NonNullable<WedgeStep['scan']>): void {
    const focus = focusNow();
    const before = this.#before;
    if (before !== undefined && passed) {
      if (soft) this.#lateUntilMs = performance.now() + LATE_TEXT_MS;
      // Leaving the field ends what the input method has not handed over yet.
      if (soft) before.field.blur();
      setText(before.field, before.value);
      if (soft) before.field.focus();
    }
    if (text === undefined) return;
    if (before !== undefined && isTorn(before, text)) {
      setText(before.field, '');
      this.#onScan(before.value + text);
      return;
    }
    const { takes } = focus;
    if (takes !== undefined) {
      // After the form has drawn the field that was cleaned: it sets all its fields from its last drawing.
      window.setTimeout(() => {
        setText(takes, text);
        takes.focus();
      });
    } else if (focus.asksSecret) document.dispatchEvent(new Event(SCAN_REFUSED));
    else this.#onScan(text);
  }

  #late(event: Event): void {
    const before = this.#before;
    if (before === undefined || event.target !== before.field || performance.now() > this.#lateUntilMs)
      return;
    if (before.field.value === before.value || this.#state.run.length > 0) return;
    setText(before.field, before.value);
  }

  /** Gives withheld signs to what has the focus, as if they were typed now. */
  #replay(signs: string): void {
    // What a machine typed is no sequence of shortcuts, even where it was no whole code.
    if (signs.length > MACHINE_SIGNS && textField(document.activeElement) === undefined) return;
    this.#replaying = true;
    for (const key of signs) {
      const press = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, composed: true });
      const goesOn = (document.activeElement ?? document.body).dispatchEvent(press);
      // Only this command types as a person does: at the caret, within the longest length, undone by Ctrl+Z.
      if (goesOn && textField(document.activeElement) !== undefined) {
        document.execCommand('insertText', false, key);
      }
    }
    this.#replaying = false;
  }
}

interface Focus {
  readonly withhold: boolean;
  readonly inBox: boolean;
  readonly takes: TextField | undefined;
  readonly asksSecret: boolean;
}

/** Kept by the browser itself: a search through sixty lines for each key of a scanner costs an old machine more. */
const dialogs = document.getElementsByTagName('dialog');
const inputs = document.getElementsByTagName('input');

function focusNow(): Focus {
  const dialog = openDialog();
  const focused = document.activeElement;
  const field = textField(focused);
  const secret = field?.matches(SECRET) === true;
  const takes = field?.matches(TAKES) === true ? field : dialog?.querySelector<HTMLInputElement>(TAKES);
  return {
    // Letters and digits are keys of a dialog without a field: none may act before it is known who pressed it.
    withhold: secret || (dialog !== null && field === undefined),
    inBox: field?.matches(BOX) === true,
    takes: takes ?? undefined,
    asksSecret: [...inputs].some(
      (input) => input.matches(SECRET) && (dialog === null || dialog.contains(input)),
    ),
  };
}

function openDialog(): HTMLDialogElement | null {
  return [...dialogs].find(({ open }) => open) ?? null;
}

interface Before {
  readonly field: TextField;
  readonly value: string;
  readonly caret: { readonly start: number | null; readonly end: number | null };
  /** Since the key before. */
  readonly sinceMs: number;
}

/** Digits stood in the box a moment ago, and more digits came in a burst: one code with a long pause in it. */
function isTorn({ field, value, sinceMs }: Before, text: string): boolean {
  return field.matches(BOX) && sinceMs < TORN_MS && /^\d+$/.test(value) && /^\d+$/.test(text);
}

/** Without a field, typing outside dialogs lands in the box of the till. */
function snapshot(sinceMs: number): Before | undefined {
  const inDialog = openDialog() !== null;
  const box = inDialog ? null : document.querySelector<HTMLInputElement>(BOX);
  const field = textField(document.activeElement) ?? box;
  if (field === null || field === undefined) return undefined;
  const caret = { start: field.selectionStart, end: field.selectionEnd };
  return { field, value: field.value, caret, sinceMs };
}

function textField(element: Element | null): TextField | undefined {
  if (element instanceof HTMLTextAreaElement) return element;
  if (!(element instanceof HTMLInputElement)) return undefined;
  return ['text', 'search', 'password', 'tel'].includes(element.type) ? element : undefined;
}

function setText(field: TextField, value: string): void {
  if (field.value === value) return;
  field.value = value;
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
