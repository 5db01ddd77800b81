import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { assert } from '#core/assert';
import { systemClock } from '#core/clock';
import { fromHex, toHex } from '#core/hex';
import { yuan } from '#core/money';
import { PcscCardReader } from '#drivers/card-reader/pcsc';
import type { CardConnection, CardLike } from '#drivers/card-reader/port';
import { pcscSecurityModule } from '#drivers/security-module/pcsc';
import { deviantCards } from '#simulators/cards/deviant-cards';
import { expectedTac } from '#simulators/cards/offline-codes';
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

async function connected(readers: PcscCardReader, slot = '00 00'): Promise<CardConnection> {
  const connection = await readers.connect(await inserted(readers, slot));
  assert(connection.ok, 'the card service lets us connect');
  cleanups.push(() => connection.value.close());
  return connection.value;
}

async function send(card: CardConnection, command: string): Promise<string> {
  const answer = await card.transmit(fromHex(command));
  assert(answer.ok, `the card answers ${command}`);
  return toHex(answer.value);
}

/** Data and status word, 61xx followed. */
async function fetched(card: CardConnection, command: string): Promise<string> {
  const answer = await send(card, command);
  return /^61..$/.test(answer) ? await send(card, `00C00000${answer.slice(2)}`) : answer;
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

  it('card and module settle a purchase without the agency, over T=0 with its answers fetched', async () => {
    const readers = await desk([makeTrainingCard('offline-card'), new VirtualPsam(trainingPsam())]);
    const card = await connected(readers, '00 00');
    const module = await connected(readers, '00 01');
    const person = trainingPersons.find(({ trainingCardId }) => trainingCardId === 'offline-card');
    assert(person !== undefined, 'the offline card has a person');
    await fetched(module, '00A404000F7378312E73682EC9E7BBE1B1A3D5CF');
    await fetched(module, '00A4000002DF01');
    await fetched(card, '00A4000002DF04');
    await fetched(card, '0020000003123456');
    const begun = await fetched(card, 'B02801011301000004E2000000000000000099010000000116');
    const [sequence, codes, random] = [begun.slice(28, 32), begun.slice(32, 36), begun.slice(36, 44)];
    const factors = `${person.historicalBytes.slice(-16)}3939303130307378`;
    const amounts = '000004E20000000000000000';
    const signed = await fetched(
      module,
      `807001002C${random}${sequence}${amounts}3220260315103000${codes}${factors}08`,
    );
    const paid = await fetched(card, `B02C01000F${signed.slice(0, 8)}20260315103000${signed.slice(8, 16)}08`);
    expect(await fetched(module, `8072000004${paid.slice(8, 16)}`)).toBe('9000');
    expect(await fetched(card, 'B026000104')).toBe('0000704E9000');
    expect(paid.slice(0, 8)).toBe(
      expectedTac({
        region: person.region,
        historicalBytes: person.historicalBytes,
        algorithm: 'tdes',
        account: yuan('12.50'),
        own: yuan('0'),
        pool: yuan('0'),
        type: '32',
        terminalNumber: '990100000001',
        terminalSequence: signed.slice(0, 8),
        time: '20260315103000',
      }),
    );
  });

  it('a card with T=1 only and a contactless one are read at once, without GET RESPONSE', async () => {
    for (const id of ['block-protocol', 'contactless']) {
      const deviant = deviantCards.find((one) => one.id === id)?.make();
      assert(deviant !== undefined, `there is a deviant card ${id}`);
      const readers = await desk([deviant]);
      const card = await connected(readers);
      expect(toHex(card.atr)).toBe(toHex(deviant.atr));
      expect(await send(card, '00A404000F7378312E73682EC9E7BBE1B1A3D5CF')).toMatch(/^6F1C.*9000$/);
      for (const clean of cleanups.splice(0).reverse()) await clean();
    }
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
