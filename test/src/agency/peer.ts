import net from 'node:net';
import { type AgencyClientOptions, createAgencyClient } from '#agency/client';
import { volatileMessageIds } from '#agency/message-id';
import type { AgencyPort, MessageContext } from '#agency/port';
import { systemClock } from '#core/clock';
import type { SettlementRequest } from '#core/domain/settlement';
import { price, quantity, yuan } from '#core/money';

/** One request as a raw peer saw it. */
export interface Heard {
  readonly path: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

export interface Peer {
  readonly url: string;
  readonly heard: readonly Heard[];
  readonly connections: () => number;
  close(): Promise<void>;
}

/** A TCP server that hands each whole request to `answer`, which does with the socket what it likes. */
export async function startPeer(answer: (socket: net.Socket, heard: Heard) => void): Promise<Peer> {
  const heard: Heard[] = [];
  const sockets = new Set<net.Socket>();
  let connections = 0;
  const server = net.createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    let received = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      const request = wholeRequest(received);
      if (request === undefined) return;
      received = Buffer.alloc(0);
      heard.push(request);
      answer(socket, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address() as net.AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    heard,
    connections: () => connections,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Bytes of one HTTP answer. */
export function httpAnswer(
  body: string | Uint8Array,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Buffer {
  const bytes = typeof body === 'string' ? Buffer.from(body, 'utf8') : Buffer.from(body);
  const lines = Object.entries({ 'content-length': String(bytes.length), ...headers });
  const head = `HTTP/1.1 ${status} X\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  return Buffer.concat([Buffer.from(head), bytes]);
}

export const context: MessageContext = {
  operator: { number: '0103', name: '柜员乙', role: 'cashier' },
  signInNumber: '90012345',
};

export function clientFor(url: string, rest: Partial<AgencyClientOptions> = {}): AgencyPort {
  return createAgencyClient({
    baseUrl: url,
    institution: { code: 'P99010699901', name: '虚构药房一号店' },
    region: '990106',
    deviceNumber: 'POS-03',
    clock: systemClock,
    messageIds: volatileMessageIds(),
    ...rest,
  });
}

const at = Date.parse('2025-09-12T10:29:50+08:00');

function line(lineNumber: number, nationalCode: string, price_: string, count: string, amount: string) {
  return {
    lineNumber,
    nationalCode,
    shopCode: `HIS00010${lineNumber}`,
    quantity: quantity(count),
    price: price(price_),
    amount: yuan(amount),
    occurredAtMs: at,
  };
}

/** The purchase of the fixtures: four lines, 104.40 yuan. */
export const purchase: SettlementRequest = {
  personNumber: '99019900000000000000990001',
  medium: 'electronic-certificate',
  mediumNumber: '9901990000EXAMPLEECTOKEN20250912000001',
  insuredRegion: '990199',
  scheme: '310',
  beganAtMs: at,
  saleNumber: 'SN20250912000301',
  useAccount: true,
  total: yuan('104.40'),
  lines: [
    line(1, 'XJ01CAA040E001010100001', '12.5', '2', '25.00'),
    line(2, 'ZA06CAF0123010100002', '18.6', '1', '18.60'),
    line(3, 'XC08CAB086A001010100003', '32', '1', '32.00'),
    line(4, 'ZC01AAF0456010100004', '28.8', '1', '28.80'),
  ],
};

function wholeRequest(bytes: Buffer): Heard | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers = new Map<string, string>();
  for (const each of lines) {
    const colon = each.indexOf(':');
    headers.set(each.slice(0, colon).toLowerCase(), each.slice(colon + 1).trim());
  }
  const length = Number(headers.get('content-length') ?? 0);
  if (bytes.length < end + 4 + length) return undefined;
  return {
    path: first.split(' ')[1] ?? '',
    headers,
    body: bytes.subarray(end + 4, end + 4 + length).toString('utf8'),
  };
}
