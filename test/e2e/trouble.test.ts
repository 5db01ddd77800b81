import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AgencyFault } from '#simulators/agency/faults';
import type { TrainingCardId } from '#simulators/cards/training-facts';
import { Cashier, GOODS } from './cashier.ts';
import { RealShop } from './real-shop.ts';

const LATER_GOODS = '6909902000023';

let shop: RealShop;
let cashier: Cashier;
let settledBefore = 0;

beforeAll(async () => {
  shop = await RealShop.open();
  cashier = new Cashier(shop);
  await shop.signIn();
}, 90_000);

beforeEach(() => {
  settledBefore = settlements();
});

afterEach(async () => {
  await shop.agency.control.clearFaults();
  await cashier.clear();
  await shop.pull();
});

afterAll(() => shop.close());

/** Settlements that the agency has booked, whatever became of them. */
function settlements(): number {
  return shop.agency.control.settlements().length;
}

/** The trouble cost nothing: no charge, the goods still in the basket, and the next good card is read. */
async function noOtherDamage(): Promise<void> {
  expect(settlements()).toBe(settledBefore);
  await cashier.sees('line-1').waitFor();
  expect((await shop.view()).sale.lines).toHaveLength(1);
  await cashier.insert('employee', '李培训');
  await cashier.seesNoCode('holder');
  expect(shop.agency.control.violations()).toEqual([]);
}

/** A whole insured sale of what lies in the basket, to prove that everything works again. */
async function sellsAgain(): Promise<void> {
  await cashier.quote();
  await cashier.openPayDialog();
  await cashier.press('Enter');
  await cashier.finish();
  expect(settlements()).toBe(settledBefore + 1);
}

describe('cards that are not served', () => {
  const refused: readonly (readonly [TrainingCardId, string])[] = [
    ['forged', 'card-authentication-failed'],
    ['locked', 'card-locked'],
    ['application-locked', 'card-application-locked'],
    ['bank-only', 'card-bank-only'],
    ['blank', 'card-blank'],
    ['mute', 'card-mute'],
    ['not-a-card', 'card-not-social-security'],
    ['lost', 'card-reported-lost'],
  ];
  test.each(refused)('a card that is %s shows %s and costs nothing', async (id, code) => {
    await cashier.scan();
    await shop.insert(id);
    await cashier.seesState('holder', 'refused');
    await cashier.seesCode(code, 'holder');
    await noOtherDamage();
  });

  test('an expired card warns with card-expired and is served', async () => {
    await cashier.scan();
    await cashier.insert('expired', '周过期');
    await cashier.seesCode('card-expired', 'holder');
    await sellsAgain();
  });

  test('a card that dies in use is given up within its deadline and the next one reads', async () => {
    await cashier.scan();
    await shop.insert('A', { mute: true });
    await cashier.seesState('holder', 'refused');
    await cashier.seesCode('card-mute', 'holder');
    await noOtherDamage();
  });
});

describe('cards that move', () => {
  test('a card pulled while it is read shows card-removed', async () => {
    await cashier.scan();
    await shop.insert('A', { answerMs: 150 });
    await cashier.seesState('holder', 'reading');
    await shop.pull();
    await cashier.seesCode('card-removed', 'holder');
    expect(await shop.page.getByTestId('holder-name').count()).toBe(0);
    await noOtherDamage();
  });

  test('a card swapped before commit is noticed: card-swapped, and nobody is charged', async () => {
    // Now and then the reader tells of the swap before the key is pressed: then the quote is void at once, and
    // the new card is read like any other. That costs nothing either, and is not what is looked for here.
    let caught = false;
    for (let attempt = 0; attempt < 4 && !caught; attempt += 1) {
      await cashier.upToPay('employee', '李培训');
      await shop.swap('A');
      await cashier.press('Enter');
      await shop.until('the quote is void', ({ sale }) => sale.state === 'selling');
      caught = (await shop.view()).sale.fault?.code === 'card-swapped';
      if (caught) await cashier.seesCode('card-swapped');
      await noOtherDamage();
      if (!caught) await cashier.clear();
    }
    expect(caught).toBe(true);
    await sellsAgain();
  });
});

describe('readers and their service', () => {
  test('a killed card service shows reader-service-down; started again, the next card reads', async () => {
    await cashier.scan();
    await cashier.insert('A', '测试甲');
    await shop.killCardService();
    await cashier.seesCode('reader-service-down', 'status-card');
    await shop.startCardService();
    await cashier.seesNoCode('status-card');
    await noOtherDamage();
  });

  test('an unplugged reader shows reader-none; plugged in again, the next card reads', async () => {
    await cashier.scan();
    await shop.killCardService();
    await shop.startCardService('none');
    await cashier.seesCode('reader-none', 'status-card');
    await shop.killCardService();
    await shop.startCardService();
    await cashier.seesNoCode('status-card');
    await noOtherDamage();
  });
});

