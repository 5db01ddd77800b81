import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '#core/manual-clock';
import { generateSm2 } from '#core/sm2';
import { FakeKeyStore } from '#drivers/key-store/fake';
import { TRAILER_BYTES } from '#store/carry/file-form';
import { type Medium, realMedium } from '#store/carry/medium';
import {
  CarryingTill,
  type CarryTillOptions,
  codeOf,
  onlyFile,
  publicKeyOf,
  wellOf,
} from '../../helpers/carrying-till.ts';
import { ScriptedAgency } from '../../helpers/scripted-agency.ts';
import { institution, morningMs, newFolder } from '../../helpers/till-records.ts';

let folder: ReturnType<typeof newFolder>;
let clock: ManualClock;
let agency: ScriptedAgency;
let keys: { readonly village: FakeKeyStore; readonly town: FakeKeyStore };
let village: CarryingTill;
let town: CarryingTill;
let townOptions: CarryTillOptions;
let villageOptions: CarryTillOptions;
let stick: string;
const opened: CarryingTill[] = [];

beforeEach(() => {
  folder = newFolder();
  clock = new ManualClock(morningMs);
  agency = new ScriptedAgency(clock);
  let serial = 0;
  agency.ids = () => {
    serial += 1;
    return institution + String(serial).padStart(18, '0');
  };
  keys = { village: new FakeKeyStore({ clock }), town: new FakeKeyStore({ clock }) };
  villageOptions = {
    ...{ clock, agency, folder: join(folder.path, 'village'), terminal: '01', keyStore: keys.village },
    partners: [{ terminal: '02', publicKey: publicKeyOf(keys.town) }],
    usable: false,
  };
  townOptions = {
    ...{ clock, agency, folder: join(folder.path, 'town'), terminal: '02', keyStore: keys.town },
    partners: [{ terminal: '01', publicKey: publicKeyOf(keys.village) }],
  };
  stick = join(folder.path, 'stick');
  mkdirSync(stick);
  village = open(villageOptions);
  town = open(townOptions);
});
afterEach(() => {
  for (const till of opened.splice(0)) till.kill();
  folder.remove();
});

function open(options: CarryTillOptions): CarryingTill {
  const till = new CarryingTill(options);
  opened.push(till);
  return till;
}

/** As `kill -9` and started again. */
function restarted(till: CarryingTill, options: CarryTillOptions): CarryingTill {
  opened.splice(opened.indexOf(till), 1);
  till.kill();
  return open(options);
}

async function carriedOut(): Promise<Buffer> {
  const { file } = wellOf(await village.desk.sender.out(stick));
  return readFileSync(file);
}

async function tryIn(bytes: Uint8Array, at = town): Promise<string> {
  const file = join(folder.path, 'tried.carry');
  writeFileSync(file, bytes);
  return codeOf(await at.desk.receiver.take(file));
}

