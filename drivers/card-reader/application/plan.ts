import type { CardTurn, EarlyTurns } from '../port.ts';
import { statusWord } from './apdu.ts';
import { advanceExchange, type Exchange, type ExchangeStep, startExchange } from './exchange.ts';

/** Commands that are sent one after the other beside the card; see `CardConnection.transmitPlan`. */
export interface Plan {
  readonly exchange: Exchange;
  readonly later: readonly Uint8Array[];
}

/** What is to be sent now, or undefined when the plan is over. */
export function startPlan(commands: readonly Uint8Array[]): Plan | undefined {
  const [first, ...later] = commands;
  return first === undefined ? undefined : { exchange: startExchange(first), later };
}

/**
 * Takes the card's answer to `plan.exchange.command`. Goes on after 9000 and after a missing record, which is
 * how an optional item is told; everything else is the caller's to judge.
 */
export function advancePlan(plan: Plan, answer: Uint8Array): Plan | undefined {
  const next = advanceExchange(plan.exchange, answer);
  if (next.kind === 'send') return { exchange: next.exchange, later: plan.later };
  if (next.kind === 'broken') return undefined;
  const goesOn = next.status === statusWord.ok || next.status === statusWord.recordNotFound;
  return goesOn ? startPlan(plan.later) : undefined;
}

/** A listener that fails here fails again over the whole answer, and there in a promise of its own. */
export function tellEarly(early: EarlyTurns, turns: readonly CardTurn[]): void {
  try {
    early.hear(turns);
  } catch {
    // See above.
  }
}

/** Each command's real answer, from everything that was said while a plan ran. */
export function completedAnswers(turns: readonly CardTurn[]): readonly ExchangeStep[] {
  const answers: ExchangeStep[] = [];
  let exchange: Exchange | undefined;
  for (const { command, answer } of turns) {
    const step = advanceExchange(exchange ?? startExchange(command), answer);
    exchange = step.kind === 'send' ? step.exchange : undefined;
    if (step.kind !== 'send') answers.push(step);
  }
  return answers;
}
