import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type Running, startServer, testToken } from '../../helpers/with-server.ts';

let running: Running;
beforeAll(async () => {
  running = await startServer();
});
afterAll(() => running.server.close());

const bearer = { authorization: `Bearer ${testToken}` };

describe('who may talk to the till', () => {
  test.each(['evil.example', '127.0.0.1', '127.0.0.1:1', 'localhost.evil.example', '[::1]:80', '0.0.0.0'])(
    'a forged Host %s is refused with a code on every kind of address',
    async (host) => {
      for (const path of ['/', '/api/shop', '/api/till', '/api/openapi.json', '/nothing']) {
        const answer = await running.send('GET', path, { headers: { ...bearer, host } });
        expect(answer.status).toBe(403);
        expect(answer.json.error?.code).toBe('host-forbidden');
        expect(answer.json.error?.nextEn).not.toBe('');
      }
    },
  );

  test('both names of this machine are accepted', async () => {
    for (const name of ['127.0.0.1', 'localhost']) {
      const host = `${name}:${running.server.address.port}`;
      expect((await running.send('GET', '/api/shop', { headers: { host } })).status).toBe(200);
    }
  });

  test.each(['https://evil.example', 'null', 'http://127.0.0.1:1', 'file://'])(
    'a foreign Origin %s is refused even with the right token',
    async (origin) => {
      const read = await running.send('GET', '/api/till', { headers: { ...bearer, origin } });
      const write = await running.send('POST', '/api/scan', {
        headers: { ...bearer, origin },
        body: { code: '6900000000001' },
      });
      expect([read.status, write.status]).toEqual([403, 403]);
      expect(write.json.error?.code).toBe('origin-forbidden');
      expect(running.till.view().sale.lines).toEqual([]);
    },
  );

  test('a read that the browser calls same-site, not same-origin, is refused though its cookie came along', async () => {
    const page = await running.page();
    const headers = { cookie: page.cookie, 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' };
    expect((await running.send('GET', '/api/till', { headers })).status).toBe(403);
  });

  test('without a session only the sign-in data is given', async () => {
    const shop = await running.send('GET', '/api/shop');
    expect(Object.keys(shop.json).sort()).toEqual([
      'operators',
      'pinHints',
      'session',
      'shopName',
      'terminal',
      'training',
    ]);
    for (const path of [
      '/api/till',
      '/api/sales',
      '/api/queue',
      '/api/doctor',
      '/api/search?q=a',
      '/api/training',
    ]) {
      const answer = await running.send('GET', path);
      expect([path, answer.status, answer.json.error?.code]).toEqual([path, 401, 'session-missing']);
    }
  });

  test('a wrong token is refused, also beside a valid cookie', async () => {
    const page = await running.page();
    for (const authorization of ['Bearer wrong', `Basic ${testToken}`, `Bearer ${testToken}x`, 'Bearer ']) {
      const answer = await running.send('GET', '/api/till', {
        headers: { authorization, cookie: page.cookie },
      });
      expect([answer.status, answer.json.error?.code]).toEqual([401, 'token-wrong']);
    }
  });

  test('every answer forbids framing, sniffing, storing and foreign scripts', async () => {
    for (const path of ['/api/shop', '/nothing']) {
      const { headers } = await running.send('GET', path);
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      expect(headers['cache-control']).toBe('no-store');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  test('broken HTTP gets a coded answer and leaves the till running', async () => {
    const text = await new Promise<string>((resolve) => {
      const socket = connect(running.server.address.port, '127.0.0.1', () =>
        socket.write('NOT HTTP AT ALL\r\n\r\n'),
      );
      let got = '';
      socket.on('data', (chunk) => {
        got += chunk.toString();
      });
      socket.on('close', () => resolve(got));
    });
    expect(text).toContain('HTTP/1.1 400');
    expect(text).toContain('"code":"request-invalid"');
    expect((await running.call('GET', '/api/till')).status).toBe(200);
  });
});

describe('the live connection', () => {
  test('an upgrade with a foreign Origin, a forged Host, no Origin or no session is refused', async () => {
    const page = await running.page();
    const { url } = running.server;
    const own = { origin: url, cookie: page.cookie };
    expect(await refusedWith({ ...own, origin: 'https://evil.example' })).toBe(403);
    expect(await refusedWith({ ...own, host: 'evil.example' })).toBe(403);
    expect(await refusedWith({ cookie: page.cookie })).toBe(403);
    expect(await refusedWith({ origin: url })).toBe(401);
    expect(await refusedWith({ authorization: 'Bearer wrong' })).toBe(401);
  });

  test('changes of one moment arrive as the newest state', async () => {
    const socket = open(bearer);
    const messages: { type: string; till?: { revision: number } }[] = [];
    await new Promise<void>((resolve, reject) => {
      socket.on('error', reject);
      socket.on('message', (data) => {
        messages.push(JSON.parse(String(data)));
        const last = messages.at(-1)?.till?.revision;
        if (messages.length === 2) for (let i = 0; i < 50; i += 1) running.till.control.set({});
        if (last === running.till.view().revision && messages.length > 2) resolve();
      });
    });
    expect(messages.slice(0, 2).map(({ type }) => type)).toEqual(['till', 'training']);
    expect(messages.length).toBeLessThan(10);
    socket.close();
  });

  test('signing out ends the live connection of that session, with its own close code', async () => {
    const page = await running.page();
    const socket = open({ origin: running.server.url, cookie: page.cookie });
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    await new Promise((resolve) => socket.on('message', resolve));
    await page.call('DELETE', '/api/session', {});
    expect(await closed).toBe(4401);
    expect((await page.call('GET', '/api/till')).json.error?.code).toBe('session-missing');
  });

  test('a page that talks over it is cut off, and no listener is left behind', async () => {
    const before = running.till.listenerCount;
    const socket = open(bearer);
    await new Promise((resolve) => socket.on('message', resolve));
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    socket.send('{"pay":"everything"}');
    expect(await closed).toBe(1003);
    expect(running.till.listenerCount).toBe(before);
  });
});

function open(headers: Record<string, string>): WebSocket {
  return new WebSocket(`ws://127.0.0.1:${running.server.address.port}/api/live`, { headers });
}

function refusedWith(headers: Record<string, string>): Promise<number> {
  const socket = open(headers);
  return new Promise((resolve, reject) => {
    socket.on('open', () => reject(new Error('the upgrade was accepted')));
    socket.on('error', () => undefined);
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      socket.terminate();
    });
  });
}
