import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface SlowLine {
  /** Where a card connects instead of the reader's slot. */
  readonly port: number;
  close(): Promise<void>;
}

/** A line between a virtual card and its reader on which every answer of the card takes its time. */
export async function openSlowLine(readerPort: number, answerMs: number): Promise<SlowLine> {
  const ends = new Set<Socket>();
  const server = createServer((card) => {
    // The reader sees a card only now: a connection to its slot is a card put in.
    const reader = connect({ host: '127.0.0.1', port: readerPort, noDelay: true });
    card.setNoDelay(true);
    reader.on('data', (command) => card.write(command));
    card.on('data', (answer) => void setTimeout(() => reader.destroyed || reader.write(answer), answerMs));
    for (const [end, other] of [
      [card, reader],
      [reader, card],
    ] as const) {
      ends.add(end);
      end.on('error', () => undefined);
      end.once('close', () => {
        ends.delete(end);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve());
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        for (const end of ends) end.destroy();
        server.close(() => resolve());
      }),
  };
}
