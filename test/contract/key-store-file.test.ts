import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ManualClock } from '#core/manual-clock';
import { openKeyStore } from '#drivers/key-store/open';
import type { KeyStorePort } from '#drivers/key-store/port';
import { keyStoreContract } from './key-store-contract.ts';

async function opened(folder: string, clock: ManualClock): Promise<KeyStorePort> {
  const store = await openKeyStore({ store: 'file', folder, clock });
  if (!store.ok) throw new Error(`${store.error.code}: ${store.error.detail}`);
  return store.value;
}

keyStoreContract('wrapped file', async (clock) => {
  const folder = mkdtempSync(join(tmpdir(), 'guitai-keys-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const store = await opened(folder, clock);
  return {
    store,
    reopen: async () => {
      await store.close();
      return opened(folder, clock);
    },
  };
});
