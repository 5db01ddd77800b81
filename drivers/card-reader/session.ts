import { type Fault, fault } from '#core/fault';
import { equalBytes } from '#core/hex';
import { err, ok, type Result } from '#core/result';
import { advance, commandsAhead, startRead } from './application/read.ts';
import type { ChosenValues, PresenceQuestion, ReadInput, ReadState } from './application/read-state.ts';
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
  /** Answers to commands that were sent ahead of their turn. */
  let early: readonly CardTurn[] = [];
  for (;;) {
    const { step } = turn;
    if (step.kind === 'failed') return err(step.fault);
    if (step.kind === 'done') {
      const { identity, warnings, questionAnswer } = step;
      const read = { reader: connection.reader, insertion: connection.insertion, identity, warnings };
      return ok({ read, ...(questionAnswer === undefined ? {} : { questionAnswer }) });
    }
    let input: ReadInput;
    if (step.kind === 'authenticate') {
      input = { kind: 'proof', result: await authenticator(step.request) };
    } else {
      const told = await answerTo(connection, step.command, turn.state, early);
      if (!told.ok) return told;
      input = { kind: 'answer', bytes: told.value.answer };
      early = told.value.early;
    }
    turn = advance(turn.state, input);
  }
}

/** The card's answer, from those that came early or by asking; what came early and is not wanted is dropped. */
async function answerTo(
  connection: CardConnection,
  command: Uint8Array,
  state: ReadState,
  early: readonly CardTurn[],
): Promise<Result<{ readonly answer: Uint8Array; readonly early: readonly CardTurn[] }, Fault>> {
  let turns = early;
  if (turns[0] === undefined || !equalBytes(turns[0].command, command)) {
    const sent = await connection.transmitPlan([command, ...commandsAhead(state)]);
    if (!sent.ok) return sent;
    turns = sent.value;
  }
  const [first, ...later] = turns;
  if (first === undefined) return err(fault('reader-fault', 'no answer'));
  return ok({ answer: first.answer, early: later });
}
