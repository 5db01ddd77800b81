import fc from 'fast-check';
import { expect, test } from 'vitest';
import { choosePolicy, shippedPolicies } from '#benefits/choose-policy';
import { splitPurchase } from '#benefits/split-purchase';
import { starterProducts } from '#catalog/starter';
import type { BasketLine } from '#core/domain/product';
import { fen, lineAmount, type Quantity } from '#core/money';
import { cutLine, defaultPolicy, splitCharge } from '#simulators/agency/policy';

/** Two separate implementations, ours and the simulated agency's, on the same random baskets. */
const products = starterProducts().filter(({ nationalCode }) => nationalCode !== undefined);
const seed = Number(process.env['GUITAI_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

const basket = fc.array(
  fc.record({
    index: fc.nat(products.length - 1),
    count: fc.integer({ min: 1, max: 300_000 }),
  }),
  { minLength: 1, maxLength: 12 },
);
const person = fc.constantFrom(
  { scheme: '310', personType: '1101' },
  { scheme: '310', personType: '1201' },
  { scheme: '390', personType: '1501' },
);

test(`terminal and agency split every basket to the same fen (seed ${seed})`, () => {
  fc.assert(
    fc.property(
      basket,
      person,
      fc.bigInt({ min: 0n, max: 30_000n }),
      fc.bigInt({ min: 0n, max: 310_000n }),
      fc.bigInt({ min: 0n, max: 500_000n }),
      fc.boolean(),
      (rows, who, deductible, fundPaid, balance, useAccount) => {
        const lines = rows.map(({ index, count }, at): BasketLine => {
          const product = products[index];
          if (product === undefined) throw new Error('the index is in range');
          const quantity = BigInt(count) as Quantity;
          const amount = lineAmount(product.price, quantity, 'half-up');
          return { lineNumber: at + 1, product, quantity, amount, catalogVersion: 'test' };
        });
        const policy = choosePolicy(shippedPolicies(), { region: '990100', day: '2026-11-21', ...who });
        if (!policy.ok) throw new Error(policy.error.code);
        const hasAccount = who.scheme === '310';
        const ours = splitPurchase({
          policy: policy.value,
          lines,
          person: who,
          usedThisYear: { deductible: fen(deductible), fundPaid: fen(fundPaid) },
          ...(hasAccount ? { balance: fen(balance) } : {}),
          useAccount,
        });
        const used = { deductible, fundPaid, balance: hasAccount ? balance : 0n, useAccount };
        const theirs = agencySplit(lines, who, used);
        expect({
          fund: ours.fundTotal,
          account: ours.account,
          cash: ours.cash,
          deductible: ours.deductible,
        }).toEqual(theirs);
      },
    ),
    { seed, numRuns: 2000 },
  );
});

function agencySplit(
  lines: readonly BasketLine[],
  who: { scheme: string; personType: string },
  used: { deductible: bigint; fundPaid: bigint; balance: bigint; useAccount: boolean },
) {
  const policy = defaultPolicy[who.scheme];
  if (policy === undefined) throw new Error('the simulated region knows the scheme');
  const cut = lines.map(({ product, quantity, amount, lineNumber }) => {
    const { nationalCode = '', insuranceClass, firstSelfPayRatio, ceiling } = product;
    const entry = {
      nationalCode,
      class: insuranceClass,
      firstSelfPayRatio,
      ...(ceiling === undefined ? {} : { ceiling }),
    };
    const row = {
      serial: String(lineNumber),
      nationalCode,
      amount,
      count: quantity,
      unitPrice: product.price,
    };
    return cutLine(row, entry);
  });
  const charge = splitCharge(cut, policy, {
    deductibleUsed: used.deductible,
    fundUsed: used.fundPaid,
    balance: used.balance,
    relativeBalance: 0n,
    retired: who.personType.startsWith('12'),
    useAccount: used.useAccount,
  });
  return { fund: charge.fund, account: charge.account, cash: charge.cash, deductible: charge.deductible };
}
