import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { systemClock } from '#core/clock';
import { type Config, configSchema } from '#core/config/schema';
import { type PrinterProfile, plainProfile } from '#core/printer-profile';
import { openPrinter } from '#drivers/printer/open';
import { slipBytes } from '#receipts/escpos';
import { VirtualPrinterEngine } from '#simulators/printer/engine';
import { startVirtualPrinter } from '#simulators/printer/server';
import { configuredGlyphs, configuredProfile, shippedProfiles } from '../../../src/main/printer-profile.ts';
import { everyPaper } from '../../receipts/sample-papers.ts';

const folder = mkdtempSync(join(tmpdir(), 'guitai-profile-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function withPrinter(change: Partial<Config['printer']>): Config {
  const config = configSchema.parse({});
  return { ...config, printer: { ...config.printer, ...change } };
}

function shipped(profile: string): PrinterProfile {
  const found = configuredProfile(withPrinter({ profile }));
  return found.ok ? found.value : expect.unreachable(found.error.detail);
}

describe('printer profiles are data', () => {
  test('the plain ones say in a file what the program takes where none is named', () => {
    expect(shipped('thermal-58')).toEqual(plainProfile(32));
    expect(shipped('thermal-80')).toEqual(plainProfile(48));
    expect(shipped('form-a5')).toEqual(plainProfile(84));
    expect(configuredProfile(withPrinter({ width_mm: 58 }))).toEqual({ ok: true, value: plainProfile(32) });
  });

  test.each(shippedProfiles().filter((name) => name !== 'form-a5'))(
    '%s prints every paper whole, none of them wider than its line',
    (name) => {
      const profile = shipped(name);
      for (const [kind, document] of everyPaper) {
        const engine = new VirtualPrinterEngine({ clock: systemClock, columns: profile.columns });
        const bytes = slipBytes(document, { columns: profile.columns, profile });
        engine.connect(() => undefined).receive(Uint8Array.of(...bytes, 0x1d, 0x56, 1));
        const [paper] = engine.slips();
        expect(paper?.problems, kind).toEqual([]);
        if (profile.qr === 'command' && 'check' in document) expect(paper?.qrCodes, kind).toHaveLength(1);
        expect(Buffer.from(bytes).includes(Buffer.from([0x1d, 0x56])), kind).toBe(profile.cutter !== 'none');
      }
    },
  );

  test('an unknown name, a missing file and a wrong value are refused with a code that names the key', () => {
    const file = join(folder, 'own.toml');
    writeFileSync(file, 'form = "guitai-printer-1"\ncharset = "latin"\n');
    for (const profile of ['thermal-99', join(folder, 'none.toml'), file]) {
      const found = configuredProfile(withPrinter({ profile }));
      expect(found).toMatchObject({ ok: false, error: { code: 'printer-profile-invalid' } });
    }
  });

  test('a printer that answers nothing counts a slip as printed when the line took it, and opens no drawer', async () => {
    const virtual = await startVirtualPrinter({ port: 0, clock: systemClock });
    virtual.setMute(true);
    const manner = shipped('portable-58');
    const printer = openPrinter(
      { kind: 'tcp', host: '127.0.0.1', port: virtual.port },
      { clock: systemClock, manner },
    );
    try {
      expect(await printer.status()).toEqual({
        ok: true,
        value: { online: true, paper: 'unknown', coverOpen: false },
      });
      expect(await printer.print(Uint8Array.of(0x1b, 0x40, 0x41, 0x0a))).toEqual({ ok: true });
      expect(await printer.openDrawer()).toMatchObject({ ok: false, error: { code: 'drawer-none' } });
    } finally {
      await printer.close();
      await virtual.stop();
    }
  });
});

test('fonts are read in pieces, and none at all where the configuration wants none', () => {
  const glyphs = configuredGlyphs(withPrinter({ glyph_font: 'auto' }));
  expect(glyphs?.glyph('𠮷')).toHaveLength(72);
  expect(configuredGlyphs(withPrinter({ glyph_font: 'none' }))).toBeUndefined();
  expect(configuredGlyphs(withPrinter({ glyph_font: join(folder, 'no.ttf') }))?.glyph('𠮷')).toBeUndefined();
});
