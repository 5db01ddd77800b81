import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { ManualClock } from '#core/manual-clock';
import { openKeyStore } from '#drivers/key-store/open';

vi.mock('pkcs11js', () => {
  throw new Error("Cannot find package 'pkcs11js'");
});

it('without the optional package a token is refused with that reason, and nothing is made', async () => {
  const opened = await openKeyStore({
    store: 'pkcs11',
    folder: join(tmpdir(), 'guitai-never-made'),
    pkcs11: { library: '/usr/lib/softhsm/libsofthsm2.so', token: 'any', pin: '1234' },
    clock: new ManualClock(0),
  });
  expect(opened.ok ? undefined : `${opened.error.code}: ${opened.error.detail}`).toBe(
    'key-store-locked: package pkcs11js is not installed',
  );
});
