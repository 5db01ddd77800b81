import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { assert } from '#core/assert';
import type { Clock } from '#core/clock';
import type { AgencyFault, FaultBoard } from './faults.ts';
import type { AgencyGateway, Distortion, Reply } from './gateway.ts';
import type { HeldRequests } from './held.ts';
import { readBody, sendReply, sendTwice, sendUnfinished } from './http.ts';
import { type Infno, infnoOfPath } from './paths.ts';

const DEFAULT_DELAY_MS = 5000;
const DEFAULT_CLOCK_SHIFT_MS = 3_600_000;
const garbageBytes = Uint8Array.from([0xff, 0xfe, 0x00, 0x9c, 0x81, 0xd5, 0x30, 0x7b, 0x22, 0xc3, 0x28]);
const errorPage =
  '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>';

/** The agency's HTTP address, with the faults of the line between it and the terminal. */
export class AgencyLink {
  readonly #gateway: AgencyGateway;
  readonly #faults: FaultBoard;
  readonly #held: HeldRequests;
  readonly #clock: Clock;
  #server: Server | undefined;
  #port = 0;
  #stopped = false;
  readonly #timers = new Set<() => void>();

  constructor(gateway: AgencyGateway, faults: FaultBoard, held: HeldRequests, clock: Clock) {
    this.#gateway = gateway;
    this.#faults = faults;
    this.#held = held;
    this.#clock = clock;
  }

  get port(): number {
    return this.#port;
  }

  get listening(): boolean {
    return this.#server !== undefined;
  }

  /** Listens on 127.0.0.1; the same port again after a cut. Rejects when the port is taken. */
  async open(port: number): Promise<void> {
    assert(this.#server === undefined, 'the link is opened once');
    const server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
    const address = server.address();
    assert(address !== null && typeof address !== 'string', 'a listening TCP server has an address');
    this.#port = address.port;
    this.#server = server;
  }

  /** Refuses connections and breaks those that are open. */
  async cut(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  }

  async restore(): Promise<void> {
    if (this.#server === undefined) await this.open(this.#port);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const cancel of this.#timers) cancel();
    await this.cut();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    if (this.#stopped) return;
    if (body === 'too-large') {
      sendReply(response, { ...this.#gateway.gatewayError('Request body too large'), status: 413 });
      return;
    }
    const infno = infnoOfPath((request.url ?? '').split('?')[0] ?? '');
    if (infno === undefined || request.method !== 'POST') {
      const status = infno === undefined ? 404 : 405;
      sendReply(response, { ...this.#gateway.gatewayError('交易报文不正确：未知地址'), status });
      return;
    }
    const process = (distortion: Distortion): Reply =>
      this.#gateway.rejectedCall(infno, request.headers) ?? this.#gateway.handle(infno, body, distortion);
    const fault = this.#faults.take(infno);
    if (fault === undefined) sendReply(response, process({}));
    else await this.#serveFaulty(fault, { infno, body, response, process });
  }

  async #serveFaulty(fault: AgencyFault, call: FaultyCall): Promise<void> {
    const { response } = call;
    switch (fault.kind) {
      case 'lose-request':
        response.destroy();
        return;
      case 'late-after-reversal':
        this.#held.hold(call.infno, call.body, fault.delayMs ?? 0);
        response.destroy();
        return;
      case 'lose-reply':
        call.process({});
        response.destroy();
        return;
      case 'reply-twice':
        sendTwice(response, call.process({}));
        return;
      case 'delay':
        await this.#delayed(fault, call);
        return;
      case 'garbage':
        sendGarbage(fault, call);
        return;
      case 'server-error':
        if (fault.processed ?? false) call.process({});
        sendReply(response, { status: 502, contentType: 'text/html', body: Buffer.from(errorPage) });
        return;
      case 'wrong-sums':
        sendReply(response, call.process({ relation: fault.relation ?? '1' }));
        return;
      case 'wrong-clock':
        sendReply(response, call.process({ clockShiftMs: fault.clockShiftMs ?? DEFAULT_CLOCK_SHIFT_MS }));
        return;
      case 'none':
      case 'cut':
        sendReply(response, call.process({}));
    }
  }

  async #delayed(fault: AgencyFault, call: FaultyCall): Promise<void> {
    const delayMs = fault.delayMs ?? DEFAULT_DELAY_MS;
    if (fault.processed ?? true) {
      const reply = call.process({});
      await this.#wait(delayMs);
      sendReply(call.response, reply);
      return;
    }
    await this.#wait(delayMs);
    // The caller may have hung up: a request on its way is processed all the same.
    if (!this.#stopped) sendReply(call.response, call.process({}));
  }

  /** Waits; a stopped agency never comes back to what waited. */
  #wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#clock.after(delayMs, () => {
        this.#timers.delete(cancel);
        resolve();
      });
      this.#timers.add(cancel);
    });
  }
}

interface FaultyCall {
  readonly infno: Infno;
  readonly body: Uint8Array;
  readonly response: ServerResponse;
  readonly process: (distortion: Distortion) => Reply;
}

function sendGarbage(fault: AgencyFault, call: FaultyCall): void {
  const reply: Reply =
    (fault.processed ?? true)
      ? call.process({})
      : {
          status: 200,
          contentType: 'application/json;charset=UTF-8',
          body: Buffer.from('{"infcode":0,"output"'),
        };
  const half = reply.body.slice(0, Math.ceil(reply.body.length / 2));
  switch (fault.form ?? 'bytes') {
    case 'bytes':
      sendReply(call.response, { ...reply, body: garbageBytes });
      return;
    case 'json':
      sendReply(call.response, { ...reply, body: Buffer.from('{"result":"ok","data":[1,2,3]}') });
      return;
    case 'truncated':
      sendReply(call.response, { ...reply, body: half });
      return;
    case 'cut-off':
      sendUnfinished(call.response, reply, half);
  }
}
