import {
  addMoney,
  fen,
  formatMoney,
  type Money,
  negateMoney,
  shareOf,
  subtractMoney,
  sumMoney,
  zeroMoney,
} from '#core/money';
import type { CancellationAnswer } from './messages/cancellation.ts';
import { type AnsweredLine, fundTotalOf, type SettlementAnswer } from './messages/settlement-answer.ts';
import type { AskedSettlement } from './messages/settlement-asked.ts';

/**
 * The region's part of the money relations (interface section 11). Relations 1, 4, 6, 7, 10, 14 and 16 and the
 * question whether the answer speaks of what was asked are always checked; these say how the others are meant.
 */
export interface RelationRules {
  /** The account is counted inside the fund total (Zhuhai) instead of beside it (relation 5). */
  readonly accountInsideFund: boolean;
  /** Relation 2: total = fund + own (+ institution). */
  readonly totalIsFundAndOwn: boolean;
  /** Relation 3: own = account + relative's account + cash. */
  readonly ownIsAccountAndCash: boolean;
  /** Relation 5: total − fund − cash = the accounts, or the relative's alone where the own one is in the fund. */
  readonly accountPlaceIsKnown: boolean;
  /** Relation 12: first self-pay = share of the part below the ceiling, within the tolerance; order unconfirmed. */
  readonly firstSelfPayIsShare: boolean;
  readonly firstSelfPayTolerance: Money;
  /** Fund codes of setldetail that mean a personal account (个人账户), not a fund. */
  readonly accountFunds: ReadonlySet<string>;
  /** The answer repeats the sender message id as medins_setl_id. */
  readonly echoesMessageId: boolean;
}

/** National style: account beside the fund; relation 12 off because its order of steps is not confirmed. */
export const nationalRelations: RelationRules = {
  accountInsideFund: false,
  totalIsFundAndOwn: true,
  ownIsAccountAndCash: true,
  accountPlaceIsKnown: true,
  firstSelfPayIsShare: false,
  firstSelfPayTolerance: fen(1n),
  // Employees' account, its regional code, and the family account of residents.
  accountFunds: new Set(['310200', '310201', '390500']),
  echoesMessageId: true,
};

/** A relation that an answer breaks: the money may be wrong, the sale is disputed. The two sums are absent where no amounts are compared. */
export interface BrokenRelation {
  readonly name: string;
  readonly stated?: Money;
  readonly computed?: Money;
}

/** Rows of setldetail that the institution itself bears. */
const INSTITUTION_FUNDS: ReadonlySet<string> = new Set(['999996', '999997']);

/** A row of a fund proper: neither an account nor the institution's own share. */
export function isFundRow(code: string, rules: RelationRules): boolean {
  return !rules.accountFunds.has(code) && !INSTITUTION_FUNDS.has(code);
}

/** `relation-1: 104.40 ≠ 104.39`, without anything personal. */
export function describeBroken(broken: BrokenRelation): string {
  if (broken.stated === undefined || broken.computed === undefined) return broken.name;
  return `${broken.name}: ${formatMoney(broken.stated)} ≠ ${formatMoney(broken.computed)}`;
}

/** Every broken relation of a 2101 or 2102 answer, in the order of the interface's table; empty = all hold. */
export function checkSettlement(
  answer: SettlementAnswer,
  asked: AskedSettlement,
  rules: RelationRules,
): BrokenRelation[] {
  return [
    ...checkSums(answer, rules),
    ...checkFundRows(answer, rules),
    ...answer.lines.flatMap((line) => checkLine(line, rules)),
    ...checkLineTotals(answer),
    ...checkSigns(answer, asked),
    ...checkAsked(answer, asked, rules),
  ];
}

