import { type Clock, delay } from '#core/clock';
import { type Fault, fault } from '#core/fault';
import { err, type Result } from '#core/result';

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 30_000;
const MAX_WAITING = 4;

interface Lane {
  failures: number;
  waiting: number;
  tail: Promise<unknown>;
}

/**
 * Slows guessing of PINs: checks of one lane (a connection, an operator's number) run one after the other,
 * and each failure doubles the wait before the next, so that many parallel guesses gain nothing.
 */
export class Attempts {
  readonly #clock: Clock;
  readonly #byNumber = new Map<string, Lane>();
  readonly #byConnection = new WeakMap<object, Lane>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs `check` when its turn has come; `attempts-too-many` when too many wait already. */
  async run<T>(
    number: string,
    connection: object,
    check: () => Promise<Result<T, Fault>>,
  ): Promise<Result<T, Fault>> {
    const lanes = [this.#laneOfNumber(number), this.#laneOfConnection(connection)];
    if (lanes.some((lane) => lane.waiting >= MAX_WAITING)) return err(fault('attempts-too-many'));
    for (const lane of lanes) lane.waiting += 1;
    const turn = Promise.all(lanes.map((lane) => lane.tail)).then(() => this.#checkAfterDelay(lanes, check));
    const done = turn.then(
      () => undefined,
      () => undefined,
    );
    for (const lane of lanes) lane.tail = done;
    try {
      return await turn;
    } finally {
      for (const lane of lanes) lane.waiting -= 1;
    }
  }

  async #checkAfterDelay<T>(
    lanes: readonly Lane[],
    check: () => Promise<Result<T, Fault>>,
  ): Promise<Result<T, Fault>> {
    const failures = Math.max(...lanes.map((lane) => lane.failures));
    if (failures > 0) {
      await delay(this.#clock, Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(failures - 1, 10)));
    }
    const result = await check();
    for (const lane of lanes) lane.failures = result.ok ? 0 : lane.failures + 1;
    return result;
  }

  #laneOfNumber(number: string): Lane {
    const known = this.#byNumber.get(number);
    if (known !== undefined) return known;
    // Invented numbers share one lane once the table is full: its size never depends on a caller.
    const key = this.#byNumber.size < 256 ? number : '*';
    const lane = this.#byNumber.get(key) ?? newLane();
    this.#byNumber.set(key, lane);
    return lane;
  }

  #laneOfConnection(connection: object): Lane {
    const lane = this.#byConnection.get(connection) ?? newLane();
    this.#byConnection.set(connection, lane);
    return lane;
  }
}

function newLane(): Lane {
  return { failures: 0, waiting: 0, tail: Promise.resolve() };
}
