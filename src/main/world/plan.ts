import { type Customer, customers } from './cards.ts';
import type { Fate, FatedTransaction, FateKind } from './fates.ts';
import { SeededRandom } from './random.ts';
import type { Deed, Perils, Step } from './steps.ts';

const DAY_MS = 86_400_000;
/** How far the till's clock is set off: 0 puts it right; days are what a machine without its battery wakes with. */
const CLOCK_ERRORS_MS = [
  ...[-3_600_000, -90_000, -5_000, 0, 0, 5_000, 90_000, 240_000],
  ...[80_000_000, -3 * DAY_MS, 3 * DAY_MS],
];

/** What kind of place a world is: how often what befalls it. Probabilities per step. */
interface Mood {
  readonly name: string;
  readonly fates: number;
  readonly crash: number;
  readonly pull: number;
  readonly print: number;
  /** The line goes down, and how likely it comes back at a later step. */
  readonly lineDown: number;
  readonly lineUp: number;
  readonly night: number;
  readonly devices: number;
  readonly disk: number;
  readonly clock: number;
  readonly outside: number;
}

const calm: Mood = {
  name: 'calm',
  fates: 0.1,
  crash: 0.01,
  pull: 0.02,
  print: 0.02,
  lineDown: 0.01,
  lineUp: 0.2,
  night: 0.01,
  devices: 0.02,
  disk: 0.003,
  clock: 0.01,
  outside: 0.01,
};

const moods: readonly Mood[] = [
  calm,
  { ...calm, name: 'storm', fates: 0.5, lineDown: 0.03 },
  { ...calm, name: 'crashes', fates: 0.25, crash: 0.2, print: 0.05 },
  { ...calm, name: 'village', lineDown: 0.08, lineUp: 0.04, night: 0.12, clock: 0.02, outside: 0.03 },
  { ...calm, name: 'devices', pull: 0.15, print: 0.15, devices: 0.12, crash: 0.05 },
  { ...calm, name: 'bad disk', disk: 0.03, crash: 0.1, fates: 0.2 },
  {
    name: 'everything',
    fates: 0.3,
    crash: 0.08,
    pull: 0.08,
    print: 0.06,
    lineDown: 0.04,
    lineUp: 0.15,
    night: 0.04,
    devices: 0.05,
    disk: 0.01,
    clock: 0.04,
    outside: 0.03,
  },
];

export interface Plan {
  readonly seed: number;
  readonly mood: string;
  readonly steps: readonly Step[];
}

/** The course of a world with this many tries to sell, made from the seed alone. */
export function planWorld(seed: number, sales: number, products: number): Plan {
  const random = new SeededRandom(seed);
  const mood = random.pick(moods);
  const maker = new StepMaker(random, mood, products);
  const steps: Step[] = [];
  for (let sold = 0; sold < sales; ) {
    const step = maker.next();
    steps.push(step);
    if (step.do === 'sell' || step.do === 'basket') sold += 1;
  }
  return { seed, mood: mood.name, steps };
}

class StepMaker {
  readonly #random: SeededRandom;
  readonly #mood: Mood;
  readonly #products: number;
  #isLineUp = true;
  #isDiskFull = false;
  #isPaperOut = false;
  #isModuleOut = false;
  #isUnplugged = false;
  #isForced = false;
  #references = 0;

  constructor(random: SeededRandom, mood: Mood, products: number) {
    this.#random = random;
    this.#mood = mood;
    this.#products = products;
  }

