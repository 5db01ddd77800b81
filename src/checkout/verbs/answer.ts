import type { Fault } from '#core/fault';
import { ok, type Result } from '#core/result';
import { tillView } from '../present/till.ts';
import type { TillCore } from '../till-core.ts';
import type { TillView } from '../view.ts';

export type Answer = Result<TillView, Fault>;

/** The view after a verb that worked. */
export function done(core: TillCore): Answer {
  return ok(tillView(core));
}
