/**
 * The child process that alone touches the card bindings: pcsclite tells of readers and cards, `winscard.ts`
 * talks to cards. Both can freeze their process (pcsclite's close and constructor are synchronous, a mute card
 * never answers) and end it; here they may, because the parent kills and replaces this process at every missed
 * deadline. It lives for one context and holds no decisions.
 */
import { Socket } from 'node:net';
import pcsclite from 'pcsclite';
import { ok, type Result } from '#core/result';
import { FrameReader, PIPE_FD } from './frames.ts';
import { closeCard, openCard, transmitInTurn } from './host-cards.ts';
import {
  decodeRequest,
  encodeMessage,
  type HostMessage,
  type HostRequest,
  type HostValue,
} from './messages.ts';
import { codeInText, faultOfPcscCode } from './pcsc-codes.ts';
import { lookAtReaders, type PcscFailure } from './winscard.ts';

type Context = ReturnType<typeof pcsclite>;
type SlowRequest = Exclude<HostRequest, { op: 'transmit' }>;
type Reader = Parameters<Parameters<Context['on']>[1]>[0];

const PROBE_MS = 2_000;
const MISSED_AFTER_MS = 300;

const readers = new Map<string, Reader>();
/** Event count of the last state that was told, by reader: insertions and removals raise it. */
const toldCounts = new Map<string, number>();
const secondWatchers = new Map<string, unknown>();
let probing: NodeJS.Timeout | undefined;

const LONGEST_CHUNK = 65_536;
const frames = new FrameReader();
// What is read goes into one buffer again and again: a stream's way through fresh ones takes its time.
const toTill = {
  fd: PIPE_FD,
  readable: true,
  writable: true,
  onread: {
    buffer: new Uint8Array(LONGEST_CHUNK),
    callback: (length: number, buffer: Uint8Array) => hear(buffer.subarray(0, length)),
  },
};
const pipe = new Socket(toTill);

function send(message: HostMessage): void {
  if (pipe.writable) pipe.write(encodeMessage(message));
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
    const looks = lookAtReaders(names);
    if (!answered) {
      answered = true;
      send({ kind: 'done', id, value: { of: 'open', readers: names } });
      tellLooks(looks);
      return;
    }
    send({ kind: 'reader-list', readers: names });
    tellLooks(looks);
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

/** The binding's watchers are threads, and what they see first may be overwritten: a card that lies there is looked at. */
function tellLooks(looks: ReturnType<typeof lookAtReaders>): void {
  if (!looks.ok) return;
  for (const { reader, state, atr } of looks.value) {
    if (isLater(state >>> 16, toldCounts.get(reader))) tellState(reader, state, Buffer.from(atr));
  }
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

function transmit(request: Extract<HostRequest, { op: 'transmit' }>): void {
  const { id } = request;
  transmitInTurn(request, {
    some: (answers) => send({ kind: 'some', id, answers }),
    done: (result) => tell(id, result.ok ? ok({ of: 'transmit', answers: result.value }) : result),
  });
}

function tell(id: number, result: Result<HostValue, PcscFailure>): void {
  if (result.ok) send({ kind: 'done', id, value: result.value });
  else send({ kind: 'failed', id, code: result.error.code, text: result.error.call });
}

async function answer(request: SlowRequest): Promise<void> {
  const { id } = request;
  try {
    const result = await work(request);
    if (result !== undefined) tell(id, result);
  } catch (error) {
    failed(id, error);
  }
}

/** Undefined when the answer is sent later. */
async function work(request: SlowRequest): Promise<Result<HostValue, PcscFailure> | undefined> {
  switch (request.op) {
    case 'open':
      open(request.id);
      return undefined;
    case 'connect': {
      const card = await openCard(request.reader);
      return card.ok ? ok({ of: 'connect', ...card.value }) : card;
    }
    case 'disconnect':
      await closeCard(request.handle);
      return ok({ of: 'disconnect' });
  }
}

function hear(bytes: Uint8Array): boolean {
  const chunk = new Uint8Array(bytes);
  // A PIN may be in there, and only the copy is wiped by its reader.
  bytes.fill(0);
  for (const raw of frames.take(chunk)) {
    const request = decodeRequest(raw);
    if (request?.op === 'transmit') transmit(request);
    else if (request !== undefined) void answer(request);
  }
  return true;
}

// The till is gone. A card that is just answering delays this end until it has, or its reader gives it up.
pipe.on('error', () => process.exit(0));
pipe.on('end', () => process.exit(0));
// Ctrl-C reaches the whole terminal group: the parent ends this process in its own order.
process.on('SIGINT', () => {});
send({ kind: 'ready' });
