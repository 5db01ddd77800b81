import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** A part that scrolls is a stop for Tab as long as there is something to scroll: arrows then move it. */
export function useScrollStop<E extends HTMLElement>(): RefObject<E | null> {
  const box = useRef<E>(null);
  const watched = useRef<Watched>(undefined);
  // After each drawing: what was drawn anew may be another element, or have other parts.
  useLayoutEffect(() => {
    const element = box.current;
    if (watched.current?.element !== element) {
      watched.current?.watcher.disconnect();
      watched.current = element === null ? undefined : watch(element);
    }
    watched.current?.look();
  });
  useLayoutEffect(() => () => watched.current?.watcher.disconnect(), []);
  return box;
}

interface Watched {
  readonly element: HTMLElement;
  readonly watcher: ResizeObserver;
  look(): void;
}

/** Measures when the browser has laid out the page anyway: asking at once would make it do so once more. */
function watch(element: HTMLElement): Watched {
  const seen = new WeakSet<Element>();
  const watcher = new ResizeObserver(() => {
    const scrolls = element.scrollHeight > element.clientHeight + 1;
    if (scrolls === (element.tabIndex === 0)) return;
    if (scrolls) element.tabIndex = 0;
    else element.removeAttribute('tabindex');
  });
  watcher.observe(element);
  const look = () => {
    for (const part of element.children) {
      if (!seen.has(part)) watcher.observe(part);
      seen.add(part);
    }
  };
  return { element, watcher, look };
}