/** Relations 1 and 4 of a cancellation, its signs (15) and whether it answers this message. */
export function checkCancellation(
  answer: CancellationAnswer,
  asked: { readonly messageId: string; readonly visitId: string },
  rules: RelationRules,
): BrokenRelation[] {
  const amounts = [answer.total, answer.fundTotal, answer.account, answer.mutualAid];
  return [
    ...same('relation-1', answer.total, scopeSum(answer)),
    ...same('relation-4', answer.fundTotal, fundItemSum(answer, rules)),
    ...when(
      'relation-15',
      amounts.some((amount) => amount > 0n),
    ),
    ...when('answer-visit', answer.visitId !== asked.visitId),
    ...when('answer-message-id', rules.echoesMessageId && answer.echoedMessageId !== asked.messageId),
  ];
}

function checkSums(answer: SettlementAnswer, rules: RelationRules): BrokenRelation[] {
  const fund = fundTotalOf(answer, rules.accountInsideFund);
  const broken = [...same('relation-1', answer.total, scopeSum(answer))];
  if (rules.totalIsFundAndOwn) {
    // Inside style: what the person bears besides the account is the cash alone.
    const own = rules.accountInsideFund ? personShare(answer) : answer.own;
    broken.push(...same('relation-2', answer.total, sumMoney([fund, own, answer.institutionShare])));
  }
  // Whether a region with the account inside the fund counts it as own too is not known: both are taken.
  const ownIsCash = rules.accountInsideFund && answer.own === addMoney(answer.cash, answer.mutualAid);
  if (rules.ownIsAccountAndCash && !ownIsCash) {
    broken.push(...same('relation-3', answer.own, personShare(answer)));
  }
  broken.push(...same('relation-4', answer.fundTotal, fundItemSum(answer, rules)));
  if (rules.accountPlaceIsKnown) {
    const rest = subtractMoney(
      answer.total,
      sumMoney([answer.fundTotal, answer.cash, answer.institutionShare]),
    );
    const accounts = rules.accountInsideFund ? answer.mutualAid : addMoney(answer.account, answer.mutualAid);
    broken.push(...same('relation-5', rest, accounts));
  }
  return broken;
}

function checkFundRows(answer: SettlementAnswer, rules: RelationRules): BrokenRelation[] {
  const sum = (take: (code: string) => boolean) =>
    sumMoney(answer.funds.filter((row) => take(row.code)).map((row) => row.amount));
  const institution = sum((code) => INSTITUTION_FUNDS.has(code));
  const accountRows = sum((code) => rules.accountFunds.has(code));
  // Whether a relative's account has a row of its own is not known: both are taken.
  const accounts =
    accountRows === answer.account ? answer.account : addMoney(answer.account, answer.mutualAid);
  return [
    ...same(
      'relation-6',
      fundTotalOf(answer, rules.accountInsideFund),
      sum((code) => isFundRow(code, rules)),
    ),
    ...same('relation-6-account', accounts, accountRows),
    // A pharmacy bears no share and our split has no place for one.
    ...same(
      'institution-share',
      institution === zeroMoney ? answer.institutionShare : institution,
      zeroMoney,
    ),
  ];
}

function checkLine(line: AnsweredLine, rules: RelationRules): BrokenRelation[] {
  const broken = [...same('relation-10', line.total, scopeSum(line))];
  if (!rules.firstSelfPayIsShare) return broken;
  const expected = expectedFirstSelfPay(line);
  const apart = subtractMoney(line.firstSelfPay, expected);
  const size = apart < 0n ? negateMoney(apart) : apart;
  if (size > rules.firstSelfPayTolerance) broken.push(...same('relation-12', line.firstSelfPay, expected));
  if (line.insuranceClass === 'C') broken.push(...same('relation-12', line.outOfScope, line.total));
  return broken;
}

function expectedFirstSelfPay(line: AnsweredLine): Money {
  if (line.insuranceClass !== 'B' || line.firstSelfPayRatio === undefined) return zeroMoney;
  return shareOf(subtractMoney(line.total, line.overCeiling), line.firstSelfPayRatio, 'half-up');
}

