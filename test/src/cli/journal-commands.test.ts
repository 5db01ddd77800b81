import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '#core/clock';
import { journalCode, journalCodeText } from '#core/journal-code';
import { ManualClock } from '#core/manual-clock';
import { openKeyStore } from '#drivers/key-store/open';
import { type LivedShift, liveShift, tamper } from '../../helpers/tampered.ts';
import { morningMs, newFolder, openStore } from '../../helpers/till-records.ts';

const program = fileURLToPath(new URL('../../../bin/guitai.js', import.meta.url));

let folder: ReturnType<typeof newFolder>;
let data: string;
let config: string;
let lived: LivedShift;
let slip: string;

beforeAll(async () => {
  folder = newFolder();
  data = join(folder.path, 'data');
  config = join(folder.path, 'guitai.toml');
  writeFileSync(config, '[data]\nfolder = "data"\n');
  const keys = await openKeyStore({ store: 'file', folder: join(data, 'keys'), clock: systemClock });
  if (!keys.ok) throw new Error(keys.error.code);
  const clock = new ManualClock(morningMs);
  const store = openStore(data, clock, { sealKey: keys.value.derive('records') });
  lived = liveShift(store, clock);
  const entry = store.journalOfSale(lived.ownPay)[0];
  slip = entry === undefined ? '' : journalCodeText(journalCode(entry.sequence, entry.hash));
  store.close();
  await keys.value.close();
});
afterAll(() => folder.remove());

function guitai(...args: string[]) {
  const run = spawnSync(process.execPath, [program, 'journal', ...args, '--config', config], {
    encoding: 'utf8',
    timeout: 120_000,
  });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

describe('guitai journal', () => {
  test('on sound records verifies with exit code 0, proves by slip and report, and makes no file', () => {
    const before = readdirSync(data);
    const report = guitai('report', '--day', '2026-03-02', '--json');
    expect(report.code, report.err).toBe(0);
    const file = join(folder.path, 'report.json');
    writeFileSync(file, report.out);
    const plain = guitai('verify');
    expect(plain).toMatchObject({ code: 0, out: expect.stringContaining('not proved without an anchor') });
    const proved = guitai('verify', '--anchor', file, '--slip', slip.toLowerCase(), '--json');
    expect(proved.code, proved.err).toBe(0);
    expect(JSON.parse(proved.out)).toMatchObject({ sound: true, sealsOpened: true, keysChecked: true });
    const shown = guitai('show', '--sale', lived.ownPay);
    expect(shown.out).toContain('own-pay-sold');
    const balances = guitai('balances');
    expect(balances.out).toMatch(/应收职工基本医疗保险统筹基金.*insurance agency/);
    expect(balances.out).toMatch(/ 0\.00 {2}合计/);
    expect(readdirSync(data)).toEqual(before);
  });

  test('that were changed verifies with exit code 1 and names entry and sale in both languages', () => {
    tamper(data, (db) => {
      db.prepare("UPDATE sales SET state = 'cancelled' WHERE sale_id = ?").run(lived.settled);
    });
    const found = guitai('verify');
    expect(found.code, found.err).toBe(1);
    expect(found.out).toMatch(/流水 \d+，销售 2603020100\d\d：销售记录与流水不符/);
    expect(found.out).toMatch(/entry \d+, sale 2603020100\d\d: the record of the sale does not fit/);
  });

  test('without records, with a mistyped code or a wrong anchor cannot look: exit code 2', () => {
    expect(guitai('verify', '--slip', '12-ABCDE-FGHJK')).toMatchObject({
      code: 2,
      err: expect.stringContaining('slip-code-invalid'),
    });
    expect(guitai('verify', '--anchor', config)).toMatchObject({
      code: 2,
      err: expect.stringContaining('journal-anchor-unreadable'),
    });
    const elsewhere = join(folder.path, 'other.toml');
    writeFileSync(elsewhere, '[data]\nfolder = "nowhere"\n');
    const none = spawnSync(process.execPath, [program, 'journal', 'verify', '--config', elsewhere], {
      encoding: 'utf8',
    });
    expect(none).toMatchObject({ status: 2, stderr: expect.stringContaining('records-none') });
    expect(existsSync(join(folder.path, 'nowhere'))).toBe(false);
  });
});
