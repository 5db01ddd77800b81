import { immutableJSONPatch, type JSONPatchDocument } from 'immutable-json-patch';
import type {
  ChangesMediaType,
  FaultView,
  HasHeader,
  LiveAsk,
  SessionAnswer,
  ShopAnswer,
  StateHeader,
} from '#server/api-types';
import type { Ask, LiveAnswer } from './live.ts';
import { tillUnreachable } from './texts.ts';

const HAS: HasHeader = 'x-guitai-has';
const STATE: StateHeader = 'x-guitai-state';
const CHANGES: ChangesMediaType = 'application/json-patch+json';

/** The verbs of the sale: what the server takes over the live connection as well (`overLive` there). */
export function goesOverLive(method: string, path: string): method is LiveAsk['method'] {
  return method !== 'GET' && /^\/api\/(?:scan$|account$|sale\/)/.test(path);
}

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: FaultView };

/** Calls of the local API. The check value lives in this object only, never in the browser's storage. */
export class Api {
  #csrf: string;
  /** The state of the till that was answered last, and its name. */
  #told: Told | undefined;
  #ask: Ask | undefined;

  constructor(csrf = '') {
    this.#csrf = csrf;
  }

  async shop(): Promise<Answer<ShopAnswer>> {
    const answer = await this.get<ShopAnswer>('/api/shop');
    if (answer.ok) this.#csrf = answer.value.session?.csrf ?? '';
    return answer;
  }

  /** The live connection of this session, as long as it is open: the verbs of the sale go over it. */
  askOver(ask: Ask | undefined): void {
    this.#ask = ask;
  }

  async signIn(number: string, pin: string): Promise<Answer<SessionAnswer>> {
    // The connection that stands is another session's.
    this.#ask = undefined;
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
    return this.#fetch<T>(path, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream', 'x-guitai-csrf': this.#csrf },
      body: file,
    });
  }

  delete<T>(path: string): Promise<Answer<T>> {
    return this.#call<T>('DELETE', path, {});
  }

  #call<T>(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<Answer<T>> {
    const before = this.#told;
    const live = goesOverLive(method, path)
      ? this.#ask?.({
          method,
          url: path,
          body: (body ?? {}) as LiveAsk['body'],
          csrf: this.#csrf,
          ...(before === undefined ? {} : { has: before.name }),
        })
      : undefined;
    if (live !== undefined) return this.#answer<T>(before, live);
    return this.#fetch<T>(path, {
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

  #fetch<T>(path: string, request: RequestInit): Promise<Answer<T>> {
    const before = this.#told;
    const has = before === undefined ? {} : { [HAS]: before.name };
    const headers = { ...request.headers, ...has };
    return this.#answer<T>(before, fetched(path, { credentials: 'same-origin', ...request, headers }));
  }

  async #answer<T>(before: Told | undefined, asked: Promise<Answered>): Promise<Answer<T>> {
    try {
      const answered = await asked;
      const json = this.#whole(before, answered);
      // The server is ours and of the same build; its own tests hold these shapes.
      if (answered.status < 300) return { ok: true, value: json as T };
      return { ok: false, error: (json as { error: FaultView }).error };
    } catch {
      // The next answer is asked for whole.
      this.#told = undefined;
      return { ok: false, error: tillUnreachable };
    }
  }

  /** The state of the till from what changed in the one before; anything else as it is. */
  #whole(before: Told | undefined, { state: name, changes, body }: Answered): unknown {
    if (name === undefined) return body;
    const state =
      before !== undefined && changes ? immutableJSONPatch(before.state, body as JSONPatchDocument) : body;
    this.#told = { name, state };
    return state;
  }
}

async function fetched(path: string, request: RequestInit): Promise<Answered> {
  const response = await fetch(path, request);
  const { status, headers } = response;
  const state = headers.get(STATE);
  return {
    status,
    changes: headers.get('content-type')?.startsWith(CHANGES) === true,
    ...(state === null ? {} : { state }),
    body: await response.json(),
  };
}

/** An answer of the server, whichever way it came. */
type Answered = Pick<LiveAnswer, 'status' | 'changes' | 'state' | 'body'>;
type Method = LiveAsk['method'] | 'GET';

interface Told {
  readonly name: string;
  readonly state: unknown;
}
