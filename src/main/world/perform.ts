import { businessDay } from '#core/business-time';
import { insuredHolder } from '#simulators/agency/training-persons';
import { fillBasket, putIn, readyToSell, sell, sellBasket } from './sell.ts';
import type { Step } from './steps.ts';
import { cancel, giveUpRest, second, sellRest, takeBack } from './take-back.ts';
import type { World } from './world.ts';

const HOUR_MS = 3_600_000;

/** Does one step; what dies of it is left dead. */
export async function perform(world: World, step: Step): Promise<void> {
  switch (step.do) {
    case 'sell':
      return await sell(world, step);
    case 'basket':
      return await sellBasket(world, step);
    case 'card':
    case 'pull-card':
      return await putIn(world, step.do === 'card' ? step.customer : undefined, step);
    case 'hold':
    case 'recall':
    case 'cancel':
    case 'give-up':
    case 'dispute':
    case 'copy':
      return await atCounter(world, step);
    case 'wait':
      return await world.clock.wait(step.ms);
    case 'reconcile': {
      const { till } = world.run();
      const day = businessDay(world.clock.tillMs() - step.daysBack * 24 * HOUR_MS);
      await world.act('reconcile', () => till.reconcile(day));
      return;
    }
    case 'sync':
      await world.act('syncNow', () => world.run().till.syncNow());
      return;
    case 'power-cut':
      world.run().machine.die('the next effect', 'before');
      return;
    case 'night':
      return await night(world, step);
    default:
      return await outside(world, step);
  }
}

type AtCounter = Extract<Step, { do: 'hold' | 'recall' | 'cancel' | 'give-up' | 'dispute' | 'copy' }>;

async function atCounter(world: World, step: AtCounter): Promise<void> {
  if (!(await readyToSell(world))) return;
  const { till } = world.run();
  if (step.do === 'hold') {
    if (await fillBasket(world, step.goods)) await world.act('hold', () => till.hold());
    return;
  }
  const today = till.sales();
  const pending = till.view().pending;
  const chosen = (states: readonly string[]): string | undefined => {
    const list = [...pending, ...today].filter(({ state }) => states.includes(state));
    return list[step.which % Math.max(1, list.length)]?.saleId;
  };
  switch (step.do) {
    case 'recall': {
      const saleId = chosen(['held']);
      if (saleId === undefined) return;
      const called = await world.act('recall', () => till.recall(saleId));
      if (called === 'dead' || !called.ok) return;
      return step.which % 4 === 3 ? await giveUpRest(world) : await sellRest(world);
    }
    case 'cancel': {
      const saleId = chosen(['done']);
      if (saleId === undefined) return;
      // The place decides whether all of it comes back, so that no dice are needed.
      if (step.which % 3 !== 2 || !(await takeBack(world, saleId))) await cancel(world, saleId);
      return;
    }
    case 'give-up': {
      const saleId = chosen(['unknown', 'suspense']);
      if (saleId !== undefined) await world.act('giveUp', () => till.giveUp(saleId));
      return;
    }
    case 'dispute': {
      const saleId = chosen(['disputed']);
      if (saleId === undefined) return;
      const { decision } = step;
      const done = await world.act('dispute', () => till.decideDispute(saleId, decision, second, '核对金额'));
      if (done !== 'dead' && done.ok && decision === 'cancel') world.oracle.cancelled(saleId);
      return;
    }
    case 'copy': {
      const saleId = chosen(['done', 'disputed', 'queued', 'cancelled']);
      if (saleId !== undefined) await world.act('printAgain', () => till.printAgain(saleId));
    }
  }
}

async function night(world: World, { hours, how }: Extract<Step, { do: 'night' }>): Promise<void> {
  const run = world.run();
  if (how === 'close') await world.act('closeShift', () => run.till.closeShift());
  if (how === 'power-cut') world.run().machine.die('the next effect', 'before');
  else if (how !== 'sleep' && world.shop.run !== undefined) await world.stop();
  world.clock.leap(hours * HOUR_MS);
  if (how === 'sleep') await world.clock.advance(1_000);
}

type Outside = Extract<
  Step,
  {
    do:
      | 'line'
      | 'force-offline'
      | 'paper'
      | 'printer'
      | 'module'
      | 'disk'
      | 'clock'
      | 'other-shop'
      | 'lose-card';
  }
>;

async function outside(world: World, step: Outside): Promise<void> {
  const { agency } = world;
  switch (step.do) {
    case 'line':
      world.network.isCut = !step.isUp;
      return await world.clock.wait(step.isUp ? 70_000 : 5_000);
    case 'force-offline':
      await world.act('forceOffline', () => world.run().till.forceOffline(step.isForced));
      return;
    case 'paper':
      return world.printer.setPaper(step.isThere ? 'ok' : 'out');
    case 'printer':
      return world.printer.setPlugged(step.isPlugged);
    case 'module':
      return world.setModule(step.isIn);
    case 'disk':
      world.disk.isFull = step.isFull;
      return;
    case 'clock':
      return world.clock.setTillWrong(step.byMs);
    case 'other-shop': {
      const { personNumber } = insuredHolder(step.customer);
      const { balance = 0n } = agency.control.account(personNumber) ?? {};
      const spent = BigInt(step.fen);
      return agency.control.setBalance(personNumber, balance > spent ? balance - spent : 0n);
    }
    case 'lose-card': {
      const { card } = insuredHolder(step.customer);
      if (card !== undefined)
        agency.control.setCardStatus(card.cardId, 'lost', world.clock.trueMs() - HOUR_MS);
    }
  }
}
