import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '#core/manual-clock';
import { yuan } from '#core/money';
import { FakeKeyStore } from '#drivers/key-store/fake';
import { uploadAgain } from '#store/records/decide';
import { verifyAll } from '#store/verify/verify';
import {
  CarryingTill,
  type CarryTillOptions,
  codeOf,
  publicKeyOf,
  wellOf,
} from '../../helpers/carrying-till.ts';
import { oneYuanLess, ScriptedAgency } from '../../helpers/scripted-agency.ts';
import { requestLifeMs } from '../../helpers/till-process.ts';
import { institution, morningMs, newFolder, splitOf } from '../../helpers/till-records.ts';

const dayMs = 86_400_000;
let folder: ReturnType<typeof newFolder>;
let clock: ManualClock;
let agency: ScriptedAgency;
let village: CarryingTill;
let town: CarryingTill;
let villageOptions: CarryTillOptions;
let townOptions: CarryTillOptions;
let stick: string;

beforeEach(() => {
  folder = newFolder();
  clock = new ManualClock(morningMs);
  agency = new ScriptedAgency(clock);
  let serial = 0;
  agency.ids = () => {
    serial += 1;
    return institution + String(serial).padStart(18, '0');
  };
  const keys = { village: new FakeKeyStore({ clock }), town: new FakeKeyStore({ clock }) };
  const common = { clock, agency };
  villageOptions = {
    ...common,
    folder: join(folder.path, 'village'),
    terminal: '01',
    keyStore: keys.village,
    partners: [{ terminal: '02', publicKey: publicKeyOf(keys.town) }],
    usable: false,
  };
  townOptions = {
    ...common,
    folder: join(folder.path, 'town'),
    terminal: '02',
    keyStore: keys.town,
    partners: [{ terminal: '01', publicKey: publicKeyOf(keys.village) }],
  };
  stick = join(folder.path, 'stick');
  mkdirSync(stick);
  village = new CarryingTill(villageOptions);
  town = new CarryingTill(townOptions);
});
afterEach(() => {
  expect(verifyAll(village.store.verification()).findings).toEqual([]);
  expect(verifyAll(town.store.verification()).findings).toEqual([]);
  const book = town.desk.book.opened()?.store;
  if (book !== undefined) expect(verifyAll(book.verification()).findings).toEqual([]);
  expect(village.errors).toEqual([]);
  expect(town.errors).toEqual([]);
  village.kill();
  town.kill();
  folder.remove();
});

async function carried(): Promise<string> {
  const { file } = wellOf(await village.desk.sender.out(stick));
  wellOf(await town.desk.receiver.take(file));
  return file;
}

/** Days in a few steps: timers that would fall due in them fall due at their end. */
async function passed(byMs: number): Promise<void> {
  await clock.advance(5_000);
  clock.setWall(clock.nowMs() + byMs);
  await clock.advance(5_000);
}

async function answered(wish: { readonly giveBack?: boolean } = {}) {
  const { file } = wellOf(await town.desk.receiver.answer(stick, wish));
  return village.desk.sender.back(file);
}

