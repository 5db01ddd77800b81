import { assert } from '#core/assert';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { advancePlan, startPlan } from './application/plan.ts';
import type { HostLink } from './host-link.ts';
import type { HostValue } from './messages.ts';
import { protocolT0 } from './pcsc-codes.ts';
import type { CardConnection, CardTurn, ReaderState } from './port.ts';

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
  #last: Promise<unknown> = Promise.resolve();
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
    return this.#inTurn(() => this.#transmitNow(commands, false));
  }

  async transmitPlan(commands: readonly Uint8Array[]): Promise<Result<readonly CardTurn[], Fault>> {
    const answers = await this.#inTurn(() => this.#transmitNow(commands, true));
    return answers.ok ? turnsOf(commands, answers.value) : answers;
  }

  async close(): Promise<void> {
    this.die(fault('card-removed', 'closed'));
    await this.#released;
  }

  /** Every later call answers `reason`; the first reason stays. The reader is let go of in the background. */
  die(reason: Fault): void {
    if (this.#dead !== undefined) return;
    this.#dead = reason;
    this.#released = this.#last.then(async () => {
      await this.#link.call({ op: 'disconnect', handle: this.handle });
    });
    this.#onDeath(this.#released);
  }

  // One call at a time: a deadline must be the card's own, not that of a queue before it.
  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(run);
    this.#last = turn;
    return turn;
  }

  async #transmitNow(
    commands: readonly Uint8Array[],
    follow: boolean,
  ): Promise<Result<readonly Uint8Array[], Fault>> {
    if (this.#dead !== undefined) return err(this.#dead);
    const result = await this.#link.call({ op: 'transmit', handle: this.handle, commands, follow });
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

/** The child follows the same rules as this: the commands that belong to its answers need not be sent back. */
function turnsOf(
  commands: readonly Uint8Array[],
  answers: readonly Uint8Array[],
): Result<readonly CardTurn[], Fault> {
  const turns: CardTurn[] = [];
  let plan = startPlan(commands);
  for (const answer of answers) {
    if (plan === undefined) return err(fault('reader-fault', 'too many answers'));
    turns.push({ command: plan.exchange.command, answer });
    plan = advancePlan(plan, answer);
  }
  return ok(turns);
}
