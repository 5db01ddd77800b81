interface Watched {
  subscribe(listener: () => void): () => void;
}

/** One face for the server, behind it whichever object the test has now. */
export interface Swapped<T> {
  readonly face: T;
  now(): T;
  swap(next: T): void;
}

export function swapped<T extends Watched>(first: T): Swapped<T> {
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  let current = first;
  let leave = first.subscribe(tell);
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const face = new Proxy(first, {
    get: (_first, name) => {
      if (name === 'subscribe') return subscribe;
      const found: unknown = Reflect.get(current, name, current);
      return typeof found === 'function' ? found.bind(current) : found;
    },
  });
  return {
    face,
    now: () => current,
    swap: (next) => {
      leave();
      current = next;
      leave = next.subscribe(tell);
      tell();
    },
  };
}