describe('a carry-out file', () => {
  test('out, in, upload, answer, back: charged once, in order per card, the books as after an upload of its own', async () => {
    const a = [village.sell('card-a'), village.sell('card-a'), village.sell('card-a')];
    const b = [village.sell('card-b')];
    const all = [...a, ...b];
    const atRisk = village.store.offlineAtRisk();
    const direct = new CarryingTill({ ...villageOptions, folder: join(folder.path, 'direct') });
    for (const lane of ['card-a', 'card-a', 'card-a', 'card-b']) direct.sell(lane);
    const ownBefore = town.store.journalHead();
    await carried();
    expect(village.states(all)).toEqual(Array(4).fill('carried'));
    expect(village.store.offlineAtRisk()).toEqual(atRisk);
    expect(village.store.uploadCounts()).toMatchObject({ waiting: 0, carried: 4 });
    await clock.advance(5_000);
    const order = agency.charges.map(({ saleNumber }) => saleNumber);
    expect(order.filter((one) => a.map((id) => village.number(id)).includes(one))).toEqual(
      a.map((id) => village.number(id)),
    );
    expect(agency.requests.every(({ offlineProof }) => offlineProof !== undefined)).toBe(true);
    expect(wellOf(await answered())).toMatchObject({ accepted: 4, waiting: 0, ignored: 0 });
    expect(village.states(all)).toEqual(Array(4).fill('accepted'));
    for (const saleId of all) expect(agency.standing(village.number(saleId))).toHaveLength(1);

    direct.usable = true;
    direct.sync.kick();
    await clock.advance(5_000);
    expect([...village.store.balances()].sort()).toEqual([...direct.store.balances()].sort());
    expect(village.store.sale(all[0] ?? '')).toEqual(direct.store.sale(all[0] ?? ''));
    expect(village.store.offlineAtRisk()).toEqual({ amount: 0n, count: 0 });
    direct.kill();

    // The receiver sold nothing: one event says that a file came and one that it was answered.
    expect(town.store.salesOfDay('2026-03-02')).toEqual([]);
    expect(town.store.balances().size).toBe(0);
    expect(town.store.uploads(['queued', 'accepted', 'adjusted', 'rejected'])).toEqual([]);
    expect(town.store.journalHead().sequence).toBe(ownBefore.sequence + 2);
  });

  test('the day of both terminals balances with the agency afterwards, without a difference', async () => {
    village.sell('card-a');
    await carried();
    await clock.advance(5_000);
    await answered();
    village.usable = true;
    const balanced = { ok: true, value: { proved: 0, returned: 0, differences: 0 } };
    expect(await village.sync.reconcile('2026-03-02')).toEqual(balanced);
    expect(await town.sync.reconcile('2026-03-02')).toEqual(balanced);
  });

  test('the same file again, after a restart too, is refused and changes nothing', async () => {
    village.sell('card-a');
    const file = await carried();
    await clock.advance(5_000);
    expect(codeOf(await town.desk.receiver.take(file))).toBe('carry-file-seen');
    town.kill();
    town = new CarryingTill(townOptions);
    expect(codeOf(await town.desk.receiver.take(file))).toBe('carry-file-seen');
    await clock.advance(60_000);
    expect(agency.charges).toHaveLength(1);
    expect(town.book.journal(1, 100).filter(({ kind }) => kind === 'carried-in')).toHaveLength(1);
  });

  test('an answer is applied once; an older one that comes later changes nothing', async () => {
    const saleId = village.sell('card-a');
    town.usable = false;
    await carried();
    const early = wellOf(await town.desk.receiver.answer(stick)).file;
    town.usable = true;
    await clock.advance(10_000);
    const late = wellOf(await town.desk.receiver.answer(stick)).file;
    expect(wellOf(await village.desk.sender.back(late))).toMatchObject({ accepted: 1 });
    const head = village.store.journalHead();
    expect(codeOf(await village.desk.sender.back(late))).toBe('carry-file-seen');
    expect(village.store.journalHead()).toEqual(head);
    expect(wellOf(await village.desk.sender.back(early))).toMatchObject({ accepted: 0, ignored: 1 });
    expect(village.states([saleId])).toEqual(['accepted']);
    expect(village.store.balance('receivable:account')).toBe(yuan('20.00'));
  });

  test('refused and adjusted ones come back with the words and sums of the agency, as from an upload here', async () => {
    const refused = village.sell('card-a');
    const other = village.sell('card-b');
    agency.refusedSales.add(village.number(refused));
    agency.splitFor = (request) => oneYuanLess(splitOf(request.total, yuan('20.00')));
    await carried();
    await clock.advance(5_000);
    expect(wellOf(await answered())).toMatchObject({ rejected: 1, adjusted: 1 });
    expect(village.store.upload(refused)).toMatchObject({
      state: 'rejected',
      faultCode: 'agency-refused',
      agencyText: '待遇封锁',
    });
    expect(village.store.balance('receivable:account')).toBe(yuan('19.00'));
    expect(village.states([other])).toEqual(['adjusted']);

    // People put it right: it goes with another file to the same receiver and is settled there.
    agency.refusedSales.clear();
    const sale = village.store.sale(refused);
    if (sale === undefined) throw new Error('stored');
    const why = { secondOperator: '0900', reason: 'put right' };
    village.store.commit(uploadAgain({ sale, nowMs: clock.nowMs(), operator: '0101', ...why }));
    await carried();
    await clock.advance(5_000);
    expect(wellOf(await answered())).toMatchObject({ adjusted: 1, ignored: 1 });
    expect(agency.standing(village.number(refused))).toHaveLength(1);
  });

  test('no answer at the receiver: reversed, waited out and sent again; charged once and told once it is settled', async () => {
    const saleId = village.sell('card-a');
    agency.fates['2102'].push('lose-reply');
    await carried();
    await clock.advance(5_000);
    expect(wellOf(await answered())).toMatchObject({ waiting: 1 });
    expect(village.states([saleId])).toEqual(['carried']);
    await clock.advance(requestLifeMs + 10_000);
    expect(wellOf(await answered())).toMatchObject({ accepted: 1 });
    expect(agency.standing(village.number(saleId))).toHaveLength(1);
  });

  test('the receiver is killed while an upload is on its way: cleared up after the restart, charged once', async () => {
    const saleId = village.sell('card-a');
    agency.fates['2102'].push('hang-after');
    await carried();
    await clock.advance(1_000);
    town.kill();
    town = new CarryingTill(townOptions);
    await clock.advance(requestLifeMs + 10_000);
    expect(wellOf(await answered())).toMatchObject({ accepted: 1 });
    expect(agency.standing(village.number(saleId))).toHaveLength(1);
  });

  test('while it is out nothing of its card is uploaded here, though the link is back; other cards go on', async () => {
    const out = village.sell('card-a');
    town.usable = false;
    await carried();
    const [behind, other] = [village.sell('card-a'), village.sell('card-b')];
    village.usable = true;
    village.sync.kick();
    await clock.advance(60_000);
    expect(village.states([out, behind, other])).toEqual(['carried', 'queued', 'accepted']);
    expect(codeOf(await village.desk.sender.out(stick))).toBe('carry-nothing');
    town.usable = true;
    await clock.advance(10_000);
    await answered();
    village.sync.kick();
    await clock.advance(10_000);
    expect(village.states([out, behind])).toEqual(['accepted', 'accepted']);
  });

  test('given back unsent: waits at the sender again and is uploaded there, never at the receiver', async () => {
    const saleId = village.sell('card-a');
    town.usable = false;
    await carried();
    expect(wellOf(await answered({ giveBack: true }))).toMatchObject({ returned: 1 });
    expect(village.states([saleId])).toEqual(['queued']);
    town.usable = true;
    village.usable = true;
    village.sync.kick();
    await clock.advance(10_000);
    expect(agency.standing(village.number(saleId))).toHaveLength(1);
    expect(village.states([saleId])).toEqual(['accepted']);
  });
});

