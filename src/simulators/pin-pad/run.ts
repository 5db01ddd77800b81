import { parseArgs } from 'node:util';
import { systemClock } from '#core/clock';
import { type PadKey, padKeys } from '#core/training';
import { deviceOnPty } from '../pty.ts';
import { untilAsked } from '../until-asked.ts';
import { VirtualPinPad } from './virtual-pad.ts';

const HELP = `guitai simulate pin-pad --link PATH --key HEX [--quiet]

A virtual PIN pad on a pseudo-terminal (needs socat). PATH is what the program opens: serial:PATH.
--key is the transport key, 32 hex digits, the same as in the program's key file: test keys only.
Commands on standard input: digits, enter, clear, cancel, tamper, service, mute, speak, garble, unplug, plug.
`;

/** What the command touches besides its arguments; the process's own by default. */
export interface PinPadRunEnvironment {
  readonly write?: (text: string) => void;
  /** Ends the run; default SIGINT and SIGTERM. */
  readonly signal?: AbortSignal;
  /** Lines of commands; default standard input. */
  readonly input?: NodeJS.ReadableStream;
}

/** `guitai simulate pin-pad`. Answers the exit code: 0 ended as asked, 1 could not start, 2 wrong arguments. */
export async function runVirtualPinPad(
  args: readonly string[],
  environment: PinPadRunEnvironment = {},
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
  const pad = new VirtualPinPad({ transportKey: options.key, clock: systemClock });
  const line = deviceOnPty(options.link, pad);
  try {
    await line.plug();
  } catch (error) {
    write(`cannot start the virtual PIN pad: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
  write(`virtual PIN pad serial:${options.link}\n`);
  if (!options.quiet) pad.onChange(() => write(`[${pad.screen.join(' | ')}]\n`));
  const input = environment.input ?? process.stdin;
  const onInput = (chunk: Buffer | string) => {
    for (const word of chunk.toString().split(/\s+/)) void obey(pad, line, word, write);
  };
  input.on('data', onInput);
  await untilAsked(environment.signal);
  input.off('data', onInput);
  input.pause();
  await line.unplug();
  return 0;
}

async function obey(
  pad: VirtualPinPad,
  line: { plug(): Promise<void>; unplug(): Promise<void> },
  word: string,
  write: (text: string) => void,
): Promise<void> {
  if (/^\d+$/.test(word)) for (const digit of word) press(pad, digit);
  else if (isKey(word)) pad.press(word);
  else if (word === 'tamper') pad.tamper();
  else if (word === 'service') pad.service();
  else if (word === 'mute' || word === 'speak') pad.setMute(word === 'mute');
  else if (word === 'garble') pad.garble(1);
  else if (word === 'unplug') await line.unplug();
  else if (word === 'plug') await line.plug().catch((error: unknown) => write(`${String(error)}\n`));
  else if (word !== '') write(`unknown command ${word}\n`);
}

function press(pad: VirtualPinPad, key: string): void {
  if (isKey(key)) pad.press(key);
}

function isKey(text: string): text is PadKey {
  return padKeys.some((key) => key === text);
}

interface Options {
  readonly help: boolean;
  readonly link: string;
  readonly key: Uint8Array;
  readonly quiet: boolean;
}

function readOptions(args: readonly string[]): Options | string {
  const text = { type: 'string', default: '' } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { link: text, key: text, quiet: flag, help: flag },
    });
    const key = Uint8Array.from(Buffer.from(values.key, 'hex'));
    if (!values.help && values.link === '') return '--link is the path of the pseudo-terminal';
    if (!values.help && (key.length !== 16 || values.key.length !== 32)) return '--key is 32 hex digits';
    return { help: values.help, link: values.link, key, quiet: values.quiet };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
