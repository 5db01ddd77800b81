import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

type ButtonProps = Omit<JSX.IntrinsicElements['button'], 'ref' | 'children'>;

/**
 * A button that rests while the till works on what it asked for. A disabled button loses the focus for good: after a
 * refusal Enter would go nowhere, so it takes the focus again, unless that has moved on meanwhile. With `takesFocus` it
 * has it from the start, before it is painted: Enter is never too early.
 */
export function BusyButton(
  props: ButtonProps & { readonly busy: boolean; readonly takesFocus?: boolean; children: ComponentChildren },
) {
  const { busy, disabled, takesFocus = false, children, ...rest } = props;
  const button = useRef<HTMLButtonElement>(null);
  const hadFocus = useRef(takesFocus);
  useLayoutEffect(() => {
    // The browser takes the focus away only when it paints: here the button still has it.
    if (busy) hadFocus.current ||= document.activeElement === button.current;
    else if (hadFocus.current && isNowhere(document.activeElement)) button.current?.focus();
  }, [busy]);
  return (
    <button {...rest} ref={button} disabled={busy || disabled === true}>
      {children}
    </button>
  );
}

/** Nothing that takes keys has the focus: a dialog itself stands in for a button of it that was lost. */
function isNowhere(element: Element | null): boolean {
  return element === null || element === document.body || element instanceof HTMLDialogElement;
}