function checkLineTotals(answer: SettlementAnswer): BrokenRelation[] {
  const sum = (of: (line: AnsweredLine) => Money) => sumMoney(answer.lines.map(of));
  return [
    ...same(
      'relation-14-total',
      answer.total,
      sum((line) => line.total),
    ),
    ...same(
      'relation-14-out-of-scope',
      answer.outOfScope,
      sum((line) => line.outOfScope),
    ),
    ...same(
      'relation-14-over-ceiling',
      answer.overCeiling,
      sum((line) => line.overCeiling),
    ),
    ...same(
      'relation-14-first-self-pay',
      answer.firstSelfPay,
      sum((line) => line.firstSelfPay),
    ),
    ...same(
      'relation-14-in-scope',
      answer.inScope,
      sum((line) => line.inScope),
    ),
  ];
}

/** Relations 7 and 16, and that a purchase has no negative part: opposite errors may not cancel out. */
function checkSigns(answer: SettlementAnswer, asked: AskedSettlement): BrokenRelation[] {
  const amounts = [
    ...[answer.total, answer.outOfScope, answer.overCeiling, answer.firstSelfPay, answer.inScope],
    ...[answer.deductible, answer.fundTotal, answer.own, answer.account, answer.cash, answer.mutualAid],
    ...answer.fundItems,
    ...answer.funds.map((row) => row.amount),
    ...answer.lines.flatMap((line) => [
      ...[line.total, line.outOfScope, line.overCeiling, line.firstSelfPay, line.inScope],
    ]),
  ];
  return [
    ...when(
      'negative-amount',
      amounts.some((amount) => amount < 0n),
    ),
    ...(answer.deductible > answer.inScope ? same('relation-7', answer.deductible, answer.inScope) : []),
    ...(asked.useAccount ? [] : same('relation-16', addMoney(answer.account, answer.mutualAid), zeroMoney)),
  ];
}

/** Does the answer speak of what was asked? */
function checkAsked(
  answer: SettlementAnswer,
  asked: AskedSettlement,
  rules: RelationRules,
): BrokenRelation[] {
  const amounts = new Map(asked.lines.map((line) => [line.lineId, line.amount]));
  const answeredIds = new Set(answer.lines.map((line) => line.lineId));
  const sameIds =
    answer.lines.length === asked.lines.length &&
    answeredIds.size === amounts.size &&
    asked.lines.every((line) => answeredIds.has(line.lineId));
  return [
    ...same('answer-total', answer.total, asked.total),
    ...when('answer-person', answer.personNumber !== asked.personNumber),
    ...when('answer-message-id', rules.echoesMessageId && answer.echoedMessageId !== asked.messageId),
    ...when('answer-lines', !sameIds),
    ...answer.lines.flatMap((line) =>
      same('answer-line-amount', line.total, amounts.get(line.lineId) ?? line.total),
    ),
  ];
}

/** What neither fund nor institution pays: own account, relative's account, cash. */
function personShare(answer: Pick<SettlementAnswer, 'account' | 'mutualAid' | 'cash'>): Money {
  return sumMoney([answer.account, answer.mutualAid, answer.cash]);
}

function scopeSum(
  part: Pick<AnsweredLine, 'outOfScope' | 'overCeiling' | 'firstSelfPay' | 'inScope'>,
): Money {
  return sumMoney([part.outOfScope, part.overCeiling, part.firstSelfPay, part.inScope]);
}

function fundItemSum(
  answer: { readonly fundItems: readonly Money[]; readonly account: Money },
  rules: RelationRules,
): Money {
  const items = sumMoney(answer.fundItems);
  return rules.accountInsideFund ? addMoney(items, answer.account) : items;
}

function same(name: string, stated: Money, computed: Money): BrokenRelation[] {
  return stated === computed ? [] : [{ name, stated, computed }];
}

function when(name: string, broken: boolean): BrokenRelation[] {
  return broken ? [{ name }] : [];
}
