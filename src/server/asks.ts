import type { WebSocket } from '@fastify/websocket';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { LiveAnswerHead, LiveAsk } from './api-types.ts';
import { CHANGES, HAS, STATE } from './told-views.ts';

/** A page asks one thing after the other; whoever asks so many at once is no page of ours. */
const MOST_AT_ONCE = 8;
/** Close codes of WebSocket (RFC 6455, 7.4.1). */
const [UNSUPPORTED, TOO_MUCH] = [1003, 1008];

const liveAsk = z.strictObject({
  ask: z.number().int().nonnegative(),
  method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']),
  url: z.string().regex(/^\/api\/[\w./-]{1,200}$/),
  body: z.record(z.string(), z.unknown()),
  csrf: z.string().regex(/^[\x21-\x7e]{0,200}$/),
  has: z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/)
    .exactOptional(),
}) satisfies z.ZodType<LiveAsk>;

/**
 * Answers what a page asks over its live connection, as if it had asked over HTTP: the same gate, the same checks of
 * session and check value, the same routes, as far as they are `overLive`. Only the way is shorter: of a scan's answer
 * an old machine spends two thirds on the request itself.
 */
export function takeAsks(app: FastifyInstance, socket: WebSocket, upgrade: FastifyRequest): void {
  let running = 0;
  socket.on('message', (data) => {
    const asked = askFrom(String(data));
    if (asked === undefined) return socket.close(UNSUPPORTED, 'this is no question');
    if (running >= MOST_AT_ONCE) return socket.close(TOO_MUCH, 'too many questions at once');
    running += 1;
    answered(app, asked, upgrade).then(
      (answer) => {
        running -= 1;
        if (socket.readyState === socket.OPEN) socket.send(answer);
      },
      // The till stops: as over HTTP, the page learns from the lost connection that it does not know.
      () => socket.terminate(),
    );
  });
}

function askFrom(text: string): LiveAsk | undefined {
  try {
    return liveAsk.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

async function answered(
  app: FastifyInstance,
  { ask, method, url, body, csrf, has }: LiveAsk,
  { headers, socket }: FastifyRequest,
): Promise<string> {
  const response = await app.inject({
    method,
    url,
    headers: {
      ...known({ host: headers.host, origin: headers.origin, cookie: headers.cookie }),
      ...known({ authorization: headers.authorization, [HAS]: has }),
      'content-type': 'application/json',
      'x-guitai-csrf': csrf,
    },
    payload: JSON.stringify(body),
    // Where it came from is where the connection came from; without one it is nobody's.
    remoteAddress: socket.remoteAddress ?? '',
  });
  const state = response.headers[STATE];
  const head: LiveAnswerHead = {
    type: 'answer',
    ask,
    status: response.statusCode,
    changes: response.headers['content-type']?.toString().startsWith(CHANGES) === true,
    ...(typeof state === 'string' ? { state } : {}),
  };
  // What the route has written is JSON already: it is put in as it is.
  return `${JSON.stringify(head).slice(0, -1)},"body":${response.payload}}`;
}

function known(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
