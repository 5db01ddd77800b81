import { waitFor } from 'xstate';
import type { Fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { StoreError } from '#store/store-error';
import { CustomerDisplays } from './customer-display.ts';
import type { Till } from './facade.ts';
import type { CheckoutParts } from './parts.ts';
import { customerView } from './present/customer.ts';
import { tillView } from './present/till.ts';
import { TillCore } from './till-core.ts';
import { done } from './verbs/answer.ts';
import { backOfficeVerbs } from './verbs/back-office.ts';
import { basketVerbs } from './verbs/basket.ts';
import { benefitVerbs } from './verbs/benefits.ts';
import { carryVerbs } from './verbs/carry.ts';
import { catalogVerbs } from './verbs/catalog.ts';
import { chronicVerbs } from './verbs/chronic.ts';
import { consentVerbs } from './verbs/consent.ts';
import { credentialVerbs } from './verbs/credentials.ts';
import { deviceVerbs } from './verbs/devices.ts';
import { guardVerbs } from './verbs/guards.ts';
import { journalVerbs } from './verbs/journal.ts';
import { keyVerbs } from './verbs/keys.ts';
import { listVerbs } from './verbs/list.ts';
import { mappingVerbs } from './verbs/mappings.ts';
import { officeVerbs } from './verbs/office.ts';
import { paperVerbs } from './verbs/papers.ts';
import { priceVerbs } from './verbs/prices.ts';
import { refundVerbs } from './verbs/refund.ts';
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
  const list = listVerbs(core);
  const endings: (() => void)[] = [];
  return withDiskFaults({
    ...basket,
    ...sale,
    ...backOffice,
    ...carryVerbs(core),
    ...catalogVerbs(core),
    ...chronicVerbs(core, sale),
    ...consentVerbs(core),
    ...credentialVerbs(core),
    ...deviceVerbs(core),
    ...keyVerbs(core),
    ...guardVerbs(core),
    ...journalVerbs(core),
    ...benefitVerbs(core),
    ...priceVerbs(core),
    ...mappingVerbs(core),
    ...paperVerbs(core),
    ...refundVerbs(core),
    ...shiftVerbs(core),
    ...officeVerbs(core),
    ...list.verbs,
    start() {
      core.start();
      const displays = new CustomerDisplays(parts.displays);
      const show = () => displays.show(customerView(core));
      if (parts.displays.length > 0) endings.push(core.subscribe(show));
      for (const scanner of parts.scanners)
        endings.push(scanner.onScan((text) => void scanned(core, basket.scan, text)));
    },
    async stop() {
      for (const end of endings) end();
      await list.stop();
      await core.stop();
    },
    view: () => tillView(core),
    subscribe: (listener) => core.subscribe(listener),
    operators: () => core.operators.list(),
    checkOperator: (credential, options) => core.operators.prove(credential, options),
    sellBasket: (request) => sellBasket(core, { ...sale, saleById: backOffice.saleById }, request),
  });
}

/** A disk that fails in the middle of a verb has its code like every expected failure: the verb answers it (P7). */
function withDiskFaults(till: RunningTill): RunningTill {
  const verbs = Object.entries(till).map(([name, verb]: [string, (...args: unknown[]) => unknown]) => {
    const coded = (...args: unknown[]): unknown => {
      const answer = verb(...args);
      return answer instanceof Promise ? answer.catch(diskFault) : answer;
    };
    return [name, coded];
  });
  return Object.fromEntries(verbs) as RunningTill;
}

function diskFault(error: unknown): Result<never, Fault> {
  if (error instanceof StoreError) return err(error.fault);
  throw error;
}

/** A scanner of our own reads the same as the page's: only while somebody is at the counter. */
async function scanned(core: TillCore, scan: Till['scan'], text: string): Promise<void> {
  if (!core.shiftOpen().ok) return;
  const answer = await scan(text);
  if (answer.ok) return;
  core.counter.scanFault = answer.error;
  core.changed();
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
