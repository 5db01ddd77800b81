import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ground, openGround } from '../../src/main/world/ground.ts';
import { playWorld } from '../../src/main/world/play.ts';
import type { Step } from '../../src/main/world/steps.ts';
import { storyText } from '../../src/main/world/story.ts';

const card: Step = { do: 'card', customer: 'employee' };
const sale = (place: number): Step => ({ do: 'sell', goods: [[place, 1]], way: 'insured' });
const disk = (isFull: boolean): Step => ({ do: 'disk', isFull });
const wait: Step = { do: 'wait', ms: 20_000 };

/** Shrunk courses on which the simulator once caught the product itself. */
const findings: Readonly<Record<string, readonly Step[]>> = {
  'a disk that is full at the counter gives its code at every verb': [
    card,
    disk(true),
    sale(3),
    disk(false),
    sale(3),
  ],
  'a disk that is full while an owed slip is tried again ends neither program nor printing': [
    ...([
      card,
      { do: 'paper', isThere: false },
      sale(3),
      disk(true),
      { do: 'paper', isThere: true },
    ] as const),
    ...[wait, disk(false), wait, sale(4)],
  ],
  'the reply of an earlier settlement that a proxy hands out again is not taken for this one': [
    ...[card, sale(3)],
    { ...sale(4), fates: [{ of: '2102', what: { kind: 'others-answer' } }] },
    wait,
  ],
  'the refusal of an earlier settlement that a proxy hands out again is not taken for one of this': [
    { do: 'card', customer: 'offline-card' },
    { ...sale(3), fates: [{ of: '2102', what: { kind: 'sign-in-ended' } }] },
    { ...sale(3), fates: [{ of: '2102', what: { kind: 'others-answer' } }] },
    wait,
  ],
  'the refusal of an earlier try of the same order is not taken for one of the next, asked within half a second':
    [
      { do: 'card', customer: 'second-employee' },
      {
        ...{ do: 'basket', goods: [[3, 1]], reference: 'order-4', pay: 'account', repeated: true },
        fates: [
          { of: '2102', what: { kind: 'sign-in-ended' } },
          { of: '2102', what: { kind: 'others-answer' } },
        ],
      },
      wait,
    ],
  'a balance that a settlement tells too high is not spent offline': [
    { do: 'card', customer: 'resident' },
    { ...sale(3), fates: [{ of: '2102', what: { kind: 'wrong-sums', relation: '9' } }] },
    { do: 'line', isUp: false },
    sale(4),
  ],
  'a charge found two days late is closed when the give-back of which no answer came stands on a day of its own':
    [
      { do: 'card', customer: 'A' },
      {
        ...{ do: 'basket', goods: [[3, 1]], reference: 'order-2', pay: 'account', repeated: true },
        fates: [{ of: '2102', what: { kind: 'late-request', ms: 11_000 } }],
      },
      { do: 'give-up', which: 0 },
      { do: 'night', hours: 38, how: 'stop' },
      { do: 'night', hours: 14, how: 'close' },
      { do: 'wait', ms: 600_000, fates: [{ of: '2103', what: { kind: 'lose-reply', slowly: false } }] },
      { do: 'night', hours: 14, how: 'close' },
    ],
  'one disputed settlement whose cash does not fit does not have the comparison of the whole day refused': [
    { do: 'card', customer: 'C' },
    sale(3),
    { ...sale(4), fates: [{ of: '2102', what: { kind: 'wrong-sums', relation: '2' } }] },
    {
      ...{ do: 'cancel', which: 0 },
      fates: [
        { of: '2103', what: { kind: 'slow-reply', ms: 31_000 } },
        { of: '2601', what: { kind: 'late-request', ms: 39_000 } },
      ],
    },
  ],
  'a cancellation that arrived late is found although the clock was a day wrong and the program restarted': [
    ...([{ do: 'clock', byMs: 80_000_000 }, card, sale(3)] as const),
    { ...{ do: 'cancel', which: 0 }, fates: [{ of: '2103', what: { kind: 'late-request', ms: 40_000 } }] },
    { do: 'night', hours: 14, how: 'power-cut' },
  ],
  'a late charge is found and given back although the clock was a day wrong when it was asked for': [
    { do: 'clock', byMs: 86_400_000 },
    card,
    { ...sale(3), fates: [{ of: '2102', what: { kind: 'late-request', ms: 111_000 } }] },
  ],
  "a cancellation that was found late gives a relative's account back too, so that the day can be compared again":
    [
      { do: 'clock', byMs: -259_200_000 },
      { do: 'card', customer: 'family' },
      { do: 'sell', goods: [[34, 2]], way: 'insured' },
      { ...{ do: 'cancel', which: 0 }, fates: [{ of: '2103', what: { kind: 'late-request', ms: 32_392 } }] },
      { do: 'clock', byMs: 240_000 },
      { ...sale(22), fates: [{ of: '2102', what: { kind: 'late-request', ms: 50_623 } }] },
    ],
  'a slip that is being signed while the agency adjusts its sale says what was adjusted': [
    { do: 'card', customer: 'offline-card' },
    { do: 'sell', goods: [[49, 1]], way: 'no-account' },
    { do: 'sell', goods: [[22, 2]], way: 'insured' },
    { do: 'force-offline', isForced: true },
    { do: 'sell', goods: [[8, 1]], way: 'insured' },
    { do: 'printer', isPlugged: false },
    {
      do: 'sell',
      goods: [
        [15, 2],
        [43, 2],
      ],
      way: 'insured',
      fates: [{ of: '2102', what: { kind: 'garbled', form: 'bytes' } }],
    },
    { do: 'force-offline', isForced: false },
    { do: 'cancel', which: 3 },
    { do: 'wait', ms: 40000 },
  ],
  'a late charge is given back although the clock was three days wrong and the program restarted a day later':
    [
      ...([{ do: 'clock', byMs: 259_200_000 }, card] as const),
      {
        ...sale(3),
        fates: [{ of: '2102', what: { kind: 'late-request', ms: 111_000 } }],
        crash: { at: 8, how: 'after' },
      },
      ...([
        { do: 'clock', byMs: 0 },
        { do: 'night', hours: 26, how: 'stop' },
      ] as const),
    ],
};

let ground: Ground;
beforeAll(async () => {
  ground = await openGround();
});
afterAll(() => ground.close());

for (const [sentence, steps] of Object.entries(findings))
  test(sentence, async () => {
    const plan = { seed: 7, mood: 'a finding', steps };
    const played = await playWorld(ground, plan);
    expect(played.violation, storyText(plan, played)).toBeUndefined();
  });
