import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Text } from './language.ts';
import type { TextKey } from './texts.ts';
import { SCAN_REFUSED } from './use-wedge.ts';
import { Words } from './words.tsx';

/** What Enter acts on: the first field, else the primary action, else the way out. */
function firstOf(dialog: HTMLDialogElement): HTMLElement {
  const found = ['[data-first]', '[type="submit"]:enabled', '.primary:enabled', '[data-close]'].map((what) =>
    dialog.querySelector<HTMLElement>(what),
  );
  return found.find((element) => element !== null) ?? dialog;
}

interface Keys {
  readonly onClose: () => void;
  readonly onKey?: (event: KeyboardEvent) => void;
}

/** Opens the dialog as a modal one, and takes the keys as long as it stands. */
function useModal(keys: Keys) {
  const box = useRef<HTMLDialogElement>(null);
  const [scanRefused, setScanRefused] = useState(false);
  const latest = useRef(keys);
  latest.current = keys;
  useLayoutEffect(() => {
    const dialog = box.current;
    if (dialog === null) return;
    dialog.showModal();
    firstOf(dialog).focus();
    // On the document: when the focused element vanishes, keys come from nowhere. And before the browser's own
    // Escape, which closes a second dialog without asking the page.
    const down = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.isComposing) {
        event.preventDefault();
        event.stopPropagation();
        latest.current.onClose();
        return;
      }
      // Function keys of the page must not act behind a dialog, nor open the browser's own tools.
      if (/^F\d+$/.test(event.key) && event.key !== 'F5') event.preventDefault();
      // Enter on a button that was reached by Tab presses that button, and nothing else.
      const presses = event.key === 'Enter' && event.target instanceof HTMLButtonElement;
      if (!presses) latest.current.onKey?.(event);
    };
    const refused = () => setScanRefused(true);
    document.addEventListener('keydown', down, true);
    document.addEventListener(SCAN_REFUSED, refused);
    return () => {
      document.removeEventListener(SCAN_REFUSED, refused);
      document.removeEventListener('keydown', down, true);
      dialog.close();
    };
  }, []);
  return { box, scanRefused };
}

/**
 * A modal dialog of the browser's own: it keeps the focus inside and makes the page behind inert. Escape
 * closes it. The element with `data-first` gets the focus, else the primary action, else the button that closes.
 */
export function Dialog(props: {
  title: TextKey | Text;
  testId: string;
  wide?: boolean;
  onClose: () => void;
  onKey?: (event: KeyboardEvent) => void;
  children: ComponentChildren;
}) {
  const { box, scanRefused } = useModal(props);
  return (
    <dialog
      ref={box}
      class={props.wide === true ? 'dialog wide' : 'dialog'}
      data-testid={props.testId}
      tabIndex={-1}
      aria-labelledby={`${props.testId}-title`}
      onCancel={(event) => event.preventDefault()}
    >
      <header class="dialog-head">
        <h2 id={`${props.testId}-title`}>
          {typeof props.title === 'string' ? <Words k={props.title} /> : <Words text={props.title} />}
        </h2>
        <button
          type="button"
          class="key-button"
          data-close
          data-testid={`${props.testId}-close`}
          onClick={props.onClose}
        >
          <kbd>Esc</kbd> <Words k="close" />
        </button>
      </header>
      {scanRefused ? (
        <p role="status" class="note warn" data-testid="scan-refused">
          <Words k="scanRefused" />
        </p>
      ) : null}
      {props.children}
    </dialog>
  );
}
