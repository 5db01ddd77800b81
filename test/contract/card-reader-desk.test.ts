import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CardIssuerData } from '#core/domain/holder';
import { fromHex, toHex } from '#core/hex';
import { fen } from '#core/money';
import { ok } from '#core/result';
import { createCardDesk } from '#drivers/card-reader/desk';
import type { CardDesk, CardLike } from '#drivers/card-reader/port';
import { cardKey } from '#simulators/cards/card-keys';
import { purchaseKey, purchaseMac1, purchaseMac2 } from '#simulators/cards/purchase-codes';
import { testRootKey } from '#simulators/cards/test-root-keys';
import { makeTrainingCard, type TrainingCardId } from '#simulators/cards/training-cards';
import { VirtualCard } from '#simulators/cards/virtual-card';
import { type CardCounter, cardCounters } from '../helpers/card-counters.ts';
import { issuerAgency, issuerKeys, padBlock } from '../helpers/card-issuer.ts';
import { pinOf } from '../helpers/card-pins.ts';
import { EventLog } from '../helpers/reader-events.ts';

const options = { today: '2026-01-15', authenticate: 'required' } as const;
const time = '20260115103000';
const terminalNumber = '990100000001';
const terminalSequence = '0000002A';
const amounts = { account: fen(12_50n), own: fen(3_00n), pool: fen(45_00n) };

