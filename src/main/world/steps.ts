import type { Customer, PullPlan } from './cards.ts';
import type { Fate } from './fates.ts';
import type { CrashPlan } from './machine.ts';
import type { PrintFate } from './printer.ts';

/** What may befall a step. */
export interface Perils {
  /** What happens to the messages that are sent during the step. */
  readonly fates?: readonly Fate[];
  readonly crash?: CrashPlan;
  readonly pull?: PullPlan;
  /** After the pull somebody puts this card in. */
  readonly swap?: Customer;
  readonly print?: PrintFate;
}

/** One thing that somebody does or that happens; every step stands for itself, so that others can be left out. */
export type Step = Perils & Deed;

export type Deed =
  | { readonly do: 'card'; readonly customer: Customer }
  | { readonly do: 'pull-card' }
  | {
      readonly do: 'sell';
      /** Places in the starter list, and packs. */
      readonly goods: readonly (readonly [number, number])[];
      readonly way: 'insured' | 'no-account' | 'own-pay';
    }
  | {
      /** A whole sale by another program; repeated with the same reference when it failed. */
      readonly do: 'basket';
      readonly reference: string;
      readonly goods: readonly (readonly [number, number])[];
      readonly pay: 'account' | 'cash';
      readonly repeated: boolean;
    }
  | { readonly do: 'hold'; readonly goods: readonly (readonly [number, number])[] }
  | { readonly do: 'recall'; readonly which: number }
  | { readonly do: 'cancel'; readonly which: number }
  | { readonly do: 'give-up'; readonly which: number }
  | { readonly do: 'dispute'; readonly which: number; readonly decision: 'accept' | 'cancel' }
  | { readonly do: 'copy'; readonly which: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'reconcile'; readonly daysBack: number }
  | { readonly do: 'sync' }
  | { readonly do: 'line'; readonly isUp: boolean }
  | { readonly do: 'force-offline'; readonly isForced: boolean }
  | { readonly do: 'paper'; readonly isThere: boolean }
  | { readonly do: 'printer'; readonly isPlugged: boolean }
  | { readonly do: 'module'; readonly isIn: boolean }
  | { readonly do: 'disk'; readonly isFull: boolean }
  | { readonly do: 'clock'; readonly byMs: number }
  | { readonly do: 'power-cut' }
  | { readonly do: 'night'; readonly hours: number; readonly how: 'close' | 'stop' | 'power-cut' | 'sleep' }
  /** The holder buys somewhere else: the account holds less than the till knows. */
  | { readonly do: 'other-shop'; readonly customer: Customer; readonly fen: number }
  /** The card was reported lost an hour ago: a queued sale of it will be refused. */
  | { readonly do: 'lose-card'; readonly customer: Customer };
