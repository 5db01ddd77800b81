import { assign, fromPromise, setup } from 'xstate';
import { type Fault, fault } from '#core/fault';
import { type Money, zeroMoney } from '#core/money';
import type {
  CheckoutEvent,
  IntentOutcome,
  PresenceOutcome,
  QuoteFacts,
  QuoteOutcome,
  ReadOutcome,
  SettleOutcome,
} from './events.ts';
import { brokenLimit } from './limits.ts';

export interface CheckoutContext {
  readonly lineCount: number;
  readonly total: Money;
  readonly quote: QuoteFacts | undefined;
  /** Last thing that went wrong with the holder and with the sale; the screen shows both. */
  readonly holderFault: Fault | undefined;
  readonly saleFault: Fault | undefined;
}

interface QuoteInput {
  readonly quote: QuoteFacts | undefined;
}

/** Effects are named here and supplied by the checkout service; running one that was not is a bug. */
function effect<Output, Input = undefined>(name: string) {
  return fromPromise<Output, Input>(() => {
    throw new Error(`effect "${name}" was not supplied`);
  });
}

const base = setup({
  types: { context: {} as CheckoutContext, events: {} as CheckoutEvent },
  actors: {
    identify: effect<ReadOutcome>('identify'),
    quote: effect<QuoteOutcome>('quote'),
    confirmPresence: effect<PresenceOutcome, QuoteInput>('confirmPresence'),
    storeIntent: effect<IntentOutcome, QuoteInput>('storeIntent'),
    settle: effect<SettleOutcome, QuoteInput>('settle'),
    deliver: effect<void>('deliver'),
  },
  guards: {
    hasLines: ({ context }) => context.lineCount > 0,
    payable: ({ event }) => event.type === 'sale.pay' && brokenLimit(event) === undefined,
  },
  actions: {
    clearHolderFault: assign({ holderFault: undefined }),
    rememberHolderFault: assign({
      holderFault: ({ event, context }) => ('fault' in event ? event.fault : context.holderFault),
    }),
    rememberBasket: assign(({ event }) =>
      event.type === 'basket.changed' ? { lineCount: event.lineCount, total: event.total } : {},
    ),
    dropQuote: assign({ quote: undefined }),
    clearSaleFault: assign({ saleFault: undefined }),
    rememberQuoteOfPayment: assign(({ event }) =>
      event.type === 'sale.pay' ? { quote: event.quote, saleFault: undefined } : {},
    ),
    rememberBrokenLimit: assign(({ event }) => {
      const code = event.type === 'sale.pay' ? brokenLimit(event) : undefined;
      return code === undefined ? {} : { saleFault: fault(code) };
    }),
    rememberEmptySale: assign({ saleFault: () => fault('sale-empty') }),
    startAnew: assign({ lineCount: 0, total: zeroMoney, quote: undefined, saleFault: undefined }),
  },
});

/** Who is at the counter: none → reading → authenticating → identified | refused; removed at any time. */
const holder = base.createStateConfig({
  initial: 'none',
  on: {
    'card.inserted': { target: '.reading' },
    'card.read-again': { target: '.reading' },
    // A certificate's code was scanned, or an identity number typed.
    'credential.shown': { target: '.reading' },
    'card.removed': { target: '.none', actions: 'rememberHolderFault' },
    'card.unusable': { target: '.refused', actions: 'rememberHolderFault' },
    'holder.dropped': { target: '.none', actions: 'clearHolderFault' },
  },
  states: {
    none: {},
    reading: {
      entry: 'clearHolderFault',
      initial: 'card',
      invoke: {
        id: 'identify',
        src: 'identify',
        onDone: [
          { guard: ({ event }) => event.output.kind === 'identified', target: 'identified' },
          {
            target: 'refused',
            actions: assign({
              holderFault: ({ event }) => (event.output.kind === 'refused' ? event.output.fault : undefined),
            }),
          },
        ],
        onError: { target: 'refused', actions: assign({ holderFault: () => fault('card-data-invalid') }) },
      },
      states: {
        card: { on: { 'card.authenticating': 'authenticating' } },
        authenticating: {},
      },
    },
    identified: {},
    refused: {},
  },
});

