import { setImmediate as pause } from 'node:timers/promises';
import { ok, type Result } from '#core/result';
import { statusWord } from './application/apdu.ts';
import { advancePlan, type Plan, startPlan } from './application/plan.ts';
import type { HostRequest } from './messages.ts';
import { connectCard, type PcscCard, type PcscFailure } from './winscard.ts';

type Transmit = Extract<HostRequest, { op: 'transmit' }>;

/** Other readers' news waits no longer than this and one answer of the card. */
const PAUSE_AFTER_MS = 5;

const cards = new Map<number, PcscCard>();
let lastHandle = 0;
/** The last of the requests under way; undefined when there is none. */
let transmitting: Promise<unknown> | undefined;

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
export function transmitInTurn(request: Transmit): Promise<Result<readonly Uint8Array[], PcscFailure>> {
  const turn =
    transmitting === undefined ? transmitAll(request) : transmitting.then(() => transmitAll(request));
  const end = (): void => {
    if (transmitting === over) transmitting = undefined;
  };
  const over = turn.then(end, end);
  transmitting = over;
  return turn;
}

async function transmitAll({
  handle,
  commands,
  follow,
}: Transmit): Promise<Result<readonly Uint8Array[], PcscFailure>> {
  try {
    const answers: Uint8Array[] = [];
    let pausedAtMs = performance.now();
    let plan = startPlan(commands);
    while (plan !== undefined) {
      // Looked up each time: during a pause the card may have been let go of.
      const answer = cards.get(handle)?.transmit(plan.exchange.command) ?? noSuchCard;
      if (!answer.ok) return answer;
      answers.push(answer.value);
      plan = follow ? advancePlan(plan, answer.value) : afterPlain(plan, answer.value);
      if (plan === undefined || performance.now() - pausedAtMs < PAUSE_AFTER_MS) continue;
      await pause();
      pausedAtMs = performance.now();
    }
    return ok(answers);
  } finally {
    // A PIN may have been in them.
    for (const command of commands) command.fill(0);
  }
}

const noSuchCard = { ok: false, error: { call: 'no such connection', code: 0x8010_0003 } } as const;

function afterPlain({ later }: Plan, answer: Uint8Array): Plan | undefined {
  const status = ((answer.at(-2) ?? 0) << 8) | (answer.at(-1) ?? 0);
  return status === statusWord.ok ? startPlan(later) : undefined;
}
