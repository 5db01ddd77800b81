import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '#core/clock';
import { untilAsked } from '../until-asked.ts';
import type { VirtualSlip } from './engine.ts';
import { startVirtualPrinter, type VirtualPrinter } from './server.ts';

const HELP = `guitai simulate printer [--port 9100] [--host 127.0.0.1] [--columns 48|32] [--out FOLDER] [--quiet]

A virtual ESC/POS printer on TCP. Each slip is shown as text; with --out also kept as SVG and text files.
Commands on standard input: paper-out, paper-in, paper-low, cover-open, cover-shut, unplug, plug.
`;

/** What the command touches besides its arguments; the process's own by default. */
export interface PrinterRunEnvironment {
  readonly write?: (text: string) => void;
  /** Ends the run; default SIGINT and SIGTERM. */
  readonly signal?: AbortSignal;
  /** Lines of commands; default standard input. */
  readonly input?: NodeJS.ReadableStream;
}

/** `guitai simulate printer`. Answers the exit code: 0 ended as asked, 1 could not start, 2 wrong arguments. */
export async function runVirtualPrinter(
  args: readonly string[],
  environment: PrinterRunEnvironment = {},
): Promise<number> {
  const write = environment.write ?? ((text: string) => void process.stdout.write(text));
  const options = readOptions(args);
  if (typeof options === 'string') {
    write(`${options}\n\n${HELP}`);
    return 2;
  }
  if (options.help) {
    write(HELP);
    return 0;
  }
  const { port, host, columns, out, quiet } = options;
  let printer: VirtualPrinter;
  try {
    printer = await startVirtualPrinter({ port, host, columns, clock: systemClock });
  } catch (error) {
    write(`cannot start the virtual printer: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
  write(`virtual printer tcp://${host}:${printer.port}\n`);
  const kept: Promise<void>[] = [];
  printer.onSlip((slip) => {
    if (!quiet) write(`${slip.text}\n${'='.repeat(columns)}\n`);
    for (const problem of slip.problems) write(`problem: ${problem}\n`);
    if (out !== undefined) kept.push(keep(out, slip, write));
  });
  const input = environment.input ?? process.stdin;
  const onInput = (chunk: Buffer | string) => {
    for (const word of chunk.toString().split(/\s+/)) void obey(printer, word, write);
  };
  input.on('data', onInput);
  await untilAsked(environment.signal);
  input.off('data', onInput);
  input.pause();
  await printer.stop();
  await Promise.all(kept);
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

async function keep(folder: string, slip: VirtualSlip, write: (text: string) => void): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    const name = join(folder, `${slip.printedAtMs}-${slip.id}`);
    await writeFile(`${name}.svg`, slip.svg);
    await writeFile(`${name}.txt`, `${slip.text}\n`);
  } catch (error) {
    write(`slip not kept: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}

async function obey(printer: VirtualPrinter, word: string, write: (text: string) => void): Promise<void> {
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
      write(`unknown command ${word}\n`);
  }
}
