/**
 * The child process that alone touches the card binding. The binding can freeze its process (close and
 * constructor are synchronous, a mute card never answers) and end it; here it may, because the parent kills
 * and replaces this process at every missed deadline. It lives for one context and holds no decisions.
 */
import pcsclite from 'pcsclite';
import { advancePlan, type Plan, startPlan } from './application/plan.ts';
import { decodeRequest, encodeMessage, type HostMessage, type HostRequest } from './messages.ts';
import { codeInText, faultOfPcscCode } from './pcsc-codes.ts';

type Context = ReturnType<typeof pcsclite>;
type Reader = Parameters<Parameters<Context['on']>[1]>[0];

interface Connection {
  readonly reader: Reader;
  readonly protocol: number;
}

/** 256 data bytes and the status word. */
const LONGEST_ANSWER = 258;
const PROBE_MS = 2_000;
const MISSED_AFTER_MS = 300;

const readers = new Map<string, Reader>();
const connections = new Map<number, Connection>();
/** Event count of the last state that was told, by reader: insertions and removals raise it. */
const toldCounts = new Map<string, number>();
const secondWatchers = new Map<string, unknown>();
let lastHandle = 0;
let probing: NodeJS.Timeout | undefined;

function send(message: HostMessage): void {
  if (process.connected) process.send?.(encodeMessage(message));
}

function failed(id: number, error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  send({ kind: 'failed', id, code: codeInText(text), text });
}

function lost(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  send({ kind: 'lost', code: codeInText(text), text });
}

/**
 * The binding announces single readers only, never an empty list. Its own list call is made in the next
 * tick, so that it can be listened in to here.
 *
 * Nothing is done inside the binding's call: its thread and its event loop share one result without a lock,
 * and an error that arrives while a list is being told is lost. The shorter the call, the rarer that is.
 */
function watchList(context: Context, onList: (names: readonly string[]) => void): void {
  const list: unknown = Reflect.get(context, 'start');
  if (typeof list !== 'function') throw new Error('the binding has no list call');
  Reflect.set(context, 'start', (callback: (error: unknown, data: unknown) => void) => {
    list.call(context, (error: unknown, data: unknown) => {
      setImmediate(() => {
        if (!error) onList(readerNames(data));
        callback(error, data);
      });
    });
  });
}

function readerNames(data: unknown): string[] {
  if (!Buffer.isBuffer(data)) return [];
  return data
    .toString()
    .split('\0')
    .filter((name) => name !== '');
}

function open(id: number): void {
  let context: Context;
  try {
    context = pcsclite();
  } catch (error) {
    failed(id, error);
    return;
  }
  let answered = false;
  context.on('error', lost);
  context.on('reader', watchReader);
  watchList(context, (names) => {
    clearInterval(probing);
    if (names.length === 0) probing = setInterval(probe, PROBE_MS);
    if (!answered) {
      answered = true;
      send({ kind: 'done', id, value: { of: 'open', readers: names } });
      return;
    }
    send({ kind: 'reader-list', readers: names });
    // What is left of a lost error looks like this.
    if (names.length === 0) send({ kind: 'stale' });
  });
}

/**
 * Each reader has a watcher that tells when the service dies; without a reader there is only the context, and
 * its error may have been lost. A second context, never started, asks whether the service still answers.
 */
function probe(): void {
  try {
    const second = pcsclite();
    Reflect.set(second, 'start', () => {});
  } catch (error) {
    lost(error);
  }
}

function watchReader(reader: Reader): void {
  const { name } = reader;
  readers.set(name, reader);
  reader.on('error', (error: unknown) => {
    // Unplugging is told as the end; an error is the service's, also when its watcher never got to run.
    const { code } = faultOfPcscCode(codeInText(String(error)), '');
    if (code === 'reader-lost') send({ kind: 'reader-end', reader: name });
    else lost(error);
  });
  reader.on('end', () => {
    if (readers.get(name) === reader) readers.delete(name);
    toldCounts.delete(name);
    send({ kind: 'reader-end', reader: name });
  });
  reader.on('status', ({ state, atr }) => tellState(name, state, atr));
  watchTwice(reader);
}

function tellState(name: string, state: number, atr: Buffer | undefined): void {
  toldCounts.set(name, state >>> 16);
  const atrHex = atr === undefined ? '' : atr.toString('hex').toUpperCase();
  // The counter sits in the upper half: as an unsigned number it survives the sign bit.
  send({ kind: 'status', reader: name, state: state >>> 0, atr: atrHex });
}

