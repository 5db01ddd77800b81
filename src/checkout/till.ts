import { waitFor } from 'xstate';
import { err, ok } from '#core/result';
import type { Till } from './facade.ts';
import type { CheckoutParts } from './parts.ts';
import { tillView } from './present/till.ts';
import { TillCore } from './till-core.ts';
import { done } from './verbs/answer.ts';
import { backOfficeVerbs } from './verbs/back-office.ts';
import { basketVerbs } from './verbs/basket.ts';
import { saleVerbs } from './verbs/sale.ts';
import { sellBasket } from './verbs/sell-basket.ts';

/** A till with its life cycle: `start` takes up what an earlier run left, `stop` awaits what is on its way. */
export interface RunningTill extends Till {
  start(): void;
  stop(): Promise<void>;
}

/** Puts the till together; nothing runs before `start`. */
export function createTill(parts: CheckoutParts): RunningTill {
  const core = new TillCore(parts);
  const basket = basketVerbs(core);
  const sale = saleVerbs(core);
  const backOffice = backOfficeVerbs(core);
  return {
    ...basket,
    ...sale,
    ...backOffice,
    ...shiftVerbs(core),
    start: () => core.start(),
    stop: () => core.stop(),
    view: () => tillView(core),
    subscribe: (listener) => core.subscribe(listener),
    operators: () => core.operators.list(),
    checkOperator: (credential) => core.operators.prove(credential),
    sellBasket: (request) => sellBasket(core, { ...sale, saleById: backOffice.saleById }, request),
  };
}

function shiftVerbs(core: TillCore): Pick<Till, 'openShift' | 'closeShift'> {
  const settled = async () => {
    const snapshot = await waitFor(
      core.shift,
      (current) => !current.matches('signing-in') && !current.matches('closing'),
    );
    return snapshot;
  };
  return {
    async openShift(operatorNumber) {
      const { shift } = core;
      const same = shift.getSnapshot().context.operatorNumber === operatorNumber;
      if (!(same && shift.getSnapshot().matches('open'))) shift.send({ type: 'shift.open', operatorNumber });
      const snapshot = await settled();
      if (snapshot.matches('open')) return done(core);
      const { fault } = snapshot.context;
      return fault === undefined ? ok(tillView(core)) : err(fault);
    },
    async closeShift() {
      const open = core.shiftOpen();
      if (!open.ok) return open;
      core.shift.send({ type: 'shift.close' });
      const snapshot = await settled();
      const { fault } = snapshot.context;
      return snapshot.matches('closed') || fault === undefined ? done(core) : err(fault);
    },
  };
}
