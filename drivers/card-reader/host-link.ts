import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assert } from '#core/assert';
import type { Clock } from '#core/clock';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { FrameReader, PIPE_FD } from './frames.ts';
import {
  decodeMessage,
  encodeRequest,
  type HostMessage,
  type HostRequest,
  type HostValue,
} from './messages.ts';
import { faultOfPcscCode } from './pcsc-codes.ts';

/** How long each kind of call may take before its child is killed, ms. */
export interface HostDeadlines {
  readonly startMs: number;
  readonly openMs: number;
  readonly connectMs: number;
  /** For one command; each further one in the same call adds `furtherCommandMs`. */
  readonly transmitMs: number;
  readonly furtherCommandMs: number;
  readonly disconnectMs: number;
}

export const defaultDeadlines: HostDeadlines = {
  startMs: 5_000,
  openMs: 5_000,
  connectMs: 5_000,
  transmitMs: 3_000,
  furtherCommandMs: 300,
  disconnectMs: 2_000,
};

/**
 * Why a child is no more. hung: a call (absent: its start) missed the deadline. lost: the card service ended
 * its context. crashed: it ended by itself. stopped: we wanted it so.
 */
export type HostEnd =
  | { readonly kind: 'hung'; readonly fault: Fault; readonly call?: HostCall }
  | { readonly kind: 'lost' | 'crashed' | 'stopped'; readonly fault: Fault };

export type HostCall = WithoutId<HostRequest>;
type WithoutId<T> = T extends { readonly id: number } ? Omit<T, 'id'> : never;

export type HostEvent = Extract<HostMessage, { readonly kind: 'reader-list' | 'status' | 'reader-end' }>;

export interface HostLinkOptions {
  readonly clock: Clock;
  readonly deadlines: HostDeadlines;
  readonly env: Readonly<Record<string, string>>;
  readonly onEvent: (event: HostEvent) => void;
  /** The readers that answer `open`, in time for their states: those may have been read in the same piece. */
  readonly onOpened: (readers: readonly string[]) => void;
  /** Called exactly once; afterwards this link is dead and every call has been answered. */
  readonly onEnd: (end: HostEnd) => void;
}

/** Takes the first answers of a transmit while the last ones are still to come. */
export type Heard = (answers: readonly Uint8Array[]) => void;

interface Waiting {
  readonly call: HostCall;
  readonly heard: Heard | undefined;
  readonly settle: (result: Result<HostValue, Fault>) => void;
  readonly cancelDeadline: () => void;
}

/**
 * One child process and the calls into it. A call past its deadline kills the child, because nothing else
 * frees a frozen binding; all calls under way are answered then. Never throws, never blocks.
 */
export class HostLink {
  readonly #options: HostLinkOptions;
  readonly #child: ChildProcess;
  readonly #pipe: Socket;
  readonly #frames = new FrameReader();
  readonly #waiting = new Map<number, Waiting>();
  readonly #ready: Promise<Result<void, Fault>>;
  #settleReady: (result: Result<void, Fault>) => void = () => {};
  #cancelStart: () => void;
  #lastId = 0;
  #end: HostEnd | undefined;

