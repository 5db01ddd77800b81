import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { journalCode, journalCodeText } from '#core/journal-code';
import { parseSlipCode } from '#core/slip-code';
import { verifySlip } from '../../../src/main/slip.ts';
import { openShop, type Shop } from '../../helpers/with-shop.ts';

const program = fileURLToPath(new URL('../../../bin/guitai.js', import.meta.url));

let shop: Shop;
let publicKey: string;
/** Text of each slip as it lies in the tray, with its QR code as a scanner types it. */
let slips: { readonly qr: string; readonly text: string }[];

beforeAll(async () => {
  shop = await openShop();
  publicKey = shop.keyStore.current()?.publicKey ?? '';
  await shop.insert('A');
  await sell('insured');
  const [insured] = shop.till.sales();
  shop.pull();
  await sell('own-pay');
  await shop.insert('A');
  await shop.till.cancelSale(insured?.saleId ?? '', { number: '0102', pin: '5678' }, '顾客退货');
  await shop.until(
    'all slips are out',
    ({ printer }) => printer.owed === 0 && shop.printer.slips().length >= 3,
  );
  slips = shop.printer.slips().map(({ qrCodes, text }) => ({ qr: qrCodes[0] ?? '', text }));
});
afterAll(() => shop.end());

async function sell(mode: 'insured' | 'own-pay'): Promise<void> {
  await shop.till.scan('6909901000017');
  await shop.till.quote();
  const tenders = mode === 'insured' ? [] : [{ kind: 'cash' as const, amount: '100.00' }];
  const paid = await shop.till.pay({ mode, tenders });
  expect(paid.ok ? '' : paid.error.code).toBe('');
  await shop.until('done', ({ sale, printer }) => sale.state === 'done' && printer.owed === 0);
  await shop.till.nextSale();
}

function place() {
  return { config: shop.config, folder: shop.folder };
}

describe('slips of a shop', () => {
  test('carry its signature, fit its journal, and say which sale was given back', async () => {
    const kinds: string[] = [];
    for (const { qr, text } of slips) {
      const found = await verifySlip({ text: `${text}\n${qr}`, publicKeys: [publicKey], place: place() });
      const verdict = found.ok ? found.value : expect.unreachable(found.error.code);
      expect(verdict.refused).toBeUndefined();
      expect(verdict.signature).toBe('proved');
      expect(verdict.journal).toMatchObject({ saleNumber: verdict.facts?.saleNumber });
      kinds.push(`${verdict.facts?.kind}${'cancelledBy' in (verdict.journal ?? {}) ? ', given back' : ''}`);
    }
    expect(kinds.sort()).toEqual(['cancellation', 'own-pay', 'settlement, given back']);
  });

  test('are proved by the typed check code alone at the till, and only there', async () => {
    const typed = /校验码 (\S+)/.exec(slips[0]?.text ?? '')?.[1] ?? '';
    const here = await verifySlip({ text: typed.toLowerCase(), publicKeys: [], place: place() });
    expect(here).toMatchObject({ ok: true, value: { journal: { sequence: expect.any(Number) } } });
    const away = await verifySlip({ text: typed, publicKeys: [] });
    expect(away).toMatchObject({ ok: true, value: { signature: { code: 'slip-unproved' } } });
  });

  test('of another terminal, of no entry, or with other amounts are refused with a code', async () => {
    const qr = slips[0]?.qr ?? '';
    const { check } = parseSlipCode(qr) ?? expect.unreachable('a code');
    const elsewhere = { ...shop.config, shop: { ...shop.config.shop, terminal: '09' } };
    const foreign = await verifySlip({ text: qr, publicKeys: [], place: { ...place(), config: elsewhere } });
    expect(foreign).toMatchObject({ ok: true, value: { refused: { code: 'slip-foreign' } } });
    const later = journalCode(check.sequence + 500, '0'.repeat(64));
    const none = await verifySlip({ text: journalCodeText(later), publicKeys: [], place: place() });
    expect(none).toMatchObject({ ok: true, value: { refused: { code: 'slip-not-recorded' } } });
    const unsigned = `GUITAI1/${shop.config.shop.institution_code}/000000000/${check.sequence}/${check.code}`;
    expect(await verifySlip({ text: unsigned, publicKeys: [], place: place() })).toMatchObject({
      ok: true,
      value: { refused: { code: 'slip-altered' } },
    });
  });
});

test('the command says genuine, refused, not proved by its exit code', () => {
  const keys = join(shop.folder, 'inspector.json');
  writeFileSync(keys, JSON.stringify([{ publicKey }]));
  const run = (what: string, input: string, ...more: string[]) => {
    const done = spawnSync(process.execPath, [program, 'slip', 'verify', what, ...more], {
      encoding: 'utf8',
      input,
      cwd: shop.folder,
      timeout: 60_000,
    });
    return { code: done.status, text: done.stdout + done.stderr };
  };
  const { qr = '', text = '' } = slips[0] ?? {};
  const file = join(shop.folder, 'slip.txt');
  writeFileSync(file, `${text}\n[${qr}]\n`);
  expect(run(file, '', '--key', keys)).toMatchObject({ code: 0, text: expect.stringContaining('小票属实') });
  expect(run('-', qr, '--key', publicKey, '--json').text).toContain('"genuine": true');
  const raised = text.replace(/(费用总额 +)\d+\.\d\d/, '$1999.00');
  expect(run('-', `${raised}\n${qr}`, '--key', keys)).toMatchObject({
    code: 1,
    text: expect.stringContaining('slip-text-differs'),
  });
  expect(run(qr, '')).toMatchObject({ code: 2, text: expect.stringContaining('slip-unproved') });
  expect(run('rubbish', '')).toMatchObject({ code: 1, text: expect.stringContaining('slip-code-invalid') });
});
