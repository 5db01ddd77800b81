import type { Sale } from '#core/domain/sale';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import type { VisitVerbs } from '../chronic-rows.ts';
import { standingToday } from '../entitlements.ts';
import type { Till } from '../facade.ts';
import type { TillCore } from '../till-core.ts';
import { done } from './answer.ts';

/** The kind of visit (就诊类别) under which the sale on the counter is made. */
export function chronicVerbs(core: TillCore, { quote }: Pick<Till, 'quote'>): VisitVerbs {
  return {
    async setVisit(diseaseCode) {
      const open = core.shiftOpen();
      if (!open.ok) return open;
      const state = core.saleState();
      if (state !== 'selling' && state !== 'confirming') return err(fault('sale-not-now'));
      const { chronic: _before, ...ordinary } = core.counter.sale;
      const next = diseaseCode === undefined ? ok(ordinary) : withDisease(core, ordinary, diseaseCode);
      return next.ok ? take(core, next.value, state, quote) : next;
    },
  };
}

/** Another kind of visit is another price: what was quoted is asked for anew. */
async function take(
  core: TillCore,
  sale: Sale,
  state: 'selling' | 'confirming',
  quote: Till['quote'],
): ReturnType<Till['quote']> {
  core.setBasket(sale);
  return state === 'confirming' ? quote() : done(core);
}

function withDisease(core: TillCore, sale: Sale, diseaseCode: string): Result<Sale, Fault> {
  const { holder: at, entitlements } = core.counter;
  if (at?.holder === undefined) return err(fault('holder-none'));
  const { personNumber } = at.holder;
  if (!core.link.usable()) return err(fault('chronic-offline'));
  const answer = entitlements?.of === personNumber ? entitlements.answer : undefined;
  if (answer === undefined) return err(fault('chronic-unknown'));
  const filed = answer.list.filter((each) => each.diseaseCode === diseaseCode);
  const [first] = filed;
  if (first === undefined) return err(fault('chronic-not-filed'));
  const valid = filed.find((each) => standingToday(core.parts, each) === 'valid');
  if (valid === undefined) return err(fault('chronic-not-valid', standingToday(core.parts, first)));
  const { diseaseName } = valid;
  return ok({ ...sale, chronic: { diseaseCode, diseaseName, personNumber } });
}
