import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Reply } from './gateway.ts';

const MOST_BODY_BYTES = 30_000_000;

/** The whole body, or `too-large`; rejects when the caller hangs up first. */
export async function readBody(request: IncomingMessage): Promise<Uint8Array | 'too-large'> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size <= MOST_BODY_BYTES) parts.push(part);
  }
  return size > MOST_BODY_BYTES ? 'too-large' : Buffer.concat(parts);
}

export function sendReply(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, {
    'content-type': reply.contentType,
    'content-length': reply.body.length,
    'cache-control': 'no-store',
  });
  response.end(reply.body);
}

/** The same whole HTTP answer two times on one connection, then the end of it. */
export function sendTwice(response: ServerResponse, reply: Reply): void {
  const once = Buffer.concat([head(reply), reply.body]);
  response.socket?.end(Buffer.concat([once, once]));
}

/** Announces the whole answer, sends the first part of it and breaks the connection. */
export function sendUnfinished(response: ServerResponse, reply: Reply, part: Uint8Array): void {
  const { socket } = response;
  socket?.write(Buffer.concat([head(reply), part]), () => socket.destroy());
}

function head(reply: Reply): Buffer {
  return Buffer.from(
    `HTTP/1.1 ${reply.status} OK\r\ncontent-type: ${reply.contentType}\r\n` +
      `content-length: ${reply.body.length}\r\nconnection: keep-alive\r\n\r\n`,
  );
}
