import { useEffect, useState } from 'preact/hooks';
import type { Api } from './api.ts';

const LOOK_MS = 5_000;
/** So often at most the till hears that the page is in use. */
const TELL_MS = 30_000;

/**
 * Locks the page when nobody has touched it for the configured minutes: the session ends at the till, which tells it
 * over the live connection. Another page of the same session that is in use keeps both open. True after a lock.
 */
export function useIdleLock(api: Api, minutes: number | undefined): boolean {
  const [locked, setLocked] = useState(false);
  useEffect(() => {
    if (minutes === undefined || minutes === 0) return;
    setLocked(false);
    const idleMs = minutes * 60_000;
    let usedMs = performance.now();
    let toldMs = usedMs;
    const used = () => {
      usedMs = performance.now();
      if (usedMs - toldMs < TELL_MS) return;
      toldMs = usedMs;
      void api.get('/api/shop');
    };
    const look = async () => {
      if (performance.now() - usedMs < idleMs) return;
      const answer = await api.post<{ locked: boolean }>('/api/session/lock');
      if (answer.ok && answer.value.locked) setLocked(true);
    };
    const timer = window.setInterval(() => void look(), Math.min(LOOK_MS, idleMs));
    for (const kind of ['keydown', 'pointerdown']) window.addEventListener(kind, used, true);
    return () => {
      window.clearInterval(timer);
      for (const kind of ['keydown', 'pointerdown']) window.removeEventListener(kind, used, true);
    };
  }, [api, minutes]);
  return locked;
}
