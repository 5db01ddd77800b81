import { assign, fromPromise, setup } from 'xstate';
import type { Fault } from '#core/fault';

export type SignInOutcome =
  | { readonly kind: 'signed-in' }
  /** The shift opens without the agency; 9001 follows when the link is back. */
  | { readonly kind: 'signed-in-offline'; readonly fault: Fault }
  | { readonly kind: 'refused'; readonly fault: Fault };

export type CloseOutcome = { readonly kind: 'closed' } | { readonly kind: 'refused'; readonly fault: Fault };

export interface ShiftContext {
  readonly operatorNumber: string | undefined;
  readonly fault: Fault | undefined;
}

export type ShiftEvent =
  | { readonly type: 'shift.open'; readonly operatorNumber: string }
  | { readonly type: 'shift.close' }
  | { readonly type: 'shift.resume'; readonly operatorNumber: string };

const base = setup({
  types: { context: {} as ShiftContext, events: {} as ShiftEvent },
  actors: {
    signIn: fromPromise<SignInOutcome, { operatorNumber: string }>(() => {
      throw new Error('effect "signIn" was not supplied');
    }),
    close: fromPromise<CloseOutcome, { operatorNumber: string }>(() => {
      throw new Error('effect "close" was not supplied');
    }),
  },
  actions: {
    rememberOperator: assign(({ event }) =>
      'operatorNumber' in event ? { operatorNumber: event.operatorNumber, fault: undefined } : {},
    ),
    forgetOperator: assign({ operatorNumber: undefined }),
  },
});

/** shift: signed out → signing in (9001) → open → closing (four-way balance) → closed (9002). */
export const shiftMachine = base.createMachine({
  id: 'shift',
  initial: 'signed-out',
  context: { operatorNumber: undefined, fault: undefined },
  states: {
    'signed-out': {
      on: {
        'shift.open': { target: 'signing-in', actions: 'rememberOperator' },
        // After a restart the shift is taken up from its row; nobody is signed in twice.
        'shift.resume': { target: 'open', actions: 'rememberOperator' },
      },
    },
    'signing-in': {
      invoke: {
        id: 'signIn',
        src: 'signIn',
        input: ({ context }) => ({ operatorNumber: context.operatorNumber ?? '' }),
        onDone: [
          {
            guard: ({ event }) => event.output.kind === 'refused',
            target: 'signed-out',
            actions: assign({
              operatorNumber: undefined,
              fault: ({ event }) => (event.output.kind === 'refused' ? event.output.fault : undefined),
            }),
          },
          {
            target: 'open',
            actions: assign({
              fault: ({ event }) =>
                event.output.kind === 'signed-in-offline' ? event.output.fault : undefined,
            }),
          },
        ],
        onError: { target: 'signed-out', actions: 'forgetOperator' },
      },
    },
    open: {
      on: { 'shift.close': 'closing', 'shift.open': { target: 'signing-in', actions: 'rememberOperator' } },
    },
    closing: {
      invoke: {
        id: 'close',
        src: 'close',
        input: ({ context }) => ({ operatorNumber: context.operatorNumber ?? '' }),
        onDone: [
          {
            guard: ({ event }) => event.output.kind === 'closed',
            target: 'closed',
            // What refused an earlier try is cleared up.
            actions: ['forgetOperator', assign({ fault: undefined })],
          },
          {
            target: 'open',
            actions: assign({
              fault: ({ event }) => (event.output.kind === 'refused' ? event.output.fault : undefined),
            }),
          },
        ],
        onError: 'open',
      },
    },
    closed: { on: { 'shift.open': { target: 'signing-in', actions: 'rememberOperator' } } },
  },
});
