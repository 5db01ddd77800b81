import type { SessionEndedCode } from '#server/api-types';

const SESSION_ENDED: SessionEndedCode = 4401;
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 3_000;

export interface LiveHandlers<Message> {
  message(message: Message): void;
  open(): void;
  lost(): void;
  /** Asked before each reconnect: false ends the attempts (the session is gone). */
  stillSignedIn(): Promise<boolean>;
  signedOut(): void;
}

/** Keeps one WebSocket to the till alive; call the result to end it. */
export function connectLive<Message>(path: string, handlers: LiveHandlers<Message>): () => void {
  let socket: WebSocket | undefined;
  let timer: number | undefined;
  let retryMs = FIRST_RETRY_MS;
  let ended = false;

  const open = () => {
    socket = new WebSocket(`ws://${location.host}${path}`);
    socket.addEventListener('open', () => {
      retryMs = FIRST_RETRY_MS;
      handlers.open();
    });
    socket.addEventListener('message', ({ data }) => handlers.message(JSON.parse(String(data))));
    socket.addEventListener('close', ({ code }) => {
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
  return () => {
    ended = true;
    window.clearTimeout(timer);
    socket?.close();
  };
}
