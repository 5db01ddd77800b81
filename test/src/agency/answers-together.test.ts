import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createHttpLink } from '#agency/http-link';
import { systemClock } from '#core/clock';

const MESSAGES = 8;

test('answers that come in together are handed on one by one: the loop turns between, so that the next message leaves', async () => {
  const held: ServerResponse[] = [];
  const server = createServer((request, response) => {
    request.resume();
    held.push(response);
    if (held.length === MESSAGES) for (const each of held) each.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  let turns = 0;
  let isOver = false;
  const turn = (): void => {
    turns += 1;
    if (!isOver) setImmediate(turn);
  };
  turn();
  try {
    const { port } = server.address() as AddressInfo;
    const link = createHttpLink({ clock: systemClock, connectTimeoutMs: 5_000 });
    const url = `http://127.0.0.1:${port}/`;
    const request = { url, headers: {}, body: new TextEncoder().encode('{}'), answerTimeoutMs: 10_000 };
    const seen = await Promise.all(
      Array.from({ length: MESSAGES }, async () => {
        const { kind } = await link.send(request);
        return { kind, turn: turns };
      }),
    );
    expect(seen.map(({ kind }) => kind)).toEqual(seen.map(() => 'answered'));
    expect(new Set(seen.map((each) => each.turn)).size).toBe(MESSAGES);
  } finally {
    isOver = true;
    server.close();
  }
});
