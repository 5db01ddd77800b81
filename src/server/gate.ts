import type { IncomingHttpHeaders } from 'node:http';
import { type Fault, fault } from '#core/fault';

/** What the gate has to know of a request before anything else looks at it. */
export interface Knock {
  readonly remoteAddress: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** The names under which the till answers: loopback only, with its own port. */
export interface OwnNames {
  readonly hosts: ReadonlySet<string>;
  readonly origins: ReadonlySet<string>;
}

export function ownNames(port: number): OwnNames {
  const bare = ['127.0.0.1', 'localhost'];
  // Browsers leave the port out of Host and Origin when it is the scheme's own.
  const hosts = bare.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]));
  return { hosts: new Set(hosts), origins: new Set(hosts.map((host) => `http://${host}`)) };
}

/**
 * Refuses everything that is not this machine talking to this till by its own name from its own page:
 * a forged Host (DNS rebinding), a foreign Origin (another site), a fetch that the browser calls cross-site.
 */
export function refuseStranger(knock: Knock, own: OwnNames): Fault | undefined {
  if (!isLoopback(knock.remoteAddress)) return fault('host-forbidden', 'not this machine');
  const host = knock.headers.host?.toLowerCase();
  if (host === undefined || !own.hosts.has(host)) return fault('host-forbidden');
  const origin = knock.headers.origin;
  if (origin !== undefined && !own.origins.has(origin.toLowerCase())) return fault('origin-forbidden');
  const site = knock.headers['sec-fetch-site'];
  const navigates = knock.headers['sec-fetch-mode'] === 'navigate';
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !navigates) {
    return fault('origin-forbidden', 'cross-site fetch');
  }
  return undefined;
}

export function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false;
  return address === '::1' || /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(address);
}

/** Headers of every answer. `'self'` alone would do for the socket in new browsers; older ones need its names. */
export function securityHeaders(own: OwnNames): Record<string, string> {
  const sockets = [...own.hosts].map((host) => `ws://${host}`).join(' ');
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' ${sockets}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'content-security-policy': policy.join('; '),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  };
}
