import http from 'node:http';
import https from 'node:https';
import { pipeline } from 'node:stream';
import {
  brotliDecompressSync,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  gunzipSync,
  inflateSync,
} from 'node:zlib';
import type { Clock } from '#core/clock';
import { MAX_ANSWER_BYTES } from './json.ts';
import type { FileSink, Link, LinkFailure, LinkRequest, LinkResult } from './link.ts';

/** Certificates for https; all PEM text. Without `ca` the machine's own roots count. */
export interface TlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  readonly serverName?: string;
}

export interface HttpLinkOptions {
  readonly clock: Clock;
  readonly connectTimeoutMs: number;
  readonly tls?: TlsOptions;
}

/**
 * Every message gets a connection of its own. An answer carries nothing that ties it to its question, so
 * the connection has to: a late or doubled answer dies with its socket. It also means that an idle
 * connection closed by the peer can never turn a money message into an unknown outcome.
 */
export function createHttpLink(options: HttpLinkOptions): Link {
  const plain = new http.Agent({ keepAlive: false });
  const { serverName, ...certificates } = options.tls ?? {};
  // The agent keeps TLS sessions, so a new connection costs one round trip less than the first.
  const secure = new https.Agent({
    keepAlive: false,
    minVersion: 'TLSv1.2',
    ...certificates,
    ...(serverName === undefined ? {} : { servername: serverName }),
  });
  const turns = new Turns();
  return {
    async send(request) {
      const isSecure = request.url.startsWith('https:');
      const result = await sendOnce(request, isSecure, isSecure ? secure : plain, options);
      await turns.next();
      return result;
    },
  };
}

/**
 * Answers that came in together are handed on one by one, each in a turn of the event loop of its own: what follows
 * from the first, above all the next message, leaves before the second is worked on, and a scan comes in between.
 */
class Turns {
  readonly #waiting: (() => void)[] = [];
  #isTaken = false;

  /** Resolves at once in a turn that nobody has taken yet. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#isTaken) this.#waiting.push(resolve);
      else this.#give(resolve);
    });
  }

  /** Twice, because the first comes before the sockets are looked at again. */
  #give(resolve: () => void): void {
    this.#isTaken = true;
    setImmediate(() => setImmediate(() => this.#free()));
    resolve();
  }

  #free(): void {
    this.#isTaken = false;
    const after = this.#waiting.shift();
    if (after !== undefined) this.#give(after);
  }
}

function sendOnce(
  request: LinkRequest,
  isSecure: boolean,
  agent: http.Agent,
  options: HttpLinkOptions,
): Promise<LinkResult> {
  return new Promise((resolve) => {
    const exchange = new Exchange(request, isSecure, agent, options, resolve);
    try {
      exchange.start();
    } catch (error) {
      // A header or path that HTTP cannot carry is refused before a socket exists.
      const detail = error instanceof Error && 'code' in error ? String(error.code) : 'request';
      resolve({ kind: 'not-sent', failure: 'connect-failed', detail });
    }
  });
}

/** One request and its answer; settles exactly once. */
class Exchange {
  readonly #request: LinkRequest;
  readonly #isSecure: boolean;
  readonly #agent: http.Agent;
  readonly #clock: Clock;
  readonly #connectTimeoutMs: number;
  readonly #resolve: (result: LinkResult) => void;
  readonly #chunks: Buffer[] = [];
  #receivedBytes = 0;
  #begun = false;
  #tcpConnected = false;
  #lastByteAtMs: number | undefined;
  #settled = false;
  #stopTimer: () => void = () => undefined;
  #client: http.ClientRequest | undefined;
  #response: http.IncomingMessage | undefined;

  constructor(
    request: LinkRequest,
    isSecure: boolean,
    agent: http.Agent,
    options: HttpLinkOptions,
    resolve: (result: LinkResult) => void,
  ) {
    this.#request = request;
    this.#isSecure = isSecure;
    this.#agent = agent;
    this.#clock = options.clock;
    this.#connectTimeoutMs = options.connectTimeoutMs;
    this.#resolve = resolve;
  }

