import { fstatSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import type { Config } from '#core/config/schema';
import { type Fault, fault } from '#core/fault';
import { type PrinterProfile, parsePrinterProfile, plainProfile } from '#core/printer-profile';
import { err, ok, type Result } from '#core/result';
import type { FontFile } from '#receipts/glyphs/font-bytes';
import { fontGlyphs, type OpenFont } from '#receipts/glyphs/font-glyphs';
import type { GlyphSource } from '#receipts/rare-characters';
import { packageRoot } from './package-root.ts';

const ENDING = '.toml';

/** What the configured printer can do: a shipped profile by name, a file of the shop, or what `width_mm` says. */
export function configuredProfile({ printer }: Pick<Config, 'printer'>): Result<PrinterProfile, Fault> {
  const { profile, width_mm: widthMm } = printer;
  if (profile === '') return ok(plainProfile(widthMm === 58 ? 32 : 48));
  const path = profile.endsWith(ENDING) ? profile : join(shippedFolder(), `${profile}${ENDING}`);
  if (!profile.endsWith(ENDING) && !shippedProfiles().includes(profile)) {
    return err(fault('printer-profile-invalid', `${profile}: ${shippedProfiles().join(', ')}`));
  }
  let content: unknown;
  try {
    content = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    return err(fault('printer-profile-invalid', error instanceof Error ? error.message : profile));
  }
  return parsePrinterProfile(profile, content);
}

/** What the till prints by: profile and font. */
export function configuredPrinting(
  config: Pick<Config, 'printer'>,
): Result<{ readonly printerProfile: PrinterProfile; readonly glyphs?: GlyphSource }, Fault> {
  const profile = configuredProfile(config);
  if (!profile.ok) return profile;
  const glyphs = configuredGlyphs(config);
  return ok({ printerProfile: profile.value, ...(glyphs === undefined ? {} : { glyphs }) });
}

/** Names of the profiles that come with the program. */
export function shippedProfiles(): readonly string[] {
  return readdirSync(shippedFolder())
    .filter((name) => name.endsWith(ENDING))
    .map((name) => name.slice(0, -ENDING.length))
    .sort();
}

/**
 * Where a machine keeps fonts with many Chinese characters. They are its own, with their own licences; none comes
 * with the program, and of these files nothing but single characters is ever read.
 */
const usualFonts = [
  '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
  '/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc',
  '/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc',
  'C:\\Windows\\Fonts\\simsun.ttc',
  'C:\\Windows\\Fonts\\simsunb.ttf',
  'C:\\Windows\\Fonts\\msyh.ttc',
];

/** Pictures of rare characters from the fonts that the configuration names; undefined where it wants none. */
export function configuredGlyphs({ printer }: Pick<Config, 'printer'>): GlyphSource | undefined {
  if (printer.glyph_font === 'none') return undefined;
  const paths = printer.glyph_font === 'auto' ? usualFonts : [printer.glyph_font];
  return fontGlyphs(paths.map((path) => () => openFont(path)));
}

/** Read piece by piece: such files have tens of megabytes, and a rare name needs a few hundred bytes of them. */
const openFont: (path: string) => ReturnType<OpenFont> = (path) => {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return undefined;
  }
  // Kept open until the program ends: a handful of files at most.
  const { size } = fstatSync(file);
  return { read: (offset, length) => readPiece(file, offset, length, size) } satisfies FontFile;
};

function readPiece(file: number, offset: number, length: number, size: number): Uint8Array {
  if (offset < 0 || length < 0 || offset + length > size) throw new RangeError('past the end of the font');
  const piece = new Uint8Array(length);
  try {
    if (readSync(file, piece, 0, length, offset) === length) return piece;
  } catch (error) {
    throw new RangeError('the font cannot be read', { cause: error });
  }
  throw new RangeError('the font was cut');
}

function shippedFolder(): string {
  return join(packageRoot(), 'drivers', 'printer', 'profiles');
}
