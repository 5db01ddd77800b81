import net from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { createHttpLink } from '#agency/http-link';
import { MAX_ANSWER_BYTES } from '#agency/json';
import type { LinkResult } from '#agency/link';
import { systemClock } from '#core/clock';
import { ManualClock } from '#core/manual-clock';
import { type Heard, httpAnswer, type Peer, startPeer } from './peer.ts';

const peers: Peer[] = [];
afterEach(async () => {
  for (const peer of peers.splice(0)) await peer.close();
});

async function peerThat(answer: (socket: net.Socket, heard: Heard) => void): Promise<Peer> {
  const peer = await startPeer(answer);
  peers.push(peer);
  return peer;
}

const start = Date.parse('2025-09-12T10:30:00+08:00');
const body = new TextEncoder().encode('{"infno":"2102"}');
const message = { headers: {}, body, answerTimeoutMs: 30_000 };
const link = createHttpLink({ clock: systemClock, connectTimeoutMs: 5000 });

const send = (url: string) => link.send({ ...message, url: `${url}/x` });
const textOf = (result: LinkResult) => {
  if (result.kind === 'answered') return new TextDecoder().decode(result.body);
  return result.kind === 'file' ? 'a file' : `${result.kind} ${result.failure}`;
};

describe('what can be promised not to have left', () => {
  test('a refused connection is not sent', async () => {
    const peer = await startPeer(() => undefined);
    await peer.close();
    expect(await send(peer.url)).toMatchObject({ kind: 'not-sent', failure: 'connect-failed' });
  });

  test('a host that does not exist is not sent', async () => {
    const result = await send('http://no-such-host.invalid');
    expect(result).toMatchObject({ kind: 'not-sent', failure: 'connect-failed' });
  });

  test('a TLS peer that speaks no TLS gets no byte of the message', async () => {
    const received: Buffer[] = [];
    const server = net.createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        received.push(chunk);
        socket.end('HTTP/1.1 400 no\r\n\r\n');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    const result = await send(`https://127.0.0.1:${port}`);
    await new Promise((resolve) => server.close(resolve));
    expect(result).toMatchObject({ kind: 'not-sent', failure: 'tls-failed' });
    expect(Buffer.concat(received).includes('infno')).toBe(false);
  });

  test('a TLS handshake that never ends is not sent after the connect time', async () => {
    const clock = new ManualClock(start);
    let accepted: () => void = () => undefined;
    const connected = new Promise<void>((resolve) => {
      accepted = resolve;
    });
    const server = net.createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => accepted());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    const slow = createHttpLink({ clock, connectTimeoutMs: 5000 });
    const sending = slow.send({ ...message, url: `https://127.0.0.1:${port}/x` });
    await connected;
    await clock.advance(5000);
    expect(await sending).toMatchObject({ kind: 'not-sent', failure: 'connect-timeout' });
    await new Promise((resolve) => server.close(resolve));
  });

  test('a header that HTTP cannot carry is not sent', async () => {
    const peer = await peerThat((socket) => socket.end(httpAnswer('{}')));
    const result = await link.send({ ...message, url: peer.url, headers: { 'x-tif-paasid': '账号\n' } });
    expect(result.kind).toBe('not-sent');
    expect(peer.heard).toHaveLength(0);
  });
});

