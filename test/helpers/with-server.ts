import { request } from 'node:http';
import { systemClock } from '#core/clock';
import type { RunningServer, ServerOptions } from '#server/create-server';
import { createServer } from '#server/create-server';
import { FakeTill, fakePinHints } from './fake-till.ts';
import { FakeTraining } from './fake-training.ts';

export const testToken = 'test-token-test-token-test-token-0001';

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
  readonly json: Record<string, never> & { error?: { code: string; nextZh: string; nextEn: string } };
}

export interface Running {
  readonly server: RunningServer;
  readonly till: FakeTill;
  readonly training: FakeTraining;
  /** A request with exactly these headers: unlike fetch it may forge Host and Origin. */
  send(method: string, path: string, options?: SendOptions): Promise<Answer>;
  /** As another program: with the token. */
  call(method: string, path: string, body?: unknown): Promise<Answer>;
  /** As a page: signs in, and answers a caller with cookie, Origin and check value. */
  page(number?: string, pin?: string): Promise<Page>;
}

export interface Page {
  readonly cookie: string;
  readonly csrf: string;
  call(method: string, path: string, body?: unknown): Promise<Answer>;
}

export interface SendOptions {
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  readonly raw?: string | Buffer;
}

/** The real server on a free port, in front of a fake till. */
export async function startServer(options: Partial<ServerOptions> = {}): Promise<Running> {
  const till = new FakeTill();
  const training = new FakeTraining(till);
  const server = await createServer({
    till,
    training,
    clock: systemClock,
    token: testToken,
    port: 0,
    pinHints: fakePinHints,
    ...options,
  });
  const send = sender(server.address.port);
  const bearer = { authorization: `Bearer ${testToken}` };
  return {
    server,
    till,
    training,
    send,
    call: (method, path, body) => send(method, path, { headers: bearer, ...withBody(body) }),
    page: (number = '01', pin = '111111') => signIn(send, server.url, number, pin),
  };
}

async function signIn(send: Running['send'], origin: string, number: string, pin: string): Promise<Page> {
  const answer = await send('POST', '/api/session', { headers: { origin }, body: { number, pin } });
  if (answer.status !== 200) throw new Error(`sign-in answered ${answer.status} ${answer.text}`);
  const cookie = String(answer.headers['set-cookie']).split(';')[0] ?? '';
  const csrf = String((answer.json as { csrf?: string }).csrf);
  const headers = { origin, cookie, 'x-guitai-csrf': csrf };
  return {
    cookie,
    csrf,
    call: (method, path, body) => send(method, path, { headers, ...withBody(body) }),
  };
}

function withBody(body: unknown): SendOptions {
  return body === undefined ? {} : { body };
}

function sender(port: number): Running['send'] {
  return (method, path, options = {}) =>
    new Promise((resolve, reject) => {
      const json = options.body === undefined ? undefined : JSON.stringify(options.body);
      const payload = options.raw ?? json;
      const headers = {
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...(payload === undefined ? {} : { 'content-length': String(Buffer.byteLength(payload)) }),
        ...options.headers,
      };
      const outgoing = request({ host: '127.0.0.1', port, method, path, headers }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const isJson = String(incoming.headers['content-type']).includes('json');
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            text,
            json: isJson ? JSON.parse(text) : {},
          });
        });
      });
      outgoing.on('error', reject);
      outgoing.end(payload);
    });
}
