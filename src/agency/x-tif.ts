import { createHash, randomBytes } from 'node:crypto';

/**
 * What a gateway wants to see in the HTTP headers besides the message. A region with another way (x-ca with
 * HMAC-SM3, a fixed api key, a bearer token: interface table 1.4) is another implementation of this type.
 */
export type SignHeaders = (body: Uint8Array, nowMs: number) => Readonly<Record<string, string>>;

/** Account (paasid) and the secret that belongs to it. */
export interface XTifCredentials {
  readonly account: string;
  readonly token: string;
}

/**
 * x-tif headers (interface section 1.4): lower-case hex of SHA-256 over timestamp + token + nonce + timestamp,
 * unix seconds.
 */
export function xTifSigner(credentials: XTifCredentials, nonce: () => string = randomNonce): SignHeaders {
  return (_body, nowMs) => {
    const timestamp = String(Math.floor(nowMs / 1000));
    const once = nonce();
    return {
      'x-tif-paasid': credentials.account,
      'x-tif-timestamp': timestamp,
      'x-tif-nonce': once,
      'x-tif-signature': createHash('sha256')
        .update(`${timestamp}${credentials.token}${once}${timestamp}`, 'utf8')
        .digest('hex'),
    };
  };
}

/** A gateway that asks for no headers. */
export const noSignature: SignHeaders = () => ({});

function randomNonce(): string {
  return randomBytes(8).toString('hex');
}