describe('what may have happened', () => {
  test('a peer that hangs up after reading leaves the outcome unknown, with the time the last byte left', async () => {
    const before = Date.now();
    const peer = await peerThat((socket) => socket.destroy());
    const result = await send(peer.url);
    expect(result).toMatchObject({ kind: 'unknown', failure: 'connection-lost' });
    expect(result.kind === 'unknown' && result.lastByteAtMs).toBeGreaterThanOrEqual(before);
  });

  test('a reset before any answer is unknown', async () => {
    const peer = await peerThat((socket) => socket.resetAndDestroy());
    expect(await send(peer.url)).toMatchObject({ kind: 'unknown', failure: 'connection-lost' });
  });

  test('a peer that accepts and closes without reading is unknown', async () => {
    const server = net.createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    expect(await send(`http://127.0.0.1:${port}`)).toMatchObject({ kind: 'unknown' });
    await new Promise((resolve) => server.close(resolve));
  });

  test('half an answer is unknown and the half is kept', async () => {
    const whole = httpAnswer('{"infcode":0,"output":{}}');
    const peer = await peerThat((socket) => {
      socket.write(whole.subarray(0, whole.length - 10), () => socket.destroy());
    });
    const result = await send(peer.url);
    expect(result).toMatchObject({ kind: 'unknown', failure: 'connection-lost' });
    const half = result.kind === 'unknown' ? new TextDecoder().decode(result.received) : '';
    expect(half).toBe('{"infcode":0,"o');
  });

  test('half an answer and then silence is unknown after the answer time', async () => {
    const clock = new ManualClock(start);
    const whole = httpAnswer('{"infcode":0,"output":{}}');
    let arrived: () => void = () => undefined;
    const heard = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const peer = await peerThat((socket) => {
      socket.write(whole.subarray(0, whole.length - 10));
      arrived();
    });
    const slow = createHttpLink({ clock, connectTimeoutMs: 5000 });
    const sending = slow.send({ ...message, url: peer.url });
    await heard;
    await clock.advance(30_000);
    expect(await sending).toMatchObject({ kind: 'unknown', failure: 'answer-timeout', lastByteAtMs: start });
  });

  test('a mute peer is unknown after the answer time, not after the connect time', async () => {
    const clock = new ManualClock(start);
    let arrived: () => void = () => undefined;
    const heard = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const peer = await peerThat(() => arrived());
    const slow = createHttpLink({ clock, connectTimeoutMs: 5000 });
    let settled = false;
    const sending = slow.send({ ...message, url: peer.url }).finally(() => {
      settled = true;
    });
    await heard;
    await clock.advance(29_999);
    expect(settled).toBe(false);
    await clock.advance(1);
    expect(await sending).toMatchObject({ kind: 'unknown', failure: 'answer-timeout' });
  });

  test.each([
    ['bytes that are not HTTP', Buffer.from([0, 1, 2, 255, 254, 13, 10, 13, 10])],
    ['a status line of nonsense', Buffer.from('HTTP/9.9 abc\r\n\r\n')],
  ])('%s are an unreadable answer', async (_what, bytes) => {
    const peer = await peerThat((socket) => socket.end(bytes));
    expect(await send(peer.url)).toMatchObject({ kind: 'unknown', failure: 'answer-unreadable' });
  });

  test('an answer over the size cap is cut off and unknown', async () => {
    const peer = await peerThat((socket) => socket.end(httpAnswer(Buffer.alloc(MAX_ANSWER_BYTES + 1, 32))));
    expect(await send(peer.url)).toMatchObject({ kind: 'unknown', failure: 'answer-too-large' });
  });

  test('a small compressed answer that unpacks to more than the cap is unreadable', async () => {
    const bomb = gzipSync(Buffer.alloc(MAX_ANSWER_BYTES * 4, 32));
    const peer = await peerThat((socket) =>
      socket.end(httpAnswer(bomb, 200, { 'content-encoding': 'gzip' })),
    );
    expect(await send(peer.url)).toMatchObject({ kind: 'unknown', failure: 'answer-unreadable' });
  });

  test('an answer that only says it is compressed is unreadable', async () => {
    const peer = await peerThat((socket) =>
      socket.end(httpAnswer('{"infcode":0}', 200, { 'content-encoding': 'gzip' })),
    );
    expect(await send(peer.url)).toMatchObject({ kind: 'unknown', failure: 'answer-unreadable' });
  });
});

describe('whole answers', () => {
  test('exactly the given bytes arrive, with their length', async () => {
    const peer = await peerThat((socket) => socket.end(httpAnswer('{"infcode":0}')));
    expect(textOf(await send(peer.url))).toBe('{"infcode":0}');
    expect(peer.heard[0]?.body).toBe('{"infno":"2102"}');
    expect(peer.heard[0]?.headers.get('content-length')).toBe('16');
  });

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)('an answer compressed with %s is read', async (encoding, compress) => {
    const bytes = compress('{"infcode":0}');
    const peer = await peerThat((socket) =>
      socket.end(httpAnswer(bytes, 200, { 'content-encoding': encoding })),
    );
    expect(textOf(await send(peer.url))).toBe('{"infcode":0}');
  });

  test('an answer in many slow pieces is put together', async () => {
    const whole = httpAnswer('{"infcode":0,"err_msg":"中文"}');
    const peer = await peerThat((socket) => {
      const next = (at: number): void => {
        if (at >= whole.length) socket.end();
        else socket.write(whole.subarray(at, at + 1), () => setImmediate(next, at + 1));
      };
      next(0);
    });
    expect(textOf(await send(peer.url))).toBe('{"infcode":0,"err_msg":"中文"}');
  });

  test('an answer sent twice counts once and never reaches the next message', async () => {
    let count = 0;
    const peer = await peerThat((socket) => {
      count += 1;
      const once = httpAnswer(`{"infcode":${count}}`, 200, { connection: 'keep-alive' });
      socket.write(Buffer.concat([once, once]));
    });
    expect(textOf(await send(peer.url))).toBe('{"infcode":1}');
    expect(textOf(await send(peer.url))).toBe('{"infcode":2}');
    expect(peer.connections()).toBe(2);
  });

  test('twenty messages at once each get their own answer', async () => {
    const peer = await peerThat((socket, heard) => {
      setImmediate(() => socket.end(httpAnswer(heard.path)));
    });
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, index) =>
        textOf(await link.send({ ...message, url: `${peer.url}/${index}` })),
      ),
    );
    expect(answers).toEqual(Array.from({ length: 20 }, (_, index) => `/${index}`));
  });

  test('a redirect is answered as such and not followed', async () => {
    const peer = await peerThat((socket) =>
      socket.end(httpAnswer('', 302, { location: 'http://127.0.0.1:1/' })),
    );
    expect(await send(peer.url)).toMatchObject({ kind: 'answered', status: 302 });
    expect(peer.heard).toHaveLength(1);
  });
});
