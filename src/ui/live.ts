import type { SessionEndedCode } from '#server/api-types';

const SESSION_ENDED: SessionEndedCode = 4401;
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 3_000;

export interface LiveHandlers<Message> {
  message(message: Message): void;
  /** How long a message may lie unread, in ms: what a verb did its own answer tells as well. */
  mayWaitMs?(): number;
  open(): void;
  lost(): void;
  /** Asked before each reconnect: false ends the attempts (the session is gone). */
  stillSignedIn(): Promise<boolean>;
  signedOut(): void;
}

export interface LiveLink {
  /** Reads at once what lies unread. */
  read(): void;
  end(): void;
}

/** Keeps one WebSocket to the till alive. */
export function connectLive<Message>(path: string, handlers: LiveHandlers<Message>): LiveLink {
  let socket: WebSocket | undefined;
  let timer: number | undefined;
  let retryMs = FIRST_RETRY_MS;
  let ended = false;
  const unread: string[] = [];
  let reading: number | undefined;

  const read = () => {
    window.clearTimeout(reading);
    reading = undefined;
    for (const text of unread.splice(0)) handlers.message(JSON.parse(text));
  };
  const drop = () => {
    window.clearTimeout(reading);
    reading = undefined;
    unread.length = 0;
  };
  const open = () => {
    socket = new WebSocket(`ws://${location.host}${path}`);
    socket.addEventListener('open', () => {
      retryMs = FIRST_RETRY_MS;
      handlers.open();
    });
    socket.addEventListener('message', ({ data }) => {
      unread.push(String(data));
      const waitMs = handlers.mayWaitMs?.() ?? 0;
      if (waitMs > 0) reading ??= window.setTimeout(read, waitMs);
      else if (reading === undefined) read();
    });
    socket.addEventListener('close', ({ code }) => {
      drop();
      if (ended) return;
      if (code === SESSION_ENDED) handlers.signedOut();
      else {
        handlers.lost();
        timer = window.setTimeout(() => void retry(), retryMs);
        retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
      }
    });
  };
  const retry = async () => {
    const signedIn = await handlers.stillSignedIn();
    if (ended) return;
    if (signedIn) open();
    else handlers.signedOut();
  };
  open();
  const end = () => {
    ended = true;
    window.clearTimeout(timer);
    drop();
    socket?.close();
  };
  return { read, end };
}
