import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '#core/clock';
import { formatMoney } from '#core/money';
import { trainingCardBox } from '#simulators/cards/training-cards';
import { pcscdAvailable } from '#simulators/pcscd';
import { type PinPadOnPty, startPinPadOnPty } from '#simulators/pin-pad/pty';
import { ShopProgram } from './shop-program.ts';

const available = pcscdAvailable();
const GOODS = '6909901000253';
const PIN = ['1', '2', '3', '4', '5', '6', 'enter'] as const;

describe.skipIf(!available.ok)('a sale without the agency, from power-on', () => {
  const folder = mkdtempSync(join(tmpdir(), 'guitai-pad-'));
  const box = trainingCardBox();
  let shop: ShopProgram;
  let line: PinPadOnPty;

  beforeAll(async () => {
    const transportKey = Uint8Array.from(randomBytes(16));
    const keyFile = join(folder, 'pad-key');
    writeFileSync(keyFile, Buffer.from(transportKey).toString('hex'), { mode: 0o600 });
    line = await startPinPadOnPty(folder, { transportKey, clock: systemClock });
    const toml = `[[pin_pads]]\naddress = "serial:${line.path}"\nkey_file = "${keyFile}"\n`;
    shop = await ShopProgram.start({ toml });
    await shop.openShift();
    // One visit while the agency answered: entitlement and blacklist are known from then on.
    await shop.insert(box.card('offline-card'));
    await identified();
    await shop.pull();
    await shop.api('POST', '/api/shift/close');
    await shop.killProgram();
    await shop.agency.control.cut();
    await shop.startProgram();
  }, 90_000);

  afterAll(async () => {
    await shop?.close();
    await line?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const identified = () => shop.until('identified', ({ holder }) => holder.state === 'identified');

  test('module, PIN on the pad, TAC and slip; the agency verifies the TAC at upload', async () => {
    const opened = await shop.api('POST', '/api/shift/open', { number: '0101', pin: '1234' });
    expect(opened).not.toHaveProperty('error');
    await shop.until('the pad is there', ({ devices }) =>
      devices.some(({ kind, state }) => kind === 'pin-pad' && state === 'ready'),
    );
    await shop.insert(box.card('offline-card'));
    const { holder } = await identified();
    expect(holder).toMatchObject({ authenticatedBy: 'security-module', source: 'cache', cardUse: 'offline' });
    await shop.api('POST', '/api/scan', { code: GOODS });
    await shop.api('POST', '/api/sale/quote');
    const paying = shop.api('POST', '/api/sale/pay', {
      mode: 'offline',
      tenders: [],
      acceptOfflineRisk: true,
    });
    await shop.until('the pad asks', ({ pin }) => pin.waiting);
    for (const key of PIN) line.pad.press(key);
    expect(await paying).not.toHaveProperty('error');
    const view = await shop.until('sold', ({ sale, printer }) => sale.state === 'done' && printer.owed === 0);
    expect(view.sale).toMatchObject({ mode: 'offline', offlineSignature: 'card' });
    const slip = shop.printer.slips().at(-1)?.text ?? '';
    expect(slip).toContain('脱机');
    expect(slip).toMatch(/TAC\s*[0-9A-F]{8}/);
    expect(slip).toContain(view.sale.saleNumber);

    await shop.agency.control.restore();
    await shop.api('POST', '/api/queue/sync', {});
    await shop.until('uploaded', ({ queue }) => queue.waiting === 0, 40_000);
    const [booked] = shop.agency.control.offlineSales();
    expect(booked).toMatchObject({ saleNumber: view.sale.saleNumber, signedBy: 'card-tac' });
    const charges = shop.agency.control.chargesOf(view.sale.saleNumber);
    expect(formatMoney(charges.account)).toBe(view.sale.split?.account);
    expect(shop.agency.control.violations()).toEqual([]);
  }, 90_000);
});
