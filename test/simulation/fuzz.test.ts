import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import {
  type FuzzTarget,
  fuzzCard,
  fuzzModule,
  fuzzPadBytes,
  fuzzPadEntry,
  fuzzScanner,
} from './fuzz-devices.ts';
import { runLength, seededRandom } from './seeded.ts';

const { cases, seed } = runLength('FUZZ', 2_000);
const CASE_MS = 20_000;
const GROWTH_BYTES_MAX = 12_000_000;

/** Shares of a hundred cases; a whole PIN entry is slow, because its clock is moved step by step. */
const shares: readonly (readonly [string, number, FuzzTarget])[] = [
  ['card', 35, fuzzCard],
  ['module', 20, fuzzModule],
  ['pad bytes', 18, fuzzPadBytes],
  ['pad entry', 2, fuzzPadEntry],
  ['scanner', 25, fuzzScanner],
];

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function targetOf(number: number): readonly [string, number, FuzzTarget] {
  let place = number % 100;
  for (const share of shares) {
    if (place < share[1]) return share;
    place -= share[1];
  }
  throw new Error('the shares make a hundred');
}

function usedBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

test(`${cases} cases of what a card, module, pad or scanner may send: no crash, no endless loop, memory flat`, {
  timeout: 60_000 + cases * 60,
}, async () => {
  process.stdout.write(`fuzz: ${cases} cases, seed ${seed}\n`);
  const failed: string[] = [];
  let warmBytes = 0;
  for (let number = 0; number < cases; number += 1) {
    if (number === Math.floor(cases / 4)) warmBytes = usedBytes();
    const [name, , target] = targetOf(number);
    const problem = await oneCase(target, seededRandom(seed + number));
    if (problem !== undefined) failed.push(`${name}, seed ${seed + number}: ${problem}`);
    if (failed.length > 20) break;
  }
  const growthBytes = usedBytes() - warmBytes;
  process.stdout.write(`fuzz: heap grew by ${Math.round(growthBytes / 1000)} kB over three quarters\n`);
  expect(failed).toEqual([]);
  expect(growthBytes).toBeLessThan(GROWTH_BYTES_MAX);
});

async function oneCase(target: FuzzTarget, random: () => number): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const hang = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('hangs'), CASE_MS);
  });
  try {
    return await Promise.race([target(random).then(() => undefined), hang]);
  } catch (error) {
    return error instanceof Error
      ? (error.stack ?? error.message).split('\n').slice(0, 4).join(' ')
      : String(error);
  } finally {
    clearTimeout(timer);
  }
}
