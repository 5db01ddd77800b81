import { hkdfSync } from 'node:crypto';
import { assert } from '#core/assert';
import type { Clock } from '#core/clock';
import type { DeviceState } from '#core/domain/device';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { decryptSm2, generateSm2, signSm2, sm2KeyId } from '#core/sm2';
import type { KeyState, KeyStorePort, TerminalKey, TerminalSignature } from './port.ts';

/** A key with its private part, as a ring holds it while it is open. */
export interface HeldKey extends TerminalKey {
  /** 32 bytes, wiped when the ring is closed. */
  readonly privateKey: Uint8Array;
}

export interface KeyRingOptions {
  /** Where the keys are kept: `file:PATH`, `pkcs11:TOKEN`. */
  readonly address: string;
  readonly clock: Clock;
  /** 32 bytes; the ring wipes them when it is closed. */
  readonly root: Uint8Array;
  readonly keys: readonly HeldKey[];
  /** Makes a change last; a fault leaves everything as it was. */
  readonly save: (keys: readonly HeldKey[]) => Promise<Result<void, Fault>>;
  readonly close?: () => void;
}

/** A first key pair in state `new`. */
export function newKey(clock: Clock): HeldKey {
  const pair = generateSm2();
  return { ...pair, keyId: sm2KeyId(pair.publicKey), createdAtMs: clock.nowMs(), state: 'new' };
}

/** The rules of terminal keys, the same wherever they are kept: which one signs, and what may become of one. */
export class KeyRing implements KeyStorePort {
  readonly kind = 'key-store';
  readonly address: string;
  readonly #options: KeyRingOptions;
  readonly #listeners = new Set<(state: DeviceState) => void>();
  #keys: readonly HeldKey[];
  #state: DeviceState = { kind: 'ready' };
  #closed = false;
  /** Changes go one after the other: each is made from what the one before left. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: KeyRingOptions) {
    this.address = options.address;
    this.#options = options;
    this.#keys = options.keys;
  }

  state(): DeviceState {
    return this.#state;
  }

  onChange(listener: (state: DeviceState) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  keys(): readonly TerminalKey[] {
    return this.#keys.map(publicPart);
  }

  current(): TerminalKey | undefined {
    const held = this.#current();
    return held === undefined ? undefined : publicPart(held);
  }

  async sign(data: Uint8Array): Promise<Result<TerminalSignature, Fault>> {
    if (this.#closed) return closed();
    const held = this.#current();
    return held === undefined ? err(fault('key-none', 'no key may sign')) : ok(signature(held, data));
  }

  async signWith(keyId: string, data: Uint8Array): Promise<Result<TerminalSignature, Fault>> {
    if (this.#closed) return closed();
    const held = this.#keys.find((key) => key.keyId === keyId);
    if (held === undefined) return err(fault('key-none', `no key ${keyId}`));
    return held.state === 'revoked' ? err(fault('key-revoked', keyId)) : ok(signature(held, data));
  }

  async unwrap(keyId: string, cipher: string): Promise<Result<Uint8Array, Fault>> {
    if (this.#closed) return closed();
    const held = this.#keys.find((key) => key.keyId === keyId);
    if (held === undefined) return err(fault('key-none', `no key ${keyId}`));
    if (held.state === 'revoked') return err(fault('key-revoked', keyId));
    const bytes = decryptSm2(cipher, held.privateKey);
    return bytes === undefined ? err(fault('record-seal-broken', 'hidden for another key')) : ok(bytes);
  }

  make(): Promise<Result<TerminalKey, Fault>> {
    return this.#queue(async () => {
      if (this.#closed) return closed();
      const key = newKey(this.#options.clock);
      const saved = await this.#change([...this.#keys, key]);
      return saved.ok ? ok(publicPart(key)) : saved;
    });
  }

  mark(keyId: string, state: Exclude<KeyState, 'new'>): Promise<Result<void, Fault>> {
    return this.#queue(async () => {
      if (this.#closed) return closed();
      const held = this.#keys.find((key) => key.keyId === keyId);
      if (held === undefined) return err(fault('key-none', `no key ${keyId}`));
      if (held.state === state) return ok(undefined);
      if (held.state === 'revoked') return err(fault('key-revoked', keyId));
      return this.#change(
        this.#keys.map((key) => {
          if (key.keyId === keyId) return { ...key, state };
          return state === 'enrolled' && key.state === 'enrolled' ? { ...key, state: 'retired' } : key;
        }),
      );
    });
  }

  derive(purpose: string): Uint8Array {
    assert(!this.#closed, 'a closed key store derives no keys');
    const { root } = this.#options;
    return new Uint8Array(hkdfSync('sm3', root, new Uint8Array(0), `guitai-derive-1-${purpose}`, 32));
  }

  async close(): Promise<void> {
    await this.#queue(async () => {
      if (this.#closed) return;
      this.#closed = true;
      this.#options.root.fill(0);
      for (const { privateKey } of this.#keys) privateKey.fill(0);
      this.#options.close?.();
      this.#become({ kind: 'fault', fault: fault('key-store-locked', 'closed') });
      this.#listeners.clear();
    });
  }

  /** The newest enrolled key, else the newest new one; later made is newer, whatever the clock said. */
  #current(): HeldKey | undefined {
    return (
      this.#keys.findLast(({ state }) => state === 'enrolled') ??
      this.#keys.findLast(({ state }) => state === 'new')
    );
  }

  async #change(next: readonly HeldKey[]): Promise<Result<void, Fault>> {
    const saved = await this.#options.save(next);
    if (saved.ok) this.#keys = next;
    this.#become(saved.ok ? { kind: 'ready' } : { kind: 'fault', fault: saved.error });
    return saved;
  }

  #become(state: DeviceState): void {
    const before = this.#state;
    this.#state = state;
    if (before.kind === 'ready' && state.kind === 'ready') return;
    for (const listener of this.#listeners) listener(state);
  }

  #queue<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

function publicPart({ keyId, publicKey, createdAtMs, state }: HeldKey): TerminalKey {
  return { keyId, publicKey, createdAtMs, state };
}

function signature(held: HeldKey, data: Uint8Array): TerminalSignature {
  return { keyId: held.keyId, signature: signSm2(data, held) };
}

function closed(): Result<never, Fault> {
  return err(fault('key-store-locked', 'closed'));
}
