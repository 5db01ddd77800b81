/**
 * What a page tells of itself, put into it before its own scripts run: when it was ready, how long after the scanner's
 * last key a change stood on the screen, and how far anything moved meanwhile. Made as text: it runs in the browser.
 * The page tells it by itself (`TELL`): whoever asks a slowed page again and again measures his own questions.
 */
export interface Watched {
  /** CSS selector of what must be there, and ready for keys, before the page can be used. */
  readonly ready: string;
  /** CSS selector of the list whose change answers a scan. */
  readonly list: string;
}

/** The function that the page calls, with a `Told` as JSON. */
export const TELL = 'tellBench';

export interface Told {
  readonly what: 'ready' | 'painted';
  /** Ready: since the navigation began. Painted: since the scanner's last key. */
  readonly ms: number;
  /** Sum of all layout shifts so far (CLS scores, those right after a key too). */
  readonly shift: number;
}

/** Tells `ready` once, then `painted` for each scan; a change counts as painted in the task after the frame that holds it. */
export function watchScript({ ready, list }: Watched): string {
  return `(() => {
    let shift = 0;
    let keyAt = 0;
    const tell = (what, ms) => ${TELL}(JSON.stringify({ what, ms, shift }));
    const afterPaint = (use) => requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => use(performance.now());
      port2.postMessage(0);
    });
    const focused = ({ target }) => {
      if (!target.matches(${JSON.stringify(ready)})) return;
      removeEventListener('focusin', focused, true);
      afterPaint((now) => { watch(); tell('ready', now); });
    };
    const inList = ({ target }) => (target.closest ? target : target.parentElement)?.closest(${JSON.stringify(list)});
    const watch = () => new MutationObserver((changes) => {
      if (keyAt === 0 || !changes.some(inList)) return;
      const began = keyAt;
      keyAt = 0;
      afterPaint((now) => tell('painted', now - began));
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
    addEventListener('keydown', (event) => { if (event.key === 'Enter') keyAt = event.timeStamp; }, true);
    new PerformanceObserver((entries) => {
      for (const entry of entries.getEntries()) shift += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
    addEventListener('focusin', focused, true);
  })();`;
}
