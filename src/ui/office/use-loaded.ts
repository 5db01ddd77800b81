import { useCallback, useEffect, useState } from 'preact/hooks';
import type { FaultView } from '#server/api-types';
import type { Api } from '../api.ts';

export interface Loaded<T> {
  readonly value: T | undefined;
  readonly fault: FaultView | undefined;
  readonly busy: boolean;
  reload(): void;
  /** Another answer of the same kind, as a verb gave it. */
  set(value: T): void;
}

/** What the till says at an address; asked anew when address or `reason` changes. */
export function useLoaded<T>(api: Api, path: string, reason?: unknown): Loaded<T> {
  const [value, setValue] = useState<T>();
  const [fault, setFault] = useState<FaultView>();
  const [busy, setBusy] = useState(true);
  const [turn, setTurn] = useState(0);
  // `reason` and `turn` are the causes to ask again.
  useEffect(() => {
    const abort = new AbortController();
    setBusy(true);
    void api.get<T>(path, abort.signal).then((answer) => {
      if (abort.signal.aborted) return;
      setBusy(false);
      setFault(answer.ok ? undefined : answer.error);
      if (answer.ok) setValue(answer.value);
    });
    return () => abort.abort();
  }, [api, path, reason, turn]);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  const set = useCallback((next: T) => setValue(next), []);
  return { value, fault, busy, reload, set };
}
