import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** A part that scrolls is a stop for Tab as long as there is something to scroll: arrows then move it. */
export function useScrollStop<E extends HTMLElement>(): RefObject<E | null> {
  const box = useRef<E>(null);
  // Without a list of reasons: whatever was drawn anew may have become longer.
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const look = () => {
      if (element.scrollHeight > element.clientHeight + 1) element.tabIndex = 0;
      else element.removeAttribute('tabindex');
    };
    look();
    const watcher = new ResizeObserver(look);
    watcher.observe(element);
    return () => watcher.disconnect();
  });
  return box;
}
