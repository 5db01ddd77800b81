import { err, ok, type Result } from '#core/result';
import { statusWord } from './application/apdu.ts';
import { advancePlan, type Plan, startPlan } from './application/plan.ts';
import type { HostRequest } from './messages.ts';
import { connectCard, type PcscCard, type PcscFailure } from './winscard.ts';

type Transmit = Extract<HostRequest, { op: 'transmit' }>;
type Answers = readonly Uint8Array[];

/** Whoever waits for a request's answers. Called at once, because each turn of promises delays a quick card. */
export interface Listener {
  /** The answers up to now; `done` will bring those after them. At most once. */
  some(answers: Answers): void;
  /** Once, as the last. */
  done(result: Result<Answers, PcscFailure>): void;
}

interface Turn {
  readonly request: Transmit;
  readonly listener: Listener;
  plan: Plan | undefined;
  answers: Uint8Array[];
}

/** Other readers' news waits no longer than this and one answer of the card. */
const PAUSE_AFTER_MS = 5;

const cards = new Map<number, PcscCard>();
let lastHandle = 0;
/** The request under way, and those behind it. */
const turns: Turn[] = [];

/** Connects to the card in that reader; answers the handle by which the parent calls it. */
export async function openCard(
  reader: string,
): Promise<Result<{ readonly handle: number; readonly protocol: number }, PcscFailure>> {
  const card = await connectCard(reader);
  if (!card.ok) return card;
  lastHandle += 1;
  cards.set(lastHandle, card.value);
  return ok({ handle: lastHandle, protocol: card.value.protocol });
}

export async function closeCard(handle: number): Promise<void> {
  const card = cards.get(handle);
  cards.delete(handle);
  await card?.disconnect();
}

/**
 * Several commands in one message save the way between the processes, which for a quick card is longer than the
 * card's own time. One request after the other, also where a plan pauses: when the parent misses an answer, the
 * oldest request is the one that hangs.
 */
export function transmitInTurn(request: Transmit, listener: Listener): void {
  const turn = { request, listener, plan: startPlan(request.commands), answers: [] };
  turns.push(turn);
  if (turns.length === 1) run(turn);
}

function run(turn: Turn): void {
  try {
    const result = transmitUntilPause(turn);
    if (result === undefined) setImmediate(() => run(turn));
    else end(turn, result);
  } catch (error) {
    end(turn, err({ call: error instanceof Error ? error.message : String(error), code: 0 }));
  }
}

function end(turn: Turn, result: Result<Answers, PcscFailure>): void {
  // A PIN may have been in them.
  for (const command of turn.request.commands) command.fill(0);
  turn.listener.done(result);
  turns.shift();
  const [next] = turns;
  if (next !== undefined) setImmediate(() => run(next));
}

/** Undefined when it is time for other readers' news. */
function transmitUntilPause(turn: Turn): Result<Answers, PcscFailure> | undefined {
  const { handle, follow, aheadOf } = turn.request;
  const startedAtMs = performance.now();
  while (turn.plan !== undefined) {
    // Looked up each time: during a pause the card may have been let go of.
    const answer = cards.get(handle)?.transmit(turn.plan.exchange.command) ?? noSuchCard;
    if (!answer.ok) return answer;
    turn.answers.push(answer.value);
    const before = turn.plan.later.length;
    turn.plan = follow ? advancePlan(turn.plan, answer.value) : afterPlain(turn.plan, answer.value);
    if (turn.plan === undefined) break;
    if (aheadOf > 0 && before === aheadOf && turn.plan.later.length < before) {
      turn.listener.some(turn.answers);
      turn.answers = [];
    }
    if (performance.now() - startedAtMs >= PAUSE_AFTER_MS) return undefined;
  }
  return ok(turn.answers);
}

const noSuchCard = { ok: false, error: { call: 'no such connection', code: 0x8010_0003 } } as const;

function afterPlain({ later }: Plan, answer: Uint8Array): Plan | undefined {
  const status = ((answer.at(-2) ?? 0) << 8) | (answer.at(-1) ?? 0);
  return status === statusWord.ok ? startPlan(later) : undefined;
}