/**
 * The binding's watcher keeps one state only and overwrites it when the next comes before it was told, so a
 * card may lie there unseen on a busy machine. A second watcher tells an insertion or removal that the first
 * has still not told a moment later; it is never quicker than the first.
 */
function watchTwice(reader: Reader): void {
  const { name } = reader;
  const second: unknown = Reflect.construct(reader.constructor, [name]);
  // Held on to, because the binding stops a watcher that is collected.
  secondWatchers.set(name, second);
  (second as Reader).get_status((error, state, atr) => {
    if (error) return;
    setTimeout(() => {
      if (readers.get(name) === reader && isLater(state >>> 16, toldCounts.get(name)))
        tellState(name, state, atr);
    }, MISSED_AFTER_MS);
  });
}

/** Whether an event count comes after the one that was told; it has 16 bits and wraps. */
function isLater(count: number, told: number | undefined): boolean {
  if (told === undefined) return true;
  const ahead = (count - told + 0x1_0000) % 0x1_0000;
  return ahead > 0 && ahead < 0x8000;
}

function connect(id: number, name: string): void {
  const reader = readers.get(name);
  if (reader === undefined) {
    failed(id, new Error('unknown reader (0x80100009)'));
    return;
  }
  const options = {
    share_mode: reader.SCARD_SHARE_EXCLUSIVE,
    protocol: reader.SCARD_PROTOCOL_T0 | reader.SCARD_PROTOCOL_T1,
  };
  reader.connect(options, (error: unknown, protocol: number | undefined) => {
    if (error) {
      failed(id, error);
      return;
    }
    if (protocol === undefined) {
      // The binding thinks it is still connected and did nothing.
      failed(id, new Error('already connected (0x8010000b)'));
      return;
    }
    lastHandle += 1;
    connections.set(lastHandle, { reader, protocol });
    send({ kind: 'done', id, value: { of: 'connect', handle: lastHandle, protocol } });
  });
}

/**
 * Several commands in one message save the way between the processes, which for a quick card is longer than
 * the card's own time.
 */
function transmit({ id, handle, commands, follow }: Extract<HostRequest, { op: 'transmit' }>): void {
  const connection = connections.get(handle);
  if (connection === undefined) {
    failed(id, new Error('no such connection (0x80100003)'));
    return;
  }
  const answers: Uint8Array[] = [];
  const end = (): void => {
    // A PIN may have been in them.
    for (const command of commands) command.fill(0);
  };
  const next = (plan: Plan): void => {
    const { command } = plan.exchange;
    const bytes = Buffer.from(command.buffer, command.byteOffset, command.length);
    connection.reader.transmit(bytes, LONGEST_ANSWER, connection.protocol, (error: unknown, answer) => {
      if (error) {
        end();
        failed(id, error);
        return;
      }
      answers.push(answer);
      const later = follow ? advancePlan(plan, answer) : afterPlain(plan, answer);
      if (later !== undefined) {
        next(later);
        return;
      }
      end();
      send({ kind: 'done', id, value: { of: 'transmit', answers } });
    });
  };
  const first = startPlan(commands);
  if (first !== undefined) next(first);
}

function afterPlain({ later }: Plan, answer: Buffer): Plan | undefined {
  const isPlain = answer.length >= 2 && answer.readUInt16BE(answer.length - 2) === 0x9000;
  return isPlain ? startPlan(later) : undefined;
}

function disconnect(id: number, handle: number): void {
  const connection = connections.get(handle);
  connections.delete(handle);
  const done = (): void => send({ kind: 'done', id, value: { of: 'disconnect' } });
  if (connection === undefined) {
    done();
    return;
  }
  const { reader } = connection;
  // Without power the card forgets every right that this sale gained.
  reader.disconnect(reader.SCARD_UNPOWER_CARD, () => {
    // After a failed call the binding would refuse to connect ever again.
    reader.connected = false;
    done();
  });
}

function handle(request: HostRequest): void {
  switch (request.op) {
    case 'open':
      open(request.id);
      break;
    case 'connect':
      connect(request.id, request.reader);
      break;
    case 'transmit':
      transmit(request);
      break;
    case 'disconnect':
      disconnect(request.id, request.handle);
      break;
  }
}

process.on('message', (raw) => {
  const request = decodeRequest(raw);
  if (request === undefined) return;
  try {
    handle(request);
  } catch (error) {
    failed(request.id, error);
  }
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole terminal group: the parent ends this process in its own order.
process.on('SIGINT', () => {});
send({ kind: 'ready' });
