import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { fault } from '#core/fault';
import { ManualClock } from '#core/manual-clock';
import { FakeKeyStore } from '#drivers/key-store/fake';
import { openKeyStore } from '#drivers/key-store/open';
import type { KeyStorePort } from '#drivers/key-store/port';

const clock = new ManualClock(1_700_000_000_000);
let folder: string;
let keyFile: string;
let secretFile: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guitai-keys-'));
  keyFile = join(folder, 'keys.json');
  secretFile = join(folder, 'keys.secret');
  return () => {
    chmodSync(folder, 0o700);
    rmSync(folder, { recursive: true, force: true });
  };
});

const open = (more: { readonly secretFile?: string } = {}) =>
  openKeyStore({ store: 'file', folder, clock, ...more });

async function opened(): Promise<KeyStorePort> {
  const store = await open();
  if (!store.ok) throw new Error(`${store.error.code}: ${store.error.detail}`);
  return store.value;
}

/** `key-store-locked: secret file missing`. */
async function refused(): Promise<string | undefined> {
  const store = await open();
  if (!store.ok) return `${store.error.code}: ${store.error.detail}`;
  await store.value.close();
  return undefined;
}

/** A folder whose store was made and closed. */
async function made(): Promise<string> {
  await (await opened()).close();
  return readFileSync(keyFile, 'utf8');
}

const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe('the files of a wrapped key store', () => {
  it('are readable by their owner only, and hold no key in clear', async () => {
    const store = await opened();
    const records = Buffer.from(store.derive('records')).toString('hex');
    expect([modeOf(keyFile), modeOf(secretFile)]).toEqual([0o600, 0o600]);
    const text = readFileSync(keyFile, 'utf8');
    expect(text.toLowerCase()).not.toContain(records);
    expect(JSON.parse(text)).toMatchObject({ body: { version: 1, protection: { kind: 'secret' } } });
    expect(readFileSync(secretFile, 'utf8')).toMatch(/^[0-9A-F]{64}\n$/);
    await store.close();
  });

  it('may lie in two places, and the secret may be one that somebody chose', async () => {
    const elsewhere = join(folder, 'usb', 'secret');
    mkdirSync(join(folder, 'usb'));
    writeFileSync(elsewhere, 'correct horse battery staple\r\n', { mode: 0o600 });
    const first = await open({ secretFile: elsewhere });
    const keys = first.ok ? first.value.keys() : [];
    expect(keys.length).toBe(1);
    expect(existsSync(secretFile)).toBe(false);
    const again = await open({ secretFile: elsewhere });
    expect(again.ok && again.value.keys()).toEqual(keys);
  });

  it('survive a write that was cut off: what it left behind is passed over', async () => {
    await made();
    writeFileSync(`${keyFile}.new`, '{"half', { mode: 0o666 });
    const store = await opened();
    expect((await store.make()).ok).toBe(true);
    expect(modeOf(keyFile)).toBe(0o600);
    expect(existsSync(`${keyFile}.new`)).toBe(false);
    await store.close();
    expect((await opened()).keys().length).toBe(2);
  });
});

describe('a wrapped key store stays locked', () => {
  it('without its secret, and makes no new one over keys that exist', async () => {
    const before = await made();
    rmSync(secretFile);
    expect(await refused()).toBe('key-store-locked: secret file missing');
    expect(existsSync(secretFile)).toBe(false);
    expect(readFileSync(keyFile, 'utf8')).toBe(before);
  });

  it('with another secret', async () => {
    await made();
    writeFileSync(secretFile, 'A'.repeat(64), { mode: 0o600 });
    expect(await refused()).toBe('key-store-locked: secret does not fit');
  });

  it('with an empty or cut secret', async () => {
    writeFileSync(secretFile, '\n', { mode: 0o600 });
    expect(await refused()).toBe('key-store-locked: secret file too short');
  });

  it('when others may read the secret or the keys', async () => {
    await made();
    for (const mode of [0o640, 0o604, 0o620]) {
      chmodSync(secretFile, mode);
      expect(await refused()).toBe('key-store-locked: secret file readable by others');
    }
    chmodSync(secretFile, 0o600);
    chmodSync(keyFile, 0o644);
    expect(await refused()).toBe('key-store-locked: key file readable by others');
  });

  it('when a folder stands where a file belongs', async () => {
    mkdirSync(secretFile, { mode: 0o700 });
    expect(await refused()).toBe('key-store-locked: secret file unreadable (EISDIR)');
  });

  it('when a newer program wrote it', async () => {
    const text = await made();
    writeFileSync(keyFile, text.replace('"version": 1', '"version": 2'));
    expect(await refused()).toBe('key-store-locked: file of version 2');
  });
});

