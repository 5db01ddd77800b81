import { expect, test } from 'vitest';
import { systemClock } from '#core/clock';
import { createCardDesk } from '#drivers/card-reader/desk';
import { FakeCardReader } from '#drivers/card-reader/fake';
import { makeTrainingCard } from '#simulators/cards/training-cards';

test('a reader plugged in after the start is used, and the security module never', async () => {
  const readers = new FakeCardReader({ readers: ['Module 00 01'], clock: systemClock });
  readers.insert('Module 00 01', makeTrainingCard('A'));
  await readers.start();
  const desk = createCardDesk(readers, { ignoreReaders: ['Module'] });
  expect(desk.readers()).toEqual([]);
  expect(desk.status().ok).toBe(false);
  readers.plug('Counter 00 00');
  readers.insert('Counter 00 00', makeTrainingCard('B'));
  expect(desk.readers().map(({ reader }) => reader)).toEqual(['Counter 00 00']);
  const read = await desk.read(async () => ({ ok: false, error: { code: 'card-none' } }) as never, {
    today: '2026-11-21',
    authenticate: 'when-available',
  });
  expect(read.ok && read.value.reader).toBe('Counter 00 00');
  await desk.release();
  await readers.stop();
});
