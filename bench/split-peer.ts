import type { SaleInput } from '#benefits/split-sale';

/** Figures of the training document for employees: a peer has its rule in its code. */
const DEDUCTIBLE = 20_000n;
const FUND_RATIO = 6_000n;
const YEARLY_PAYMENT = 300_000n;

/** The amounts of a line, as a split has them. */
export interface PlainLine {
  readonly total: bigint;
  readonly outOfScope: bigint;
  readonly overCeiling: bigint;
  readonly firstSelfPay: bigint;
  readonly inScope: bigint;
  readonly covered: bigint;
  readonly own: bigint;
}

/** All amounts of a split, no document, no reasons. */
export interface PlainSums {
  readonly total: bigint;
  readonly outOfScope: bigint;
  readonly overCeiling: bigint;
  readonly firstSelfPay: bigint;
  readonly inScope: bigint;
  readonly deductible: bigint;
  readonly fund: bigint;
  readonly own: bigint;
  readonly account: bigint;
  readonly cash: bigint;
  readonly lines: readonly PlainLine[];
}

/** A purchase by an employed person under the training document, by hand in bigint. */
export function plainSums({ lines, used, balance }: SaleInput): PlainSums {
  const cut = lines.map(cutLine);
  let [total, outOfScope, overCeiling, firstSelfPay, inScope] = [0n, 0n, 0n, 0n, 0n];
  for (const line of cut) {
    total += line.total;
    outOfScope += line.outOfScope;
    overCeiling += line.overCeiling;
    firstSelfPay += line.firstSelfPay;
    inScope += line.inScope;
  }
  const toBear = used.deductible < DEDUCTIBLE ? DEDUCTIBLE - used.deductible : 0n;
  const deductible = toBear < inScope ? toBear : inScope;
  const byRatio = ((inScope - deductible) * FUND_RATIO + 5_000n) / 10_000n;
  const room = used.fundPaid < YEARLY_PAYMENT ? YEARLY_PAYMENT - used.fundPaid : 0n;
  const fund = byRatio < room ? byRatio : room;
  const own = total - fund;
  const payable = own - outOfScope;
  const holds = balance ?? 0n;
  const account = holds < payable ? holds : payable;
  const covered = spread(
    fund,
    cut.map((line) => line.inScope),
    inScope,
  );
  return {
    total,
    outOfScope,
    overCeiling,
    firstSelfPay,
    inScope,
    deductible,
    fund,
    own,
    account,
    cash: own - account,
    lines: cut.map((line, index) => {
      const paid = covered[index] ?? 0n;
      // Written out: a spread would take longer than all the sums.
      return {
        total: line.total,
        outOfScope: line.outOfScope,
        overCeiling: line.overCeiling,
        firstSelfPay: line.firstSelfPay,
        inScope: line.inScope,
        covered: paid,
        own: line.total - paid,
      };
    }),
  };
}

type CutLine = Omit<PlainLine, 'covered' | 'own'>;

function cutLine({ amount, quantity, product }: SaleInput['lines'][number]): CutLine {
  if (product.nationalCode === undefined || product.insuranceClass === 'C') {
    return { total: amount, outOfScope: amount, overCeiling: 0n, firstSelfPay: 0n, inScope: 0n };
  }
  const { price, ceiling } = product;
  const above =
    ceiling === undefined || price <= ceiling
      ? 0n
      : ((price - ceiling) * quantity + 50_000_000n) / 100_000_000n;
  const overCeiling = above < amount ? above : amount;
  const left = amount - overCeiling;
  const ratio = product.insuranceClass === 'B' ? product.firstSelfPayRatio : 0n;
  const firstSelfPay = (left * ratio + 5_000n) / 10_000n;
  return { total: amount, outOfScope: 0n, overCeiling, firstSelfPay, inScope: left - firstSelfPay };
}

function spread(fund: bigint, weights: readonly bigint[], pool: bigint): bigint[] {
  if (pool === 0n) return weights.map(() => 0n);
  let left = fund;
  const rests: bigint[] = [];
  const parts = weights.map((weight) => {
    const exact = fund * weight;
    const part = exact / pool;
    rests.push(exact - part * pool);
    left -= part;
    return part;
  });
  const order = rests.map((_, index) => index);
  order.sort((a, b) => {
    const [ours, theirs] = [rests[a] ?? 0n, rests[b] ?? 0n];
    return ours === theirs ? a - b : ours > theirs ? -1 : 1;
  });
  for (const index of order.slice(0, Number(left))) parts[index] = (parts[index] ?? 0n) + 1n;
  return parts;
}
