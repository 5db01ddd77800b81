import type { Fault } from '#core/fault';
import { fault } from '#core/fault';
import { err, type Result } from '#core/result';
import type { CancelOptions, CancelRequest } from '../cancel.ts';
import type { OperatorCredential } from '../facade.ts';
import type { TillCore } from '../till-core.ts';
import { type Answer, done } from './answer.ts';

interface Asked {
  readonly saleId: string;
  readonly credential: OperatorCredential;
  readonly reason: string;
  /** What is done by two, for the report of one who did it alone. */
  readonly what: string;
  /** Who asks, when that is not the operator of the shift. */
  readonly by?: string | undefined;
}

/** A correction needs two people: one asks, mostly the operator of the shift, a different one proves the PIN (A8, H2). */
export async function bySecond(
  core: TillCore,
  { saleId, credential, reason, what, by }: Asked,
  carryOut: (options: CancelOptions, request: CancelRequest) => Promise<Result<void, Fault>>,
): Promise<Answer> {
  const open = core.shiftOpen();
  if (!open.ok) return open;
  const operator = (by === undefined ? undefined : core.operators.byNumber(by)) ?? core.operator();
  const second = await core.operators.proveSecond(credential, operator.number, { what, reason });
  if (!second.ok) return second;
  const request: CancelRequest = { saleId, operator, second: second.value, reason };
  const { parts, link, turns } = core;
  const options = { parts, link, turns, context: () => core.context() };
  // The proof of the PIN took a while: what the program is doing to the sale now goes first.
  if (core.sync.busy(saleId)) return err(fault('sale-not-now'));
  const result = await carryOut(options, request);
  core.reloadSale(saleId);
  // Its holder may stand here still, and may spend what came back.
  core.holderDesk.refreshBalance();
  core.sync.kick();
  void core.slips.printOwed();
  return result.ok ? done(core) : result;
}
