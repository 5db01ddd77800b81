import { expect, test } from 'vitest';
import { runLength } from './seeded.ts';
import { WeekOffline } from './week.ts';

const { cases, seed } = runLength('WEEK', 150);
/** As many sales of each card as in the long run. */
const SALES_PER_CARD = 20;
/** What the till may hold more after an upload than before it: it keeps nothing of what has gone up. */
const GREW_MAX_MB = 12;
const OF_WAITING_MAX = 1.2;

test(`a week offline: ${cases} queued sales go up once each and in order, the agency shut off and on meanwhile`, {
  timeout: 120_000 + cases * 1_000,
}, async () => {
  const cards = Math.max(8, Math.ceil(cases / SALES_PER_CARD));
  const say = (line: string) => process.stdout.write(`week: ${line}\n`);
  say(`${cases} sales, ${cards} cards, seed ${seed}`);
  const week = new WeekOffline({ sales: cases, cards, outages: cases > 1_000 ? 6 : 2, seed }, say);
  try {
    const { broken, ...report } = await week.run();
    say(JSON.stringify(report));
    expect(broken, `seed ${seed}`).toEqual([]);
    expect(report.sold).toBe(cases);
    const [before = 0, ...later] = report.heapMb;
    expect(Math.max(...later) - before, 'heap after the upload').toBeLessThan(GREW_MAX_MB);
    if (cases > 1_000) expect(report.timesWaiting).toBeLessThan(OF_WAITING_MAX);
  } finally {
    await week.close();
  }
});
