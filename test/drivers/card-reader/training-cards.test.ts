import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '#core/clock';
import { fault } from '#core/fault';
import { err, ok } from '#core/result';
import { createCardDesk } from '#drivers/card-reader/desk';
import { FakeCardReader } from '#drivers/card-reader/fake';
import { PcscCardReader } from '#drivers/card-reader/pcsc';
import type { CardAuthenticator, CardDesk, CardReaderPort } from '#drivers/card-reader/port';
import { authenticationData } from '#simulators/cards/card-keys';
import { testRootKeys } from '#simulators/cards/test-root-keys';
import { makeTrainingCard, type TrainingCardId, trainingPersons } from '#simulators/cards/training-cards';
import { connectToVirtualReader } from '#simulators/cards/vpcd-link';
import { type PrivatePcscd, pcscdAvailable, startPrivatePcscd } from '#simulators/pcscd';
import { exampleCards } from '../../helpers/card-examples.ts';
import { pinOf } from '../../helpers/card-pins.ts';
import { EventLog } from '../../helpers/reader-events.ts';

const options = { today: '2026-01-15', authenticate: 'required' } as const;

/** What an agency that holds the root keys answers. */
const agency: CardAuthenticator = async (asked) => {
  if (asked.algorithm === 'ssf33') return err(fault('card-algorithm-unsupported'));
  const { algorithm, internalFactor, internalRaw, externalFactor, externalRaw } = asked;
  return ok({
    internalData: authenticationData(algorithm, testRootKeys.IRK, asked, internalFactor, internalRaw),
    externalData: authenticationData(algorithm, testRootKeys.RKSSSE, asked, externalFactor, externalRaw),
  });
};

interface Counter {
  readonly port: CardReaderPort;
  readonly slot: string;
  insert(id: TrainingCardId): Promise<void>;
  pull(): Promise<void>;
  stop(): Promise<void>;
}

function fakeCounter(): Counter {
  const slot = 'Fake Reader 00 00';
  const port = new FakeCardReader({ readers: [slot] });
  return {
    port,
    slot,
    insert: async (id) => port.insert(slot, makeTrainingCard(id)),
    pull: async () => port.pull(slot),
    stop: () => port.stop(),
  };
}

async function realCounter(): Promise<Counter> {
  const folder = mkdtempSync(join(tmpdir(), 'guitai-desk-'));
  const daemon: PrivatePcscd = await startPrivatePcscd({ folder });
  const port = new PcscCardReader({ env: daemon.env });
  let pull = async (): Promise<void> => {};
  return {
    port,
    slot: 'Virtual PCD 00 00',
    async insert(id) {
      const place = { host: '127.0.0.1', port: daemon.channelPort, clock: systemClock };
      const link = await connectToVirtualReader(makeTrainingCard(id), place);
      pull = () => link.remove();
    },
    pull: () => pull(),
    async stop() {
      await port.stop();
      await daemon.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const subjects: readonly (readonly [string, () => Promise<Counter>])[] = [
  ['the fake reader', async () => fakeCounter()],
  ...(pcscdAvailable().ok ? [['a real pcscd', realCounter] as const] : []),
];

describe.each(subjects)('the box of training cards in %s', (_, makeCounter) => {
  let counter: Counter;
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
    await counter.insert(id);
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
        const read = await desk.read(agency, options);
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
      const read = await desk.read(agency, options);
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
