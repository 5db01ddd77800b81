import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '#core/manual-clock';
import { encryptSm2, generateSm2, sm2KeyId, verifySm2 } from '#core/sm2';
import type { KeyStorePort } from '#drivers/key-store/port';

export interface OpenedStore {
  readonly store: KeyStorePort;
  /** Closes it and opens it again, as a later start of the program does; absent where nothing outlives it. */
  readonly reopen?: () => Promise<KeyStorePort>;
}

const data = Uint8Array.from(Buffer.from('proof of an offline sale'));

/** What every key store promises, wherever it keeps the keys. `open` gives a new, empty one each time. */
export function keyStoreContract(name: string, open: (clock: ManualClock) => Promise<OpenedStore>): void {
  describe(`key store: ${name}`, () => {
    let clock: ManualClock;
    let opened: OpenedStore;
    let store: KeyStorePort;

    beforeEach(async () => {
      clock = new ManualClock(1_700_000_000_000);
      opened = await open(clock);
      store = opened.store;
      return () => store.close();
    });

    async function made(): Promise<string> {
      const key = await store.make();
      if (!key.ok) throw new Error(key.error.code);
      return key.value.keyId;
    }

    async function codeOf(answer: Promise<{ readonly ok: boolean }>): Promise<string | undefined> {
      const result = await answer;
      return 'error' in result ? (result.error as { code: string }).code : undefined;
    }

    it('has one key in state new at its first opening, which signs', async () => {
      expect(store.state().kind).toBe('ready');
      expect(store.kind).toBe('key-store');
      const [key, ...others] = store.keys();
      if (key === undefined) throw new Error('no key');
      expect(others).toEqual([]);
      expect(key).toMatchObject({ state: 'new', createdAtMs: 1_700_000_000_000 });
      expect(key.keyId).toBe(sm2KeyId(key.publicKey));
      expect(store.current()).toEqual(key);
      const signed = await store.sign(data);
      if (!signed.ok) throw new Error(signed.error.code);
      expect(signed.value.keyId).toBe(key.keyId);
      expect(verifySm2(data, signed.value.signature, key.publicKey)).toBe(true);
      expect(verifySm2(data, signed.value.signature, generateSm2().publicKey)).toBe(false);
    });

    it('opens what was hidden for one of its keys, and nothing hidden for another key or changed', async () => {
      const key = store.current();
      if (key === undefined) throw new Error('no key');
      const secret = new Uint8Array(32).fill(0x3c);
      const cipher = encryptSm2(secret, key.publicKey) ?? '';
      expect(await store.unwrap(key.keyId, cipher)).toEqual({ ok: true, value: secret });
      const foreign = encryptSm2(secret, generateSm2().publicKey) ?? '';
      expect(await codeOf(store.unwrap(key.keyId, foreign))).toBe('record-seal-broken');
      const changed = `${cipher.slice(0, -1)}${cipher.endsWith('0') ? '1' : '0'}`;
      expect(await codeOf(store.unwrap(key.keyId, changed))).toBe('record-seal-broken');
      expect(await codeOf(store.unwrap('0000000000000000', cipher))).toBe('key-none');
      await store.mark(key.keyId, 'revoked');
      expect(await codeOf(store.unwrap(key.keyId, cipher))).toBe('key-revoked');
    });

    it('tells nothing of the private part', () => {
      expect(Object.keys(store.keys()[0] ?? {}).sort()).toEqual([
        'createdAtMs',
        'keyId',
        'publicKey',
        'state',
      ]);
    });

    it('signs with the enrolled key although a newer one was made, until that is enrolled', async () => {
      const first = store.current()?.keyId ?? '';
      await store.mark(first, 'enrolled');
      const second = await made();
      expect(store.current()?.keyId).toBe(first);
      await store.mark(second, 'enrolled');
      expect(store.current()?.keyId).toBe(second);
      expect(store.keys().map(({ state }) => state)).toEqual(['retired', 'enrolled']);
    });

    it('takes the newest of several new keys, also when the clock went back', async () => {
      clock.advance(1000);
      await made();
      const third = await made();
      expect(store.current()?.keyId).toBe(third);
    });

    it('signs a rotation in the name of the old key', async () => {
      const first = store.current()?.keyId ?? '';
      await store.mark(first, 'enrolled');
      await store.mark(await made(), 'enrolled');
      const signed = await store.signWith(first, data);
      expect(signed.ok && verifySm2(data, signed.value.signature, store.keys()[0]?.publicKey ?? '')).toBe(
        true,
      );
    });

    it('never signs with a revoked key again, and no state brings it back', async () => {
      const first = store.current()?.keyId ?? '';
      await store.mark(first, 'revoked');
      expect(store.current()).toBeUndefined();
      expect(await codeOf(store.sign(data))).toBe('key-none');
      expect(await codeOf(store.signWith(first, data))).toBe('key-revoked');
      for (const state of ['enrolled', 'retired'] as const) {
        expect(await codeOf(store.mark(first, state))).toBe('key-revoked');
      }
      expect(await codeOf(store.mark(first, 'revoked'))).toBeUndefined();
      const second = await made();
      const signed = await store.sign(data);
      expect(signed.ok && signed.value.keyId).toBe(second);
    });

    it('knows no key of another name', async () => {
      expect(await codeOf(store.signWith('0123456789ABCDEF', data))).toBe('key-none');
      expect(await codeOf(store.mark('0123456789ABCDEF', 'enrolled'))).toBe('key-none');
    });

    it('keeps every key of many made at the same time', async () => {
      const ids = await Promise.all(Array.from({ length: 5 }, made));
      expect(
        store
          .keys()
          .slice(1)
          .map(({ keyId }) => keyId),
      ).toEqual(ids);
    });

    it('derives a key of 32 bytes per purpose', () => {
      const records = store.derive('records');
      expect(records.length).toBe(32);
      expect(store.derive('records')).toEqual(records);
      expect(store.derive('record')).not.toEqual(records);
      expect(records.some((byte) => byte !== 0)).toBe(true);
    });

    it('does nothing any more once it is closed', async () => {
      await store.close();
      await store.close();
      expect(store.state()).toMatchObject({ kind: 'fault', fault: { code: 'key-store-locked' } });
      for (const answer of [store.sign(data), store.make(), store.mark('0123456789ABCDEF', 'enrolled')]) {
        expect(await codeOf(answer)).toBe('key-store-locked');
      }
      expect(() => store.derive('records')).toThrow('closed');
    });

    it('has the same keys, states and derived keys after it was opened again', async (context) => {
      const { reopen } = opened;
      if (reopen === undefined) return context.skip('nothing outlives this one');
      await store.mark(store.current()?.keyId ?? '', 'enrolled');
      await store.mark(await made(), 'revoked');
      const before = { keys: store.keys(), records: store.derive('records') };
      store = await reopen();
      expect({ keys: store.keys(), records: store.derive('records') }).toEqual(before);
      const signed = await store.sign(data);
      expect(signed.ok && verifySm2(data, signed.value.signature, before.keys[0]?.publicKey ?? '')).toBe(
        true,
      );
    });
  });
}
