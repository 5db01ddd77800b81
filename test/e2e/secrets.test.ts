import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TillView } from '#checkout/view';
import { trainingCards } from '#simulators/cards/training-cards';
import { pcscdAvailable } from '#simulators/pcscd';
import { ShopProgram } from './shop-program.ts';

const available = pcscdAvailable();
/** No digits of any code, price or time look like this one. */
const NEW_PIN = '7391582640';
const WRONG_PIN = '8264073915';
const SALE_GOODS = '6909901000017';
const SNAPSHOT_MS = 60_000;

const numberOf = (id: string): string => {
  const person = trainingCards.find((card) => card.id === id)?.person;
  if (person === undefined) throw new Error(`no person for ${id}`);
  return person.socialSecurityNumber;
};

/** Every file below a folder, with its bytes. */
function* filesBelow(folder: string): Iterable<[string, Buffer]> {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) yield [path, readFileSync(path)];
  }
}

describe.skipIf(!available.ok)('secrets of the holder', () => {
  let shop: ShopProgram;
  let view: TillView;

  beforeAll(async () => {
    shop = await ShopProgram.start({ nodeFlags: ['--heapsnapshot-signal=SIGUSR2'] });
    await shop.openShift();
    await sellOnline();
    await sellOffline();
    await shop.pull();
    await shop.api('POST', '/api/sale/next');
    view = await shop.until('the counter is empty', ({ holder, sale }) => {
      return holder.state === 'none' && sale.lines.length === 0;
    });
  });
  afterAll(async () => {
    await shop?.close();
  });

  async function sellOnline(): Promise<void> {
    await shop.insert('employee');
    await identified();
    await shop.api('POST', '/api/scan', { code: SALE_GOODS });
    await shop.api('POST', '/api/sale/quote');
    const answer = await shop.api('POST', '/api/sale/pay', { mode: 'insured', tenders: [] });
    expect(answer).not.toHaveProperty('error');
    await shop.until('the sale is done', ({ sale }) => sale.state === 'done');
  }

  async function sellOffline(): Promise<void> {
    await shop.insert('offline-card');
    await identified();
    const changed = await shop.api('POST', '/api/card/pin', { old: '123456', replacement: NEW_PIN });
    expect(changed).not.toHaveProperty('error');
    await shop.agency.control.cut();
    await shop.api('POST', '/api/scan', { code: SALE_GOODS });
    await shop.api('POST', '/api/sale/quote');
    const pay = (pin: string) =>
      shop.api<{ error?: { code: string } }>('POST', '/api/sale/pay', {
        mode: 'offline',
        tenders: [],
        pin,
        acceptOfflineRisk: true,
      });
    await shop.until('the offline sum is shown', ({ sale }) => sale.split?.source === 'offline');
    expect((await pay(WRONG_PIN)).error?.code).toBe('card-pin-wrong');
    expect(await pay(NEW_PIN)).not.toHaveProperty('error');
    await shop.until('the offline sale is done', ({ sale }) => sale.state === 'done');
  }

  const identified = () => shop.until('identified', ({ holder }) => holder.state === 'identified');

  const secrets = () => [NEW_PIN, WRONG_PIN, numberOf('employee'), numberOf('offline-card')];

  test('no PIN and no full identity number lies in a database, log or other file of the shop', () => {
    const found: string[] = [];
    let searched = 0;
    for (const [path, bytes] of filesBelow(join(shop.folder, 'data'))) {
      searched += 1;
      for (const secret of secrets()) if (bytes.includes(secret)) found.push(`${path}: ${secret}`);
      // The card's own form of a PIN: packed digits.
      for (const pin of [NEW_PIN, WRONG_PIN])
        if (bytes.includes(Buffer.from(pin, 'hex'))) found.push(`${path}: packed ${pin}`);
    }
    expect(found).toEqual([]);
    expect(searched).toBeGreaterThan(2);
  });

  test('what the till shows holds masked numbers only', () => {
    const shown = JSON.stringify(view);
    for (const secret of secrets()) expect(shown).not.toContain(secret);
  });

  test('a heap snapshot after the sales holds no PIN and no full identity number', async () => {
    const snapshot = await heapSnapshot(shop);
    // The search can find what is there: the shop's name and the number of the last sale are.
    expect(snapshot.includes(readableControl(shop))).toBe(true);
    const found = secrets().filter((secret) => snapshot.includes(secret));
    expect(found).toEqual([]);
  });

  test('a crash leaves no dump of the memory: the limit of the core file is zero', () => {
    const limits = readFileSync(`/proc/${shop.pid}/limits`, 'utf8');
    expect(/^Max core file size\s+(\S+)\s+(\S+)/m.exec(limits)?.slice(1, 3)).toEqual(['0', '0']);
  });
});

function readableControl(shop: ShopProgram): string {
  return shop.agency.url;
}

/** The whole snapshot as text; it is written into the program's own folder. */
async function heapSnapshot(shop: ShopProgram): Promise<Buffer> {
  process.kill(shop.pid, 'SIGUSR2');
  const end = performance.now() + SNAPSHOT_MS;
  let lastSize = -1;
  for (;;) {
    const name = readdirSync(shop.folder).find((file) => file.endsWith('.heapsnapshot'));
    const path = name === undefined ? undefined : join(shop.folder, name);
    const size = path === undefined || !existsSync(path) ? 0 : statSync(path).size;
    const whole = path !== undefined && size > 0 && size === lastSize && endsWell(path);
    if (whole) return readFileSync(path);
    if (performance.now() > end) throw new Error('no heap snapshot was written');
    lastSize = size;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

function endsWell(path: string): boolean {
  const bytes = readFileSync(path);
  return bytes.subarray(-64).toString('latin1').trimEnd().endsWith('}');
}
