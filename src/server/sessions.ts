import type { Clock } from '#core/clock';
import { newSecret, sameSecret } from './token.ts';

/** A cashier's page that proved a PIN. Kept in memory only: a restart asks for the PIN again. */
export interface Session {
  readonly id: string;
  readonly csrf: string;
  readonly operator: { readonly number: string; readonly name: string; readonly role: string };
}

const IDLE_MS = 12 * 60 * 60 * 1000;
const MAX_SESSIONS = 32;

export class Sessions {
  readonly #clock: Clock;
  readonly #live = new Map<string, { session: Session; seenMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Makes a session; the oldest one goes when there are too many. */
  open(operator: Session['operator']): Session {
    const session: Session = { id: newSecret(), csrf: newSecret(), operator };
    const oldest = [...this.#live.keys()][0];
    if (this.#live.size >= MAX_SESSIONS && oldest !== undefined) this.#live.delete(oldest);
    this.#live.set(session.id, { session, seenMs: this.#clock.monotonicMs() });
    return session;
  }

  /** The session of a cookie, unless it has been idle for twelve hours. */
  find(id: string | undefined): Session | undefined {
    if (id === undefined) return undefined;
    const entry = this.#live.get(id);
    if (entry === undefined) return undefined;
    const nowMs = this.#clock.monotonicMs();
    this.#live.delete(id);
    if (nowMs - entry.seenMs > IDLE_MS) return undefined;
    this.#live.set(id, { session: entry.session, seenMs: nowMs });
    return entry.session;
  }

  close(id: string): void {
    this.#live.delete(id);
  }

  /** Whether the header of a state-changing request carries this session's own value. */
  static proves(session: Session, header: string | string[] | undefined): boolean {
    return typeof header === 'string' && sameSecret(header, session.csrf);
  }
}
