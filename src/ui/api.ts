import type { FaultView, SessionAnswer, ShopAnswer } from '#server/api-types';
import { tillUnreachable } from './texts.ts';

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: FaultView };

/** Calls of the local API. The check value lives in this object only, never in the browser's storage. */
export class Api {
  #csrf: string;

  constructor(csrf = '') {
    this.#csrf = csrf;
  }

  async shop(): Promise<Answer<ShopAnswer>> {
    const answer = await this.get<ShopAnswer>('/api/shop');
    if (answer.ok) this.#csrf = answer.value.session?.csrf ?? '';
    return answer;
  }

  async signIn(number: string, pin: string): Promise<Answer<SessionAnswer>> {
    const answer = await this.post<SessionAnswer>('/api/session', { number, pin });
    if (answer.ok) this.#csrf = answer.value.csrf;
    return answer;
  }

  get<T>(path: string, signal?: AbortSignal): Promise<Answer<T>> {
    return this.#call<T>('GET', path, undefined, signal);
  }

  post<T>(path: string, body: unknown = {}): Promise<Answer<T>> {
    return this.#call<T>('POST', path, body);
  }

  put<T>(path: string, body: unknown): Promise<Answer<T>> {
    return this.#call<T>('PUT', path, body);
  }

  patch<T>(path: string, body: unknown): Promise<Answer<T>> {
    return this.#call<T>('PATCH', path, body);
  }

  /** A file as it is. */
  upload<T>(path: string, file: Blob): Promise<Answer<T>> {
    return this.#answer<T>(path, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream', 'x-guitai-csrf': this.#csrf },
      body: file,
    });
  }

  delete<T>(path: string): Promise<Answer<T>> {
    return this.#call<T>('DELETE', path, {});
  }

  #call<T>(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<Answer<T>> {
    return this.#answer<T>(path, {
      method,
      ...(signal === undefined ? {} : { signal }),
      ...(body === undefined
        ? {}
        : {
            headers: { 'content-type': 'application/json', 'x-guitai-csrf': this.#csrf },
            body: JSON.stringify(body),
          }),
    });
  }

  async #answer<T>(path: string, request: RequestInit): Promise<Answer<T>> {
    try {
      const response = await fetch(path, { credentials: 'same-origin', ...request });
      const json: unknown = await response.json();
      // The server is ours and of the same build; its own tests hold these shapes.
      if (response.ok) return { ok: true, value: json as T };
      return { ok: false, error: (json as { error: FaultView }).error };
    } catch {
      return { ok: false, error: tillUnreachable };
    }
  }
}
