import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ok } from '#core/result';
import { createCardDesk } from '#drivers/card-reader/desk';
import type { CardDesk } from '#drivers/card-reader/port';
import { makeTrainingCard, type TrainingCardId, trainingPersons } from '#simulators/cards/training-cards';
import { type CardCounter, cardCounters } from '../../helpers/card-counters.ts';
import { exampleCards } from '../../helpers/card-examples.ts';
import { issuerAgency } from '../../helpers/card-issuer.ts';
import { pinOf } from '../../helpers/card-pins.ts';
import { EventLog } from '../../helpers/reader-events.ts';

const options = { today: '2026-01-15', authenticate: 'required' } as const;

describe.each(cardCounters)('the box of training cards in %s', (_, makeCounter) => {
  let counter: CardCounter;
  let desk: CardDesk;
  let log: EventLog;

  beforeAll(async () => {
    counter = await makeCounter();
    log = new EventLog(counter.port);
    await counter.port.start();
    desk = createCardDesk(counter.port, { useReaders: ['00 00'] });
  });
  afterAll(() => counter?.stop());

  const withCard = async (id: TrainingCardId, act: () => Promise<void>): Promise<void> => {
    await counter.insert(makeTrainingCard(id));
    await (id === 'mute' ? log.next('card-mute') : log.next('card-inserted'));
    try {
      await act();
    } finally {
      await counter.pull();
      await log.next('card-removed');
    }
  };

  test.each(['A', 'B', 'C'] as const)(
    'example card %s is read, proved, its PIN checked and confirmed',
    async (id) => {
      await withCard(id, async () => {
        const read = await desk.read(issuerAgency, options);
        if (!read.ok) throw new Error(`${read.error.code} ${read.error.detail}`);
        const { issuer, holder, authenticatedBy } = read.value.identity;
        expect(authenticatedBy).toBe('agency');
        expect(issuer).toMatchObject({
          version: exampleCards[id].version,
          cardNumber: exampleCards[id].cardNumber,
        });
        expect(holder).toMatchObject({
          name: exampleCards[id].name,
          socialSecurityNumber: exampleCards[id].socialSecurityNumber,
        });
        expect(await desk.verifyPin(pinOf('000000'))).toMatchObject({
          value: { kind: 'wrong', triesLeft: 5 },
        });
        expect(await desk.verifyPin(pinOf('123456'))).toEqual(ok({ kind: 'ok' }));
        expect(await desk.confirmPresence(issuer)).toEqual(ok(undefined));
      });
    },
  );

  test.each([
    ['employee', 'done'],
    ['resident', 'done'],
    ['lost', 'done'],
    ['pin-locked', 'done'],
    ['expired', 'done'],
    ['forged', 'card-authentication-failed'],
    ['locked', 'card-locked'],
    ['application-locked', 'card-application-locked'],
    ['bank-only', 'card-bank-only'],
    ['blank', 'card-blank'],
    ['mute', 'card-mute'],
    ['not-a-card', 'card-not-social-security'],
  ] as const)('card %s gives %s', async (id, code) => {
    await withCard(id, async () => {
      const read = await desk.read(issuerAgency, options);
      expect(read.ok ? 'done' : read.error.code).toBe(code);
      if (!read.ok) return;
      const person = trainingPersons.find((one) => one.trainingCardId === id);
      expect(read.value.identity.holder?.name).toBe(person?.name);
      expect(read.value.warnings.map((warning) => warning.code)).toEqual(
        id === 'expired' ? ['card-expired'] : [],
      );
      if (id === 'pin-locked') {
        expect(await desk.verifyPin(pinOf('123456'))).toMatchObject({ value: { kind: 'locked' } });
      }
    });
  });
});
