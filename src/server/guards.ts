import { type IncomingMessage, STATUS_CODES } from 'node:http';
import { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Right } from '#core/domain/rights';
import { type Fault, type FaultCode, fault } from '#core/fault';
import { errorBody, statusOf } from './answers.ts';
import { identify, type Keys, mayActAtCounter, mayCall } from './authorise.ts';
import { type OwnNames, refuseStranger, securityHeaders } from './gate.ts';
import type { Caller } from './route.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call; without it a route is for known callers only. */
    access?: 'open' | 'caller';
    /** `none`: for everybody who is signed in, though it changes something. */
    right?: Right | 'none';
    /** Acts on the sale at the counter: for the operator of the open shift alone. */
    atCounter?: boolean;
    /** May be asked over a live connection. */
    overLive?: boolean;
  }
  interface FastifyRequest {
    caller: Caller;
  }
  interface FastifyReply {
    /** Code of the fault that was answered, for the log. */
    faultCode: string;
  }
}

/** Of a request that is too large: so much is read and dropped, beyond the largest file that any route takes. */
const DROPPED_BYTES = 256 * 1024 * 1024;

export interface GuardDeps {
  /** Known only once the port is. Requests cannot come earlier. */
  readonly own: () => OwnNames;
  readonly keys: () => Keys;
}

/** Puts the gate before every request and upgrade, and gives every failure a coded answer. */
export function addGuards(app: FastifyInstance, deps: GuardDeps): void {
  app.decorateRequest('caller');
  app.decorateReply('faultCode', '');
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders(deps.own()));
    request.caller = { kind: 'open' };
    const refused = refuseStranger(
      { remoteAddress: request.socket.remoteAddress, headers: request.headers },
      deps.own(),
    );
    if (refused !== undefined) return sendFault(reply, refused);
    if (request.is404) return;
    // Asked over a live connection, a request has no socket of its own.
    const overLive = !(request.socket instanceof Socket);
    if (overLive && request.routeOptions.config.overLive !== true)
      return sendFault(reply, fault('route-unknown', 'over a live connection'));
    const caller = identify(request, request.routeOptions.config.access ?? 'caller', deps.keys());
    if (!caller.ok) return sendFault(reply, caller.error);
    request.caller = caller.value;
    const { right } = request.routeOptions.config;
    if (right === 'none') return;
    const may = mayCall(caller.value, request.method, right, deps.keys().roleOf);
    if (!may.ok) return sendFault(reply, may.error);
    if (request.routeOptions.config.atCounter !== true) return;
    const mine = mayActAtCounter(caller.value, deps.keys().shiftOperator());
    if (!mine.ok) return sendFault(reply, mine.error);
  });
  app.addHook('onResponse', async (request, reply) => {
    // The pattern of the route, not its address: addresses hold search words and sale numbers.
    request.log.info({
      method: request.method,
      route: request.routeOptions.url ?? 'unknown',
      status: reply.statusCode,
      caller: request.caller.kind,
      durationMs: Math.round(reply.elapsedTime),
      ...(reply.faultCode === '' ? {} : { fault: reply.faultCode }),
    });
  });
  app.setNotFoundHandler((_request, reply) => sendFault(reply, fault('route-unknown')));
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const code = codeOf(error);
    if (code === 'server-internal') {
      // A message may quote what was being worked on; its kind and place are enough to find the bug.
      request.log.error({ kind: error.name, place: error.stack?.split('\n')[1]?.trim() });
    }
    if (code !== 'request-too-large') return sendFault(reply, fault(code));
    return readOut(request.raw).then(() => sendFault(reply, fault(code)));
  });
}

/**
 * Reads what is still on its way and drops it: who is cut off while sending never gets to read the refusal. An endless
 * sender is cut off all the same, by its length or by the time that a request may take.
 */
function readOut(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    if (request.readableEnded || request.destroyed) resolve();
    let bytes = 0;
    request.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes > DROPPED_BYTES) resolve();
    });
    for (const end of ['end', 'close', 'error']) request.once(end, () => resolve());
    request.resume();
  });
}

function sendFault(reply: FastifyReply, found: Fault): FastifyReply {
  reply.faultCode = found.code;
  return reply.code(statusOf(found)).send(errorBody(found));
}

/** Answers an address that cannot be decoded: no hook or handler has seen such a request. */
export function refuseBadAddress(_error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  const found = fault('request-invalid', 'address');
  reply.code(statusOf(found)).send(errorBody(found));
}

/** Answers what never became a request (broken HTTP): Node's own answer has neither code nor next step. */
export function refuseBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const found = fault(error.code === 'HPE_HEADER_OVERFLOW' ? 'request-too-large' : 'request-invalid');
  const status = statusOf(found);
  const body = JSON.stringify(errorBody(found));
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function codeOf(error: FastifyError): FaultCode {
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return 'request-not-json';
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return 'request-too-large';
  if (error.statusCode === 404) return 'route-unknown';
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500)
    return 'request-invalid';
  return 'server-internal';
}