/** Intent on disk before the first byte leaves; then one of three outcomes, never two. */
const committing = base.createStateConfig({
  initial: 'checking',
  states: {
    checking: {
      invoke: {
        id: 'confirmPresence',
        src: 'confirmPresence',
        input: ({ context }) => ({ quote: context.quote }),
        onDone: [
          { guard: ({ event }) => event.output.kind === 'present', target: 'intent' },
          {
            guard: ({ event }) => event.output.kind === 'again',
            target: '#checkout.sale.confirming',
            actions: assign({
              saleFault: ({ event }) => (event.output.kind === 'again' ? event.output.fault : undefined),
            }),
          },
          {
            target: '#checkout.sale.selling',
            actions: assign({
              saleFault: ({ event }) => (event.output.kind === 'refused' ? event.output.fault : undefined),
            }),
          },
        ],
        onError: {
          target: '#checkout.sale.selling',
          actions: assign({ saleFault: () => fault('sale-interrupted') }),
        },
      },
    },
    intent: {
      invoke: {
        id: 'storeIntent',
        src: 'storeIntent',
        input: ({ context }) => ({ quote: context.quote }),
        onDone: [
          { guard: ({ event }) => event.output.kind === 'stored', target: 'settling' },
          {
            target: '#checkout.sale.selling',
            actions: assign({
              saleFault: ({ event }) => (event.output.kind === 'refused' ? event.output.fault : undefined),
            }),
          },
        ],
        // The intent may or may not be on disk: never go on, and never call it failed.
        onError: {
          target: '#checkout.sale.unknown',
          actions: assign({ saleFault: () => fault('sale-interrupted') }),
        },
      },
    },
    settling: {
      invoke: {
        id: 'settle',
        src: 'settle',
        input: ({ context }) => ({ quote: context.quote }),
        onDone: [
          { guard: ({ event }) => event.output.kind === 'settled', target: '#checkout.sale.delivering' },
          {
            guard: ({ event }) => event.output.kind === 'refused',
            target: '#checkout.sale.selling',
            actions: assign({
              saleFault: ({ event }) => (event.output.kind === 'refused' ? event.output.fault : undefined),
            }),
          },
          {
            target: '#checkout.sale.unknown',
            actions: assign({
              saleFault: ({ event }) => (event.output.kind === 'unknown' ? event.output.fault : undefined),
            }),
          },
        ],
        // An effect that broke after the intent: anything may have happened (P3).
        onError: {
          target: '#checkout.sale.unknown',
          actions: assign({ saleFault: () => fault('agency-no-answer') }),
        },
      },
    },
  },
});

const basketStays = { 'basket.changed': { actions: 'rememberBasket' } } as const;

/** The sale on screen: selling → quoting → confirming → committing → delivering → done, or unknown. */
const sale = base.createStateConfig({
  initial: 'selling',
  states: {
    selling: {
      entry: 'dropQuote',
      on: {
        'basket.changed': { actions: ['rememberBasket', 'clearSaleFault'] },
        'sale.quote': [
          { guard: 'hasLines', target: 'quoting', actions: 'clearSaleFault' },
          { actions: 'rememberEmptySale' },
        ],
        'sale.next': { actions: 'startAnew' },
      },
    },
    quoting: {
      on: {
        'basket.changed': { target: 'selling', actions: 'rememberBasket' },
        'sale.back': 'selling',
        'card.inserted': 'selling',
        'card.removed': 'selling',
        'card.unusable': 'selling',
        'credential.shown': 'selling',
      },
      invoke: {
        id: 'quote',
        src: 'quote',
        onDone: [
          {
            guard: ({ event }) => event.output.kind === 'quoted',
            target: 'confirming',
            actions: assign({
              quote: ({ event }) => (event.output.kind === 'quoted' ? event.output.quote : undefined),
            }),
          },
          {
            target: 'selling',
            actions: assign({
              saleFault: ({ event }) => (event.output.kind === 'refused' ? event.output.fault : undefined),
            }),
          },
        ],
        onError: { target: 'selling', actions: assign({ saleFault: () => fault('sale-interrupted') }) },
      },
    },
    confirming: {
      on: {
        'basket.changed': { target: 'selling', actions: 'rememberBasket' },
        'sale.back': 'selling',
        'sale.quote': 'quoting',
        // A card that comes after the quote makes it another sale: who pays what is asked anew.
        'card.inserted': 'selling',
        'credential.shown': 'selling',
        // P5: without its card the quote is void; the basket stays.
        'card.removed': 'selling',
        'card.unusable': 'selling',
        'holder.dropped': 'selling',
        'sale.pay': [
          { guard: 'payable', target: 'committing', actions: 'rememberQuoteOfPayment' },
          { actions: 'rememberBrokenLimit' },
        ],
      },
    },
    committing,
    delivering: {
      entry: 'clearSaleFault',
      invoke: {
        id: 'deliver',
        src: 'deliver',
        onDone: 'done',
        // A printer never changes a sale: the slip stays owed.
        onError: 'done',
      },
    },
    done: { on: { ...basketStays, 'sale.next': { target: 'selling', actions: 'startAnew' } } },
    unknown: {
      on: {
        'sale.next': { target: 'selling', actions: 'startAnew' },
        'sale.resolved': [
          { guard: ({ event }) => event.settled, target: 'delivering' },
          { target: 'selling', actions: 'startAnew' },
        ],
      },
    },
  },
});

/**
 * The checkout machine (design section 4): two parallel regions, effects by name. Nothing of it is
 * persisted: after a restart the service rebuilds it from rows.
 */
export const checkoutMachine = base.createMachine({
  id: 'checkout',
  type: 'parallel',
  context: {
    lineCount: 0,
    total: zeroMoney,
    quote: undefined,
    holderFault: undefined,
    saleFault: undefined,
  },
  states: { holder, sale },
});
