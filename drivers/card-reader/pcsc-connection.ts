import { assert } from '#core/assert';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { advancePlan, type Plan, startPlan, tellEarly } from './application/plan.ts';
import type { Heard, HostCall, HostLink } from './host-link.ts';
import type { HostValue } from './messages.ts';
import { protocolT0 } from './pcsc-codes.ts';
import type { CardConnection, CardTurn, EarlyTurns, ReaderState } from './port.ts';

/** A status word at least: PC/SC may report success with nothing for a card that was pulled. */
const SHORTEST_ANSWER = 2;

/** A connection held in the child. Once dead it stays dead, even when the same card comes back. */
export class PcscConnection implements CardConnection {
  readonly reader: string;
  readonly atr: Uint8Array;
  readonly insertion: number;
  readonly protocol: 'T0' | 'T1';
  readonly handle: number;
  readonly #link: HostLink;
  readonly #onDeath: (released: Promise<void>) => void;
  #dead: Fault | undefined;
  /** The last of the calls under way; undefined when there is none. */
  #last: Promise<void> | undefined;
  #released: Promise<void> = Promise.resolve();

  constructor(
    link: HostLink,
    state: ReaderState,
    connected: { readonly handle: number; readonly protocol: number },
    onDeath: (released: Promise<void>) => void,
  ) {
    assert(state.atr !== undefined, 'a connected card has an answer to reset');
    this.#link = link;
    this.#onDeath = onDeath;
    this.reader = state.reader;
    this.atr = state.atr;
    this.insertion = state.insertion;
    this.handle = connected.handle;
    this.protocol = connected.protocol === protocolT0 ? 'T0' : 'T1';
  }

  async transmit(command: Uint8Array): Promise<Result<Uint8Array, Fault>> {
    const answers = await this.transmitAll([command]);
    if (!answers.ok) return answers;
    const [answer] = answers.value;
    assert(answer !== undefined, 'a command has an answer');
    return ok(answer);
  }

  transmitAll(commands: readonly Uint8Array[]): Promise<Result<readonly Uint8Array[], Fault>> {
    return this.#inTurn(() => this.#transmitNow({ commands, follow: false, aheadOf: 0 }));
  }

  transmitPlan(
    commands: readonly Uint8Array[],
    early?: EarlyTurns,
  ): Promise<Result<readonly CardTurn[], Fault>> {
    return this.#inTurn(() => this.#runPlan(commands, early));
  }

  async close(): Promise<void> {
    this.die(fault('card-removed', 'closed'));
    await this.#released;
  }

  /** Every later call answers `reason`; the first reason stays. The reader is let go of in the background. */
  die(reason: Fault): void {
    if (this.#dead !== undefined) return;
    this.#dead = reason;
    this.#released = (this.#last ?? Promise.resolve()).then(async () => {
      await this.#link.call({ op: 'disconnect', handle: this.handle });
    });
    this.#onDeath(this.#released);
  }

  // One call at a time: a deadline must be the card's own, not that of a queue before it.
  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#last === undefined ? run() : this.#last.then(run);
    const end = (): void => {
      if (this.#last === over) this.#last = undefined;
    };
    const over = turn.then(end, end);
    this.#last = over;
    return turn;
  }

  async #runPlan(
    commands: readonly Uint8Array[],
    early: EarlyTurns | undefined,
  ): Promise<Result<readonly CardTurn[], Fault>> {
    const turns = new PlanTurns(commands);
    const aheadOf = early?.aheadOf ?? 0;
    const answers = await this.#transmitNow({ commands, follow: true, aheadOf }, (some) => {
      turns.add(some);
      if (early !== undefined && this.#dead === undefined && !turns.tooMany) tellEarly(early, turns.all);
    });
    if (!answers.ok) return answers;
    turns.add(answers.value);
    return turns.tooMany ? err(fault('reader-fault', 'too many answers')) : ok(turns.all);
  }

  async #transmitNow(
    order: Pick<Extract<HostCall, { op: 'transmit' }>, 'commands' | 'follow' | 'aheadOf'>,
    heard?: Heard,
  ): Promise<Result<readonly Uint8Array[], Fault>> {
    if (this.#dead !== undefined) return err(this.#dead);
    const result = await this.#link.call({ op: 'transmit', handle: this.handle, ...order }, heard);
    // The removal may have been told while the answer was on its way: such an answer counts for nothing.
    if (this.#dead !== undefined) return err(this.#dead);
    const answers = answersOf(result);
    if (!answers.ok) this.die(answers.error);
    return answers;
  }
}

function answersOf(result: Result<HostValue, Fault>): Result<readonly Uint8Array[], Fault> {
  if (!result.ok) return result;
  if (result.value.of !== 'transmit') return err(fault('reader-fault', 'unexpected answer'));
  const { answers } = result.value;
  const isWhole = answers.length > 0 && answers.every((answer) => answer.length >= SHORTEST_ANSWER);
  return isWhole ? ok(answers) : err(fault('card-removed', 'empty answer'));
}

/** What a plan's answers belong to. The child follows the same rules, so commands need not be sent back. */
class PlanTurns {
  readonly all: CardTurn[] = [];
  /** The child answered what nobody asked. */
  tooMany = false;
  #plan: Plan | undefined;

  constructor(commands: readonly Uint8Array[]) {
    this.#plan = startPlan(commands);
  }

  add(answers: readonly Uint8Array[]): void {
    for (const answer of answers) {
      if (this.#plan === undefined) {
        this.tooMany = true;
        return;
      }
      this.all.push({ command: this.#plan.exchange.command, answer });
      this.#plan = advancePlan(this.#plan, answer);
    }
  }
}
