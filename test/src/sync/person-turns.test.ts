import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '#core/manual-clock';
import { ScriptedAgency } from '../../helpers/scripted-agency.ts';
import { requestLifeMs, TillProcess } from '../../helpers/till-process.ts';
import { holder, morningMs, newFolder } from '../../helpers/till-records.ts';

const ONE = holder().personNumber;
const other = holder('99010000000000000002');

let folder: ReturnType<typeof newFolder>;
let clock: ManualClock;
let agency: ScriptedAgency;
let till: TillProcess;

beforeEach(() => {
  folder = newFolder();
  clock = new ManualClock(morningMs);
  agency = new ScriptedAgency(clock);
  till = new TillProcess(folder.path, clock, agency);
});
afterEach(() => {
  till.kill();
  folder.remove();
});

function sent(saleId: string): readonly string[] {
  return till.store.messagesOfSale(saleId).map(({ transaction, state }) => `${transaction} ${state}`);
}

describe('while a quote stands at the counter', () => {
  test('a reversal for the same person waits and goes as soon as the counter is done; others do not wait', async () => {
    agency.fates['2102'].push('lose-reply', 'lose-reply');
    await till.turns.hold(ONE);
    const own = await till.sell();
    const others = await till.sell({ holder: other });
    await clock.advance(60_000);
    expect(sent(own)).toEqual(['2102 unknown']);
    expect(sent(others)).toEqual(['2102 reversed-unproved', '2601 succeeded']);
    expect(till.turns.isDisturbed(ONE)).toBe(false);
    expect(till.turns.release()).toBe(true);
    till.sync.kick();
    await clock.advance(1_000);
    expect(sent(own)).toEqual(['2102 reversed-unproved', '2601 succeeded']);
    await clock.advance(2 * requestLifeMs);
    expect([own, others].map((saleId) => till.state(saleId))).toEqual(['done', 'done']);
  });

  test('that nobody takes up, a reversal goes after two minutes, and the quote is told to be outdated', async () => {
    agency.fates['2102'].push('lose-reply');
    await till.turns.hold(ONE);
    const own = await till.sell();
    await clock.advance(119_000);
    expect(sent(own)).toEqual(['2102 unknown']);
    await clock.advance(5_000);
    expect(sent(own)).toContain('2601 succeeded');
    expect(till.turns.isDisturbed(ONE)).toBe(true);
    expect(till.turns.isDisturbed(other.personNumber)).toBe(false);
  });

  test('uploads of the same person wait, a drain by hand does not hang on them, and those of others go', async () => {
    till.usable = false;
    const own = [till.sellOffline('card-a'), till.sellOffline('card-a')];
    const others = till.sellOffline('card-b', { holder: other });
    await till.turns.hold(ONE);
    till.usable = true;
    const drained = till.sync.drainUploads();
    await clock.advance(1_000);
    expect(await drained).toEqual({ accepted: 1, rejected: 0, left: 2 });
    expect([...own, others].map((saleId) => till.state(saleId))).toEqual(['queued', 'queued', 'done']);
    till.turns.release();
    till.sync.kick();
    await clock.advance(5_000);
    expect(own.map((saleId) => till.state(saleId))).toEqual(['done', 'done']);
  });
});

describe('a question about a person whose money is on its way', () => {
  test('waits for the answer, and what was answered before it was asked does not outdate it', async () => {
    let answer = (): void => undefined;
    const work = till.turns.during(ONE, () => new Promise<void>((resolve) => (answer = resolve)));
    let asked = false;
    const hold = till.turns.hold(ONE).then(() => {
      asked = true;
    });
    await clock.advance(1_000);
    expect(asked).toBe(false);
    answer();
    await work;
    await hold;
    expect(till.turns.isDisturbed(ONE)).toBe(false);
  });

  test('goes on after three seconds without the answer, which outdates the quote when it comes', async () => {
    let answer = (): void => undefined;
    const work = till.turns.during(ONE, () => new Promise<void>((resolve) => (answer = resolve)));
    const hold = till.turns.hold(ONE);
    await clock.advance(3_000);
    await hold;
    expect(till.turns.isDisturbed(ONE)).toBe(false);
    answer();
    await work;
    expect(till.turns.isDisturbed(ONE)).toBe(true);
  });

  test('does not wait for another person’s', async () => {
    void till.turns.during(other.personNumber, () => new Promise<void>(() => undefined));
    await till.turns.hold(ONE);
    expect(till.turns.isDisturbed(ONE)).toBe(false);
  });
});
