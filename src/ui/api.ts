import { immutableJSONPatch, type JSONPatchDocument } from 'immutable-json-patch';
import type {
  ChangesMediaType,
  FaultView,
  HasHeader,
  SessionAnswer,
  ShopAnswer,
  StateHeader,
} from '#server/api-types';
import { tillUnreachable } from './texts.ts';

const HAS: HasHeader = 'x-guitai-has';
const STATE: StateHeader = 'x-guitai-state';
const CHANGES: ChangesMediaType = 'application/json-patch+json';

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: FaultView };

/** Calls of the local API. The check value lives in this object only, never in the browser's storage. */
export class Api {
  #csrf: string;
  /** The state of the till that was answered last, and its name. */
  #told: Told | undefined;

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
    const before = this.#told;
    try {
      const has = before === undefined ? {} : { [HAS]: before.name };
      const headers = { ...request.headers, ...has };
      const response = await fetch(path, { credentials: 'same-origin', ...request, headers });
      const json = this.#whole(before, response, await response.json());
      // The server is ours and of the same build; its own tests hold these shapes.
      if (response.ok) return { ok: true, value: json as T };
      return { ok: false, error: (json as { error: FaultView }).error };
    } catch {
      // The next answer is asked for whole.
      this.#told = undefined;
      return { ok: false, error: tillUnreachable };
    }
  }

  /** The state of the till from what changed in the one before; anything else as it is. */
  #whole(before: Told | undefined, { headers }: Response, json: unknown): unknown {
    const name = headers.get(STATE);
    if (name === null) return json;
    const changed = before !== undefined && headers.get('content-type')?.startsWith(CHANGES) === true;
    const state = changed ? immutableJSONPatch(before.state, json as JSONPatchDocument) : json;
    this.#told = { name, state };
    return state;
  }
}

interface Told {
  readonly name: string;
  readonly state: unknown;
}
