import type { Clock } from '#core/clock';
import type { OperatorRole } from '#core/domain/rights';
import { newSecret, sameSecret } from './token.ts';

/** A cashier's page that proved a PIN. Kept in memory only: a restart asks for the PIN again. */
export interface Session {
  readonly id: string;
  readonly csrf: string;
  readonly operator: { readonly number: string; readonly name: string; readonly role: OperatorRole };
}

const IDLE_MS = 12 * 60 * 60 * 1000;
const MAX_SESSIONS = 32;
/** So long after the password a quick PIN does. */
const PROVED_MS = 12 * 60 * 60 * 1000;

export class Sessions {
  readonly #clock: Clock;
  readonly #live = new Map<string, { session: Session; seenMs: number; beforeMs: number }>();
  readonly #proved = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Makes a session; the oldest one goes when there are too many. */
  open(operator: Session['operator']): Session {
    const session: Session = { id: newSecret(), csrf: newSecret(), operator };
    const oldest = [...this.#live.keys()][0];
    if (this.#live.size >= MAX_SESSIONS && oldest !== undefined) this.#live.delete(oldest);
    const nowMs = this.#clock.monotonicMs();
    this.#live.set(session.id, { session, seenMs: nowMs, beforeMs: nowMs });
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
    this.#live.set(id, { session: entry.session, seenMs: nowMs, beforeMs: entry.seenMs });
    return entry.session;
  }

  close(id: string): void {
    this.#live.delete(id);
  }

  /** How long before the request that is answered now the page was last heard of; that request is no use of it. */
  idleMs(id: string): number {
    const entry = this.#live.get(id);
    if (entry === undefined) return Number.POSITIVE_INFINITY;
    const idleMs = entry.seenMs - entry.beforeMs;
    this.#live.set(id, { ...entry, seenMs: entry.beforeMs });
    return idleMs;
  }

  /** Ends every session of an operator; answers their ids. */
  closeOf(operator: string): readonly string[] {
    const ids = [...this.#live].filter(([, { session }]) => session.operator.number === operator);
    for (const [id] of ids) this.#live.delete(id);
    this.#proved.delete(operator);
    return ids.map(([id]) => id);
  }

  /** The operator showed the password to this program. */
  provedPassword(operator: string): void {
    this.#proved.set(operator, this.#clock.monotonicMs());
  }

  /** Whether that was within the last twelve hours: then the quick PIN does. */
  provedLately(operator: string): boolean {
    const provedMs = this.#proved.get(operator);
    return provedMs !== undefined && this.#clock.monotonicMs() - provedMs < PROVED_MS;
  }

  /** Whether the header of a state-changing request carries this session's own value. */
  static proves(session: Session, header: string | string[] | undefined): boolean {
    return typeof header === 'string' && sameSecret(header, session.csrf);
  }
}
