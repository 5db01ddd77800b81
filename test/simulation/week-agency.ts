import { type AgencySimulator, startAgencySimulator } from '#simulators/agency/simulator';
import { agencyCatalog } from '../../src/main/training-goods.ts';
import { trainingPolicies } from '../helpers/policies.ts';
import { JumpClock } from './jump-clock.ts';
import { villager } from './week-people.ts';

/** What the agency of a week is asked to do, and its answer to each. */
export type WeekQuestion =
  | { readonly do: 'leap'; readonly ms: number }
  | { readonly do: 'cut' | 'restore' | 'key-code' | 'books' };

/** One 2102 that the agency booked, from its own ledger. */
export interface Booked {
  readonly saleNumber: string;
  readonly personNumber: string;
  readonly state: 'booked' | 'cancelled' | 'reversed';
  readonly account: bigint;
}

export interface WeekBooks {
  readonly booked: readonly Booked[];
  readonly balances: ReadonlyMap<string, bigint>;
  readonly violations: number;
}

/** The agency in a process of its own, so that its work is not the till's. Arguments: start, persons, wait of a 2102. */
const [startMs = 0, persons = 0, answerMs = 0] = process.argv.slice(2).map(Number);
const clock = new JumpClock(startMs);
const agency = await startAgencySimulator({
  clock,
  catalog: agencyCatalog(),
  policies: trainingPolicies(),
  persons: Array.from({ length: persons }, (_each, place) => villager(place + 1).person),
});
await agency.control.addFault({ kind: 'delay', transaction: '2102', delayMs: answerMs });

process.on('message', (question: WeekQuestion) => {
  void answer(agency, question).then((said) => process.send?.(said));
});
process.on('disconnect', () => process.exit());
process.send?.({ url: agency.url });

async function answer({ control }: AgencySimulator, question: WeekQuestion): Promise<unknown> {
  switch (question.do) {
    case 'leap':
      clock.leap(question.ms);
      return {};
    case 'cut':
      await control.cut();
      return {};
    case 'restore':
      await control.restore();
      return {};
    case 'key-code':
      return { code: control.issueEnrolmentCode() };
    case 'books':
      return books({ control });
  }
}

function books({ control }: Pick<AgencySimulator, 'control'>): WeekBooks {
  const booked = control
    .settlements()
    .filter(({ kind }) => kind === 'settlement')
    .map(({ saleNumber, personNumber, state, account }) => ({ saleNumber, personNumber, state, account }));
  const balances = control
    .persons()
    .map(({ personNumber }) => [personNumber, control.account(personNumber)?.balance ?? 0n] as const);
  return { booked, balances: new Map(balances), violations: control.violations().length };
}
