import type { WebSocket } from '@fastify/websocket';
import type { Till } from '#checkout/facade';
import type { Clock } from '#core/clock';
import type { TrainingShop } from '#core/training';
import type { CustomerMessage, LiveMessage } from './api-types.ts';
import type { Caller } from './route.ts';

const SESSION_ENDED = 4401;
const GOING_AWAY = 1001;
const MAX_CONNECTIONS = 32;
const GOODBYE_MS = 500;
/** So much later comes what a page's own verb changed: that page is told by its answer, and has drawn it by then. */
const AFTER_ANSWER_MS = 50;

type Message = LiveMessage | CustomerMessage;

interface Watcher {
  readonly socket: WebSocket;
  readonly caller: Caller;
  /** Parts that this connection is told. */
  readonly parts: ReadonlySet<Message['type']>;
  /** Parts that changed since they were last sent. */
  readonly due: Set<Message['type']>;
  sending: boolean;
}

/**
 * Pushes the whole state to each connected page at every change. Changes of one moment, and those that come
 * while a page is still receiving, become one message: the newest state, never a backlog.
 */
export class LiveHub {
  readonly #till: Till;
  readonly #training: TrainingShop | undefined;
  readonly #clock: Clock;
  readonly #watchers = new Set<Watcher>();
  readonly #unsubscribe: (() => void)[] = [];
  /** Verbs of pages that run now. */
  #verbs = 0;

  constructor(till: Till, training: TrainingShop | undefined, clock: Clock) {
    this.#till = till;
    this.#clock = clock;
    this.#training = training;
    this.#unsubscribe.push(
      till.subscribe(() => {
        this.#changed('till');
        this.#changed('customer');
      }),
    );
    if (training !== undefined) this.#unsubscribe.push(training.subscribe(() => this.#changed('training')));
  }

  /** A cashier's page, or another program: the whole till. */
  add(socket: WebSocket, caller: Caller): void {
    this.#add(socket, caller, this.#training === undefined ? ['till'] : ['till', 'training']);
  }

  /** A customer's screen: nothing but what the customer may see. */
  addCustomer(socket: WebSocket, caller: Caller): void {
    socket.on('message', () => socket.close(1003, 'this connection only listens'));
    this.#add(socket, caller, ['customer']);
  }

  #add(socket: WebSocket, caller: Caller, parts: readonly Message['type'][]): void {
    if (this.#watchers.size >= MAX_CONNECTIONS) {
      socket.close(1013, 'too many connections');
      return;
    }
    const watcher: Watcher = { socket, caller, parts: new Set(parts), due: new Set(parts), sending: false };
    this.#watchers.add(watcher);
    socket.on('close', () => this.#watchers.delete(watcher));
    socket.on('error', () => socket.terminate());
    this.#flush(watcher);
  }

  /** Does a page's verb, whose answer tells the state that it leaves. */
  async during<T>(verb: () => Promise<T>): Promise<T> {
    this.#verbs += 1;
    try {
      return await verb();
    } finally {
      this.#verbs -= 1;
    }
  }

  /** Ends the connections of a session that was signed out. */
  endSession(sessionId: string): void {
    for (const { socket, caller } of this.#watchers) {
      if (caller.kind === 'page' && caller.session.id === sessionId)
        socket.close(SESSION_ENDED, 'signed out');
    }
  }

  /** Says goodbye to every page; one that does not answer in time is cut off. */
  async close(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    await Promise.all([...this.#watchers].map((watcher) => this.#dismiss(watcher.socket)));
  }

  #dismiss(socket: WebSocket): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#clock.after(GOODBYE_MS, () => socket.terminate());
      socket.once('close', () => {
        cancel();
        resolve();
      });
      socket.close(GOING_AWAY, 'the till stops');
    });
  }

  #changed(part: Message['type']): void {
    for (const watcher of this.#watchers) {
      if (!watcher.parts.has(part)) continue;
      const waiting = watcher.due.size > 0;
      watcher.due.add(part);
      if (waiting || watcher.sending) continue;
      if (this.#verbs > 0) this.#clock.after(AFTER_ANSWER_MS, () => this.#flush(watcher));
      else setImmediate(() => this.#flush(watcher));
    }
  }

  #flush(watcher: Watcher): void {
    const part = [...watcher.due][0];
    if (part === undefined || watcher.sending || watcher.socket.readyState !== watcher.socket.OPEN) return;
    watcher.due.delete(part);
    watcher.sending = true;
    watcher.socket.send(JSON.stringify(this.#message(part)), () => {
      watcher.sending = false;
      this.#flush(watcher);
    });
  }

  #message(part: Message['type']): Message {
    if (part === 'customer') return { type: 'customer', customer: this.#till.customer() };
    if (part === 'training' && this.#training !== undefined) {
      return { type: 'training', training: this.#training.state() };
    }
    return { type: 'till', till: this.#till.view() };
  }
}
