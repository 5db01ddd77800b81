import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { generateSm2 } from '#core/sm2';
import { openShop, type Shop } from '../../helpers/with-shop.ts';

let shop: Shop;
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'guitai-stick-'));
  const partner = `[[carry.partners]]\nterminal = "02"\npublic_key = "${generateSm2().publicKey}"\n`;
  shop = await openShop({ toml: `[offline]\nenabled = true\nbasis = "test"\n${partner}` });
});
afterEach(async () => {
  await shop.end();
  rmSync(folder, { recursive: true, force: true });
});

async function soldOffline(): Promise<string> {
  await shop.insert('A');
  shop.pull();
  await shop.agency.control.cut();
  await shop.insert('A');
  await shop.until('offline', ({ connectivity }) => connectivity.state === 'offline');
  await shop.till.scan('6909901000017');
  await shop.till.quote();
  await shop.till.pay({ mode: 'offline', tenders: [], pin: '123456', acceptOfflineRisk: true });
  await shop.until('queued', ({ sale, queue }) => sale.state === 'done' && queue.waiting === 1);
  return shop.till.view().sale.saleId;
}

test('carried out at the counter: listed with its file, still at risk and owed, and not sent when the link is back', async () => {
  const saleId = await soldOffline();
  const absent = await shop.till.carryOut(join(folder, 'absent'));
  expect(absent).toMatchObject({ ok: false, error: { code: 'carry-write-failed' } });
  expect(shop.store.upload(saleId)?.state).toBe('queued');

  mkdirSync(join(folder, 'usb'));
  const out = await shop.till.carryOut(join(folder, 'usb'));
  expect(out).toMatchObject({ ok: true, value: { terminal: '02', sales: 1 } });
  const { out: files, own } = shop.till.carryState();
  const number = files[0]?.number ?? '';
  expect(files).toMatchObject([{ terminal: '02', sales: 1, stillOut: 1, unclear: false }]);
  expect(own.publicKey).toBe(shop.keyStore.current()?.publicKey);
  expect(shop.till.queue()).toMatchObject([
    { saleId, state: 'carried', carried: { file: number, terminal: '02' } },
  ]);
  expect(shop.till.owed().rows[0]).toMatchObject({ kind: 'upload', zh: '脱机交易已带出，等结果文件' });
  expect(shop.till.view().queue).toMatchObject({ waiting: 0, atRisk: '9.80' });

  await shop.agency.control.restore();
  await shop.till.syncNow();
  expect(shop.agency.control.settlements()).toHaveLength(0);
  expect(shop.store.upload(saleId)?.state).toBe('carried');

  const second = { number: '0102', pin: '5678' };
  const early = await shop.till.carryTakeBack(number, second, 'the stick is lost');
  expect(early).toMatchObject({ ok: false, error: { code: 'carry-still-out' } });
  const wordless = await shop.till.carryTakeBack(number, second, 'x');
  expect(wordless).toMatchObject({ ok: false, error: { code: 'reason-missing' } });

  rmSync(join(folder, 'usb'), { recursive: true });
  mkdirSync(join(folder, 'usb'));
  expect(await shop.till.carryAgain(join(folder, 'usb'))).toMatchObject({ ok: true, value: { number } });
  const [name = ''] = readdirSync(join(folder, 'usb'));
  const mine = await shop.till.carryIn(join(folder, 'usb', name));
  expect(mine).toMatchObject({ ok: false, error: { code: 'carry-sender-unknown' } });
});
