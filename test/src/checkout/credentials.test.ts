import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cardIdOf } from '#simulators/cards/card-facts';
import { makeTrainingCard } from '#simulators/cards/training-cards';
import { trainingFacts } from '#simulators/cards/training-facts';
import { openShop, type Shop } from '../../helpers/with-shop.ts';

const NUMBER_A = '990100199001010012';
const ACTING = { relation: 'child', name: '李代办', identityNumber: '990100198001010017' } as const;

let shop: Shop;

beforeEach(async () => {
  shop = await openShop({ identityNumber: true });
});

afterEach(async () => {
  await shop.end();
});

function qrText(): string {
  const issued = shop.agency.control.issueCertificate(cardIdOf(trainingFacts.a));
  if (issued === undefined) throw new Error('the holder of card A has a certificate');
  return issued.qrText;
}

async function sell(): Promise<void> {
  await shop.till.scan('6909901000017');
  const quoted = await shop.till.quote();
  expect(quoted.ok ? quoted.value.sale.mode : quoted.error.code).toBe('insured');
  const paid = await shop.till.pay({ mode: 'insured', tenders: [] });
  expect(paid.ok ? '' : paid.error.code).toBe('');
  await shop.until('done', ({ sale }) => sale.state === 'done');
}

describe('an electronic certificate', () => {
  test('identifies, settles once, and its holder is gone after the sale', async () => {
    const text = qrText();
    const scanned = await shop.till.scan(text);
    expect(scanned.ok ? '' : scanned.error.code).toBe('');
    expect(shop.till.view().holder).toMatchObject({
      state: 'identified',
      name: '测试甲',
      medium: 'electronic-certificate',
    });
    await sell();
    const { sale, holder } = shop.till.view();
    expect(sale.medium).toBe('electronic-certificate');
    expect(holder.state).toBe('none');
    expect(shop.agency.control.chargesOf(sale.saleNumber).standing).toHaveLength(1);
    await shop.until('the slip is out', ({ printer }) => printer.owed === 0);
    expect(shop.printer.slips().at(-1)?.text).toContain('医保电子凭证');

    const again = await shop.till.scan(text);
    expect(again.ok ? '' : again.error.code).toBe('certificate-used');
    expect(shop.till.view().holder.state).toBe('refused');
  });

  test('is refused without the agency, and the code can still be used afterwards', async () => {
    const text = qrText();
    await shop.till.forceOffline(true);
    const refused = await shop.till.scan(text);
    expect(refused.ok ? '' : refused.error.code).toBe('offline-medium');
    await shop.till.forceOffline(false);
    await shop.until('online', ({ connectivity }) => connectivity.state === 'online');
    const scanned = await shop.till.scan(text);
    expect(scanned.ok ? '' : scanned.error.code).toBe('');
  });

  test('is never deducted offline: the link lost after the scan leaves cash only', async () => {
    await shop.till.scan(qrText());
    await shop.till.scan('6909901000017');
    await shop.till.forceOffline(true);
    const quoted = await shop.till.quote();
    expect(quoted.ok ? quoted.value.sale.mode : quoted.error.code).toBe('offline-medium');
  });

  test('gives way to a card that is inserted, and a card pulled elsewhere does not take it away', async () => {
    await shop.insert('C');
    await shop.till.scan(qrText());
    shop.pull();
    expect(shop.till.view().holder).toMatchObject({ state: 'identified', medium: 'electronic-certificate' });
    await shop.insert('C');
    expect(shop.till.view().holder).toMatchObject({ state: 'identified', medium: 'card', name: '张三' });
  });
});

