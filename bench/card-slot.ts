/**
 * The virtual card of the card measure, in a process of its own: both readers then find the same card, and
 * neither shares its processor time with it. Started with card id and port; told how long each answer takes.
 */
import { assert } from '#core/assert';
import { systemClock } from '#core/clock';
import type { CardLike } from '#drivers/card-reader/port';
import { isTrainingCardId, makeTrainingCard } from '#simulators/cards/training-cards';
import { connectToVirtualReader } from '#simulators/cards/vpcd-link';

const [, , id = '', port = ''] = process.argv;
assert(isTrainingCardId(id), 'the card is one of the training box');

let answerMs = 0;
let commands = 0;
const sleeping = new Int32Array(new SharedArrayBuffer(4));
// The same challenges in every reading, so that a program without keys can repeat it byte by byte.
const card = makeTrainingCard(id, { random: (length) => new Uint8Array(length).fill(0x5a) });
const slow: CardLike = {
  atr: card.atr,
  powerOn: () => card.powerOn(),
  powerOff: () => card.powerOff(),
  reset: () => card.reset(),
  transmit: (apdu) => {
    commands += 1;
    if (answerMs > 0) Atomics.wait(sleeping, 0, 0, answerMs);
    return card.transmit(apdu);
  },
};

const link = await connectToVirtualReader(slow, {
  host: '127.0.0.1',
  port: Number(port),
  clock: systemClock,
});
process.on('message', (message: { readonly answerMs?: number }) => {
  answerMs = message.answerMs ?? answerMs;
  process.send?.({ commands });
});
process.on('disconnect', () => process.exit());
process.send?.({ commands: 0 });
await link.closed;
