import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Violation } from './fields.ts';

export interface XTifAccount {
  readonly account: string;
  readonly token: string;
  /** How far the caller's clock may be off, ms; default 5 minutes. */
  readonly toleranceMs?: number;
}

const USED_NONCES = 10_000;

/** Checks the x-tif headers (interface 1.4): lower-case hex of SHA-256 over time, token, nonce, time. */
export class XTifGuard {
  readonly #known: XTifAccount;
  readonly #nonces = new Set<string>();

  constructor(known: XTifAccount) {
    this.#known = known;
  }

  check(headers: IncomingHttpHeaders, nowMs: number): Violation | undefined {
    const account = one(headers['x-tif-paasid']);
    const timestamp = one(headers['x-tif-timestamp']);
    const nonce = one(headers['x-tif-nonce']);
    const signature = one(headers['x-tif-signature']);
    if (account !== this.#known.account) return { field: 'x-tif-paasid', text: '账号不存在' };
    if (!/^\d{1,12}$/.test(timestamp)) return { field: 'x-tif-timestamp', text: '不是秒数' };
    const tolerance = BigInt(this.#known.toleranceMs ?? 300_000);
    const offMs = BigInt(timestamp) * 1000n - BigInt(Math.trunc(nowMs));
    if (offMs > tolerance || offMs < -tolerance) return { field: 'x-tif-timestamp', text: '已过期' };
    if (nonce === '' || this.#nonces.has(`${timestamp}/${nonce}`))
      return { field: 'x-tif-nonce', text: '为空或已使用' };
    const expected = createHash('sha256').update(`${timestamp}${this.#known.token}${nonce}${timestamp}`);
    if (!sameText(signature, expected.digest('hex'))) return { field: 'x-tif-signature', text: '签名不符' };
    this.#remember(`${timestamp}/${nonce}`);
    return undefined;
  }

  #remember(nonce: string): void {
    this.#nonces.add(nonce);
    if (this.#nonces.size <= USED_NONCES) return;
    for (const oldest of this.#nonces) {
      this.#nonces.delete(oldest);
      break;
    }
  }
}

function one(value: string | string[] | undefined): string {
  return typeof value === 'string' ? value : '';
}

function sameText(left: string, right: string): boolean {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
}
