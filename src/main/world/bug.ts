import type { Change, TillStore } from '#store/port';
import type { PromiseName } from './broken.ts';
import type { Bugged } from './shop.ts';
import { intercept } from './store.ts';

/** A bug of the kind that tills have had, put between the till and its ports; never a switch in the product. */
export interface DeliberateBug {
  readonly name: string;
  readonly words: string;
  /** Promises by which a world may catch it, the one that it breaks first. */
  readonly breaks: readonly PromiseName[];
  /** Made anew for every world. */
  readonly make: () => Bugged;
}

/** A store on which some commits are changed. */
export function committing(
  store: TillStore,
  change: (before: Change, commit: (changed?: Change) => unknown) => unknown,
): TillStore {
  return intercept(store, (name, call, args) => {
    const [first] = args;
    if (name !== 'commit') return call();
    return change(first as Change, (changed) => (changed === undefined ? call() : call(changed)));
  });
}
