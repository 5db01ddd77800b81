import { beforeEach, describe, expect, test } from 'vitest';
import { type Fault, fault } from '#core/fault';
import { ManualClock } from '#core/manual-clock';
import { err, ok, type Result } from '#core/result';
import { createCardDesk } from '#drivers/card-reader/desk';
import { FakeCardReader } from '#drivers/card-reader/fake';
import type {
  CardAuthenticator,
  CardDesk,
  CardRead,
  CardReadOptions,
  ReaderEvent,
} from '#drivers/card-reader/port';
import { pinOf } from '../../helpers/card-pins.ts';
import { FixtureCard, fixtureProof, refusingCard } from '../../helpers/fixture-card.ts';

const cardReader = 'Counter Reader 00 00';
const moduleReader = 'Counter Reader 00 01';
const options: CardReadOptions = { today: '2026-01-15', authenticate: 'required' };
const genuine: CardAuthenticator = async () => ok(fixtureProof);

describe('the card desk', () => {
  let reader: FakeCardReader;
  let desk: CardDesk;
  let clock: ManualClock;

  beforeEach(async () => {
    clock = new ManualClock(0);
    reader = new FakeCardReader({ readers: [cardReader, moduleReader], clock });
    await reader.start();
    desk = createCardDesk(reader, { useReaders: ['00 00'] });
  });

  const read = async (authenticator = genuine): Promise<CardRead> => {
    const result = await desk.read(authenticator, options);
    if (!result.ok) throw new Error(result.error.code);
    return result.value;
  };
  const codeOf = (result: Result<unknown, Fault>): string => (result.ok ? 'ok' : result.error.code);

  test.each(['A', 'B', 'C'] as const)('card %s is read, held, confirmed and let go of', async (id) => {
    reader.insert(cardReader, new FixtureCard(id));
    const { identity, warnings } = await read();
    expect(identity.authenticatedBy).toBe('agency');
    expect(identity.holder).toBeDefined();
    expect(warnings).toEqual([]);
    expect(codeOf(await reader.connect(cardReader))).toBe('reader-busy');
    expect(codeOf(await desk.confirmPresence(identity.issuer))).toBe('ok');
    await desk.release();
    expect(codeOf(await desk.confirmPresence(identity.issuer))).toBe('card-none');
    expect(codeOf(await reader.connect(cardReader))).toBe('ok');
  });

  test('the reader of the security module is neither read nor heard', async () => {
    const events: ReaderEvent[] = [];
    desk.onEvent((event) => events.push(event));
    reader.insert(moduleReader, new FixtureCard('A'));
    expect(codeOf(await desk.read(genuine, options))).toBe('card-none');
    expect(codeOf(await desk.read(genuine, options, moduleReader))).toBe('reader-lost');
    expect(events).toEqual([]);
    expect(desk.readers().map((state) => state.reader)).toEqual([cardReader]);
    reader.stopService();
    expect(events.map((event) => event.kind)).toEqual(['service-lost', 'reader-removed']);
  });

  test('a card pulled before commit is removed, and put back it still has to be read again', async () => {
    const card = new FixtureCard('A');
    reader.insert(cardReader, card);
    const { identity } = await read();
    reader.pull(cardReader);
    expect(codeOf(await desk.confirmPresence(identity.issuer))).toBe('card-removed');
    reader.insert(cardReader, card);
    await read();
    reader.pull(cardReader);
    reader.insert(cardReader, card);
    expect(codeOf(await desk.confirmPresence(identity.issuer))).toBe('card-removed');
    const again = await read();
    expect(again.identity.issuer.cardId).toBe(identity.issuer.cardId);
    expect(codeOf(await desk.confirmPresence(again.identity.issuer))).toBe('ok');
  });

  test('a card swapped before commit is told as swapped, however quick the hand', async () => {
    reader.insert(cardReader, new FixtureCard('A'));
    const { identity } = await read();
    const other = new FixtureCard('B');
    reader.swap(cardReader, other);
    expect(codeOf(await desk.confirmPresence(identity.issuer))).toBe('card-swapped');
    expect(codeOf(await reader.connect(cardReader))).toBe('ok');
  });

  test('a foreign card in its place is a swap too', async () => {
    reader.insert(cardReader, new FixtureCard('A'));
    const { identity } = await read();
    reader.swap(cardReader, refusingCard('6A82'));
    expect(codeOf(await desk.confirmPresence(identity.issuer))).toBe('card-swapped');
  });

  const questionsTo = (card: FixtureCard): readonly string[] =>
    card.commands.filter((command) => command.startsWith('0088')).slice(1);

  test('the same secret question is put at the read and before the charge, and each read has its own', async () => {
    const card = new FixtureCard('C');
    reader.insert(cardReader, card);
    const { identity } = await read();
    expect(codeOf(await desk.confirmPresence(identity.issuer))).toBe('ok');
    const [first, second] = questionsTo(card);
    expect(first).toBe(second);
    card.commands.length = 0;
    await read();
    expect(questionsTo(card)).toHaveLength(1);
    expect(questionsTo(card)).not.toContain(first);
  });

  test('a copy with the same free data answers the secret question otherwise and is a swap', async () => {
    const card = new FixtureCard('C');
    reader.insert(cardReader, card);
    const { identity } = await read();
    card.internalAnswer = 'FFFFFFFFFFFFFFFF9000';
    expect(codeOf(await desk.confirmPresence(identity.issuer))).toBe('card-swapped');
    card.internalAnswer = '6A88';
    expect(codeOf(await desk.confirmPresence(identity.issuer))).toBe('card-swapped');
  });

  test('a card that cannot answer such questions is judged by its free data alone', async () => {
    const card = new FixtureCard('B');
    let asked = 0;
    card.before = (command) => {
      if (command.startsWith('0088')) asked += 1;
      card.internalAnswer = asked === 2 ? '6985' : `${fixtureProof.internalData}9000`;
    };
    reader.insert(cardReader, card);
    const { identity } = await read();
    expect(codeOf(await desk.confirmPresence(identity.issuer))).toBe('ok');
    expect(asked).toBe(2);
  });

  test('a card whose proof nobody could check is asked the question all the same', async () => {
    const card = new FixtureCard('C');
    reader.insert(cardReader, card);
    const away: CardAuthenticator = async () => err(fault('agency-unreachable'));
    const result = await desk.read(away, { ...options, authenticate: 'when-available' });
    if (!result.ok) throw new Error(result.error.code);
    card.internalAnswer = 'FFFFFFFFFFFFFFFF9000';
    expect(codeOf(await desk.confirmPresence(result.value.identity.issuer))).toBe('card-swapped');
  });

  test.each(['00A4020002EF05', '0084000008', '00B20D0006'])(
    'a card pulled at %s while reading gives nothing but card-removed',
    async (moment) => {
      const card = new FixtureCard('C');
      card.before = (command) => {
        if (command === moment) reader.pull(cardReader);
      };
      reader.insert(cardReader, card);
      expect(codeOf(await desk.read(genuine, options))).toBe('card-removed');
    },
  );

  test('a card pulled while the agency is asked gives card-removed, even when nothing more would be read', async () => {
    reader.insert(cardReader, new FixtureCard('C'));
    const slow: CardAuthenticator = async () => {
      reader.pull(cardReader);
      return err(fault('agency-unreachable'));
    };
    const result = await desk.read(slow, { ...options, authenticate: 'when-available' });
    expect(codeOf(result)).toBe('card-removed');
  });

  test('release during a read ends it', async () => {
    reader.insert(cardReader, new FixtureCard('B'));
    const asking: CardAuthenticator = async () => {
      await desk.release();
      return ok(fixtureProof);
    };
    expect(codeOf(await desk.read(asking, options))).toBe('card-removed');
    expect(codeOf(await reader.connect(cardReader))).toBe('ok');
  });

  test('PIN: tries are told, wrong ones counted, the third locks', async () => {
    const card = new FixtureCard('B');
    reader.insert(cardReader, card);
    await read();
    expect(await desk.pinState()).toEqual(ok({ kind: 'set', triesLeft: 3 }));
    expect(await desk.verifyPin(pinOf('000000'))).toMatchObject({ value: { kind: 'wrong', triesLeft: 2 } });
    expect(await desk.verifyPin(pinOf('123456'))).toEqual(ok({ kind: 'ok' }));
    expect(await desk.pinState()).toEqual(ok({ kind: 'set', triesLeft: 3 }));
    await desk.verifyPin(pinOf('000000'));
    await desk.verifyPin(pinOf('000000'));
    expect(await desk.verifyPin(pinOf('000000'))).toMatchObject({ value: { kind: 'locked' } });
    expect(await desk.verifyPin(pinOf('123456'))).toMatchObject({ value: { kind: 'locked' } });
    expect(await desk.pinState()).toMatchObject({ value: { kind: 'locked' } });
    await desk.release();
    expect(codeOf(await desk.verifyPin(pinOf('123456')))).toBe('card-none');
  });

  test('no reader, no service, no card and a mute card have codes of their own', async () => {
    expect(codeOf(await desk.read(genuine, options))).toBe('card-none');
    reader.insert(cardReader, new FixtureCard('A'), { mute: true });
    expect(codeOf(await desk.read(genuine, options))).toBe('card-mute');
    reader.unplug(cardReader);
    expect(codeOf(desk.status())).toBe('reader-none');
    expect(codeOf(await desk.read(genuine, options))).toBe('reader-none');
    reader.stopService();
    expect(codeOf(desk.status())).toBe('reader-service-down');
    reader.startService();
    reader.plug(cardReader);
    reader.insert(cardReader, new FixtureCard('A'));
    await read();
  });

  test('a card that falls silent costs one deadline and is let go of', async () => {
    const card = new FixtureCard('A');
    const silent = Object.assign(card, { transmit: () => undefined });
    reader.insert(cardReader, silent);
    const reading = desk.read(genuine, options);
    await clock.advance(0);
    await clock.advance(3_000);
    expect(codeOf(await reading)).toBe('reader-timeout');
    expect(desk.readers()[0]?.card).toBe('mute');
  });

  test('verbs called at once run one after the other', async () => {
    reader.insert(cardReader, new FixtureCard('B'));
    const [first, second, pin] = await Promise.all([
      desk.read(genuine, options),
      desk.read(genuine, options),
      desk.verifyPin(pinOf('123456')),
    ]);
    expect([codeOf(first), codeOf(second), codeOf(pin)]).toEqual(['ok', 'ok', 'ok']);
  });
});
