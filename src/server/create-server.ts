import cookie from '@fastify/cookie';
import websocket from '@fastify/websocket';
import fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { tillView } from '#checkout/view';
import { assert } from '#core/assert';
import { fault } from '#core/fault';
import { takeAsks } from './asks.ts';
import { Attempts } from './attempts.ts';
import type { Keys } from './authorise.ts';
import { type OwnNames, ownNames } from './gate.ts';
import { addGuards, refuseBadAddress, refuseBrokenRequest } from './guards.ts';
import { LiveHub } from './live.ts';
import { createLogger } from './log.ts';
import { openApiDocument } from './openapi.ts';
import { type RunningServer, type ServerOptions, ServerStartError } from './options.ts';
import { addPages, type PagesDeps } from './pages.ts';
import { atCounter, overLive, type Reply, type Route } from './route.ts';
import { benefitRoutes } from './routes/benefit-routes.ts';
import { carryRoutes } from './routes/carry-routes.ts';
import { catalogRoutes } from './routes/catalog-routes.ts';
import { deviceRoutes } from './routes/device-routes.ts';
import { guardRoutes } from './routes/guard-routes.ts';
import { holderRoutes } from './routes/holder-routes.ts';
import { journalRoutes } from './routes/journal-routes.ts';
import { listRoutes } from './routes/list-routes.ts';
import { mappingRoutes } from './routes/mapping-routes.ts';
import { officeRoutes } from './routes/office-routes.ts';
import { paperRoutes } from './routes/paper-routes.ts';
import { priceRoutes } from './routes/price-routes.ts';
import { refundRoutes } from './routes/refund-routes.ts';
import { operationRoutes, salesRoutes } from './routes/sales-routes.ts';
import { sessionRoutes, shopOf } from './routes/session-routes.ts';
import { setupRoutes } from './routes/setup-routes.ts';
import { saleRoutes, tillRoutes } from './routes/till-routes.ts';
import { trainingRoutes } from './routes/training-routes.ts';
import { Sessions } from './sessions.ts';
import { setupCode } from './token.ts';
import { CHANGES, HAS, STATE, ToldViews } from './told-views.ts';

export { createLogger } from './log.ts';
export { type RunningServer, type ServerOptions, ServerStartError } from './options.ts';
export { readOrCreateToken } from './token.ts';

const HOST = '127.0.0.1';
const BODY_LIMIT_BYTES = 256 * 1024;
const ASK_LIMIT_BYTES = 16 * 1024;
const CONNECTION_TIMEOUT_MS = 30_000;

/**
 * Starts the local server: API, live connection and pages, on 127.0.0.1 only. Rejects with
 * `ServerStartError` when the port cannot be had.
 */
export async function createServer(options: ServerOptions): Promise<RunningServer> {
  assert(options.token.length >= 32, 'the token of other programs has at least 32 characters');
  const app = newApp(options);
  const sessions = new Sessions(options.clock);
  const site = lazily(() => siteOf(app, sessions, options));
  const hub = new LiveHub(options.till, options.training, options.clock);
  const routes = overLive(allRoutes(options, sessions, (id) => hub.endSession(id)));
  await app.register(cookie);
  // Live connections end with the hub, so that their pages learn that the till stops.
  await app.register(websocket, {
    options: { maxPayload: ASK_LIMIT_BYTES },
    preClose: (done: () => void) => done(),
  });
  addGuards(app, { own: () => site().own, keys: () => site().keys });
  const told = new ToldViews();
  for (const route of routes) addRoute(app, route, { told, hub, cookieName: () => site().keys.cookieName });
  app.get('/api/live', { websocket: true, config: { access: 'caller' } }, (socket, request) => {
    hub.add(socket, request.caller);
    takeAsks(app, socket, request);
  });
  app.get('/api/customer/live', { websocket: true, config: { access: 'caller' } }, (socket, request) => {
    hub.addCustomer(socket, request.caller);
  });
  app.get('/api/openapi.json', { config: { access: 'open' } }, () => openApiDocument(routes, site().url));
  if (options.uiFolder !== undefined) {
    const training = options.training !== undefined;
    await addPages(app, { folder: options.uiFolder, training, firstView: firstViewOf(options) });
  }
  await listen(app, options.port);
  return {
    url: site().url,
    ...(options.till.operators().length === 0 ? { setupCode: setupCode(options.token) } : {}),
    address: { host: HOST, port: site().port },
    async close() {
      await hub.close();
      await app.close();
    },
  };
}

interface Site {
  readonly url: string;
  readonly port: number;
  readonly own: OwnNames;
  readonly keys: Keys;
}

/** What depends on the port, which is known only once the server listens. */
function siteOf(app: FastifyInstance, sessions: Sessions, { token, till }: ServerOptions): Site {
  const address = app.server.address();
  assert(typeof address === 'object' && address !== null, 'requests come only to a listening server');
  const { port } = address;
  return {
    url: `http://${HOST}:${port}`,
    port,
    own: ownNames(port),
    // Cookies do not know ports: without it two tills on one machine would sign each other out.
    keys: {
      sessions,
      token,
      cookieName: `guitai-session-${port}`,
      roleOf: (operator) => till.operatorRole(operator),
      shiftOperator: () => till.shiftOperator(),
    },
  };
}

