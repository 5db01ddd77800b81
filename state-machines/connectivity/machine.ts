import { assign, fromPromise, setup } from 'xstate';
import type { Fault } from '#core/fault';

export interface ConnectivityOptions {
  /** Failures in a row that open the breaker. */
  readonly failuresToOpen: number;
  readonly firstProbeAfterMs: number;
  readonly probeAfterMaxMs: number;
  /** 0 ≤ value < 1; spreads the probes of many terminals after an outage. */
  readonly random: () => number;
}

export interface ConnectivityContext {
  readonly options: ConnectivityOptions;
  readonly failures: number;
  /** Probes since the breaker opened: the back-off grows with it. */
  readonly probes: number;
  readonly lastFault: Fault | undefined;
}

export type ConnectivityEvent =
  | { readonly type: 'link.worked' }
  | { readonly type: 'link.failed'; readonly fault: Fault; readonly nothingSent: boolean }
  | { readonly type: 'operator.forces-offline' }
  | { readonly type: 'operator.allows-online' }
  | { readonly type: 'probe.now' };

/**
 * Wait before the next probe: doubling with a ceiling, then between half and all of it at random, so that
 * a village of terminals does not come back in the same second.
 */
export function probeDelayMs({ options, probes }: ConnectivityContext): number {
  const wholeMs = Math.min(options.probeAfterMaxMs, options.firstProbeAfterMs * 2 ** Math.min(probes, 16));
  return wholeMs / 2 + (wholeMs / 2) * options.random();
}

const base = setup({
  types: {
    context: {} as ConnectivityContext,
    events: {} as ConnectivityEvent,
    input: {} as ConnectivityOptions,
  },
  actors: {
    probe: fromPromise<boolean>(() => {
      throw new Error('effect "probe" was not supplied');
    }),
  },
  delays: { untilProbe: ({ context }) => probeDelayMs(context) },
  guards: {
    opensBreaker: ({ context, event }) =>
      event.type === 'link.failed' &&
      (event.nothingSent || context.failures + 1 >= context.options.failuresToOpen),
  },
  actions: {
    countFailure: assign(({ context, event }) =>
      event.type === 'link.failed' ? { failures: context.failures + 1, lastFault: event.fault } : {},
    ),
    forgetFailures: assign({ failures: 0, probes: 0, lastFault: undefined }),
    countProbe: assign({ probes: ({ context }) => context.probes + 1 }),
  },
});

/**
 * connectivity (design section 4): online · degraded · offline with a circuit breaker. While offline only a
 * half-open probe goes out; an operator may force offline, never online.
 */
export const connectivityMachine = base.createMachine({
  id: 'connectivity',
  initial: 'online',
  context: ({ input }) => ({ options: input, failures: 0, probes: 0, lastFault: undefined }),
  on: { 'operator.forces-offline': '.forced' },
  states: {
    online: {
      on: {
        'link.worked': { actions: 'forgetFailures' },
        'link.failed': [
          { guard: 'opensBreaker', target: 'offline', actions: 'countFailure' },
          { target: 'degraded', actions: 'countFailure' },
        ],
      },
    },
    degraded: {
      on: {
        'link.worked': { target: 'online', actions: 'forgetFailures' },
        'link.failed': [
          { guard: 'opensBreaker', target: 'offline', actions: 'countFailure' },
          { actions: 'countFailure' },
        ],
      },
    },
    offline: {
      initial: 'waiting',
      on: {
        'link.worked': { target: 'online', actions: 'forgetFailures' },
        'link.failed': { actions: 'countFailure' },
      },
      states: {
        waiting: {
          after: { untilProbe: 'probing' },
          on: { 'probe.now': 'probing' },
        },
        probing: {
          entry: 'countProbe',
          invoke: {
            id: 'probe',
            src: 'probe',
            onDone: [
              {
                guard: ({ event }) => event.output,
                target: '#connectivity.online',
                actions: 'forgetFailures',
              },
              { target: 'waiting' },
            ],
            onError: 'waiting',
          },
        },
      },
    },
    forced: { on: { 'operator.allows-online': 'offline.probing' } },
  },
});
