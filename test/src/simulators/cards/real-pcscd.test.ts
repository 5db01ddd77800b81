import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { assert } from '#core/assert';
import { systemClock } from '#core/clock';
import { fromHex, toHex } from '#core/hex';
import { PcscCardReader } from '#drivers/card-reader/pcsc';
import type { CardConnection, CardLike } from '#drivers/card-reader/port';
import { pcscSecurityModule } from '#drivers/security-module/pcsc';
import { FixedAnswerCard } from '#simulators/cards/other-cards';
import { VirtualPsam } from '#simulators/cards/psam';
import { makeTrainingCard, trainingPersons } from '#simulators/cards/training-cards';
import { trainingPsam } from '#simulators/cards/training-psam';
import { connectToVirtualReader } from '#simulators/cards/vpcd-link';
import { pcscdAvailable, startPrivatePcscd } from '#simulators/pcscd';
import { fixture } from './examples.ts';

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

let firstPort = 0;

async function insert(slot: number, card: CardLike): Promise<void> {
  const port = firstPort + slot;
  const link = await connectToVirtualReader(card, { host: '127.0.0.1', port, clock: systemClock });
  cleanups.push(() => link.remove());
}

/** A card service of our own with these cards in slot 1 and 2, and the reader port over it. */
async function desk(cards: CardLike[], transmitMs = 3_000): Promise<PcscCardReader> {
  const folder = await mkdtemp(join(tmpdir(), 'guitai-cards-'));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  const pcscd = await startPrivatePcscd({ folder });
  cleanups.push(() => pcscd.stop());
  firstPort = pcscd.channelPort;
  for (const [slot, card] of cards.entries()) await insert(slot, card);
  const readers = new PcscCardReader({ env: pcscd.env, deadlines: { transmitMs } });
  cleanups.push(() => readers.stop());
  await readers.start();
  return readers;
}

/** The slot's full reader name, once a card lies in it. */
function inserted(readers: PcscCardReader, slot: string): Promise<string> {
  return new Promise((resolve) => {
    const end = readers.onEvent(() => look());
    const look = (): void => {
      const state = readers.readers().find(({ reader }) => reader.endsWith(slot));
      if (state?.card !== 'present') return;
      end();
      resolve(state.reader);
    };
    look();
  });
}

async function connected(readers: PcscCardReader): Promise<CardConnection> {
  const connection = await readers.connect(await inserted(readers, '00 00'));
  assert(connection.ok, 'the card service lets us connect');
  cleanups.push(() => connection.value.close());
  return connection.value;
}

async function send(card: CardConnection, command: string): Promise<string> {
  const answer = await card.transmit(fromHex(command));
  assert(answer.ok, `the card answers ${command}`);
  return toHex(answer.value);
}

describe.skipIf(!pcscdAvailable().ok)('through a real card service', () => {
  it('card C gives its whole EF05, byte for byte', async () => {
    const readers = await desk([makeTrainingCard('C')]);
    const card = await connected(readers);
    expect(toHex(card.atr)).toBe(fixture.cards.C.contactAtr);
    expect(await send(card, '00A404000F7378312E73682EC9E7BBE1B1A3D5CF')).toBe('611E');
    expect(await send(card, '00C000001E')).toBe(
      '6F1C840F7378312E73682EC9E7BBE1B1A3D5CFA50988011E9F0C038601039000',
    );
    expect(await send(card, '00A4020002EF05')).toBe('9000');
    for (const record of fixture.cards.C.issuerRecords) {
      const le = toHex(Uint8Array.of(record.length / 2));
      expect(await send(card, `00B2${record.slice(0, 2)}00${le}`)).toBe(`${record}9000`);
    }
  });

  it('a card that does not answer its reset is told as mute', async () => {
    const readers = await desk([]);
    const told = new Promise<void>((resolve) => {
      readers.onEvent(({ kind }) => {
        if (kind === 'card-mute') resolve();
      });
    });
    await insert(0, makeTrainingCard('mute'));
    await told;
    const connection = await readers.connect('Virtual PCD 00 00');
    expect(connection.ok ? 'connected' : connection.error.code).toBe('card-mute');
  });

  it('the security module in the second slot opens the holder file of card C in the first', async () => {
    const readers = await desk([makeTrainingCard('C'), new VirtualPsam(trainingPsam())]);
    const moduleSlot = await inserted(readers, '00 01');
    const module = pcscSecurityModule({ readers, isModuleSlot: (reader) => reader === moduleSlot });
    cleanups.push(() => module.stop());
    await module.start();
    expect(module.state().kind).toBe('ready');
    const card = await connected(readers);
    const challenge = async (): Promise<string> => (await send(card, '0084000008')).slice(0, 16);
    const [internalRaw, internalFactor] = [await challenge(), await challenge()];
    const [externalRaw, externalFactor] = [await challenge(), await challenge()];
    const person = trainingPersons.find(({ trainingCardId }) => trainingCardId === 'C');
    assert(person !== undefined, 'card C has a person');
    const request = { ...person, internalFactor, internalRaw, externalFactor, externalRaw };
    const answer = await module.authenticate(request);
    assert(answer.ok, 'the module computes');
    expect(await send(card, `0088000010${internalFactor}${internalRaw}`)).toBe('6108');
    expect(await send(card, '00C0000008')).toBe(`${answer.value.internalData}9000`);
    expect(await send(card, `0082000A10${answer.value.externalData}${externalRaw}`)).toBe('9000');
    expect(await send(card, '00B2023420')).toBe(`${fixture.cards.C.holderRecords[1]}9000`);
  });

  it("the security module is ready again after a customer's card hung and cost the driver its child", async () => {
    const hanging = new FixedAnswerCard('3B00', undefined);
    const readers = await desk([hanging, new VirtualPsam(trainingPsam())], 1_000);
    const moduleSlot = await inserted(readers, '00 01');
    const module = pcscSecurityModule({ readers, isModuleSlot: (reader) => reader === moduleSlot });
    cleanups.push(() => module.stop());
    await module.start();
    const states: string[] = [];
    const back = new Promise<void>((resolve) => {
      module.onChange(({ kind }) => {
        states.push(kind);
        if (kind === 'ready') resolve();
      });
    });
    const card = await connected(readers);
    const answer = await card.transmit(fromHex('0084000008'));
    expect(answer.ok ? 'answered' : answer.error.code).toBe('reader-timeout');
    await back;
    expect(states).toEqual(['missing', 'ready']);
  });
});
