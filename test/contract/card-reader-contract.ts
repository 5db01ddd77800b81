import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fromHex, toHex } from '#core/hex';
import type { CardConnection, CardReaderPort } from '#drivers/card-reader/port';
import { EventLog } from '../helpers/reader-events.ts';
import { atrOfCardOne, atrOfCardTwo, TinyCard } from '../helpers/tiny-card.ts';

/** A card reader with hands: what a customer, a cable and a system service can do to it. */
export interface ReaderRig {
  /** Names of the first and second slot. */
  readonly slots: readonly [string, string];
  /** Deadlines the ports of this rig work with, ms. */
  readonly transmitMs: number;
  readonly connectMs: number;
  newPort(): CardReaderPort;
  insert(slot: 0 | 1, card: TinyCard): Promise<void>;
  /** A card that gives no usable answer to its reset. */
  insertMute(slot: 0 | 1): Promise<void>;
  pull(slot: 0 | 1): Promise<void>;
  /** Pull and insertion without a pause. */
  swap(slot: 0 | 1, card: TinyCard): Promise<void>;
  killService(): Promise<void>;
  startService(): Promise<void>;
  freezeService(): void;
  thawService(): void;
  unplugReaders(): Promise<void>;
  plugReaders(): Promise<void>;
  /** Back to an empty, running, plugged reader. */
  tidy(): Promise<void>;
  stop(): Promise<void>;
}

const challenge = fromHex('0084000008');

