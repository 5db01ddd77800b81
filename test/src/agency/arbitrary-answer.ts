import fc from 'fast-check';
import type { AnsweredLine, SettlementAnswer } from '#agency/messages/settlement-answer';
import type { AskedSettlement } from '#agency/messages/settlement-asked';
import {
  addMoney,
  fen,
  type Money,
  type Ratio,
  shareOf,
  subtractMoney,
  sumMoney,
  zeroMoney,
} from '#core/money';

export interface Case {
  readonly asked: AskedSettlement;
  readonly answer: SettlementAnswer;
}

const amount = (max: number) => fc.integer({ min: 0, max }).map((value) => fen(BigInt(value)));
const share = fc.integer({ min: 0, max: 10_000 }).map((value) => BigInt(value) as Ratio);

interface LinePlan {
  readonly kind: 'A' | 'B' | 'C';
  readonly total: Money;
  readonly ratio: Ratio;
  readonly over: Ratio;
}

const linePlan: fc.Arbitrary<LinePlan> = fc.record({
  kind: fc.constantFrom('A', 'B', 'C'),
  total: amount(1_000_000),
  ratio: share,
  over: share,
});

/** Good answers by construction: lines of three classes, two funds, own and relative's account pay part of the rest. */
export function goodCase(accountInsideFund: boolean): fc.Arbitrary<Case> {
  return fc
    .record({
      lines: fc.array(linePlan, { minLength: 1, maxLength: 8 }),
      deductible: share,
      pool: share,
      second: share,
      account: share,
      family: fc.oneof(fc.constant(0n as Ratio), share),
      familyHasRow: fc.boolean(),
      useAccount: fc.boolean(),
    })
    .map((plan) => build(plan, accountInsideFund));
}

function build(
  plan: {
    readonly lines: readonly LinePlan[];
    readonly deductible: Ratio;
    readonly pool: Ratio;
    readonly second: Ratio;
    readonly account: Ratio;
    readonly family: Ratio;
    readonly familyHasRow: boolean;
    readonly useAccount: boolean;
  },
  accountInsideFund: boolean,
): Case {
  const lines = plan.lines.map(lineOf);
  const sum = (of: (line: AnsweredLine) => Money) => sumMoney(lines.map(of));
  const total = sum((line) => line.total);
  const inScope = sum((line) => line.inScope);
  const deductible = shareOf(inScope, plan.deductible, 'down');
  const pool = shareOf(subtractMoney(inScope, deductible), plan.pool, 'down');
  const second = shareOf(subtractMoney(subtractMoney(inScope, deductible), pool), plan.second, 'down');
  const funds = addMoney(pool, second);
  const own = subtractMoney(total, funds);
  const account = plan.useAccount ? shareOf(own, plan.account, 'down') : zeroMoney;
  const rest = subtractMoney(own, account);
  const family = plan.useAccount ? shareOf(rest, plan.family, 'down') : zeroMoney;
  const answer: SettlementAnswer = {
    visitId: 'V1',
    settlementId: 'S1',
    personNumber: 'N1',
    echoedMessageId: 'M1',
    settledAtMs: 0,
    clearingOffice: '990199',
    clearingType: '41',
    total,
    outOfScope: sum((line) => line.outOfScope),
    overCeiling: sum((line) => line.overCeiling),
    firstSelfPay: sum((line) => line.firstSelfPay),
    inScope,
    deductible,
    fundItems: [pool, second, ...Array.from({ length: 6 }, () => zeroMoney)],
    fundTotal: accountInsideFund ? addMoney(funds, account) : funds,
    own,
    account,
    cash: subtractMoney(rest, family),
    institutionShare: zeroMoney,
    mutualAid: family,
    balanceAfter: fen(5000n),
    funds: [
      { code: '310100', nameZh: '统筹', amount: pool },
      { code: '330100', nameZh: '大额', amount: second },
      { code: '310200', nameZh: '账户', amount: account },
      ...(plan.familyHasRow ? [{ code: '310201', nameZh: '共济', amount: family }] : []),
    ],
    lines,
  };
  return { answer, asked: askedFor(lines, total, plan.useAccount) };
}

function lineOf(plan: LinePlan, index: number): AnsweredLine {
  const base = { lineId: `S-${index + 1}`, total: plan.total, insuranceClass: plan.kind, memo: '' };
  if (plan.kind === 'C') {
    const nothing = { overCeiling: zeroMoney, firstSelfPay: zeroMoney, inScope: zeroMoney };
    return { ...base, ...nothing, outOfScope: plan.total, firstSelfPayRatio: 10_000n as Ratio };
  }
  const overCeiling = shareOf(plan.total, plan.over, 'down');
  const below = subtractMoney(plan.total, overCeiling);
  const ratio = plan.kind === 'B' ? plan.ratio : (0n as Ratio);
  const firstSelfPay = shareOf(below, ratio, 'half-up');
  return {
    ...base,
    outOfScope: zeroMoney,
    overCeiling,
    firstSelfPay,
    inScope: subtractMoney(below, firstSelfPay),
    firstSelfPayRatio: ratio,
  };
}

function askedFor(lines: readonly AnsweredLine[], total: Money, useAccount: boolean): AskedSettlement {
  return {
    messageId: 'M1',
    personNumber: 'N1',
    insuredRegion: '990199',
    useAccount,
    total,
    lines: lines.map((line, index) => ({ lineId: line.lineId, lineNumber: index + 1, amount: line.total })),
  };
}

/** One amount of an answer changed by `byFen`; undefined when the place does not exist. */
export type Mutation = (answer: SettlementAnswer, byFen: bigint) => SettlementAnswer;

type Sum =
  | 'total'
  | 'outOfScope'
  | 'overCeiling'
  | 'firstSelfPay'
  | 'inScope'
  | 'fundTotal'
  | 'own'
  | 'account'
  | 'cash'
  | 'institutionShare'
  | 'mutualAid';
const sums: readonly Sum[] = [
  'total',
  'outOfScope',
  'overCeiling',
  'firstSelfPay',
  'inScope',
  'fundTotal',
  'own',
  'account',
  'cash',
  'institutionShare',
  'mutualAid',
];
const lineSums = ['total', 'outOfScope', 'overCeiling', 'firstSelfPay', 'inScope'] as const;

/** Every place of an answer that carries a checked amount, by name. */
export const mutations: ReadonlyMap<string, Mutation> = new Map<string, Mutation>([
  ...sums.map((name): [string, Mutation] => [
    name,
    (answer, by) => ({ ...answer, [name]: fen(answer[name] + by) }),
  ]),
  ...lineSums.map((name): [string, Mutation] => [
    `lines[0].${name}`,
    (answer, by) => ({
      ...answer,
      lines: answer.lines.map((line, index) =>
        index === 0 ? { ...line, [name]: fen(line[name] + by) } : line,
      ),
    }),
  ]),
  ...[0, 1, 2].map((place): [string, Mutation] => [
    `funds[${place}]`,
    (answer, by) => ({
      ...answer,
      funds: answer.funds.map((row, index) =>
        index === place ? { ...row, amount: fen(row.amount + by) } : row,
      ),
    }),
  ]),
  ...[0, 1, 7].map((place): [string, Mutation] => [
    `fundItems[${place}]`,
    (answer, by) => ({
      ...answer,
      fundItems: answer.fundItems.map((item, index) => (index === place ? fen(item + by) : item)),
    }),
  ]),
]);
