import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '#core/manual-clock';
import { openKeyStore } from '#drivers/key-store/open';
import type { TokenOptions } from '#drivers/key-store/pkcs11';
import { makeSoftToken, type SoftToken, softTokenLibrary } from '../../helpers/soft-token.ts';

const clock = new ManualClock(1_700_000_000_000);

async function refusedBy(folder: string, pkcs11?: TokenOptions): Promise<string | undefined> {
  const store = await openKeyStore({
    store: 'pkcs11',
    folder,
    clock,
    ...(pkcs11 === undefined ? {} : { pkcs11 }),
  });
  return store.ok ? undefined : `${store.error.code}: ${store.error.detail}`;
}

it('a token that is not configured, or whose library is missing, is told as such', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'guitai-keys-'));
  expect(await refusedBy(folder)).toBe('key-store-locked: no token is configured');
  const library = join(folder, 'none.so');
  expect(await refusedBy(folder, { library, token: 'x', pin: '1' })).toBe(
    'key-store-locked: library of the token does not load',
  );
  writeFileSync(library, 'not a library');
  expect(await refusedBy(folder, { library, token: 'x', pin: '1' })).toBe(
    'key-store-locked: library of the token does not load',
  );
  rmSync(folder, { recursive: true });
});

describe.skipIf(softTokenLibrary === undefined)(
  'a key store whose root a token keeps (needs SoftHSM, package softhsm2)',
  () => {
    let folder: string;
    let soft: SoftToken;

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'guitai-keys-'));
      soft = makeSoftToken();
      return () => {
        soft.remove();
        rmSync(folder, { recursive: true, force: true });
      };
    });

    it('opens with the token, stays locked without it, and opens again when it is back', async () => {
      expect(await refusedBy(folder, soft)).toBeUndefined();
      soft.pull();
      expect(await refusedBy(folder, soft)).toBe('key-store-locked: token absent');
      soft.putBack();
      expect(await refusedBy(folder, soft)).toBeUndefined();
    });

    it('goes on signing when the token is pulled after the opening', async () => {
      const { library, token, pin } = soft;
      const store = await openKeyStore({ store: 'pkcs11', folder, clock, pkcs11: { library, token, pin } });
      if (!store.ok) throw new Error(store.error.detail);
      expect(store.value.address).toBe('pkcs11:guitai test token');
      soft.pull();
      expect((await store.value.sign(new Uint8Array(3))).ok).toBe(true);
      expect((await store.value.make()).ok).toBe(true);
      await store.value.close();
    });

    it('names a wrong token PIN and presents it once only', async () => {
      expect(await refusedBy(folder, soft)).toBeUndefined();
      expect(await refusedBy(folder, { ...soft, pin: '00000000' })).toBe(
        'key-store-locked: token: CKR_PIN_INCORRECT',
      );
      expect(await refusedBy(folder, soft)).toBeUndefined();
    });

    it('stays locked with another token of the same name, which holds no key or another one', async () => {
      const { library, token, pin } = soft;
      expect(await refusedBy(folder, soft)).toBeUndefined();
      soft.remove();
      soft = makeSoftToken();
      expect(await refusedBy(folder, soft)).toBe('key-store-locked: token holds no root key');
      const second = mkdtempSync(join(tmpdir(), 'guitai-keys-'));
      expect(await refusedBy(second, { library, token, pin })).toBeUndefined();
      expect(await refusedBy(folder, soft)).toMatch(/^key-store-locked: (?:token: CKR_|secret does not fit)/);
      rmSync(second, { recursive: true });
    });

    it('is not mistaken for a store under a secret file, nor the other way round', async () => {
      expect(await refusedBy(folder, soft)).toBeUndefined();
      const asFile = await openKeyStore({ store: 'file', folder, clock });
      expect(asFile.ok ? undefined : asFile.error.detail).toBe('kept by pkcs11, not by a secret file');
      const second = mkdtempSync(join(tmpdir(), 'guitai-keys-'));
      const file = await openKeyStore({ store: 'file', folder: second, clock });
      expect(file.ok).toBe(true);
      expect(await refusedBy(second, soft)).toBe('key-store-locked: kept by a secret file, not by a token');
      rmSync(second, { recursive: true });
    });

    it('does not open when what the token has to decrypt was changed', async () => {
      for (const method of ['aes', 'rsa'] as const) {
        expect(await refusedBy(folder, { ...soft, method })).toBeUndefined();
        const path = join(folder, 'keys.json');
        const text = readFileSync(path, 'utf8');
        writeFileSync(
          path,
          text.replace(/("wrapped": ")(..)/, (_, head, pair) => head + (pair === '00' ? '01' : '00')),
        );
        expect(await refusedBy(folder, soft), method).toMatch(/^key-store-damaged/);
        rmSync(path);
      }
    });
  },
);