describe('a carry-out file whose answer never comes', () => {
  const by = { operator: '0101', secondOperator: '0900', reason: 'the stick is lost' };

  test('cannot be taken back while the receiver may still upload it; afterwards the receiver never begins', async () => {
    const saleId = village.sell('card-a');
    town.usable = false;
    await carried();
    const [{ number } = { number: '' }] = village.desk.sender.files();
    expect(codeOf(village.desk.sender.takeBack(number, by))).toBe('carry-still-out');
    await passed(7 * dayMs);
    expect(codeOf(village.desk.sender.takeBack(number, by))).toBe('carry-still-out');
    town.usable = true;
    await passed(3_600_000);
    expect(agency.charges).toEqual([]);
    expect(wellOf(village.desk.sender.takeBack(number, by))).toEqual({ sales: 1 });
    expect(codeOf(village.desk.sender.takeBack(number, by))).toBe('carry-file-unknown');
    // Its clearing keys are unknown here: people look instead of the program.
    village.usable = true;
    village.sync.kick();
    await clock.advance(60_000);
    expect(village.store.upload(saleId)).toMatchObject({
      state: 'rejected',
      faultCode: 'carry-maybe-uploaded',
    });
  });

  test('uploaded by the receiver all the same: found by 3202 and taken as the settlement, charged once', async () => {
    knowKeys();
    const saleId = village.sell('card-a');
    await carried();
    await passed(7 * dayMs + 3_600_000);
    expect(agency.standing(village.number(saleId))).toHaveLength(1);
    const [{ number } = { number: '' }] = village.desk.sender.files();
    wellOf(village.desk.sender.takeBack(number, by));
    village.usable = true;
    village.sync.kick();
    await clock.advance(60_000);
    expect(village.states([saleId])).toEqual(['accepted']);
    expect(agency.standing(village.number(saleId))).toHaveLength(1);
    // The answer comes at last: nothing is out with that file any more.
    expect(wellOf(await answered())).toMatchObject({ accepted: 0, ignored: 1 });
    expect(village.store.balance('offline-at-risk')).toBe(0n);
  });

  test('not uploaded there: the agency is asked first, then it is uploaded here, once', async () => {
    knowKeys();
    const saleId = village.sell('card-a');
    wellOf(await village.desk.sender.out(stick));
    await passed(7 * dayMs + 3_600_000);
    const [{ number } = { number: '' }] = village.desk.sender.files();
    wellOf(village.desk.sender.takeBack(number, by));
    agency.fates['3202'].push('unreachable');
    village.usable = true;
    village.sync.kick();
    await clock.advance(1_000);
    expect(village.states([saleId])).toEqual(['queued']);
    expect(agency.charges).toEqual([]);
    await clock.advance(120_000);
    expect(village.states([saleId])).toEqual(['accepted']);
    const first2102 = agency.log.findIndex((one) => one.startsWith('2102'));
    expect(agency.log.slice(0, first2102).some((one) => one.startsWith('3202 settlements'))).toBe(true);
    expect(agency.standing(village.number(saleId))).toHaveLength(1);
  });

  test('two alike and one charge: which one it is nobody can tell, so both go to people and none is sent', async () => {
    knowKeys();
    const alike = [village.sell('card-a'), village.sell('card-a')];
    agency.refusedSales.add(village.number(alike[0] ?? ''));
    await carried();
    await passed(7 * dayMs + 3_600_000);
    const [{ number } = { number: '' }] = village.desk.sender.files();
    wellOf(village.desk.sender.takeBack(number, by));
    village.usable = true;
    village.sync.kick();
    await clock.advance(60_000);
    expect(village.states(alike)).toEqual(['rejected', 'rejected']);
    expect(agency.charges).toHaveLength(1);
  });

  function knowKeys(): void {
    village.kill();
    village = new CarryingTill({ ...villageOptions, clearing: [{ office: '990199', type: '41' }] });
  }
});
