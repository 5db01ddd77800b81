import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { trainingCards } from '#simulators/cards/training-cards';
import { pcscdAvailable } from '#simulators/pcscd';
import { ShopProgram } from './shop-program.ts';

const available = pcscdAvailable();
const GOODS = '6909901000017';
const program = fileURLToPath(new URL('../../bin/guitai.js', import.meta.url));
const run = promisify(execFile);

/** The real program and its commands: backed up while it sells, its folder destroyed, restored, compared, selling again. */
describe.skipIf(!available.ok)('a till whose disk is lost', () => {
  const apart = mkdtempSync(join(tmpdir(), 'guitai-apart-'));
  const backups = join(apart, 'backups');
  let shop: ShopProgram;

  beforeAll(async () => {
    const secret = join(apart, 'secret');
    writeFileSync(secret, randomBytes(32).toString('hex'), { mode: 0o600 });
    const toml = `[pin]\nentry = "keyboard"\n[keys]\nsecret_file = "${secret}"\n[backup]\nfolder = "${backups}"\n`;
    shop = await ShopProgram.start({ toml });
    await shop.openShift();
  }, 90_000);

  afterAll(async () => {
    await shop?.close();
    rmSync(apart, { recursive: true, force: true });
  });

  const guitai = (...args: string[]) =>
    run(process.execPath, [program, ...args, '--config', shop.configFile], {
      cwd: shop.folder,
      env: shop.env,
    });

  async function sell(): Promise<string> {
    await shop.insert('employee');
    await shop.until('identified', ({ holder }) => holder.state === 'identified');
    await shop.api('POST', '/api/scan', { code: GOODS });
    await shop.api('POST', '/api/sale/quote');
    expect(await shop.api('POST', '/api/sale/pay', { mode: 'insured', tenders: [] })).not.toHaveProperty(
      'error',
    );
    const { sale } = await shop.until(
      'sold',
      (view) => view.sale.state === 'done' && view.printer.owed === 0,
    );
    await shop.api('POST', '/api/sale/next');
    await shop.pull();
    return sale.saleNumber;
  }

  test('backup, loss, restore and comparison: nothing is lost or doubled in the books of the agency', async () => {
    const first = await sell();
    const saved = JSON.parse((await guitai('backup', '--with-keys', '--json')).stdout);
    const second = await sell();
    await shop.killProgram();
    const data = join(shop.folder, 'data');
    // The records and keys are gone; the catalogue would be imported anew, so it is left here.
    for (const name of readdirSync(data))
      if (name.startsWith('till.') || name === 'keys') rmSync(join(data, name), { recursive: true });

    const person = trainingCards.find((card) => card.id === 'employee')?.person;
    for (const name of readdirSync(backups)) {
      const bytes = readFileSync(join(backups, name));
      expect(bytes.includes(person?.socialSecurityNumber ?? '-')).toBe(false);
      expect(bytes.includes(person?.name ?? '-')).toBe(false);
    }
    const restored = JSON.parse((await guitai('restore', saved.file, '--json')).stdout);
    expect(restored.sequence).toBe(saved.sequence + 1);
    const owed = await guitai('owed').catch(
      (error: { stdout: string; stderr: string; code: number }) => error,
    );
    expect(owed.stderr).toBe('');
    expect(owed).toMatchObject({ code: 1 });
    expect(owed.stdout).toContain('恢复后还没有与医保中心对账');
    const reset = await guitai('reset', '--confirm').catch((error: { stderr: string }) => error);
    expect(reset.stderr).toContain('data-still-owed');

    await shop.startProgram();
    await shop.api('POST', '/api/shift/open', { number: '0101', pin: '1234' });
    await shop.until(
      'compared',
      ({ guards = [] }) => !guards.some(({ code }) => code === 'restore-hold'),
      40_000,
    );
    const third = await sell();
    expect(new Set([first, second, third]).size).toBe(3);
    for (const number of [first, second, third])
      expect(shop.agency.control.chargesOf(number).standing).toHaveLength(1);
    expect(shop.agency.control.settlements()).toHaveLength(3);
    const { rows } = await shop.api<{ rows: { kind: string; amount: string }[] }>('GET', '/api/owed');
    expect(rows).toMatchObject([{ kind: 'agency-only' }]);
    expect(shop.agency.control.violations()).toEqual([]);
  }, 180_000);
});
