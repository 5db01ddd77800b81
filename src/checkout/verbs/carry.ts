import { businessDateTime } from '#core/business-time';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import type { CarryDesk } from '../carry/desk.ts';
import type { CarryFileRow, CarryVerbs } from '../carry/rows.ts';
import type { WrittenCarry } from '../carry/sender.ts';
import { reasonGiven } from '../journal.ts';
import type { TillCore } from '../till-core.ts';

/** Verbs about files that carry offline sales to a terminal with a link, and their outcomes back. */
export function carryVerbs(core: TillCore): CarryVerbs {
  return {
    carryState: () => core.carry?.status() ?? { own: { terminal: '', publicKey: '' }, out: [], in: [] },
    carryOut: (to, terminal) => using(core, async (desk) => row(await desk.sender.out(to, terminal))),
    carryAgain: (to, number) => using(core, async (desk) => row(desk.sender.again(to, number))),
    carryIn: (file) =>
      using(core, async (desk) => {
        const taken = await desk.receiver.take(file);
        if (!taken.ok) return taken;
        const { partner: terminal, untilMs, ...rest } = taken.value;
        return ok({ ...rest, terminal, until: businessDateTime(untilMs) });
      }),
    carryAnswer: (to, wish) => using(core, async (desk) => row(await desk.receiver.answer(to, wish))),
    carryBack: (file) => using(core, (desk) => desk.sender.back(file)),
    carryTakeBack: (number, second, reason) =>
      using(core, async (desk) => {
        const open = core.shiftOpen();
        if (!open.ok) return open;
        if (!reasonGiven(reason)) return err(fault('reason-missing'));
        const operator = core.operator().number;
        const proved = await core.operators.proveSecond(second, operator, {
          what: 'carry-taken-back',
          reason,
        });
        if (!proved.ok) return proved;
        return desk.sender.takeBack(number, { operator, secondOperator: proved.value.number, reason });
      }),
  };
}

/** Afterwards the queue is another one. */
async function using<T>(
  core: TillCore,
  work: (desk: CarryDesk) => Promise<Result<T, Fault>>,
): Promise<Result<T, Fault>> {
  if (core.carry === undefined) return err(fault('carry-no-partner'));
  const result = await work(core.carry);
  core.sync.kick();
  core.changed();
  return result;
}

function row(written: Result<WrittenCarry, Fault>): Result<CarryFileRow, Fault> {
  if (!written.ok) return written;
  const { file, number, partner: terminal, sales, untilMs } = written.value;
  return ok({
    ...{ file, number, terminal, sales },
    ...(untilMs === 0 ? {} : { until: businessDateTime(untilMs) }),
  });
}