  start(): void {
    const client = (this.#isSecure ? https : http).request(this.#request.url, {
      method: 'POST',
      agent: this.#agent,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        accept: 'application/json, application/octet-stream',
        'accept-encoding': 'identity',
        ...this.#request.headers,
        'content-length': String(this.#request.body.byteLength),
      },
    });
    this.#client = client;
    this.#stopTimer = this.#clock.after(this.#connectTimeoutMs, () => this.#fail('connect-timeout', ''));
    client.on('socket', (socket) => {
      socket.once('connect', () => {
        this.#tcpConnected = true;
        if (!this.#isSecure) this.#begin();
      });
      socket.once('secureConnect', () => this.#begin());
    });
    client.on('response', (response) => this.#receive(response));
    client.on('finish', () => {
      this.#lastByteAtMs = this.#clock.nowMs();
    });
    client.on('error', (error: NodeJS.ErrnoException) => this.#fail(this.#causeOf(error), error.code ?? ''));
    client.on('close', () => {
      // A whole answer may still be on its way through the stream; its end settles it.
      if (this.#response?.complete !== true)
        this.#fail(this.#begun ? 'connection-lost' : 'connect-failed', '');
    });
  }

  /** Nothing is written before the peer is there and, with TLS, proved: until now `not-sent` is certain. */
  #begin(): void {
    if (this.#settled || this.#begun) return;
    this.#begun = true;
    this.#stopTimer();
    this.#stopTimer = this.#clock.after(this.#request.answerTimeoutMs, () =>
      this.#fail('answer-timeout', ''),
    );
    this.#client?.end(this.#request.body);
  }

  #receive(response: http.IncomingMessage): void {
    this.#response = response;
    const { file } = this.#request;
    if (file !== undefined && response.statusCode === 200) {
      this.#receiveFile(response, file).catch(() => this.#fail('connection-lost', ''));
      return;
    }
    response.on('data', (chunk: Buffer) => this.#collect(chunk));
    response.on('error', () => this.#fail('connection-lost', ''));
    response.on('end', () => {
      const body = decoded(Buffer.concat(this.#chunks), response.headers['content-encoding']);
      if (!response.complete) this.#fail('connection-lost', '');
      else if (body === undefined) this.#fail('answer-unreadable', '');
      else {
        const lastByteAtMs = this.#lastByteAtMs ?? this.#clock.nowMs();
        const retryAfterMs = retryAfter(response.headers['retry-after'], this.#clock.nowMs());
        this.#settle({
          kind: 'answered',
          status: response.statusCode ?? 0,
          body,
          lastByteAtMs,
          ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
        });
      }
    });
  }

  #collect(chunk: Buffer): void {
    this.#receivedBytes += chunk.length;
    if (this.#receivedBytes > MAX_ANSWER_BYTES) this.#fail('answer-too-large', '');
    else this.#chunks.push(chunk);
  }

  /** A zip goes to the sink piece by piece; what does not begin like one is collected as any other answer. */
  async #receiveFile(response: http.IncomingMessage, sink: FileSink): Promise<void> {
    const pieces = piecesOf(response);
    if (pieces === undefined) {
      this.#fail('answer-unreadable', '');
      return;
    }
    const startedAtMs = this.#clock.monotonicMs();
    let head: Buffer = Buffer.alloc(0);
    let size = 0;
    let isFile: boolean | undefined;
    for await (const next of pieces) {
      if (this.#settled) return;
      const piece = isFile === undefined ? Buffer.concat([head, next]) : next;
      if (isFile === undefined && piece.length < 2) {
        head = piece;
        continue;
      }
      isFile ??= piece[0] === 0x50 && piece[1] === 0x4b;
      size += piece.length;
      if (!isFile) this.#collect(piece);
      else if (size > sink.maxBytes) this.#fail('answer-too-large', '');
      else if (this.#clock.monotonicMs() - startedAtMs > sink.maxMs) this.#fail('answer-timeout', '');
      else if (!(await this.#quietly(() => sink.accept(piece)))) this.#fail('answer-not-kept', '');
    }
    const lastByteAtMs = this.#lastByteAtMs ?? this.#clock.nowMs();
    if (!response.complete) this.#fail('connection-lost', '');
    else if (isFile === true) this.#settle({ kind: 'file', size, lastByteAtMs });
    else {
      const body = Buffer.concat([head, ...this.#chunks]);
      this.#settle({ kind: 'answered', status: 200, body, lastByteAtMs });
    }
  }

  /** While the sink takes its time the peer cannot be called silent. */
  async #quietly(run: () => Promise<boolean>): Promise<boolean> {
    this.#stopTimer();
    const isKept = await run();
    if (!this.#settled)
      this.#stopTimer = this.#clock.after(this.#request.answerTimeoutMs, () =>
        this.#fail('answer-timeout', ''),
      );
    return isKept;
  }

  #causeOf(error: NodeJS.ErrnoException): LinkFailure {
    if (this.#begun) return error.code?.startsWith('HPE_') === true ? 'answer-unreadable' : 'connection-lost';
    return this.#isSecure && this.#tcpConnected ? 'tls-failed' : 'connect-failed';
  }

  #fail(failure: LinkFailure, detail: string): void {
    if (!this.#begun) {
      this.#settle({ kind: 'not-sent', failure, detail });
      return;
    }
    this.#settle({
      kind: 'unknown',
      failure,
      lastByteAtMs: this.#lastByteAtMs ?? this.#clock.nowMs(),
      received: Buffer.concat(this.#chunks),
    });
  }

  #settle(result: LinkResult): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#stopTimer();
    this.#resolve(result);
    this.#client?.destroy();
  }
}

/** Whatever a server asks for, the till does not fall silent for longer than this. */
const LONGEST_RETRY_AFTER_MS = 3_600_000;

/** RFC 9110, 10.2.3: whole seconds, or a date; anything else is no wish at all. */
export function retryAfter(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const waitMs = /^\d{1,10}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  if (!Number.isFinite(waitMs)) return undefined;
  return Math.min(LONGEST_RETRY_AFTER_MS, Math.max(0, waitMs));
}

/** Bytes of an answer as they come, unpacked; undefined when nobody knows how. */
function piecesOf(response: http.IncomingMessage): AsyncIterable<Buffer> | undefined {
  const done = (): void => undefined;
  switch ((response.headers['content-encoding'] ?? 'identity').trim().toLowerCase()) {
    case '':
    case 'identity':
      return response;
    case 'gzip':
    case 'x-gzip':
      return pipeline(response, createGunzip(), done);
    case 'deflate':
      return pipeline(response, createInflate(), done);
    case 'br':
      return pipeline(response, createBrotliDecompress(), done);
    default:
      return undefined;
  }
}

/** Some gateways compress although asked not to. Undefined when the body is not what it says, or too large. */
function decoded(body: Buffer, encoding: string | undefined): Uint8Array | undefined {
  const limit = { maxOutputLength: MAX_ANSWER_BYTES };
  try {
    switch ((encoding ?? 'identity').trim().toLowerCase()) {
      case '':
      case 'identity':
        return body;
      case 'gzip':
      case 'x-gzip':
        return gunzipSync(body, limit);
      case 'deflate':
        return inflateSync(body, limit);
      case 'br':
        return brotliDecompressSync(body, limit);
      default:
        return undefined;
    }
  } catch {
    return undefined;
  }
}