describe('printers', () => {
  const troubles = [
    {
      code: 'printer-unreachable',
      happens: (on: boolean) => shop.printer.setUnplugged(on),
    },
    {
      code: 'printer-cover-open',
      happens: async (on: boolean) => shop.printer.setCoverOpen(on),
    },
  ] as const;
  test.each(troubles)(
    '$code during a sale: the sale is done, the slip owed, then printed once',
    async (trouble) => {
      await cashier.upToPay('employee', '李培训');
      await trouble.happens(true);
      await cashier.press('Enter');
      await cashier.sees('done').waitFor();
      await cashier.seesCode(trouble.code, 'status-printer');
      await cashier.seesState('slip-state', 'owed');
      const { sale } = await shop.until('owed', ({ printer }) => printer.owed === 1);
      const slips = () => shop.printer.slips().filter(({ text }) => text.includes(sale.saleNumber));
      expect(slips()).toHaveLength(0);

      await trouble.happens(false);
      await shop.until('nothing is owed', ({ printer }) => printer.owed === 0);
      await cashier.seesState('slip-state', 'printed');
      await cashier.seesNoCode('status-printer');
      expect(slips()).toHaveLength(1);
      expect(shop.agency.control.chargesOf(sale.saleNumber).standing).toHaveLength(1);
      await cashier.press('F10');
    },
  );
});

describe('the agency', () => {
  const garbage = [
    ['bytes', 'agency-garbled'],
    ['json', 'agency-garbled'],
    ['truncated', 'agency-garbled'],
    ['cut-off', 'agency-no-answer'],
  ] as const;
  test.each(garbage)(
    'garbage (%s) instead of a person shows %s; the card reads afterwards',
    async (form, code) => {
      await cashier.scan();
      await shop.agency.control.setFault({ kind: 'garbage', transaction: '1101', form });
      await shop.insert('A');
      await cashier.seesCode(code);
      await shop.agency.control.clearFaults();
      await noOtherDamage();
    },
  );

  test('garbage instead of a trial shows agency-garbled; the next quote goes through', async () => {
    await cashier.insert('employee', '李培训');
    await cashier.scan();
    const fault: AgencyFault = { kind: 'garbage', transaction: '2101', form: 'json', count: 1 };
    await shop.agency.control.setFault(fault);
    await cashier.press('F8');
    await cashier.seesCode('agency-garbled');
    expect(settlements()).toBe(settledBefore);
    await sellsAgain();
  });

  test('wrong sums in a trial show agency-sums-wrong; nothing is charged', async () => {
    await cashier.insert('employee', '李培训');
    await cashier.scan();
    await shop.agency.control.setFault({ kind: 'wrong-sums', transaction: '2101', count: 1 });
    await cashier.press('F8');
    await cashier.seesCode('agency-sums-wrong');
    expect(settlements()).toBe(settledBefore);
    await sellsAgain();
  });

  test('a cut line is shown as offline with agency-unreachable, and as online when it is back', async () => {
    await cashier.scan();
    await shop.agency.control.cut();
    await shop.insert('A');
    await cashier.seesCode('agency-unreachable', 'status-agency');
    await cashier.sees('status-agency').getByText('脱机').waitFor();
    await shop.agency.control.restore();
    await shop.api('POST', '/api/queue/sync', {});
    await cashier.seesNoCode('status-agency');
    await cashier.sees('holder-name').getByText('测试甲').waitFor();
    await noOtherDamage();
  });

  test('a wrong clock is shown as drift, and offline deduction is off while it lasts', async () => {
    await cashier.scan(LATER_GOODS);
    await shop.agency.control.setFault({ kind: 'wrong-clock', clockShiftMs: 3_600_000 });
    await cashier.insert('A', '测试甲');
    await shop.until('drift', ({ connectivity }) => Math.abs(connectivity.driftSeconds ?? 0) > 3_500);
    await cashier
      .sees('status-agency')
      .getByText(/时差 3\d{3} 秒/)
      .waitFor();
    await shop.agency.control.cut();
    await shop.pull();
    await shop.insert('A');
    await shop.until('offline', ({ connectivity }) => connectivity.state === 'offline');
    await cashier.seesCode('offline-clock-drift');
    await shop.agency.control.clearFaults();
    await shop.api('POST', '/api/queue/sync', {});
    await shop.until('in time again', ({ connectivity }) => Math.abs(connectivity.driftSeconds ?? 0) < 5);
    expect(GOODS).not.toBe(LATER_GOODS);
    await noOtherDamage();
  });
});