/** mulberry32: the same numbers for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('a carry-out file that is not as it was made', () => {
  test('one changed byte anywhere, 200 at random: refused with a code, and the whole file is taken afterwards', async () => {
    village.sell('card-a');
    village.sell('card-b');
    const bytes = await carriedOut();
    const seed = 20_260_302;
    const random = seeded(seed);
    const head = town.store.journalHead();
    for (let turn = 0; turn < 200; turn += 1) {
      const at = Math.floor(random() * bytes.length);
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ (1 + Math.floor(random() * 255));
      const code = await tryIn(changed);
      expect(code, `seed ${seed}, byte ${at}`).toMatch(/^carry-(file-cut|file-altered|sender-unknown)$/);
    }
    expect(town.store.journalHead()).toEqual(head);
    expect(town.desk.book.opened()).toBeUndefined();
    expect(await tryIn(bytes)).toBe('ok');
  });

  test('cut after any part of it: said to be cut, nothing imported', async () => {
    village.sell('card-a');
    const bytes = await carriedOut();
    const lineEnd = bytes.indexOf(0x0a);
    const lengths = [
      0,
      1,
      10,
      lineEnd - 1,
      lineEnd,
      lineEnd + 1,
      lineEnd + 2,
      bytes.length - TRAILER_BYTES - 1,
    ];
    lengths.push(
      bytes.length - TRAILER_BYTES,
      bytes.length - TRAILER_BYTES + 1,
      bytes.length - 2,
      bytes.length - 1,
    );
    for (const length of lengths)
      expect(await tryIn(bytes.subarray(0, length)), `${length} bytes`).toBe('carry-file-cut');
    expect(await tryIn(Buffer.concat([bytes, Buffer.from('\n')]))).toBe('carry-file-altered');
    expect(await tryIn(Buffer.from('hello\n'))).toBe('carry-file-altered');
    expect(codeOf(await town.desk.receiver.take(join(stick, 'absent')))).toBe('carry-file-cut');
  });

  test('nothing of a sale can be read in it: no person, no card, no goods', async () => {
    village.sell('card-a');
    const text = (await carriedOut()).toString('latin1');
    for (const word of ['99010000000000000001', 'A12345678', 'card-a', 'XA01AB1', '测试甲'])
      expect(text).not.toContain(Buffer.from(word).toString('latin1'));
  });
});

describe('a sound carry-out file at the wrong place', () => {
  test('of a stranger, for another terminal, with another key, of another institution: each refused with its code', async () => {
    village.sell('card-a');
    const bytes = await carriedOut();
    const folderOf = (name: string) => join(folder.path, name);
    const stranger = [{ terminal: '01', publicKey: generateSm2().publicKey }];
    const deaf = open({ ...townOptions, folder: folderOf('deaf'), partners: stranger });
    expect(await tryIn(bytes, deaf)).toBe('carry-sender-unknown');
    const renamed = [{ terminal: '09', publicKey: publicKeyOf(keys.village) }];
    const misled = open({ ...townOptions, folder: folderOf('misled'), partners: renamed });
    expect(await tryIn(bytes, misled)).toBe('carry-sender-unknown');
    const third = open({ ...townOptions, folder: folderOf('third'), terminal: '03' });
    expect(await tryIn(bytes, third)).toBe('carry-not-for-us');
    const otherKey = open({ ...townOptions, folder: folderOf('key'), keyStore: new FakeKeyStore({ clock }) });
    expect(await tryIn(bytes, otherKey)).toBe('carry-not-for-us');
    const elsewhere = open({ ...townOptions, folder: folderOf('else'), institution: 'P99010199998' });
    expect(await tryIn(bytes, elsewhere)).toBe('carry-other-institution');
    expect(await tryIn(bytes)).toBe('ok');
    await clock.advance(10_000);
    expect(agency.charges).toHaveLength(1);
  });

  test('an answer taken for sales, sales taken for an answer, an answer for somebody else: refused', async () => {
    village.sell('card-a');
    const bytes = await carriedOut();
    expect(await tryIn(bytes)).toBe('ok');
    await clock.advance(5_000);
    const { file } = wellOf(await town.desk.receiver.answer(stick));
    expect(codeOf(await village.desk.sender.back(join(folder.path, 'tried.carry')))).toBe(
      'carry-sender-unknown',
    );
    expect(codeOf(await town.desk.receiver.take(file))).toBe('carry-sender-unknown');
    const other = open({ ...villageOptions, folder: join(folder.path, 'other'), terminal: '05' });
    expect(codeOf(await other.desk.sender.back(file))).toBe('carry-not-for-us');
    expect(codeOf(await village.desk.sender.back(file))).toBe('ok');
  });

  test('past its time, from the future, or older than a lost book: refused', async () => {
    village.sell('card-a');
    const bytes = await carriedOut();
    clock.setWall(morningMs - 2 * 3_600_000);
    expect(await tryIn(bytes)).toBe('carry-clock-wrong');
    clock.setWall(morningMs + 7 * 86_400_000);
    expect(await tryIn(bytes)).toBe('carry-expired');
    clock.setWall(morningMs);
    expect(await tryIn(bytes)).toBe('ok');
    await clock.advance(10_000);
    town = restarted(town, townOptions);
    town.kill();
    opened.splice(opened.indexOf(town), 1);
    rmSync(join(folder.path, 'town', 'carried'), { recursive: true });
    town = open(townOptions);
    expect(await tryIn(bytes)).toBe('carry-file-seen');
    village.sell('card-b');
    stick = join(folder.path, 'second');
    mkdirSync(stick);
    expect(await tryIn(await carriedOut())).toBe('carry-book-lost');
    expect(agency.charges).toHaveLength(1);
  });
});

describe('a medium or a program that fails in the middle', () => {
  /** Fails at the n-th use of the medium; `gone`: also afterwards, as a stick that was pulled out. */
  function failing(at: number, gone: boolean): { readonly medium: Medium; readonly used: () => number } {
    let used = 0;
    const step = <A extends readonly unknown[], R>(work: (...args: A) => R) => {
      return (...args: A): R => {
        used += 1;
        if (used === at || (gone && used > at)) throw Object.assign(new Error('EIO'), { code: 'EIO' });
        return work(...args);
      };
    };
    const { create, write, sync, rename, syncFolder, read, remove, isFolder } = realMedium;
    const medium: Medium = {
      ...{ create: step(create), write: step(write), sync: step(sync), close: realMedium.close },
      ...{ rename: step(rename), syncFolder: step(syncFolder), read: step(read), remove: step(remove) },
      isFolder: step(isFolder),
    };
    return { medium, used: () => used };
  }

  test.each([false, true])(
    'at each of its steps (pulled out: %s): either nothing is out, or all counts as out and can be written again',
    async (gone) => {
      for (let at = 1; at <= 10; at += 1) {
        const { medium } = failing(at, gone);
        const options = { ...villageOptions, folder: join(folder.path, `village-${at}`), medium };
        const till = open(options);
        const saleId = till.sell('card-a');
        const to = join(folder.path, `stick-${at}`);
        mkdirSync(to);
        const code = codeOf(await till.desk.sender.out(to));
        const state = till.store.upload(saleId)?.state;
        if (code === 'carry-write-failed') {
          expect(state, `step ${at}`).toBe('queued');
          // Whatever is left there is of no use to anybody.
          for (const name of readdirSync(to))
            expect(await tryIn(readFileSync(join(to, name)))).toBe('carry-file-cut');
        } else {
          expect([code, state], `step ${at}`).toEqual([at === 10 ? 'ok' : 'carry-maybe-written', 'carried']);
        }
        if (code === 'carry-maybe-written') {
          const again = restarted(till, villageOf(options));
          const { file } = wellOf(again.desk.sender.again(to));
          expect(readFileSync(file)).toEqual(
            Buffer.from(again.store.carry.body('02', numberOf(again)) ?? []),
          );
          expect(again.desk.status().out[0]).toMatchObject({ stillOut: 1, unclear: false });
        }
      }
    },
  );

  test('killed before a byte was written: nothing is out; killed while writing: all is out', async () => {
    const saleId = village.sell('card-a');
    const signing = keys.village.signWith.bind(keys.village);
    // The key store never answers: the program dies while the file is being made.
    keys.village.signWith = () => new Promise(() => undefined);
    void village.desk.sender.out(stick);
    expect(village.states([saleId])).toEqual(['carried']);
    keys.village.signWith = signing;
    village = restarted(village, villageOptions);
    expect(village.states([saleId])).toEqual(['queued']);

    const dying = { ...realMedium, rename: () => Promise.reject(new Error('never')) as never };
    const killed = new Promise<void>((resolve) => {
      dying.rename = () => {
        village.kill();
        resolve();
        throw new Error('killed');
      };
    });
    opened.splice(opened.indexOf(village), 1);
    village.kill();
    village = new CarryingTill({ ...villageOptions, medium: dying });
    void village.desk.sender.out(stick).catch(() => undefined);
    await killed;
    village = open(villageOptions);
    expect(village.states([saleId])).toEqual(['carried']);
    expect(village.desk.status().out[0]).toMatchObject({ stillOut: 1, unclear: true });
    expect(readdirSync(stick)).toHaveLength(0);
    const { file } = wellOf(village.desk.sender.again(stick));
    expect(file).toBe(onlyFile(stick));
    expect(await tryIn(readFileSync(file))).toBe('ok');
  });

  test.each([1, 2, 3])(
    'the receiver is killed before write %i of an import: after the restart the file is imported exactly once',
    async (which) => {
      village.sell('card-a');
      village.sell('card-b');
      const bytes = await carriedOut();
      town.usable = false;
      // A first file makes the book, so that its writes can be counted.
      expect(await tryIn(bytes)).toBe('ok');
      stick = join(folder.path, 'second');
      mkdirSync(stick);
      village.sell('card-c');
      const second = await carriedOut();
      let commits = 0;
      for (const store of [town.store, town.book]) {
        const commit = store.commit.bind(store);
        store.commit = (change) => {
          commits += 1;
          if (commits === which) throw new Error('killed');
          return commit(change);
        };
      }
      await expect(tryIn(second)).rejects.toThrow('killed');
      town = restarted(town, townOptions);
      expect(await tryIn(second)).toBe(which === 3 ? 'carry-file-seen' : 'ok');
      expect(await tryIn(second)).toBe('carry-file-seen');
      await clock.advance(30_000);
      expect(agency.charges).toHaveLength(3);
      expect(town.book.journal(1, 100).filter(({ kind }) => kind === 'carried-in')).toHaveLength(3);
    },
  );

  test('the sender is killed in the middle of an answer: read again, the rest is applied and nothing twice', async () => {
    const sales = [village.sell('card-a'), village.sell('card-b'), village.sell('card-c')];
    const bytes = await carriedOut();
    expect(await tryIn(bytes)).toBe('ok');
    await clock.advance(10_000);
    const { file } = wellOf(await town.desk.receiver.answer(stick));
    const commit = village.store.commit.bind(village.store);
    let commits = 0;
    village.store.commit = (change) => {
      commits += 1;
      if (commits === 3) throw new Error('killed');
      return commit(change);
    };
    await expect(village.desk.sender.back(file)).rejects.toThrow('killed');
    village = restarted(village, villageOptions);
    expect(wellOf(await village.desk.sender.back(file))).toMatchObject({ accepted: 1, ignored: 2 });
    expect(village.states(sales)).toEqual(['accepted', 'accepted', 'accepted']);
    expect(village.store.journal(1, 100).filter(({ kind }) => kind === 'offline-accepted')).toHaveLength(3);
  });

  function villageOf({ medium: _medium, ...options }: CarryTillOptions): CarryTillOptions {
    return options;
  }

  function numberOf(till: CarryingTill): string {
    return till.desk.sender.files()[0]?.number ?? '';
  }
});

test('the file of one terminal can be copied, but only one receiver ever opens it', async () => {
  village.sell('card-a');
  const bytes = await carriedOut();
  const twin = open({
    ...townOptions,
    folder: join(folder.path, 'twin'),
    keyStore: new FakeKeyStore({ clock, root: new Uint8Array(32).fill(1) }),
  });
  copyFileSync(onlyFile(stick), join(folder.path, 'copy.carry'));
  expect(codeOf(await twin.desk.receiver.take(join(folder.path, 'copy.carry')))).toBe('carry-not-for-us');
  expect(await tryIn(bytes)).toBe('ok');
  await clock.advance(10_000);
  expect(agency.charges).toHaveLength(1);
});