function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function newApp(options: ServerOptions): FastifyInstance {
  const app = fastify({
    loggerInstance: options.logger ?? createLogger({ level: 'silent' }),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: CONNECTION_TIMEOUT_MS,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 128 },
    frameworkErrors: refuseBadAddress,
    clientErrorHandler: refuseBrokenRequest,
  });
  app.removeAllContentTypeParsers();
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    // Verbs without fields may be sent with the header and no body.
    if (body === '') done(null, undefined);
    else parseJson(request, String(body), done);
  });
  // A file; how large it may be says its route, all others have the usual limit and no use for it.
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  return app as unknown as FastifyInstance;
}

function allRoutes(options: ServerOptions, sessions: Sessions, sessionEnded: (id: string) => void): Route[] {
  const { till, training } = options;
  const attempts = new Attempts(options.clock);
  return [
    ...sessionRoutes({ till, sessions, attempts, sessionEnded, ...hintsOf(options) }),
    ...atCounter(tillRoutes(till, attempts), ['/api/shift/open']),
    ...atCounter(holderRoutes(till, attempts)),
    ...atCounter(saleRoutes(till)),
    ...atCounter(salesRoutes(till, attempts), ['/api/sales/:saleId/decide']),
    ...atCounter(refundRoutes(till, attempts)),
    ...operationRoutes(till),
    ...atCounter(deviceRoutes(till, attempts), ['/api/keys/enrol', '/api/keys/rotate', '/api/keys/revoke']),
    ...benefitRoutes(till),
    ...guardRoutes(till),
    ...carryRoutes(till, attempts),
    ...journalRoutes(till),
    ...atCounter(paperRoutes(till), ['/api/papers']),
    ...priceRoutes(till),
    ...mappingRoutes(till),
    ...catalogRoutes(till),
    ...listRoutes(till),
    ...officeRoutes({ till, sessions, attempts, sessionEnded }),
    ...setupRoutes(till, attempts, setupCode(options.token)),
    ...(training === undefined ? [] : trainingRoutes(training)),
  ];
}

function hintsOf({ training, pinHints }: ServerOptions): Pick<ServerOptions, 'pinHints'> {
  return training === undefined || pinHints === undefined ? {} : { pinHints };
}

function firstViewOf(options: ServerOptions): PagesDeps['firstView'] {
  const { till } = options;
  const { pinHints } = hintsOf(options);
  return (caller, page) => {
    const shop = shopOf({ till, pinHints }, caller);
    const sells = page === 'till' && shop.session?.operator.rights.includes('sell') === true;
    return sells ? { shop, till: till.view() } : { shop };
  };
}

interface Answering {
  readonly told: ToldViews;
  readonly hub: LiveHub;
  cookieName(): string;
}

function addRoute(app: FastifyInstance, route: Route, { told, hub, cookieName }: Answering): void {
  const tellsTill = 'schema' in route.answer && route.answer.schema === tillView;
  app.route({
    method: route.method,
    url: route.url,
    ...(route.upload === undefined ? {} : { bodyLimit: route.upload.mostBytes }),
    config: {
      access: route.access,
      ...(route.right === undefined ? {} : { right: route.right }),
      ...(route.atCounter === undefined ? {} : { atCounter: route.atCounter }),
      ...(route.overLive === undefined ? {} : { overLive: route.overLive }),
    },
    handler: async (request, reply) => {
      const run = () => route.run(rawCall(request));
      const answer = await (tellsTill && request.caller.kind === 'page' ? hub.during(run) : run());
      // A body may hold PINs: it is not kept for the rest of the request's life.
      request.body = undefined;
      const shortest = tellsTill ? asChanges(request, reply, answer, told) : answer;
      return send(reply, shortest, cookieName());
    },
  });
}

/** The state of the till as what is different from the one that the page says it has. */
function asChanges(request: FastifyRequest, reply: FastifyReply, answer: Reply, told: ToldViews): Reply {
  const { body } = answer;
  const has = request.headers[HAS];
  if (answer.status !== 200 || request.caller.kind !== 'page' || typeof body !== 'object' || body === null)
    return answer;
  const { name, changes } = told.tell(body, typeof has === 'string' ? has : undefined);
  reply.header(STATE, name);
  return changes === undefined ? answer : { ...answer, body: changes, mediaType: CHANGES };
}

function rawCall(request: FastifyRequest) {
  const { params, query, body, caller } = request;
  return { params, query, body, caller, connection: request.socket };
}

function send(reply: FastifyReply, answer: Reply, cookieName: string): FastifyReply {
  if (answer.faultCode !== undefined) reply.faultCode = answer.faultCode;
  if (answer.cookie !== undefined) {
    const settings = { path: '/', httpOnly: true, sameSite: 'strict' } as const;
    if (answer.cookie === null) reply.clearCookie(cookieName, settings);
    else reply.setCookie(cookieName, answer.cookie, settings);
  }
  if (answer.mediaType !== undefined) reply.type(answer.mediaType);
  return reply.code(answer.status).send(answer.body);
}

async function listen(app: FastifyInstance, port: number): Promise<void> {
  try {
    await app.listen({ host: HOST, port });
  } catch (error) {
    await app.close();
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new ServerStartError(fault('port-unavailable', `${HOST}:${port} ${code}`));
  }
}
