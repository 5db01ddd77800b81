import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '#core/clock';
import type { VirtualSlip } from './engine.ts';
import { startVirtualPrinter } from './server.ts';

const HELP = `guitai simulate printer [--port 9100] [--host 127.0.0.1] [--columns 48|32] [--out FOLDER] [--quiet]

A virtual ESC/POS printer on TCP. Each slip is shown as text; with --out also kept as SVG and text files.
Commands on standard input: paper-out, paper-in, paper-low, cover-open, cover-shut, unplug, plug.
`;

/** `guitai simulate printer`: serves until SIGINT or SIGTERM; answers the exit code (2: wrong arguments). */
export async function runVirtualPrinter(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n\n${HELP}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const { port, host, columns, out, quiet } = options;
  const printer = await startVirtualPrinter({ port, host, columns, clock: systemClock });
  process.stdout.write(`virtual printer tcp://${host}:${printer.port}\n`);
  printer.onSlip((slip) => {
    if (!quiet) process.stdout.write(`${slip.text}\n${'='.repeat(columns)}\n`);
    for (const problem of slip.problems) process.stderr.write(`problem: ${problem}\n`);
    if (out !== undefined) void keep(out, slip);
  });
  process.stdin.on('data', (chunk) => {
    for (const word of chunk.toString('utf8').split(/\s+/)) void obey(printer, word);
  });
  await stopSignal();
  process.stdin.pause();
  await printer.stop();
  return 0;
}

interface Options {
  readonly help: boolean;
  readonly port: number;
  readonly host: string;
  readonly columns: number;
  readonly out: string | undefined;
  readonly quiet: boolean;
}

function readOptions(args: readonly string[]): Options | string {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { port: text, host: text, columns: text, out: text, quiet: flag, help: flag },
    });
    const port = Number(values.port ?? '9100');
    const columns = Number(values.columns ?? '48');
    if (!Number.isInteger(port) || port < 0 || port > 65_535) return '--port is a number from 0 to 65535';
    if (columns !== 32 && columns !== 48) return '--columns is 32 or 48';
    const host = values.host ?? '127.0.0.1';
    return { help: values.help, port, host, columns, out: values.out, quiet: values.quiet };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function keep(folder: string, slip: VirtualSlip): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    const name = join(folder, `${slip.printedAtMs}-${slip.id}`);
    await writeFile(`${name}.svg`, slip.svg);
    await writeFile(`${name}.txt`, `${slip.text}\n`);
  } catch (error) {
    process.stderr.write(`slip not kept: ${String(error)}\n`);
  }
}

async function obey(printer: Awaited<ReturnType<typeof startVirtualPrinter>>, word: string): Promise<void> {
  switch (word) {
    case 'paper-out':
      return printer.setPaperOut(true);
    case 'paper-in':
      return printer.setPaperOut(false);
    case 'paper-low':
      return printer.setPaperLow(true);
    case 'cover-open':
      return printer.setCoverOpen(true);
    case 'cover-shut':
      return printer.setCoverOpen(false);
    case 'unplug':
      return printer.setUnplugged(true);
    case 'plug':
      return printer.setUnplugged(false);
    case '':
      return undefined;
    default:
      process.stderr.write(`unknown command ${word}\n`);
  }
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}
