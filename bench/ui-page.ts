/**
 * What a page tells of itself, put into it before its own scripts run: when it was ready, how long after the scanner's
 * last key a change stood on the screen, and how far anything moved meanwhile. Made as text: it runs in the browser.
 */
export interface Watched {
  /** CSS selector of what must be there, and ready for keys, before the page can be used. */
  readonly ready: string;
  /** CSS selector of the list whose change answers a scan. */
  readonly list: string;
}

/** What the script leaves on `window.watched`. */
export interface PageTimes {
  /** Since the navigation began, ms; 0 = not yet. */
  readonly readyMs: number;
  /** Of each scan, ms from the last key to the painted change. */
  readonly scansMs: readonly number[];
  /** Sum of all layout shifts (CLS scores, those right after a key too). */
  readonly shift: number;
}

/**
 * Sets up `window.watched`, and `data-ready` and `data-scans` (their number) on the page's root to wait for. A change counts as painted in the task after the frame
 * that holds it.
 */
export function watchScript({ ready, list }: Watched): string {
  return `(() => {
    const watched = { readyMs: 0, scansMs: [], shift: 0 };
    window.watched = watched;
    let keyAt = 0;
    const afterPaint = (use) => requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => use(performance.now());
      port2.postMessage(0);
    });
    const look = () => {
      const found = document.querySelector(${JSON.stringify(ready)});
      if (found === null || found !== document.activeElement) return requestAnimationFrame(look);
      afterPaint((now) => { watched.readyMs = now; watch(); document.documentElement.dataset.ready = ''; });
    };
    const inList = ({ target }) => (target.closest ? target : target.parentElement)?.closest(${JSON.stringify(list)});
    const watch = () => new MutationObserver((changes) => {
      if (keyAt === 0 || !changes.some(inList)) return;
      const began = keyAt;
      keyAt = 0;
      afterPaint((now) => { document.documentElement.dataset.scans = watched.scansMs.push(now - began); });
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
    addEventListener('keydown', (event) => { if (event.key === 'Enter') keyAt = event.timeStamp; }, true);
    new PerformanceObserver((entries) => {
      for (const entry of entries.getEntries()) watched.shift += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
    look();
  })();`;
}
