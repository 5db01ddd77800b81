import { verificationView } from '../present/verification.ts';
import type { TillCore } from '../till-core.ts';
import type { VerifyState } from './rows.ts';

/** How far the look at the whole journal is, and what the last one found. */
export function verifyState({ journal }: TillCore): VerifyState {
  const { progress } = journal;
  const last = journal.lastWhole();
  return {
    running: progress !== undefined,
    done: progress?.done ?? 0,
    total: progress?.total ?? 0,
    ...(last === undefined ? {} : { last: verificationView(last.result, last.atMs) }),
  };
}
