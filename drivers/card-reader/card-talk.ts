import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { statusText } from './application/apdu.ts';
import { completedAnswers } from './application/plan.ts';
import type { CardConnection } from './port.ts';

/** A card's complete answer: 61xx and 6Cxx have been followed. */
export interface CardAnswer {
  readonly data: Uint8Array;
  readonly status: number;
  /** How often it had to be asked again; 0 = it answered at once. */
  readonly rounds: number;
}

/** One command to its complete answer. */
export async function ask(
  connection: CardConnection,
  command: Uint8Array,
): Promise<Result<CardAnswer, Fault>> {
  const answers = await askAll(connection, [command]);
  if (!answers.ok) return answers;
  const [answer] = answers.value;
  return answer === undefined ? err(fault('card-data-invalid', 'endless answer')) : ok(answer);
}

/** Commands in a row; stops early at an answer that is neither 9000 nor a missing record. */
export async function askAll(
  connection: CardConnection,
  commands: readonly Uint8Array[],
): Promise<Result<readonly CardAnswer[], Fault>> {
  const turns = await connection.transmitPlan(commands);
  if (!turns.ok) return turns;
  return ok(completedAnswers(turns.value).flatMap((step) => (step.kind === 'complete' ? [step] : [])));
}

/**
 * A command that carries a PIN, sent once and wiped whatever happens. Such commands have no data to fetch, so
 * 61xx or 6Cxx is no answer to them, and following it would leave copies.
 */
export async function askSecretly(
  connection: CardConnection,
  command: Uint8Array,
): Promise<Result<number, Fault>> {
  try {
    const answer = await connection.transmit(command);
    if (!answer.ok) return answer;
    const [high, low] = answer.value.subarray(-2);
    return high === undefined || low === undefined
      ? err(fault('card-data-invalid', 'no status'))
      : ok((high << 8) | low);
  } finally {
    command.fill(0);
  }
}

/** Faults that tell which status word refused something, and nothing else of the card. */
export function refused(code: Fault['code'], status: number): Result<never, Fault> {
  return err(fault(code, statusText(status)));
}