  next(): Step {
    const deed = this.#outside() ?? this.#deed();
    return { ...deed, ...this.#perils(deed) };
  }

  /** What happens without anybody at the counter. */
  #outside(): Deed | undefined {
    const random = this.#random;
    const { lineDown, lineUp, night, devices, disk, clock, outside } = this.#mood;
    if (this.#isDiskFull && random.chance(0.35)) {
      this.#isDiskFull = false;
      return { do: 'disk', isFull: false };
    }
    if (random.chance(this.#isLineUp ? lineDown : lineUp)) {
      this.#isLineUp = !this.#isLineUp;
      return { do: 'line', isUp: this.#isLineUp };
    }
    if (random.chance(night)) return this.#night();
    if (random.chance(devices) || (this.#somethingOut() && random.chance(0.2))) return this.#device();
    if (random.chance(disk)) {
      this.#isDiskFull = true;
      return { do: 'disk', isFull: true };
    }
    if (random.chance(clock))
      return {
        do: 'clock',
        byMs: random.pick(CLOCK_ERRORS_MS),
      };
    if (random.chance(outside))
      return random.chance(0.6)
        ? { do: 'other-shop', customer: random.pick(customers), fen: random.int(1, 300_00) }
        : { do: 'lose-card', customer: random.pick(customers) };
    return undefined;
  }

  #somethingOut(): boolean {
    return this.#isPaperOut || this.#isModuleOut || this.#isUnplugged || this.#isForced;
  }

  #night(): Deed {
    const random = this.#random;
    const how = random.weighted([
      [3, 'close'],
      [3, 'stop'],
      [2, 'power-cut'],
      [2, 'sleep'],
    ] as const);
    return { do: 'night', hours: random.pick([1, 14, 14, 14, 38]), how };
  }

  #device(): Deed {
    switch (this.#random.int(1, 4)) {
      case 1:
        this.#isPaperOut = !this.#isPaperOut;
        return { do: 'paper', isThere: !this.#isPaperOut };
      case 2:
        this.#isUnplugged = !this.#isUnplugged;
        return { do: 'printer', isPlugged: !this.#isUnplugged };
      case 3:
        this.#isModuleOut = !this.#isModuleOut;
        return { do: 'module', isIn: !this.#isModuleOut };
      default:
        this.#isForced = !this.#isForced;
        return { do: 'force-offline', isForced: this.#isForced };
    }
  }

  #deed(): Deed {
    const random = this.#random;
    const which = random.int(0, 5);
    const kind = random.weighted([
      [16, 'card'],
      [3, 'pull-card'],
      [50, 'sell'],
      [5, 'basket'],
      [3, 'hold'],
      [6, 'recall'],
      [6, 'cancel'],
      [1, 'give-up'],
      [5, 'dispute'],
      [2, 'copy'],
      [10, 'wait'],
      [1, 'reconcile'],
      [1, 'sync'],
      [this.#mood.crash * 20, 'power-cut'],
    ] as const);
    switch (kind) {
      case 'card':
        return { do: kind, customer: this.#customer() };
      case 'sell':
        return { do: kind, goods: this.#goods(), way: random.weighted(WAYS) };
      case 'basket':
        return this.#basket();
      case 'hold':
        return { do: kind, goods: this.#goods() };
      case 'dispute':
        return { do: kind, which, decision: random.pick(['accept', 'cancel'] as const) };
      case 'wait':
        return { do: kind, ms: random.pick([1_000, 5_000, 40_000, 130_000, 600_000]) };
      case 'reconcile':
        return { do: kind, daysBack: random.int(0, 2) };
      case 'recall':
      case 'cancel':
      case 'give-up':
      case 'copy':
        return { do: kind, which };
      case 'pull-card':
      case 'sync':
      case 'power-cut':
        return { do: kind };
    }
  }

  #basket(): Deed {
    const random = this.#random;
    this.#references += 1;
    return {
      do: 'basket',
      reference: `order-${this.#references}`,
      goods: this.#goods(),
      pay: random.pick(['account', 'cash'] as const),
      repeated: random.chance(0.6),
    };
  }

  #customer(): Customer {
    return this.#random.pick(customers);
  }

  #goods(): readonly (readonly [number, number])[] {
    const random = this.#random;
    const count = random.weighted([
      [5, 1],
      [3, 2],
      [2, 3],
      [1, 5],
    ] as const);
    return Array.from(
      { length: count },
      () => [random.int(0, this.#products - 1), random.int(1, 2)] as const,
    );
  }

  #perils({ do: deed }: Deed): Perils {
    const random = this.#random;
    const mood = this.#mood;
    const sends = [
      'card',
      'sell',
      'basket',
      'cancel',
      'dispute',
      'wait',
      'reconcile',
      'sync',
      'line',
      'night',
    ];
    const isSale = deed === 'sell' || deed === 'basket';
    const fates = sends.includes(deed) && random.chance(mood.fates) ? this.#fates(deed) : undefined;
    const crash = random.chance(mood.crash)
      ? {
          at: random.int(1, isSale || deed === 'cancel' ? 26 : 8),
          how: random.pick(['before', 'after', 'torn'] as const),
        }
      : undefined;
    const isAtReader = isSale || deed === 'card';
    const pull = isAtReader && random.chance(mood.pull) ? this.#pull(deed) : undefined;
    const print =
      isSale && random.chance(mood.print) ? random.pick(['breaks-off', 'unanswered'] as const) : undefined;
    return {
      ...(fates === undefined ? {} : { fates }),
      ...(crash === undefined ? {} : { crash }),
      ...pull,
      ...(print === undefined ? {} : { print }),
    };
  }

  #pull(deed: Deed['do']): Perils {
    const random = this.#random;
    const at = random.int(1, deed === 'card' ? 20 : 14);
    const how = random.pick(['before', 'after'] as const);
    return { pull: { at, how }, ...(random.chance(0.4) ? { swap: this.#customer() } : {}) };
  }

  #fates(deed: Deed['do']): readonly Fate[] {
    const random = this.#random;
    const count = random.weighted([
      [5, 1],
      [3, 2],
      [1, 4],
    ] as const);
    return Array.from({ length: count }, () => ({
      of: random.weighted(MET_BY[deed] ?? ANYTHING),
      what: this.#fate(),
    }));
  }

  #fate(): FateKind {
    const random = this.#random;
    const processed = random.chance(0.5);
    return random.weighted<FateKind>([
      [2, { kind: 'unreachable' }],
      [3, { kind: 'lose-request', slowly: random.chance(0.3) }],
      [4, { kind: 'lose-reply', slowly: random.chance(0.3) }],
      [3, { kind: 'late-request', ms: random.int(1, 118_000) }],
      [2, { kind: 'slow-reply', ms: random.pick([200, 3_000, 29_000, 31_000, 60_000]) }],
      [2, { kind: 'twice', answer: random.pick(['first', 'second'] as const) }],
      [1, { kind: 'others-answer' }],
      [2, { kind: 'garbled', form: random.pick(['bytes', 'json', 'half'] as const) }],
      [2, { kind: 'server-error', status: random.pick([500, 502, 503, 429] as const), processed }],
      [
        1,
        {
          kind: 'wrong-sums',
          relation: random.pick(['1', '2', '3', '4', '6', '9', '10', '12', '14'] as const),
        },
      ],
      [1, { kind: 'wrong-clock', ms: random.pick([-600_000, 400_000]) }],
      [1, { kind: 'refused' }],
      [1, { kind: 'sign-in-ended' }],
    ]);
  }
}

const WAYS = [
  [12, 'insured'],
  [1, 'no-account'],
  [2, 'own-pay'],
] as const;

type Met = readonly (readonly [number, FatedTransaction])[];
const MONEY: Met = [
  [6, '2102'],
  [2, '2601'],
  [1, '2101'],
  [1, 'any'],
];
const ANYTHING: Met = [
  [3, '2102'],
  [3, '2601'],
  [2, '2103'],
  [1, '3202'],
  [1, 'any'],
];
const MET_BY: Readonly<Partial<Record<Deed['do'], Met>>> = {
  sell: MONEY,
  basket: MONEY,
  card: [
    [1, '1101'],
    [1, '1903'],
    [1, 'any'],
  ],
  cancel: [
    [4, '2103'],
    [2, '2601'],
    [1, 'any'],
  ],
  dispute: [
    [4, '2103'],
    [2, '2601'],
  ],
  reconcile: [
    [2, '3202'],
    [1, '2103'],
    [1, 'any'],
  ],
};