  constructor(options: HostLinkOptions) {
    this.#options = options;
    this.#ready = new Promise((resolve) => {
      this.#settleReady = resolve;
    });
    this.#cancelStart = options.clock.after(options.deadlines.startMs, () => {
      this.#finish({ kind: 'hung', fault: fault('reader-service-down', 'child did not start') });
    });
    this.#child = spawn(process.execPath, [hostPath()], {
      env: childEnvironment(options.env),
      // Overlapped is a plain pipe everywhere but on Windows, where nothing else can be waited for.
      stdio: ['ignore', 'ignore', 'ignore', 'overlapped'],
    });
    const pipe = this.#child.stdio[PIPE_FD];
    assert(pipe instanceof Socket, 'the pipe to the child is a socket');
    this.#pipe = pipe;
    pipe.on('data', (chunk: Uint8Array) => {
      for (const raw of this.#frames.take(chunk)) this.#receive(raw);
    });
    pipe.on('error', (error) => this.#crashed(error.message));
    this.#child.on('error', (error) => this.#crashed(error.message));
    this.#child.on('exit', (code, signal) => this.#crashed(`exit ${signal ?? code}`));
  }

  /** The child's process id, for tests and the doctor. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  ready(): Promise<Result<void, Fault>> {
    return this.#ready;
  }

  /** `heard` is called for a transmit with `aheadOf` only, and never after the call was answered. */
  call(call: HostCall, heard?: Heard): Promise<Result<HostValue, Fault>> {
    if (this.#end !== undefined) return Promise.resolve(err(this.#end.fault));
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((settle) => {
      const frame = encodeRequest({ id, ...call });
      // A PIN may be in there. Written first: the child works while the rest is done here.
      this.#pipe.write(frame, () => frame.fill(0));
      const cancelDeadline = this.#options.clock.after(this.#deadlineMs(call), () => this.#missed(id, call));
      this.#waiting.set(id, { call, heard, settle, cancelDeadline });
    });
  }

  /** Ends the child; nothing of it is waited for. */
  kill(): void {
    this.#finish({ kind: 'stopped', fault: fault('reader-service-down', 'stopped') });
  }

  #deadlineMs(call: HostCall): number {
    const { deadlines } = this.#options;
    const furtherCommands = call.op === 'transmit' ? call.commands.length - 1 : 0;
    const byCall: Record<HostCall['op'], number> = {
      open: deadlines.openMs,
      connect: deadlines.connectMs,
      transmit: deadlines.transmitMs + furtherCommands * deadlines.furtherCommandMs,
      disconnect: deadlines.disconnectMs,
    };
    return byCall[call.op];
  }

  #receive(raw: unknown): void {
    if (this.#end !== undefined) return;
    const message = decodeMessage(raw);
    if (message === undefined) {
      this.#crashed('unreadable message');
      return;
    }
    switch (message.kind) {
      case 'ready':
        this.#cancelStart();
        this.#settleReady(ok(undefined));
        return;
      case 'done':
        if (message.value.of === 'open') this.#options.onOpened(message.value.readers);
        this.#settle(message.id, ok(message.value));
        return;
      case 'some':
        this.#waiting.get(message.id)?.heard?.(message.answers);
        return;
      case 'failed':
        this.#settle(message.id, err(faultOfPcscCode(message.code, message.text)));
        return;
      case 'stale':
        this.#finish({ kind: 'crashed', fault: fault('reader-none', 'context renewed') });
        return;
      case 'lost':
        this.#finish({ kind: 'lost', fault: faultOfPcscCode(message.code, message.text) });
        return;
      default:
        this.#options.onEvent(message);
    }
  }

  /**
   * The child stands still while a card answers, and what is asked meanwhile waits behind that: a call that
   * missed its deadline is not to blame when an older one to a card is still under way.
   */
  #missed(id: number, call: HostCall): void {
    const older = [...this.#waiting].find(
      ([
        other,
        {
          call: { op },
        },
      ]) => other < id && op === 'transmit',
    );
    const blamed = older?.[1].call ?? call;
    this.#finish({ kind: 'hung', fault: fault('reader-timeout', blamed.op), call: blamed });
  }

  #settle(id: number, result: Result<HostValue, Fault>): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    waiting.cancelDeadline();
    waiting.settle(result);
  }

  #crashed(detail: string): void {
    this.#finish({ kind: 'crashed', fault: fault('reader-fault', detail) });
  }

  #finish(end: HostEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#cancelStart();
    // A frozen process answers no other signal.
    this.#child.kill('SIGKILL');
    this.#settleReady(err(end.fault));
    for (const id of [...this.#waiting.keys()]) this.#settle(id, err(end.fault));
    this.#options.onEnd(end);
  }
}

/** The compiled entry, found from the package root because this file runs from source in tests. */
function hostPath(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return join(folder, 'dist', 'drivers', 'card-reader', 'host.js');
}

/** Secrets of the till have no business in a process that runs foreign native code. */
function childEnvironment(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([key]) => !key.startsWith('GUITAI_') && key !== 'NODE_OPTIONS',
  );
  return { ...Object.fromEntries(own), ...extra };
}
