import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '#core/manual-clock';
import { openKeyStore, rotateRootKey } from '#drivers/key-store/open';

const clock = new ManualClock(Date.parse('2026-03-02T02:00:00Z'));
let folder: string;
let secretFile: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guitai-keys-'));
  secretFile = join(folder, 'apart', 'secret');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const options = () => ({ store: 'file', folder: join(folder, 'keys'), secretFile, clock }) as const;
const keyFile = () => join(folder, 'keys', 'keys.json');

/** What the store derives and signs with, or the code of its refusal. */
async function opened(): Promise<string> {
  const store = await openKeyStore(options());
  if (!store.ok) return store.error.code;
  const seen = `${Buffer.from(store.value.derive('records')).toString('hex')} ${store.value.current()?.keyId}`;
  await store.value.close();
  return seen;
}

async function rotate(): Promise<void> {
  const rotated = await rotateRootKey(options());
  if (!rotated.ok) throw new Error(`${rotated.error.code} ${rotated.error.detail}`);
}

describe('a fresh root key', () => {
  test('wraps the same keys anew: records and signatures go on, the old secret opens nothing any more', async () => {
    const before = await opened();
    const oldSecret = readFileSync(secretFile, 'utf8');
    const oldFile = readFileSync(keyFile(), 'utf8');
    await rotate();
    expect(await opened()).toBe(before);
    expect(readFileSync(secretFile, 'utf8')).not.toBe(oldSecret);
    expect(existsSync(`${secretFile}.next`)).toBe(false);
    // Nothing of the old wrapping is left: no wrapped value stands in both files.
    const wrapped = new Set(oldFile.match(/[0-9A-F]{64,}/g));
    const publicKey = /"publicKey": "([0-9A-F]+)"/.exec(oldFile)?.[1] ?? '';
    wrapped.delete(publicKey);
    for (const text of readFileSync(keyFile(), 'utf8').match(/[0-9A-F]{64,}/g) ?? [])
      expect(wrapped.has(text)).toBe(false);
    writeFileSync(secretFile, oldSecret, { mode: 0o600 });
    expect(await opened()).toBe('key-store-locked');
  });

  test('cut off before the key file is replaced, the old state opens, and can be rotated again', async () => {
    const before = await opened();
    const old = readFileSync(secretFile, 'utf8');
    copyFileSync(keyFile(), join(folder, 'old-keys'));
    await rotate();
    // As it was when only the next secret had been written.
    renameSync(secretFile, `${secretFile}.next`);
    writeFileSync(secretFile, old, { mode: 0o600 });
    copyFileSync(join(folder, 'old-keys'), keyFile());
    expect(await opened()).toBe(before);
    expect(readFileSync(secretFile, 'utf8')).toBe(old);
    await rotate();
    expect(await opened()).toBe(before);
    expect(existsSync(`${secretFile}.next`)).toBe(false);
  });

  test('cut off after the key file is replaced, the new state opens and the step is finished', async () => {
    const before = await opened();
    const old = readFileSync(secretFile, 'utf8');
    await rotate();
    const fresh = readFileSync(secretFile, 'utf8');
    renameSync(secretFile, `${secretFile}.next`);
    writeFileSync(secretFile, old, { mode: 0o600 });
    // Not even the start of another rotation loses the only secret that opens the file.
    await rotate();
    expect(await opened()).toBe(before);

    const third = readFileSync(secretFile, 'utf8');
    renameSync(secretFile, `${secretFile}.next`);
    writeFileSync(secretFile, fresh, { mode: 0o600 });
    expect(await opened()).toBe(before);
    expect(readFileSync(secretFile, 'utf8')).toBe(third);
    expect(existsSync(`${secretFile}.next`)).toBe(false);
  });

  test('a changed key file is refused as damaged and nothing is rotated', async () => {
    await opened();
    const text = readFileSync(keyFile(), 'utf8');
    writeFileSync(keyFile(), text.replace('"state": "new"', '"state": "enrolled"'), { mode: 0o600 });
    const rotated = await rotateRootKey(options());
    expect(rotated.ok ? 'rotated' : rotated.error.code).toBe('key-store-damaged');
    expect(existsSync(`${secretFile}.next`)).toBe(false);
  });
});
