import { immutableJSONPatch, type JSONPatchDocument } from 'immutable-json-patch';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { LiveAnswerHead, LiveAsk } from '#server/api-types';
import { goesOverLive } from '../../../src/ui/api.ts';
import { type Page, type Running, startServer, testToken } from '../../helpers/with-server.ts';

const code = '6900000000001';
type LiveAnswer = LiveAnswerHead & { readonly body: { readonly error?: { readonly code: string } } };

let running: Running;
let page: Page;
let sockets: WebSocket[];
beforeEach(async () => {
  running = await startServer();
  page = await running.page();
  await page.call('POST', '/api/shift/open', {});
  sockets = [];
});
afterEach(async () => {
  for (const socket of sockets) socket.terminate();
  await running.server.close();
});

/** A page's live connection that has been pushed its first state. */
async function open(path = '/api/live', headers: Record<string, string> = {}): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${running.server.address.port}${path}`, {
    headers: { origin: running.server.url, cookie: page.cookie, ...headers },
  });
  sockets.push(socket);
  await new Promise((resolve, reject) => {
    socket.once('message', resolve);
    socket.once('error', reject);
  });
  return socket;
}

function asked(socket: WebSocket, question: Partial<LiveAsk>): Promise<LiveAnswer> {
  const whole = { ask: 1, method: 'POST', url: '/api/scan', body: { code }, csrf: page.csrf, ...question };
  const answer = new Promise<LiveAnswer>((resolve) => {
    const take = (data: unknown) => {
      const message = JSON.parse(String(data)) as LiveAnswer;
      if (message.type !== 'answer' || message.ask !== whole.ask) return;
      socket.off('message', take);
      resolve(message);
    };
    socket.on('message', take);
  });
  socket.send(JSON.stringify(whole));
  return answer;
}

const closing = (socket: WebSocket) => new Promise<number>((resolve) => socket.on('close', resolve));
const lines = () => running.till.view().sale.lines.length;

describe('what a page asks over its live connection', () => {
  test('is what the server takes there: no verb of either is one of the other’s alone', async () => {
    const { paths } = (await running.call('GET', '/api/openapi.json')).json as unknown as {
      paths: Record<string, Record<string, unknown>>;
    };
    const socket = await open();
    let verbs = 0;
    for (const [path, methods] of Object.entries(paths)) {
      for (const name of Object.keys(methods).filter((name) => name !== 'get')) {
        const method = name.toUpperCase() as LiveAsk['method'];
        verbs += 1;
        const url = path.replaceAll(/\{\w+\}/g, '1');
        // With another session's check value every question ends at the gate, before anything is done.
        const { body } = await asked(socket, { ask: verbs, method, url, body: {}, csrf: '-' });
        const taken = body.error?.code === 'session-stale';
        expect([method, url, taken]).toEqual([method, url, goesOverLive(method, url)]);
      }
    }
    expect(verbs).toBeGreaterThan(40);
  });

  test('a verb is done once and answered like over HTTP: the state, then what changed in it', async () => {
    const socket = await open();
    const first = await asked(socket, {});
    expect(first).toMatchObject({
      status: 200,
      changes: false,
      body: { sale: { lines: [{ quantity: '1' }] } },
    });
    const has = first.state ?? '';
    const second = await asked(socket, {
      ask: 2,
      method: 'PATCH',
      url: '/api/sale/lines/1',
      body: { quantity: '3' },
      has,
    });
    expect(second).toMatchObject({ status: 200, changes: true });
    const now = immutableJSONPatch(first.body, second.body as unknown as JSONPatchDocument);
    expect(now).toEqual((await running.call('GET', '/api/till')).json);
    // Either way goes on from the other's state.
    const headers = { origin: running.server.url, cookie: page.cookie, 'x-guitai-csrf': page.csrf };
    const third = await running.send('DELETE', '/api/sale/lines/1', {
      headers: { ...headers, 'x-guitai-has': second.state ?? '' },
      body: {},
    });
    expect(third.headers['content-type']).toContain('application/json-patch+json');
    expect(lines()).toBe(0);
  });

  test('answers find their questions, also where one takes longer than the next', async () => {
    const socket = await open();
    const quote = running.till.quote.bind(running.till);
    let go: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    running.till.quote = async () => {
      await held;
      return quote();
    };
    const slow = asked(socket, { ask: 7, url: '/api/sale/quote', body: {} });
    expect((await asked(socket, { ask: 8 })).status).toBe(200);
    go();
    expect((await slow).ask).toBe(7);
  });

  test('a refusal comes with its code, and a body that does not fit is refused as over HTTP', async () => {
    const socket = await open();
    const unknown = await asked(socket, { body: { code: '4006381333931' } });
    expect([unknown.status, unknown.state, unknown.body.error?.code]).toEqual([
      422,
      undefined,
      'catalog-product-unknown',
    ]);
    const unfit = await asked(socket, { body: { code: 7 } });
    expect([unfit.status, unfit.body.error?.code]).toEqual([400, 'request-invalid']);
  });

  test('without the check value of the session nothing is done, though the cookie came with the connection', async () => {
    const socket = await open();
    const other = await running.page('02', '222222');
    for (const csrf of ['', 'made-up', other.csrf]) {
      const answer = await asked(socket, { csrf });
      expect([answer.status, answer.body.error?.code]).toEqual([403, 'session-stale']);
    }
    expect(lines()).toBe(0);
  });

  test('who may not act at the counter may not do it this way either', async () => {
    page = await running.page('02', '222222');
    const answer = await asked(await open(), {});
    expect(answer.body.error?.code).toBe('shift-of-another');
    expect(lines()).toBe(0);
  });

  test.each([
    ['POST', '/api/session', { number: '01', pin: '111111' }],
    ['DELETE', '/api/session', {}],
    ['POST', '/api/shift/close', {}],
    ['POST', '/api/card/read', {}],
    ['POST', '/api/nothing', {}],
    ['PUT', '/api/sale/nothing', {}],
  ] as const)('%s %s is no question for it', async (method, url, body) => {
    const answer = await asked(await open(), { method, url, body });
    expect([answer.status, answer.body.error?.code]).toEqual([404, 'route-unknown']);
    expect(running.till.view().shift.state).toBe('open');
  });

  test.each([
    'not json',
    '{"pay":"everything"}',
    '{"ask":1,"method":"POST","url":"http://evil.example/","body":{},"csrf":""}',
    '{"ask":1,"method":"GET","url":"/api/till","body":{},"csrf":""}',
    '{"ask":1,"method":"POST","url":"/api/sale/papers?kind=consent","body":{},"csrf":""}',
    '{"ask":1,"method":"TRACE","url":"/api/scan","body":{},"csrf":""}',
    '{"ask":1,"method":"POST","url":"/api/scan","body":{},"csrf":"a\\r\\nhost: evil"}',
    '{"ask":1,"method":"POST","url":"/api/scan","body":[],"csrf":""}',
  ])('what is no question ends the connection and does nothing: %s', async (text) => {
    const socket = await open();
    const closed = closing(socket);
    socket.send(text);
    expect(await closed).toBe(1003);
    expect(lines()).toBe(0);
  });

  test('too long a question, and too many at once, end the connection', async () => {
    const long = await open();
    const tooLong = closing(long);
    long.send(`"${'x'.repeat(20_000)}"`);
    expect(await tooLong).toBe(1009);
    const socket = await open();
    running.till.quote = () => new Promise(() => undefined);
    const closed = closing(socket);
    for (let ask = 0; ask < 9; ask += 1) void asked(socket, { ask, url: '/api/sale/quote', body: {} });
    expect(await closed).toBe(1008);
  });

  test('a session that ended answers nothing more, and a customer screen never does', async () => {
    const socket = await open();
    const closed = closing(socket);
    await page.call('DELETE', '/api/session', {});
    expect(await closed).toBe(4401);
    page = await running.page();
    const customer = await open('/api/customer/live');
    const refused = closing(customer);
    customer.send('{"ask":1,"method":"POST","url":"/api/scan","body":{},"csrf":""}');
    expect(await refused).toBe(1003);
  });

  test('another program may ask with its token, and is answered the whole state', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${running.server.address.port}/api/live`, {
      headers: { authorization: `Bearer ${testToken}` },
    });
    sockets.push(socket);
    await new Promise((resolve) => socket.once('message', resolve));
    const answer = await asked(socket, { csrf: '' });
    expect([answer.status, answer.changes, answer.state]).toEqual([200, false, undefined]);
  });

  test('the till stops while a question waits: the connection is lost, no answer is made up', async () => {
    const socket = await open();
    running.till.quote = () => new Promise(() => undefined);
    const answers: string[] = [];
    socket.on('message', (data) => {
      if (String(data).includes('"answer"')) answers.push(String(data));
    });
    const closed = closing(socket);
    void asked(socket, { url: '/api/sale/quote', body: {} });
    // Answered behind the other, so that one has begun.
    await asked(socket, { ask: 2 });
    await running.server.close();
    await closed;
    expect(answers).toHaveLength(1);
    running = await startServer();
  });
});
