import type { LiveAnswerHead, LiveAsk, SessionEndedCode } from '#server/api-types';

const SESSION_ENDED: SessionEndedCode = 4401;
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 3_000;

export interface LiveHandlers<Message> {
  message(message: Message): void;
  /** Until `lost` or the end the page may ask over this connection. */
  open(ask: Ask): void;
  lost(): void;
  /** Asked before each reconnect: false ends the attempts (the session is gone). */
  stillSignedIn(): Promise<boolean>;
  signedOut(): void;
}

export type LiveAnswer = LiveAnswerHead & { readonly body: unknown };
/**
 * Asks over the open connection. Undefined when nothing was sent; rejects when the connection is lost before the answer:
 * nobody knows then what was done.
 */
export type Ask = (question: Omit<LiveAsk, 'ask'>) => Promise<LiveAnswer> | undefined;

/** Keeps one WebSocket to the till alive; call the result to end it. */
export function connectLive<Message extends { readonly type: string }>(
  path: string,
  handlers: LiveHandlers<Message>,
): () => void {
  let socket: WebSocket | undefined;
  let timer: number | undefined;
  let retryMs = FIRST_RETRY_MS;
  let ended = false;

  const open = () => {
    const opened = new WebSocket(`ws://${location.host}${path}`);
    const questions = new Questions(opened);
    socket = opened;
    opened.addEventListener('open', () => {
      retryMs = FIRST_RETRY_MS;
      handlers.open((question) => questions.ask(question));
    });
    opened.addEventListener('message', ({ data }) => {
      // The server is ours and of the same build; its own tests hold these shapes.
      const message = JSON.parse(String(data)) as Message | LiveAnswer;
      if (message.type === 'answer') questions.answered(message as LiveAnswer);
      else handlers.message(message as Message);
    });
    opened.addEventListener('close', ({ code }) => {
      questions.lost();
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

/** What was asked over one connection and is not answered yet. */
class Questions {
  readonly #socket: WebSocket;
  readonly #open = new Map<number, { answer(answer: LiveAnswer): void; lose(): void }>();
  #count = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  ask(question: Omit<LiveAsk, 'ask'>): Promise<LiveAnswer> | undefined {
    if (this.#socket.readyState !== WebSocket.OPEN) return undefined;
    this.#count += 1;
    const ask = this.#count;
    this.#socket.send(JSON.stringify({ ask, ...question } satisfies LiveAsk));
    return new Promise((answer, reject) => {
      this.#open.set(ask, { answer, lose: () => reject(new Error('the connection was lost')) });
    });
  }

  answered(answer: LiveAnswer): void {
    this.#open.get(answer.ask)?.answer(answer);
    this.#open.delete(answer.ask);
  }

  lost(): void {
    for (const { lose } of this.#open.values()) lose();
    this.#open.clear();
  }
}
