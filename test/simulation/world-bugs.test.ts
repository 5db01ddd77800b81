import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bugs } from '../../src/main/world/bugs.ts';
import type { Customer } from '../../src/main/world/cards.ts';
import type { FatedTransaction, FateKind } from '../../src/main/world/fates.ts';
import { type Ground, openGround } from '../../src/main/world/ground.ts';
import { type Played, playWorld } from '../../src/main/world/play.ts';
import { shrink } from '../../src/main/world/shrink.ts';
import type { Perils, Step } from '../../src/main/world/steps.ts';
import { storyText } from '../../src/main/world/story.ts';

const card = (customer: Customer = 'employee'): Step => ({ do: 'card', customer });
const sale = (perils: Perils = {}, place = 3): Step => ({
  do: 'sell',
  goods: [[place, 1]],
  way: 'insured',
  ...perils,
});
const met = (of: FatedTransaction, what: FateKind) => ({ of, what });
const lostReply = met('2102', { kind: 'lose-reply', slowly: false });
const lostUpload: Perils = { fates: [met('2102', { kind: 'lose-request', slowly: false })] };
const cut: Step = { do: 'power-cut' };
const wait: Step = { do: 'wait', ms: 130_000 };
const offline = (isForced: boolean, perils: Perils = {}): Step => ({
  do: 'force-offline',
  isForced,
  ...perils,
});
const many = (count: number): Step[] => Array.from({ length: count }, (_each, place) => sale({}, place));

/** A short course on which each bug has its chance. */
const courses: Readonly<Record<string, readonly Step[]>> = {
  'skip-fsync': [card(), sale(), sale(), cut, card(), sale(), sale(), cut],
  'outcome-before-intent': [card(), sale()],
  'new-sale-number': [card(), sale({ fates: [met('2102', { kind: 'lose-request', slowly: false })] }), wait],
  'time-out-as-failure': [card(), sale({ fates: [lostReply] })],
  'reply-posted-twice': [card(), sale({ fates: [met('2102', { kind: 'twice', answer: 'first' })] })],
  'budget-on-screen-only': [card(), offline(true), card(), ...many(12)],
  'hash-left-out': [card(), sale()],
  'reversal-forgotten': [
    card(),
    sale({ fates: [lostReply, met('2601', { kind: 'unreachable' })] }),
    cut,
    wait,
  ],
  'slip-printed-again': [card(), sale({ print: 'unanswered' }), sale()],
  'accepted-before-the-answer': [
    ...[card(), offline(true), card(), sale()],
    ...[offline(false, lostUpload), { ...wait, ...lostUpload }, wait],
  ],
  'offline-money-spent-twice': [card('family'), offline(true), card('family'), ...many(6)],
  'message-id-used-again': [card(), cut, card(), sale()],
  'cancel-forgets-the-account': [card(), sale(), { do: 'cancel', which: 0 }],
  'poison-stops-the-queue': [
    ...[card(), card('second-employee'), offline(true), card(), sale()],
    { do: 'lose-card', customer: 'employee' },
    ...[offline(false), wait, offline(true), card('second-employee'), sale(), offline(false), wait],
  ],
  'second-charge-kept': [
    card(),
    sale({ fates: [met('2102', { kind: 'late-request', ms: 60_000 })] }),
    wait,
    wait,
  ],
  'card-not-looked-at-again': [card(), sale(), card('second-employee'), sale()],
};

describe('deliberate bugs, put back one at a time', () => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await openGround();
  });
  afterAll(() => ground.close());

  const play = (name: string, withBug: boolean): Promise<Played> => {
    const plan = { seed: 7, mood: 'a test', steps: courses[name] ?? [] };
    return playWorld(ground, plan, withBug ? bugs.find((bug) => bug.name === name)?.make() : {});
  };

  test('there are at least twelve, each with a course', () => {
    expect(bugs.length).toBeGreaterThanOrEqual(12);
    expect(bugs.map(({ name }) => name).sort()).toEqual(Object.keys(courses).sort());
  });

  for (const { name, words, breaks } of bugs)
    test(`${name} (${words}) breaks ${breaks[0]}, and the same course without it keeps every promise`, async () => {
      const good = await play(name, false);
      expect(good.violation).toBeUndefined();
      const bad = await play(name, true);
      process.stdout.write(
        `${name}: ${bad.violation?.promise ?? 'NOT CAUGHT'} ${bad.violation?.sentence ?? ''}\n`,
      );
      expect(breaks).toContain(bad.violation?.promise);
    });

  test('a failing world is shrunk to the few steps that matter and told in sentences', async () => {
    const make = bugs.find((bug) => bug.name === 'time-out-as-failure')?.make ?? (() => ({}));
    const noise: readonly Step[] = [{ do: 'copy', which: 1 }, wait, { do: 'paper', isThere: false }];
    const fated = sale({ fates: [lostReply, met('2601', { kind: 'unreachable' })] });
    const plan = { seed: 7, mood: 'a test', steps: [...noise, card(), sale(), fated, ...noise] };
    const played = await playWorld(ground, plan, make());
    const told = await shrink(ground, plan, played, make);
    expect(told.plan.steps.map((step) => step.do)).toEqual(['card', 'sell']);
    expect(storyText(told.plan, told.played)).toMatch(
      /step 2: .*\n {4}2102 was processed, its reply lost[\s\S]*BROKEN P3/,
    );
  });
});
