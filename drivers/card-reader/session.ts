import { type Fault, fault } from '#core/fault';
import { equalBytes } from '#core/hex';
import { err, ok, type Result } from '#core/result';
import { advance, commandsAfterFile, commandsAhead, startRead } from './application/read.ts';
import type { ChosenValues, PresenceQuestion, ReadTurn } from './application/read-state.ts';
import type { CardAuthenticator, CardConnection, CardRead, CardReadOptions, CardTurn } from './port.ts';

const VALUE_LENGTH = 8;

/** A read with what the card said to the secret question at its end. */
export interface CardReading {
  readonly read: CardRead;
  /** Absent when the card cannot answer such questions. */
  readonly questionAnswer?: Uint8Array;
}

/** What this terminal puts into a reading of its own. */
export interface TerminalValues {
  readonly chosen: ChosenValues;
  /** Put to the card as the last thing, to know it again later. */
  readonly question: PresenceQuestion;
}

/** Fresh values for one reading. */
export function drawValues(random: (length: number) => Uint8Array): TerminalValues {
  const draw = (): Uint8Array => random(VALUE_LENGTH);
  const chosen = { internalFactor: draw(), internalRaw: draw(), externalRaw: draw() };
  return { chosen, question: { factor: draw(), raw: draw() } };
}

/**
 * Reads and authenticates the connected card by running the application's reducer over it. A card pulled on
 * the way fails the whole reading: nothing learnt so far is handed out. `values` are drawn for this read alone.
 */
export async function readCard(
  connection: CardConnection,
  authenticator: CardAuthenticator,
  options: CardReadOptions,
  values: TerminalValues,
): Promise<Result<CardReading, Fault>> {
  let turn = startRead({ ...options, ...values, atr: connection.atr });
  for (;;) {
    const { step, state } = turn;
    if (step.kind === 'failed') return err(step.fault);
    if (step.kind === 'done') {
      const { identity, warnings, questionAnswer } = step;
      const read = { reader: connection.reader, insertion: connection.insertion, identity, warnings };
      return ok({ read, ...(questionAnswer === undefined ? {} : { questionAnswer }) });
    }
    if (step.kind === 'authenticate') {
      turn = advance(state, { kind: 'proof', result: await authenticator(step.request) });
      continue;
    }
    const following = new Following(turn);
    const commands = [step.command, ...commandsAhead(state)];
    const sent = await connection.transmitPlan(commands, {
      aheadOf: commandsAfterFile(commands),
      hear: (turns) => following.take(turns),
    });
    if (!sent.ok) return sent;
    if (sent.value.length === 0) return err(fault('reader-fault', 'no answer'));
    following.take(sent.value);
    turn = following.turn;
  }
}

/** Runs the reducer over a plan's turns as they become known. */
class Following {
  turn: ReadTurn;
  #taken = 0;
  #left = false;

  constructor(turn: ReadTurn) {
    this.turn = turn;
  }

  /** All turns up to now. From the first one on that is not wanted, what was sent ahead is dropped. */
  take(turns: readonly CardTurn[]): void {
    for (; this.#taken < turns.length && !this.#left; this.#taken += 1) {
      const { step, state } = this.turn;
      const next = turns[this.#taken];
      if (next === undefined || step.kind !== 'transmit' || !equalBytes(step.command, next.command)) {
        this.#left = true;
        return;
      }
      this.turn = advance(state, { kind: 'answer', bytes: next.answer });
    }
  }
}