/** One suite, two subjects: the fake always, real pcscd where it is installed. */
export function cardReaderContract(subject: string, makeRig: () => Promise<ReaderRig>): void {
  describe(`card reader: ${subject}`, () => {
    let rig: ReaderRig;
    let port: CardReaderPort;
    let log: EventLog;

    beforeAll(async () => {
      rig = await makeRig();
    });
    beforeEach(async () => {
      port = rig.newPort();
      log = new EventLog(port);
      await port.start();
    });
    afterEach(async () => {
      await port.stop();
      await rig.tidy();
    });
    afterAll(async () => {
      await rig?.stop();
    });

    const connected = async (slot: 0 | 1): Promise<CardConnection> => {
      const result = await port.connect(rig.slots[slot]);
      if (!result.ok) throw new Error(`connect: ${result.error.code} ${result.error.detail}`);
      return result.value;
    };
    const codeOf = (result: { ok: boolean; error?: { code: string } }): string =>
      result.ok ? 'ok' : (result.error?.code ?? '');

    test('after start both empty readers are known and an empty one refuses with card-none', async () => {
      expect(port.service().ok).toBe(true);
      expect(port.readers().map((state) => [state.reader, state.card])).toEqual(
        rig.slots.map((name) => [name, 'none']),
      );
      expect(codeOf(await port.connect(rig.slots[0]))).toBe('card-none');
      expect(codeOf(await port.connect('no such reader'))).toBe('reader-lost');
    });

    test('an inserted card is told with its ATR and answers commands', async () => {
      const card = new TinyCard(atrOfCardOne, () => fromHex('11223344556677889000'));
      await rig.insert(0, card);
      const inserted = await log.next('card-inserted');
      expect(inserted.reader).toBe(rig.slots[0]);
      expect(toHex(inserted.atr)).toBe(atrOfCardOne);
      const connection = await connected(0);
      expect(connection.insertion).toBe(inserted.insertion);
      expect(connection.protocol).toBe('T0');
      const answer = await connection.transmit(challenge);
      expect(answer.ok && toHex(answer.value)).toBe('11223344556677889000');
      expect(card.commands.map(toHex)).toContain(toHex(challenge));
      await connection.close();
      await connection.close();
      expect(codeOf(await connection.transmit(challenge))).toBe('card-removed');
    });

    test('commands in one go are answered in order and end with the first answer that is not plain', async () => {
      const card = new TinyCard(atrOfCardOne);
      card.answer = (command) => fromHex(command[3] === 3 ? '6A83' : `0${command[3]}9000`);
      await rig.insert(0, card);
      await log.next('card-inserted');
      const connection = await connected(0);
      const answers = await connection.transmitAll(
        [1, 2, 3, 4].map((p2) => Uint8Array.of(0, 0xb2, 1, p2, 0)),
      );
      expect(answers.ok && answers.value.map(toHex)).toEqual(['019000', '029000', '6A83']);
    });

    test('a plan follows 61xx and 6Cxx beside the card, goes on over a missing record and ends at a refusal', async () => {
      const answers: Readonly<Record<string, string>> = {
        '00A40400021122': '6102',
        '00C0000002': 'AABB9000',
        '00B2010000': '6C03',
        '00B2010003': '0101019000',
        '00B2020003': '6A83',
        '00B2030003': '6982',
      };
      const card = new TinyCard(atrOfCardOne);
      card.answer = (command) => fromHex(answers[toHex(command)] ?? '6F00');
      await rig.insert(0, card);
      await log.next('card-inserted');
      const connection = await connected(0);
      const plan = ['00A40400021122', '00B2010000', '00B2020003', '00B2030003', '00B2040003'].map(fromHex);
      const turns = await connection.transmitPlan(plan);
      expect(turns.ok && turns.value.map(({ command, answer }) => [toHex(command), toHex(answer)])).toEqual(
        Object.entries(answers),
      );
      expect(plan.map(toHex)[1]).toBe('00B2010000');
    });

    test('the first turns of a plan are heard once, before its answer, which holds them again', async () => {
      const card = new TinyCard(atrOfCardOne);
      card.answer = (command) => fromHex(command[2] === 2 ? '6A83' : `0${command[2]}9000`);
      await rig.insert(0, card);
      await log.next('card-inserted');
      const connection = await connected(0);
      const plan = [1, 2, 3, 4, 5].map((p1) => Uint8Array.of(0, 0xb2, p1, 0, 1));
      const heard: string[][] = [];
      const turns = await connection.transmitPlan(plan, {
        aheadOf: 2,
        hear: (first) => heard.push(first.map(({ answer }) => toHex(answer))),
      });
      expect(heard).toEqual([['019000', '6A83', '039000']]);
      expect(turns.ok && turns.value.map(({ command, answer }) => [toHex(command), toHex(answer)])).toEqual(
        ['019000', '6A83', '039000', '049000', '059000'].map((answer, at) => [`00B20${at + 1}0001`, answer]),
      );
    });

    test('a plan that a refusal ends before its last commands is not heard early', async () => {
      const card = new TinyCard(atrOfCardOne);
      card.answer = (command) => fromHex(command[2] === 3 ? '6982' : '9000');
      await rig.insert(0, card);
      await log.next('card-inserted');
      const connection = await connected(0);
      const plan = [1, 2, 3, 4, 5].map((p1) => Uint8Array.of(0, 0xb2, p1, 0, 1));
      let heard = 0;
      const turns = await connection.transmitPlan(plan, { aheadOf: 2, hear: () => (heard += 1) });
      expect(turns.ok && turns.value.length).toBe(3);
      expect(heard).toBe(0);
    });

    test('a card pulled after its first turns were heard gives card-removed and no answer', async () => {
      const card = new TinyCard(atrOfCardOne);
      card.answer = (command) => {
        if (command[2] === 3) void rig.pull(0);
        return fromHex('9000');
      };
      await rig.insert(0, card);
      await log.next('card-inserted');
      const connection = await connected(0);
      const plan = [1, 2, 3].map((p1) => Uint8Array.of(0, 0xb2, p1, 0, 1));
      const heard: number[] = [];
      const hear = (first: readonly unknown[]) => heard.push(first.length);
      expect(codeOf(await connection.transmitPlan(plan, { aheadOf: 1, hear }))).toBe('card-removed');
      expect(heard.every((count) => count === 2)).toBe(true);
    });

    test('a listener that fails does not take the plan or the till with it', async () => {
      await rig.insert(0, new TinyCard(atrOfCardOne));
      await log.next('card-inserted');
      const connection = await connected(0);
      const hear = () => {
        throw new Error('on purpose');
      };
      const turns = await connection.transmitPlan([challenge, challenge], { aheadOf: 1, hear });
      expect(turns.ok && turns.value.length).toBe(2);
    });

    test('the same command twice in one plan reaches the card twice, whole', async () => {
      const card = new TinyCard(atrOfCardOne);
      await rig.insert(0, card);
      await log.next('card-inserted');
      const connection = await connected(0);
      expect((await connection.transmitPlan([challenge, challenge, challenge])).ok).toBe(true);
      const asked = card.commands.map(toHex).filter((command) => command.startsWith('0084'));
      expect(asked).toEqual(['0084000008', '0084000008', '0084000008']);
    });

    test('a card that sends the terminal in circles ends its plan after few rounds', async () => {
      const card = new TinyCard(atrOfCardOne, () => fromHex('6C01'));
      await rig.insert(0, card);
      await log.next('card-inserted');
      const connection = await connected(0);
      const turns = await connection.transmitPlan([challenge, challenge]);
      expect(turns.ok && turns.value.length).toBeLessThan(12);
      card.answer = () => fromHex('9000');
      expect((await connection.transmit(challenge)).ok).toBe(true);
    });

    test('a card that was in before the start is told at the start', async () => {
      await rig.insert(0, new TinyCard(atrOfCardOne));
      await log.next('card-inserted');
      const later = rig.newPort();
      await later.start();
      expect(later.readers()[0]).toMatchObject({ card: 'present' });
      await later.stop();
    });

    test('a removed card ends its connection for good, also when it comes back', async () => {
      const card = new TinyCard(atrOfCardOne);
      await rig.insert(0, card);
      const first = await log.next('card-inserted');
      const connection = await connected(0);
      await rig.pull(0);
      const removed = await log.next('card-removed');
      expect(removed).toMatchObject({ insertion: first.insertion, fault: { code: 'card-removed' } });
      expect(codeOf(await connection.transmit(challenge))).toBe('card-removed');
      await rig.insert(0, card);
      const second = await log.next('card-inserted');
      expect(second.insertion).toBeGreaterThan(first.insertion);
      const asked = card.commands.length;
      expect(codeOf(await connection.transmit(challenge))).toBe('card-removed');
      expect(card.commands.length).toBe(asked);
      expect((await (await connected(0)).transmit(challenge)).ok).toBe(true);
    });

    test('a quick swap is told as removal and insertion and never reaches the second card', async () => {
      await rig.insert(0, new TinyCard(atrOfCardOne));
      const first = await log.next('card-inserted');
      const connection = await connected(0);
      const other = new TinyCard(atrOfCardTwo);
      await rig.swap(0, other);
      expect((await log.next('card-removed')).insertion).toBe(first.insertion);
      const second = await log.next('card-inserted');
      expect(toHex(second.atr)).toBe(atrOfCardTwo);
      expect(second.insertion).not.toBe(first.insertion);
      expect(codeOf(await connection.transmit(challenge))).toBe('card-removed');
      expect(other.commands).toEqual([]);
    });

    test('a card pulled in the middle of a command gives card-removed and no data', async () => {
      const card = new TinyCard(atrOfCardOne);
      await rig.insert(0, card);
      await log.next('card-inserted');
      const connection = await connected(0);
      card.answer = () => {
        void rig.pull(0);
        return fromHex('9000');
      };
      expect(codeOf(await connection.transmit(challenge))).toBe('card-removed');
      expect((await log.next('card-removed')).fault.code).toBe('card-removed');
    });

    test('a card without an answer to reset is told as card-mute and the next card works', async () => {
      await rig.insertMute(0);
      const mute = await log.next('card-mute');
      expect(mute.fault.code).toBe('card-mute');
      expect(port.readers()[0]?.card).toBe('mute');
      expect(codeOf(await port.connect(rig.slots[0]))).toBe('card-mute');
      await rig.pull(0);
      await log.next('card-removed');
      await rig.insert(0, new TinyCard(atrOfCardOne));
      await log.next('card-inserted');
      expect((await (await connected(0)).transmit(challenge)).ok).toBe(true);
    });

    test('a card that falls silent costs one deadline, is told as mute, and the next card works', async () => {
      await rig.insert(0, new TinyCard(atrOfCardOne, () => undefined));
      await log.next('card-inserted');
      const connection = await connected(0);
      const startedMs = performance.now();
      let turns = 0;
      const beat = setInterval(() => {
        turns += 1;
      }, 20);
      const answer = await connection.transmit(challenge);
      clearInterval(beat);
      expect(codeOf(answer)).toBe('reader-timeout');
      expect(performance.now() - startedMs).toBeLessThan(rig.transmitMs + 1_500);
      // The till went on breathing meanwhile.
      expect(turns).toBeGreaterThan(rig.transmitMs / 20 / 4);
      expect((await log.next('card-mute')).reader).toBe(rig.slots[0]);
      expect(codeOf(await connection.transmit(challenge))).toBe('reader-timeout');
      expect(codeOf(await port.connect(rig.slots[0]))).toBe('card-mute');
      await rig.pull(0);
      await log.next('card-removed');
      await rig.insert(0, new TinyCard(atrOfCardOne));
      await log.next('card-inserted');
      expect((await (await connected(0)).transmit(challenge)).ok).toBe(true);
    });

    test('a card that falls silent does not make the card in the other reader mute', async () => {
      await rig.insert(0, new TinyCard(atrOfCardOne, () => undefined));
      await log.next('card-inserted');
      const good = new TinyCard(atrOfCardTwo);
      await rig.insert(1, good);
      await log.next('card-inserted');
      const [silent, other] = [await connected(0), await connected(1)];
      expect(codeOf(await silent.transmit(challenge))).toBe('reader-timeout');
      let told = await log.next('card-inserted');
      while (told.reader !== rig.slots[1]) told = await log.next('card-inserted');
      await expect
        .poll(() => port.readers().map((state) => state.card), { timeout: 5_000 })
        .toEqual(['mute', 'present']);
      expect(codeOf(await other.transmit(challenge))).toBe('reader-timeout');
      expect((await (await connected(1)).transmit(challenge)).ok).toBe(true);
      expect(codeOf(await port.connect(rig.slots[0]))).toBe('card-mute');
    });

    test('two readers hold two cards that do not disturb each other', async () => {
      await rig.insert(0, new TinyCard(atrOfCardOne, () => fromHex('019000')));
      await log.next('card-inserted');
      await rig.insert(1, new TinyCard(atrOfCardTwo, () => fromHex('029000')));
      await log.next('card-inserted');
      const [one, two] = [await connected(0), await connected(1)];
      const answers = await Promise.all([one.transmit(challenge), two.transmit(challenge)]);
      expect(answers.map((answer) => answer.ok && toHex(answer.value))).toEqual(['019000', '029000']);
      await rig.pull(0);
      expect((await log.next('card-removed')).reader).toBe(rig.slots[0]);
      expect((await two.transmit(challenge)).ok).toBe(true);
    });

    test('a second connection to the same card is refused as busy until the first one ends', async () => {
      await rig.insert(0, new TinyCard(atrOfCardOne));
      await log.next('card-inserted');
      const first = await connected(0);
      expect(codeOf(await port.connect(rig.slots[0]))).toBe('reader-busy');
      expect((await first.transmit(challenge)).ok).toBe(true);
      await first.close();
      expect((await (await connected(0)).transmit(challenge)).ok).toBe(true);
    });

    test('a killed card service is told, ends connections, and is taken up again when it is back', async () => {
      const card = new TinyCard(atrOfCardOne);
      await rig.insert(0, card);
      await log.next('card-inserted');
      const connection = await connected(0);
      await rig.killService();
      expect((await log.next('service-lost')).fault.code).toBe('reader-service-down');
      expect(codeOf(await connection.transmit(challenge))).toBe('reader-service-down');
      expect(codeOf(await port.connect(rig.slots[0]))).toBe('reader-service-down');
      expect(codeOf(port.service())).toBe('reader-service-down');
      await rig.startService();
      await log.next('service-back');
      expect(port.service().ok).toBe(true);
      await log.next('reader-added');
      await rig.pull(0);
      await rig.insert(0, card);
      while ((await log.next('card-inserted')).reader !== rig.slots[0]);
      expect(codeOf(await connection.transmit(challenge))).toBe('reader-service-down');
      expect((await (await connected(0)).transmit(challenge)).ok).toBe(true);
    });

    test('a frozen card service costs one deadline, is told as lost, and is taken up again', async () => {
      await rig.insert(0, new TinyCard(atrOfCardOne));
      await log.next('card-inserted');
      rig.freezeService();
      const startedMs = performance.now();
      expect(codeOf(await port.connect(rig.slots[0]))).toBe('reader-timeout');
      expect(performance.now() - startedMs).toBeLessThan(rig.connectMs + 1_500);
      expect((await log.next('service-lost')).fault.code).toBe('reader-service-down');
      rig.thawService();
      await log.next('service-back');
      await log.next('card-inserted');
      expect((await (await connected(0)).transmit(challenge)).ok).toBe(true);
    });

    test('readers that are gone are told, refuse with reader-none, and are taken up again', async () => {
      await rig.unplugReaders();
      await log.next('reader-removed');
      await log.next('reader-removed');
      while (!port.service().ok) await log.next('service-back');
      expect(port.readers()).toEqual([]);
      expect(codeOf(await port.connect(rig.slots[0]))).toBe('reader-none');
      await rig.plugReaders();
      await log.next('reader-added');
      await log.next('reader-added');
      await rig.insert(1, new TinyCard(atrOfCardOne));
      expect((await log.next('card-inserted')).reader).toBe(rig.slots[1]);
    });
  });
}
