import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { assert } from '#core/assert';
import { ManualClock } from '#core/manual-clock';
import { openKeyStore } from '#drivers/key-store/open';
import { morningMs, openStore } from '../helpers/till-records.ts';
import { CutCheck } from './cut-check.ts';
import { memoryOrDisk } from './cut-disk.ts';
import { type Mark, Told } from './cut-facts.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(memoryOrDisk(), 'guitai-cut-check-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function markOf(settings: Readonly<Record<string, string>>): Mark {
  const facts = Object.entries(settings).map(([name, value]) => [`setting:${name}`, value] as const);
  return { step: 'two settings', facts, issued: [] };
}

/** Looks at records that hold these settings, as if the power had been cut within a step that changes both. */
async function look(left: Readonly<Record<string, string>>) {
  const clock = new ManualClock(morningMs);
  const folder = join(root, 'data');
  const opened = await openKeyStore({ store: 'file', folder: join(folder, 'keys'), clock });
  assert(opened.ok, 'the key store opens');
  const store = openStore(folder, clock, { sealKey: opened.value.derive('records') });
  for (const [name, value] of Object.entries(left)) store.setSetting(name, value);
  store.close();
  await opened.value.close();
  const told = new Told();
  told.add(markOf({ sum: 'second', place: 'second' }));
  return new CutCheck().look(root, { told, next: markOf({ sum: 'first', place: 'third' }), life: 0 });
}

describe('what a power cut left is', () => {
  test('kept when the step under way is not there, and when all of it is', async () => {
    expect(await look({ sum: 'second', place: 'second' })).toMatchObject({ kind: 'kept' });
    expect(await look({ sum: 'first', place: 'third' })).toMatchObject({ kind: 'kept' });
  });

  test('half when one part of the step under way is there and the other is not', async () => {
    expect(await look({ sum: 'first', place: 'second' })).toEqual({
      kind: 'half',
      what: 'two settings without setting:place',
    });
  });

  test('lost, not half, when it is older than what was told and agrees with the step under way by chance', async () => {
    expect(await look({ sum: 'first', place: 'first' })).toEqual({
      kind: 'lost',
      what: 'setting:place: first instead of second',
    });
  });
});
