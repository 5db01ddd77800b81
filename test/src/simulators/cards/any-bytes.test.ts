import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromHex } from '#core/hex';
import type { CardLike } from '#drivers/card-reader/port';
import { VirtualPsam } from '#simulators/cards/psam';
import { makeTrainingCard } from '#simulators/cards/training-cards';
import { trainingPsam } from '#simulators/cards/training-psam';

const makers: Record<string, () => CardLike> = {
  'a 3DES card': () => makeTrainingCard('B'),
  'an SM4 card': () => makeTrainingCard('C', { transport: 'one-step' }),
  'a card with money': () => makeTrainingCard('offline-card'),
  'a bank card': () => makeTrainingCard('bank-only'),
  'a security module': () => new VirtualPsam(trainingPsam()),
};

/** Half of the commands carry a class and instruction that the cards know. */
const command = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc
    .tuple(
      fc.constantFrom([0x00, 0xa4], [0x00, 0xb2], [0x00, 0xb0], [0x00, 0x84], [0x00, 0x88], [0x00, 0x82]),
      fc.uint8Array({ minLength: 2, maxLength: 2 }),
      fc.uint8Array({ maxLength: 24 }),
    )
    .map(([head, parameters, data]) => Uint8Array.of(...head, ...parameters, data.length, ...data)),
  fc
    .tuple(
      fc.constantFrom([0x00, 0x20], [0x80, 0x5e], [0x84, 0x24], [0x84, 0x1e], [0xbf, 0xde], [0x80, 0xfa]),
      fc.uint8Array({ minLength: 2, maxLength: 2 }),
      fc.uint8Array({ maxLength: 40 }),
    )
    .map(([head, parameters, data]) => Uint8Array.of(...head, ...parameters, data.length, ...data)),
  fc
    .tuple(
      fc.constantFrom([0xb0, 0x26], [0xb0, 0x28], [0xb0, 0x2a], [0xb0, 0x2c], [0xb0, 0x2e], [0xb0, 0x56]),
      fc.constantFrom([0x00, 0x01], [0x01, 0x01], [0x01, 0x00], [0x00, 0x02], [0x00, 0x32]),
      fc
        .constantFrom(0, 2, 11, 15, 19)
        .chain((length) => fc.uint8Array({ minLength: length, maxLength: length })),
    )
    .map(([head, parameters, data]) => Uint8Array.of(...head, ...parameters, data.length, ...data)),
  fc
    .tuple(
      fc.constantFrom(
        [0x80, 0x70, 0x01, 0x00],
        [0x80, 0x72, 0x00, 0x00],
        [0x04, 0xdc],
        [0x00, 0xd6],
        [0x04, 0xd6],
      ),
      fc.uint8Array({ maxLength: 52 }),
    )
    .map(([head, data]) => Uint8Array.of(...head, data.length, ...data)),
  // What opens the money, so that the commands above come through.
  fc.constantFrom('00A4000002DF04', '0020000003123456', '00A4000002DF01').map(fromHex),
);

it.each(Object.keys(makers))('%s answers any bytes with a status word and never breaks', (name) => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 30 }), (commands) => {
      const card = makers[name]?.();
      card?.powerOn();
      for (const bytes of commands) expect(card?.transmit(bytes)?.length).toBeGreaterThanOrEqual(2);
    }),
    { numRuns: 200 },
  );
});
