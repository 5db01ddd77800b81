import { type Actor, createActor, fromPromise } from 'xstate';
import type { AgencyOutcome, AgencyPort, MessageContext } from '#agency/port';
import type { Clock } from '#core/clock';
import type { Fault } from '#core/fault';
import { connectivityMachine } from '#machines/connectivity/machine';

export interface LinkStatus {
  readonly state: 'online' | 'degraded' | 'offline';
  readonly forced: boolean;
  readonly fault: Fault | undefined;
  readonly sinceMs: number;
}

export interface LinkOptions {
  readonly agency: AgencyPort;
  readonly clock: Clock;
  readonly random: () => number;
  /** Who signs in for a probe; undefined while nobody is at the counter. */
  readonly context: () => MessageContext | undefined;
  readonly onSignedIn: (signInNumber: string) => void;
  readonly onChange: () => void;
}

/**
 * The link to the agency as the counter sees it. Every outcome of every message is reported here; while it
 * is offline only a probe goes out. The interface has no ping, so the probe is 9001: harmless, and the
 * clients of the field sign in again whenever a sign-in is no longer valid (interface section 2).
 */
export class AgencyLink {
  readonly #actor: Actor<typeof connectivityMachine>;
  readonly #options: LinkOptions;
  #state: LinkStatus['state'] | 'forced' = 'online';
  #sinceMs: number;
  #signingIn: Promise<void> | undefined;
  #stopped = false;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#sinceMs = options.clock.nowMs();
    const { clock, random } = options;
    this.#actor = createActor(
      connectivityMachine.provide({ actors: { probe: fromPromise(() => this.#probe()) } }),
      {
        input: { failuresToOpen: 3, firstProbeAfterMs: 2_000, probeAfterMaxMs: 60_000, random },
        clock: xstateClock(clock),
      },
    );
    this.#actor.subscribe((snapshot) => {
      const state = snapshot.matches('forced') ? 'forced' : topState(snapshot.value);
      if (state !== this.#state) this.#sinceMs = clock.nowMs();
      this.#state = state;
      options.onChange();
    });
    this.#actor.start();
  }

  status(): LinkStatus {
    const forced = this.#state === 'forced';
    const state = this.#state === 'forced' ? 'offline' : this.#state;
    return { state, forced, fault: this.#actor.getSnapshot().context.lastFault, sinceMs: this.#sinceMs };
  }

  /** Whether a question or a sale may be sent to the agency now. */
  usable(): boolean {
    return this.#state === 'online' || this.#state === 'degraded';
  }

  /**
   * Counts one outcome; a refusal with words is a working link. A refusal over the sign-in renews it, so that
   * the next try of the message finds a fresh one.
   */
  report<T>(outcome: AgencyOutcome<T>): AgencyOutcome<T> {
    if (signInEnded(outcome)) void this.signInAgain();
    return this.#count(outcome);
  }

  #count<T>(outcome: AgencyOutcome<T>): AgencyOutcome<T> {
    // An answer that comes after the end is recorded by whoever asked; the link has nothing to learn.
    if (this.#stopped) return outcome;
    const broken =
      outcome.kind === 'unknown' ||
      (outcome.kind === 'refused' && outcome.fault.code === 'agency-unreachable');
    if (broken)
      this.#actor.send({
        type: 'link.failed',
        fault: outcome.fault,
        nothingSent: outcome.kind === 'refused',
      });
    else this.#actor.send({ type: 'link.worked' });
    return outcome;
  }

  /**
   * Asks a question that books nothing. A sign-in that is no longer valid is renewed and the question asked
   * once more: nothing happened at the agency, so asking again is safe.
   */
  async ask<T>(question: (context: MessageContext) => Promise<AgencyOutcome<T>>): Promise<AgencyOutcome<T>> {
    const first = this.#count(await question(this.#context()));
    if (!signInEnded(first)) return first;
    await this.signInAgain();
    return this.#count(await question(this.#context()));
  }

  /**
   * Asks what no sale depends on: the same, but how it ends says nothing about the link. A region may not even
   * answer this transaction, and the till must not go offline over that.
   */
  async askAside<T>(
    question: (context: MessageContext) => Promise<AgencyOutcome<T>>,
  ): Promise<AgencyOutcome<T>> {
    const first = await question(this.#context());
    if (!signInEnded(first) || this.#stopped) return first;
    await this.signInAgain();
    return question(this.#context());
  }

  /** 9001 with the operator of the shift; several callers at once share one sign-in. */
  signInAgain(): Promise<void> {
    this.#signingIn ??= this.#signIn().finally(() => {
      this.#signingIn = undefined;
    });
    return this.#signingIn;
  }

  async #signIn(): Promise<void> {
    const outcome = this.#count(await this.#options.agency.signIn(this.#context()));
    if (outcome.kind === 'success') this.#options.onSignedIn(outcome.value.signInNumber);
  }

  #context(): MessageContext {
    return (
      this.#options.context() ?? { operator: { number: '', name: '', role: 'cashier' }, signInNumber: '' }
    );
  }

  forceOffline(forced: boolean): void {
    this.#actor.send({ type: forced ? 'operator.forces-offline' : 'operator.allows-online' });
  }

  /** Probes now instead of at the end of the back-off; does nothing while online or forced offline. */
  probeNow(): void {
    this.#actor.send({ type: 'probe.now' });
  }

  stop(): void {
    this.#stopped = true;
    this.#actor.stop();
  }

  async #probe(): Promise<boolean> {
    const context = this.#options.context();
    if (context === undefined) return false;
    const outcome = await this.#options.agency.signIn(context);
    if (outcome.kind === 'success') this.#options.onSignedIn(outcome.value.signInNumber);
    return outcome.kind === 'success' || (outcome.kind === 'refused' && outcome.agencyText !== '');
  }
}

function signInEnded(outcome: AgencyOutcome<unknown>): boolean {
  return outcome.kind === 'refused' && outcome.fault.code === 'agency-sign-in-invalid';
}

function topState(value: unknown): LinkStatus['state'] {
  if (value === 'online' || value === 'degraded') return value;
  return 'offline';
}

/** XState's clock over ours; it keeps timers by id. */
export function xstateClock(clock: Clock): {
  setTimeout(run: (...args: never[]) => void, timeoutMs: number): unknown;
  clearTimeout(id: unknown): void;
} {
  return {
    setTimeout: (run, timeoutMs) => clock.after(timeoutMs, run as () => void),
    clearTimeout: (cancel) => {
      if (typeof cancel === 'function') cancel();
    },
  };
}
