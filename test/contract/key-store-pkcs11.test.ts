import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, onTestFinished } from 'vitest';
import type { ManualClock } from '#core/manual-clock';
import { openKeyStore } from '#drivers/key-store/open';
import type { TokenOptions } from '#drivers/key-store/pkcs11';
import type { KeyStorePort } from '#drivers/key-store/port';
import { makeSoftToken, softTokenLibrary } from '../helpers/soft-token.ts';
import { keyStoreContract } from './key-store-contract.ts';

async function opened(folder: string, pkcs11: TokenOptions, clock: ManualClock): Promise<KeyStorePort> {
  const store = await openKeyStore({ store: 'pkcs11', folder, pkcs11, clock });
  if (!store.ok) throw new Error(`${store.error.code}: ${store.error.detail}`);
  return store.value;
}

if (softTokenLibrary === undefined) {
  describe('key store: token', () => {
    it.skip('needs SoftHSM: install the package softhsm2', () => undefined);
  });
} else {
  for (const method of ['aes', 'rsa'] as const) {
    keyStoreContract(`token with ${method.toUpperCase()}`, async (clock) => {
      const folder = mkdtempSync(join(tmpdir(), 'guitai-keys-'));
      const { library, token, pin, remove } = makeSoftToken();
      onTestFinished(() => {
        remove();
        rmSync(folder, { recursive: true, force: true });
      });
      const options = { library, token, pin, method };
      const store = await opened(folder, options, clock);
      return {
        store,
        reopen: async () => {
          await store.close();
          return opened(folder, options, clock);
        },
      };
    });
  }
}
