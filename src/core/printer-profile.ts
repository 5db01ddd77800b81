import { z } from 'zod';
import { type Fault, fault } from './fault.ts';
import { err, ok, type Result } from './result.ts';

/**
 * What a family of printers can do (打印机型号参数), as data: one file per family. Layout, bytes and the talk with
 * the printer are made from it, so a new printer needs a file and no program.
 */
const profileForm = z.strictObject({
  form: z.literal('guitai-printer-1'),
  zh: z.string().min(1),
  en: z.string().min(1),
  /** `esc-pos`: receipt printers. `esc-p-k`: 24-pin form printers (针式打印机) with Chinese characters. */
  language: z.enum(['esc-pos', 'esc-p-k']),
  /** Half-width characters on a line: 32 (58 mm), 48 (80 mm), 84 (A5 across). */
  columns: z.union([z.literal(32), z.literal(48), z.literal(84)]),
  /** Dots on a line. */
  dots: z.number().int().min(200).max(2_000),
  /** What the built-in font holds: 6,763 characters of GB 2312, 21,003 of GBK, or the 27,533 of GB 18030-2000. */
  charset: z.enum(['gb2312', 'gbk', 'gb18030']),
  /** How a character that the font lacks is drawn: `esc-star` in line by ESC *, `none` where pictures are refused. */
  bitmap: z.enum(['esc-star', 'none']),
  /** `command`: the printer makes QR codes by GS ( k; `bitmap`: they are sent as a picture. */
  qr: z.enum(['command', 'bitmap']),
  cutter: z.enum(['partial', 'full', 'none']),
  /** Blank lines that bring the last printed line past the blade or the tear bar. */
  feed_lines: z.number().int().min(0).max(20),
  /** Pulse on the socket of the cash drawer (钱箱); absent = no socket. */
  drawer: z
    .strictObject({
      pin: z.union([z.literal(2), z.literal(5)]),
      on_ms: z.number().int().min(10).max(500),
      off_ms: z.number().int().min(10).max(510),
    })
    .optional(),
  /** `asked`: answers DLE EOT. `mute`: never answers, so a slip counts as printed when the line took it. */
  status: z.enum(['asked', 'mute']),
});

export type PrinterProfile = z.infer<typeof profileForm>;
export type PrinterCharset = PrinterProfile['charset'];

/** Checks what a profile file says. */
export function parsePrinterProfile(name: string, content: unknown): Result<PrinterProfile, Fault> {
  const parsed = profileForm.safeParse(content);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') ?? '';
  return err(fault('printer-profile-invalid', `${name} ${where}: ${issue?.message ?? ''}`));
}

/** What every receipt printer sold for Chinese counters can do; used where none is named. */
export function plainProfile(columns: 32 | 48 | 84): PrinterProfile {
  const form = columns === 84;
  return {
    form: 'guitai-printer-1',
    zh: form ? '通用 24 针平推打印机' : columns === 32 ? '通用 58 毫米热敏打印机' : '通用 80 毫米热敏打印机',
    en: form
      ? 'Any 24-pin form printer'
      : columns === 32
        ? 'Any 58 mm thermal printer'
        : 'Any 80 mm thermal printer',
    language: form ? 'esc-p-k' : 'esc-pos',
    columns,
    dots: form ? 1_260 : columns * 12,
    charset: 'gb18030',
    bitmap: 'esc-star',
    qr: form ? 'bitmap' : 'command',
    cutter: form ? 'none' : 'partial',
    feed_lines: form ? 0 : 4,
    ...(form ? {} : { drawer: { pin: 2, on_ms: 50, off_ms: 500 } }),
    status: form ? 'mute' : 'asked',
  };
}
