import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { choosePolicy } from '#simulators/agency/choose-policy';
import { readPolicyFolder } from '#simulators/agency/policy-folder';
import { runAgencySimulator } from '#simulators/agency/run';
import { insuredHolder } from '#simulators/agency/training-persons';
import { shippedPolicies } from '../../../helpers/policies.ts';
import { randomCase } from '../../../simulation/benefit-cases.ts';
import { seededRandom } from '../../../simulation/seeded.ts';
import { Caller, fenOf, node, rows, start, stop } from './caller.ts';

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'guitai-agency-'));
  folders.push(made);
  return made;
}

async function run(...args: string[]): Promise<{ code: number; told: string }> {
  let told = '';
  const signal = AbortSignal.abort();
  const code = await runAgencySimulator(args, { signal, write: (text) => (told += text) });
  return { code, told };
}

describe('the agency’s own reading of policy documents', () => {
  it('starts with the shipped documents when no folder is named', async () => {
    expect(await run()).toMatchObject({ code: 0, told: expect.stringMatching(/^agency simulator http/) });
  });

  it('tells the file and place of a bad document and does not start', async () => {
    const bad = folder();
    writeFileSync(join(bad, 'bad.toml'), 'id = "x"\nversion = \n');
    const { code, told } = await run('--policies', bad);
    expect([code, told]).toEqual([2, expect.stringMatching(/bad\.toml: line 2/)]);
    expect(await run('--level', 'highest')).toMatchObject({ code: 2 });
  });

  it('reads TOML and JSON by name and nothing else in the folder', () => {
    const made = folder();
    writeFileSync(join(made, 'notes.txt'), 'not a document');
    expect(readPolicyFolder(made)).toEqual([]);
  });

  it('takes the region’s own document before one for everywhere, then the newer one, on its days only', () => {
    const [any] = shippedPolicies().filter(({ id }) => id === 'training-310-pharmacy');
    if (any === undefined) throw new Error('the training document is shipped');
    const everywhere = { ...any, id: 'everywhere', regions: ['*'], validFrom: '2025-01-01' };
    const older = { ...any, id: 'older', regions: ['990100'], validFrom: '2020-01-01' };
    const newer = { ...any, id: 'newer', regions: ['990100'], validFrom: '2026-01-01', version: '2026-9' };
    const newest = { ...newer, id: 'newest', version: '2026-10' };
    const visit = {
      ...randomCase(seededRandom(1), any),
      visitKind: 'pharmacy' as const,
      person: { scheme: '310', group: '', age: 40, tags: [] },
    };
    const chosen = (day: string, region = '990100') =>
      choosePolicy([everywhere, newest, older, newer], {
        region,
        personType: '1201',
        visit: { ...visit, day },
      });
    expect(chosen('2025-12-31')?.policy.id).toBe('older');
    expect(chosen('2026-01-01')?.policy.id).toBe('newest');
    expect(chosen('2026-01-01', '990200')).toMatchObject({
      policy: { id: 'everywhere' },
      visit: { person: { group: 'retired' } },
    });
    expect(chosen('2019-12-31')).toBeUndefined();
  });
});

describe('a training shop’s agency of before the documents', () => {
  it('keeps what the year has used, and cancels what was booked then', async () => {
    const database = join(folder(), 'agency.db');
    const person = insuredHolder('employee');
    const before = await start({ database });
    const caller = new Caller(before);
    await caller.signIn();
    const lines = [{ code: 'XA-JIA', count: 10_000n, price: 300_000_000n }];
    const settled = await caller.post('2102', caller.settlement(person, lines, 'S1'));
    expect(fenOf(node(settled.output, 'setlinfo'), 'hifp_pay')).toBe(60_00n);
    await stop(before);
    const old = new Database(database);
    for (const column of ['counted', 'payers', 'institution_share', 'visit_day', 'visit_kind', 'level'])
      old.exec(`ALTER TABLE settlement DROP COLUMN ${column}`);
    old.close();

    const after = await start({ database });
    expect(after.control.account(person.personNumber)?.years).toMatchObject([
      { deductible: 200_00n, counted: 300_00n, fund: 60_00n, byLayer: { basic: 60_00n }, visits: 1 },
    ]);
    const again = new Caller(after);
    // Its ids begin anew inside the same second: those that the first caller used are left out.
    for (let used = 0; used < 5; used += 1) again.messageId();
    await again.signIn();
    const cancelled = await again.cancellation(person, settled);
    expect(rows(cancelled.output, 'setldetail').map((row) => fenOf(row, 'fund_payamt'))).toEqual([
      -60_00n,
      -240_00n,
    ]);
    expect(after.control.account(person.personNumber)?.years).toMatchObject([{ fund: 0n, visits: 0 }]);
  });
});