describe('a changed key file is damaged, never opened', () => {
  it('whatever single character is changed', async () => {
    const text = await made();
    const places = [...text.matchAll(/[0-9A-Fa-z]/g)].map(({ index }) => index);
    for (const place of places.filter((_, index) => index % 17 === 0)) {
      const other = text[place] === '1' ? '2' : '1';
      writeFileSync(keyFile, text.slice(0, place) + other + text.slice(place + 1));
      const said = await refused();
      expect(said, `character ${place}`).toMatch(/^key-store-(?:damaged|locked: file of version)/);
    }
  });

  it('when it was cut off, is empty or something else', async () => {
    const text = await made();
    for (const other of ['', text.slice(0, text.length / 2), '[]', 'null', '{"body":{}}']) {
      writeFileSync(keyFile, other);
      expect(await refused(), other.slice(0, 20)).toMatch(/^key-store-damaged/);
    }
  });

  it('when somebody who may write it also mends the checksum: a revoked key stays revoked', async () => {
    const store = await opened();
    await store.mark(store.current()?.keyId ?? '', 'revoked');
    await store.close();
    const file = JSON.parse(readFileSync(keyFile, 'utf8'));
    file.body.keys[0].state = 'new';
    const { createHash } = await import('node:crypto');
    file.checksum = createHash('sm3').update(JSON.stringify(file.body)).digest('hex').toUpperCase();
    writeFileSync(keyFile, JSON.stringify(file));
    expect(await refused()).toBe('key-store-damaged: seal does not fit');
  });

  it('when a private key of another store was put in', async () => {
    await made();
    const other = readFileSync(keyFile, 'utf8');
    renameSync(keyFile, join(folder, 'old.json'));
    const mine = JSON.parse(await made());
    const foreign = JSON.parse(other);
    mine.body.keys[0].wrapped = foreign.body.keys[0].wrapped;
    writeFileSync(keyFile, JSON.stringify(mine));
    expect(await refused()).toMatch(/^key-store-damaged/);
  });
});

describe('a change that cannot be written', () => {
  // The system's owner may write everywhere, so a folder in the way stands for a disk that refuses.
  it('is a fault, leaves the keys as they were, and is told until one succeeds', async () => {
    const store = await opened();
    const before = store.keys();
    const states: string[] = [];
    store.onChange((state) => states.push(state.kind));
    mkdirSync(join(`${keyFile}.new`, 'in-the-way'), { recursive: true });
    const made = await store.make();
    expect(made.ok ? undefined : made.error.code).toBe('store-write-failed');
    expect(store.keys()).toEqual(before);
    expect(store.state()).toMatchObject({ kind: 'fault', fault: { code: 'store-write-failed' } });
    rmSync(`${keyFile}.new`, { recursive: true });
    expect((await store.make()).ok).toBe(true);
    expect(states).toEqual(['fault', 'ready']);
    await store.close();
  });

  it('is shown by the fake in the same way', async () => {
    const store = new FakeKeyStore({ clock });
    store.failWrites(fault('store-disk-full'));
    const made = await store.make();
    expect(made.ok ? undefined : made.error.code).toBe('store-disk-full');
    expect(store.keys().length).toBe(1);
    store.failWrites(undefined);
    expect((await store.make()).ok).toBe(true);
  });
});