describe('an identity number typed by hand', () => {
  const typed = { identityNumber: NUMBER_A, name: '测试甲', reason: '卡片遗失补办中' };

  test('identifies with name and reason; both stay with the sale and the journal', async () => {
    const identified = await shop.till.identifyByNumber(typed);
    expect(identified.ok ? '' : identified.error.code).toBe('');
    expect(shop.till.view().holder).toMatchObject({
      medium: 'identity-number',
      certificateNumber: '990100**********12',
    });
    await sell();
    const { saleId, medium } = shop.till.view().sale;
    expect(medium).toBe('identity-number');
    const row = shop.store.sale(saleId);
    expect(row?.manualReason).toBe('卡片遗失补办中');
    expect(row?.holder?.mediumNumber).toBe('990100**********12');
    const kinds = shop.store.journal(1, 100).map(({ kind }) => kind);
    expect(kinds).toContain('identified-by-hand');
    expect(JSON.stringify(shop.store.journal(1, 100).map(({ facts }) => facts))).not.toContain(NUMBER_A);
    await shop.until('the slip is out', ({ printer }) => printer.owed === 0);
    const slip = shop.printer.slips().at(-1)?.text ?? '';
    expect(slip).toContain('人工录入证件号');
    expect(slip).not.toContain(NUMBER_A);
  });

  test('an order to be paid from the account is not sold for cash to a person whose insurance is stopped', async () => {
    const stopped = { identityNumber: '990100198001020142', name: '冯停保', reason: '卡片遗失补办中' };
    const identified = await shop.till.identifyByNumber(stopped);
    expect(identified.ok ? '' : identified.error.code).toBe('');
    const lines = [{ code: '6909901000017', quantity: '1' }];
    const refused = await shop.till.sellBasket({ reference: 'order-1', lines, pay: 'account' });
    expect(refused.ok ? '' : refused.error.code).toBe('agency-not-entitled');
    const sold = await shop.till.sellBasket({ reference: 'order-1', lines, pay: 'cash' });
    expect(sold.ok ? sold.value.summary.mode : sold.error.code).toBe('own-pay');
  });

  test.each([
    ['a wrong check digit', { identityNumber: '110101199003070001' }, 'identity-number-check'],
    ['letters', { identityNumber: '99010019900101001A' }, 'identity-number-check'],
    ['a reason of two characters', { reason: '忘带' }, 'reason-missing'],
    ['the name of somebody else', { name: '王别人' }, 'holder-mismatch'],
  ])('is refused with %s', async (_, change, code) => {
    const refused = await shop.till.identifyByNumber({ ...typed, ...change });
    expect(refused.ok ? '' : refused.error.code).toMatch(
      code === 'holder-mismatch' ? /holder-mismatch|agency-/ : code,
    );
    expect(shop.till.view().holder.state).not.toBe('identified');
  });
});

describe('someone who acts for the holder', () => {
  test('is recorded with the sale, masked on screen and slip, and gone with the next holder', async () => {
    const early = await shop.till.setActingPerson(ACTING);
    expect(early.ok ? '' : early.error.code).toBe('holder-none');
    await shop.insert('A');
    const set = await shop.till.setActingPerson(ACTING);
    expect(set.ok ? '' : set.error.code).toBe('');
    expect(shop.till.view().holder.actingPerson).toEqual({
      ...ACTING,
      identityNumber: '990100**********17',
    });
    await sell();
    const { saleId, actingPerson } = shop.till.view().sale;
    expect(actingPerson?.identityNumber).toBe('990100**********17');
    expect(shop.store.sale(saleId)?.actingPerson).toEqual(ACTING);
    await shop.until('the slip is out', ({ printer }) => printer.owed === 0);
    expect(shop.printer.slips().at(-1)?.text).toContain('代办人 李**（子女）');

    await shop.till.nextSale();
    await shop.till.setActingPerson(ACTING);
    shop.pull();
    await shop.insert('B');
    expect(shop.till.view().holder.actingPerson).toBeUndefined();
  });
});

describe('identity numbers at the counter', () => {
  test('a card whose number is not that of the agency is refused: never a wrong holder', async () => {
    const card = makeTrainingCard('A');
    const other = makeTrainingCard('employee');
    // The issuer file of one card with the holder file of another.
    const mixed = {
      atr: card.atr,
      powerOn: () => void [card.powerOn(), other.powerOn()],
      powerOff: () => void [card.powerOff(), other.powerOff()],
      reset: () => void [card.reset(), other.reset()],
      transmit: (apdu: Uint8Array) => forged(card.transmit(apdu)),
    };
    await shop.insert(mixed);
    expect(shop.till.view().holder).toMatchObject({
      state: 'refused',
      fault: { code: 'holder-mismatch' },
    });
    expect(shop.store.rememberedHolder(cardIdOf(trainingFacts.a))).toBeUndefined();
  });

  test('what is kept after a sale carries no full number', async () => {
    await shop.insert('A');
    await sell();
    const { saleId } = shop.till.view().sale;
    const kept = [shop.store.sale(saleId), shop.store.rememberedHolder(cardIdOf(trainingFacts.a))];
    const text = JSON.stringify([kept, shop.till.view()], (_, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    );
    expect(text).toContain('990100**********12');
    expect(text).not.toContain(NUMBER_A);
  });
});

/** The same answer with another person's number in it. */
function forged(answer: Uint8Array | undefined): Uint8Array | undefined {
  if (answer === undefined) return undefined;
  const text = Buffer.from(answer).toString('latin1').replace(NUMBER_A, '990100198808080042');
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}
