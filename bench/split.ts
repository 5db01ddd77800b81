import { type SaleInput, splitSale } from '#benefits/split-sale';
import { assert } from '#core/assert';
import type { BasketLine } from '#core/domain/product';
import type { Reason, Split } from '#core/domain/split';
import {
  lineAmount,
  price,
  type Quantity,
  quantity,
  type Ratio,
  ratio,
  type UnitPrice,
  yuan,
} from '#core/money';
import type { Policy } from '#core/policy';
import { policyTools } from '#main';
import type { BenchContext, BenchOutput } from './measure.ts';
import { plainSums } from './split-peer.ts';
import { median, timed } from './statistics.ts';

const { shippedPolicy } = await policyTools();

const LINES = 20;
const BASKETS = 16;
const ROUNDS = 31;
const WARM_UP = 24;
/** Splits a round, a multiple of the baskets. */
const SPLITS = 320;

/** Baskets of twenty lines, every sentence of their reasons read to its end, beside the same sums by hand. */
export async function* measures(_context: BenchContext): AsyncIterable<BenchOutput> {
  const policy = shippedPolicy('training-310-pharmacy');
  assert(policy !== undefined, 'the training document is shipped');
  const baskets = Array.from({ length: BASKETS }, (_, index) => basket(policy, index));
  for (const each of baskets) checkAgainstPeer(each);
  const found: { readonly ours: number; readonly theirs: number }[] = [];
  let reasons = 0;
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    reasons = 0;
    const ours = eachMs(baskets, (input) => {
      reasons += readSplit(splitOf(input));
    });
    const theirs = eachMs(baskets, plainSums);
    if (round >= 0) found.push({ ours, theirs });
  }
  const ours = median(found.map((round) => round.ours));
  yield { name: 'split-20-lines', value: 1000 / ours, unit: 'per-s', budget: { least: 5000 } };
  const beside = median(found.map((round) => round.ours / round.theirs));
  yield { name: 'split-beside-bigint', value: beside, unit: 'x', budget: { most: 10 } };
  yield { name: 'split-reasons', value: reasons / SPLITS, unit: 'reasons' };
  yield { name: 'split-ours', value: ours, unit: 'ms' };
  yield { name: 'split-bigint', value: median(found.map((round) => round.theirs)), unit: 'ms' };
}

function eachMs(baskets: readonly SaleInput[], work: (input: SaleInput) => unknown): number {
  const ms = timed(() => {
    for (let count = 0; count < SPLITS; count += BASKETS) for (const input of baskets) work(input);
  });
  return ms / SPLITS;
}

function splitOf(input: SaleInput): Split {
  const split = splitSale(input);
  assert(split.ok, 'the training document has a rule for the basket');
  return split.value;
}

/** Number of reasons. Their last sign is read: a sentence that nobody reads is not put together. */
function readSplit(split: Split): number {
  let count = readReasons(split.reasons);
  for (const line of split.lines) count += readReasons(line.reasons);
  return count;
}

function readReasons(reasons: readonly Reason[]): number {
  let count = 0;
  for (const { zh, en, parts } of reasons) {
    assert(zh.charCodeAt(zh.length - 1) + en.charCodeAt(en.length - 1) > 0, 'a reason has sentences');
    count += 1 + (parts === undefined ? 0 : readReasons(parts));
  }
  return count;
}

/** A peer that does other sums would say nothing. */
function checkAgainstPeer(input: SaleInput): void {
  const split = splitOf(input);
  const plain = plainSums(input);
  assert(split.fundTotal === plain.fund, 'both sides come to the same fund');
  assert(split.account === plain.account, 'both sides come to the same account share');
  assert(split.cash === plain.cash, 'both sides come to the same cash');
  assert(split.deductible === plain.deductible, 'both sides come to the same deductible');
}

function basket(policy: Policy, seed: number): SaleInput {
  return {
    policy,
    lines: Array.from({ length: LINES }, (_, index) => line(index, seed)),
    person: { scheme: '310', personType: '1101', age: 40, tags: [] },
    institution: { level: 'community', kind: 'pharmacy' },
    day: '2026-03-05',
    used: { deductible: yuan(seed % 4 === 0 ? '150.00' : '200.00'), fundPaid: yuan('120.00') },
    balance: yuan('300.00'),
    useAccount: true,
  };
}

/** Of ten lines six are class B, one class C, one without a code; every third one is above its ceiling. */
function line(index: number, seed: number): BasketLine {
  const kind = index % 10;
  const unitPrice = price(`${(index + 3) * 2 + seed}.${((index * 37 + seed * 11) % 90) + 10}`);
  const count = quantity(String((index % 3) + 1)) as Quantity;
  const insuranceClass = kind === 9 ? 'C' : kind < 3 ? 'A' : 'B';
  return {
    lineNumber: index + 1,
    product: {
      shopCode: `S${index}`,
      ...(kind === 8 ? {} : { nationalCode: `XN02ZZB901A001010${index}` }),
      genericName: '苯磺酸氨氯地平片',
      form: '片剂',
      specification: '5mg×28片',
      maker: '示例制药',
      packUnit: '盒',
      price: unitPrice,
      insuranceClass,
      firstSelfPayRatio: (insuranceClass === 'B' ? ratio(kind % 2 === 0 ? '0.1' : '0.05') : 0n) as Ratio,
      ...(index % 3 === 0 ? { ceiling: (unitPrice - 1_250_000n) as UnitPrice } : {}),
      category: 'drug',
      prescriptionOnly: false,
    },
    quantity: count,
    amount: lineAmount(unitPrice, count, 'half-up'),
    catalogVersion: 'bench',
  };
}
