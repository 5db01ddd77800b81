import { expect, test } from 'vitest';
import { pcscdAvailable } from '#simulators/pcscd';
import { serviceSeesNoCard } from '../e2e/reader-look.ts';
import { ShopProgram } from '../e2e/shop-program.ts';
import { runLength } from './seeded.ts';
import { Storm } from './storm.ts';

const available = pcscdAvailable();
const { cases, seed } = runLength('STORM', 24);

const settings = `
[pin]
entry = "keyboard"
[limits]
account_per_day = "100000.00"
`;

test.skipIf(!available.ok)(
  `a storm of ${cases} pulls, swaps, mute cards, restarts and lost readers: always a code, never a wrong charge`,
  { timeout: 60_000 + cases * 30_000 },
  async () => {
    process.stdout.write(`storm: ${cases} cases, seed ${seed}\n`);
    const shop = await ShopProgram.start({ toml: settings });
    try {
      await shop.openShift();
      const report = await new Storm(shop, seed).run(cases, (line) =>
        process.stdout.write(`storm: ${line}\n`),
      );
      for (const [ending, count] of [...report.outcomes].sort())
        process.stdout.write(`storm: ${String(count).padStart(4)} ${ending}\n`);
      process.stdout.write(`storm: codes ${JSON.stringify(Object.fromEntries(report.codes))}\n`);
      process.stdout.write(`storm: longest way back to a good card ${Math.round(report.slowestMs)} ms\n`);
      expect(report.broken, `seed ${seed}`).toEqual([]);
      // The judge between till and card service, which decides about a reader that does not become empty.
      await shop.insert('employee');
      await shop.until('the card is noticed', ({ holder }) => holder.state === 'identified');
      expect(await serviceSeesNoCard(shop.env), 'a card lies there').toBe(false);
      await shop.pull();
      expect(await serviceSeesNoCard(shop.env), 'the reader is empty').toBe(true);
    } finally {
      await shop.close();
    }
  },
);