describe.each(cardCounters)('everything a counter asks of a card, in %s', (_, makeCounter) => {
  let counter: CardCounter;
  let desk: CardDesk;
  let log: EventLog;

  beforeAll(async () => {
    counter = await makeCounter();
    log = new EventLog(counter.port);
    await counter.port.start();
  });
  beforeEach(() => {
    desk = createCardDesk(counter.port, { useReaders: ['00 00'] });
  });
  afterEach(async () => {
    await desk.release();
    if (counter.port.readers()[0]?.card === 'none') return;
    await counter.pull();
    await log.next('card-removed');
  });
  afterAll(() => counter?.stop());

  const read = async (): Promise<CardIssuerData> => {
    const result = await desk.read(issuerAgency, options);
    if (!result.ok) throw new Error(`${result.error.code} ${result.error.detail}`);
    return result.value.identity.issuer;
  };
  const insert = async (card: CardLike): Promise<CardIssuerData> => {
    await counter.insert(card);
    await log.next('card-inserted');
    return read();
  };
  const take = (id: TrainingCardId): Promise<CardIssuerData> => insert(makeTrainingCard(id));

  test.each([
    ['A', '310', undefined],
    ['B', '390', '34'],
    ['C', '310', '11'],
  ] as const)('card %s shows its medical file to the PIN', async (id, scheme, personClass) => {
    await take(id);
    expect(await desk.readMedical()).toMatchObject({ error: { code: 'card-medical-closed' } });
    expect(await desk.verifyPin(pinOf('123456'), 'medical')).toEqual(ok({ kind: 'ok' }));
    const medical = await desk.readMedical();
    expect(medical).toMatchObject({ value: { insuredRegion: '990100', scheme } });
    expect(medical.ok && medical.value.personClass).toBe(personClass);
  });

  test.each(['B', 'C', 'offline-card'] as const)('card %s shows it to the key as well', async (id) => {
    await take(id);
    const keys = issuerKeys();
    const medical = await desk.readMedical(keys);
    expect(medical).toMatchObject({
      value: { insuredRegion: '990100', cardUse: id === 'offline-card' ? 'offline' : 'online' },
    });
    expect(keys.asked).toEqual(['RK1DF04']);
  });

  test.each(['A', 'B', 'C'] as const)(
    'card %s: a PIN is changed, locked by wrong ones, unlocked and reset',
    async (id) => {
      const card = makeTrainingCard(id, { pinTries: 2 });
      await insert(card);
      expect(await desk.changePin(pinOf('123456'), pinOf('65432'))).toEqual(ok({ kind: 'ok' }));
      expect(await desk.verifyPin(pinOf('123456'))).toMatchObject({ value: { kind: 'wrong', triesLeft: 1 } });
      expect(await desk.verifyPin(pinOf('65432'))).toEqual(ok({ kind: 'ok' }));
      for (const digits of ['0000', '0000']) await desk.verifyPin(pinOf(digits));
      expect(await desk.pinState()).toMatchObject({ value: { kind: 'locked' } });
      expect(await desk.changePin(pinOf('65432'), pinOf('1111'))).toMatchObject({
        value: { kind: 'locked' },
      });
      expect(await desk.unblockPin(issuerKeys())).toEqual(ok(undefined));
      expect(await desk.pinState()).toEqual(ok({ kind: 'set', triesLeft: 2 }));
      expect(await desk.verifyPin(pinOf('65432'))).toEqual(ok({ kind: 'ok' }));
      expect(await desk.unblockPin(issuerKeys(), pinOf('123456789012'))).toEqual(ok(undefined));
      expect(await desk.verifyPin(pinOf('123456789012'), 'medical')).toEqual(ok({ kind: 'ok' }));
    },
  );

  test('a third-generation card takes the block of a pad, and no older card does', async () => {
    await take('C');
    const entered = async (digits: string) => {
      const challenge = await desk.pinChallenge();
      if (!challenge.ok) throw new Error(challenge.error.code);
      return desk.verifyPinBlock(padBlock(digits, challenge.value));
    };
    expect(await entered('000000')).toMatchObject({ value: { kind: 'wrong', triesLeft: 5 } });
    expect(await entered('123456')).toEqual(ok({ kind: 'ok' }));
    await counter.pull();
    await log.next('card-removed');
    await take('B');
    expect(await desk.pinChallenge()).toMatchObject({ error: { code: 'card-pin-block-unsupported' } });
  });

  test('a photo behind the key is read after the proof, and with the key once that right is gone', async () => {
    await take('C');
    const first = await desk.readPhoto();
    if (!first.ok || first.value === undefined) throw new Error('card C has a photo');
    expect(first.value.length).toBeGreaterThan(256);
    await desk.pinState('medical');
    expect(await desk.readPhoto()).toMatchObject({ error: { code: 'card-holder-file-closed' } });
    const again = await desk.readPhoto(issuerKeys());
    expect(again.ok && again.value !== undefined && toHex(again.value)).toBe(toHex(first.value));
  });

  /** MAC1 of the module for what the card began; and what the card must answer. */
  const codesOf = (
    issuer: CardIssuerData,
    begun: { readonly random: string; readonly cardSequence: string },
    terminal = terminalSequence,
  ) => {
    const algorithm = issuer.algorithm === 'sm4' ? 'sm4' : 'tdes';
    const key = purchaseKey(
      algorithm,
      cardKey(algorithm, fromHex(testRootKey('DPK', algorithm)), issuer),
      fromHex(begun.random),
      fromHex(begun.cardSequence),
      fromHex(terminal),
    );
    const terms = { ...amounts, type: 0x32, terminal: fromHex(terminalNumber), time: fromHex(time) };
    return {
      mac1: toHex(purchaseMac1(algorithm, key, terms)),
      mac2: toHex(purchaseMac2(algorithm, key, terms)),
    };
  };

  test('a purchase: presence, PIN, begin, debit, proof; each step out of order is refused and costs nothing', async () => {
    const card = makeTrainingCard('offline-card');
    if (!(card instanceof VirtualCard)) throw new Error('an issued card');
    const issuer = await insert(card);
    const purchase = { ...amounts, terminalNumber };
    expect(await desk.beginPurchase(purchase)).toMatchObject({ error: { code: 'card-purchase-refused' } });
    expect(await desk.verifyPin(pinOf('123456'), 'medical')).toEqual(ok({ kind: 'ok' }));
    // Looking whether the card is still there selects the environment: the right is gone.
    expect(await desk.confirmPresence(issuer)).toEqual(ok(undefined));
    expect(await desk.beginPurchase(purchase)).toMatchObject({ error: { code: 'card-purchase-refused' } });
    expect(await desk.verifyPin(pinOf('123456'), 'medical')).toEqual(ok({ kind: 'ok' }));
    const tooMuch = { ...purchase, account: fen(300_01n) };
    expect(await desk.beginPurchase(tooMuch)).toMatchObject({ error: { code: 'card-balance-short' } });
    const forged = await desk.beginPurchase(purchase);
    if (!forged.ok) throw new Error(forged.error.code);
    const wrong = { terminalSequence, time, mac1: 'FFFFFFFF' };
    expect(await desk.debit(wrong)).toMatchObject({
      error: { code: 'card-purchase-refused', detail: '9302' },
    });
    expect(card.balance).toBe(300_00n);
    const begun = await desk.beginPurchase(purchase);
    if (!begun.ok) throw new Error(begun.error.code);
    expect(begun.value.balance).toBe(300_00n);
    const { mac1, mac2 } = codesOf(issuer, begun.value);
    const paid = await desk.debit({ terminalSequence, time, mac1 });
    if (!paid.ok) throw new Error(`${paid.error.code} ${paid.error.detail}`);
    expect(paid.value.mac2).toBe(mac2);
    expect(card.balance).toBe(300_00n - 12_50n);
    expect(await desk.purchaseProof(begun.value.cardSequence)).toEqual(paid);
    expect(await desk.purchaseProof('7777')).toEqual(ok(undefined));
  });

  test('a card torn out in the middle of a debit is asked again: it tells that it had deducted', async () => {
    const card = makeTrainingCard('offline-card');
    if (!(card instanceof VirtualCard)) throw new Error('an issued card');
    const torn: CardLike = {
      atr: card.atr,
      powerOn: () => card.powerOn(),
      powerOff: () => card.powerOff(),
      reset: () => card.reset(),
      transmit: (apdu) => {
        const answer = card.transmit(apdu);
        if (apdu[0] === 0xb0 && apdu[1] === 0x2c) void counter.pull();
        return answer;
      },
    };
    const issuer = await insert(torn);
    await desk.verifyPin(pinOf('123456'), 'medical');
    const begun = await desk.beginPurchase({ ...amounts, terminalNumber });
    if (!begun.ok) throw new Error(begun.error.code);
    const { mac1, mac2 } = codesOf(issuer, begun.value);
    const lost = await desk.debit({ terminalSequence, time, mac1 });
    expect(lost).toMatchObject({ error: { code: 'card-purchase-unknown', retry: 'ambiguous' } });
    await log.next('card-removed');
    await desk.release();
    await insert(card);
    const told = await desk.purchaseProof(begun.value.cardSequence);
    expect(told).toMatchObject({ value: { mac2, tac: expect.stringMatching(/^[0-9A-F]{8}$/) } });
    expect(card.balance).toBe(300_00n - 12_50n);
  });

  test('a copy that hands out what a genuine card once said is refused: the question was not the recorded one', async () => {
    const genuine = makeTrainingCard('employee');
    const said = new Map<string, Uint8Array>();
    const recorded: CardLike = {
      atr: genuine.atr,
      powerOn: () => genuine.powerOn(),
      powerOff: () => genuine.powerOff(),
      reset: () => genuine.reset(),
      transmit: (apdu) => {
        const answer = genuine.transmit(apdu);
        if (answer !== undefined) said.set(toHex(apdu).slice(0, 8), answer);
        return answer;
      },
    };
    await insert(recorded);
    await desk.release();
    await counter.pull();
    await log.next('card-removed');
    const idle = (): void => {};
    await counter.insert({
      atr: genuine.atr,
      powerOn: idle,
      powerOff: idle,
      reset: idle,
      transmit: (apdu) => said.get(toHex(apdu).slice(0, 8)) ?? fromHex('6A82'),
    });
    await log.next('card-inserted');
    const result = await desk.read(issuerAgency, options);
    expect(result).toMatchObject({ error: { code: 'card-authentication-failed' } });
  });

  test('a copy with the same free data and other keys is a swap at the commit', async () => {
    const genuine = makeTrainingCard('employee');
    const copy = makeTrainingCard('forged');
    let current = genuine;
    const changing: CardLike = {
      atr: genuine.atr,
      powerOn: () => [genuine, copy].forEach((one) => void one.powerOn()),
      powerOff: () => [genuine, copy].forEach((one) => void one.powerOff()),
      reset: () => [genuine, copy].forEach((one) => void one.reset()),
      transmit: (apdu) => current.transmit(apdu),
    };
    const issuer = await insert(changing);
    expect(await desk.confirmPresence(issuer)).toEqual(ok(undefined));
    current = copy;
    expect(await desk.confirmPresence(issuer)).toMatchObject({ error: { code: 'card-swapped' } });
  });
});
