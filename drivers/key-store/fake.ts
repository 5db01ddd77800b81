import type { Clock } from '#core/clock';
import type { Fault } from '#core/fault';
import { err, ok } from '#core/result';
import { type HeldKey, KeyRing, newKey } from './key-ring.ts';

export interface FakeKeyStoreOptions {
  readonly clock: Clock;
  /** 32 bytes; default a fixed value, so that derived keys are the same in every run. */
  readonly root?: Uint8Array;
}

/** A key store in memory: real SM2 keys and the rules of the others, nothing on disk. */
export class FakeKeyStore extends KeyRing {
  readonly #memory: { failing: Fault | undefined };

  constructor({ clock, root = new Uint8Array(32).fill(0x5a) }: FakeKeyStoreOptions) {
    const memory: { failing: Fault | undefined } = { failing: undefined };
    const keys: readonly HeldKey[] = [newKey(clock)];
    super({
      address: 'memory:',
      clock,
      root: root.slice(),
      keys,
      save: async () => (memory.failing === undefined ? ok(undefined) : err(memory.failing)),
    });
    this.#memory = memory;
  }

  /** Lets every change fail from now on, as a full disk does; undefined ends it. */
  failWrites(reason: Fault | undefined): void {
    this.#memory.failing = reason;
  }
}
