import type { PaidSums, SaleSummary, SaleView } from '#server/api-types';
import { isZero } from './format.ts';
import { first } from './language.ts';
import { type TextKey, texts } from './texts.ts';
import { Words } from './words.tsx';

/** What the customer keeps of a cancelled sale: which sale, what it had taken, what goes back. */
export function RestPanel({ sale }: { sale: SaleView }) {
  const { replaces } = sale;
  if (replaces === undefined) return null;
  const { saleNumber, before, back, mobile } = replaces;
  return (
    <section class="panel rest" data-testid="rest">
      <h2>
        <Words k="restTitle" />{' '}
        <span class="muted">
          {first(texts.restOf)} <span data-testid="rest-of">{saleNumber}</span>
        </span>
      </h2>
      <RefundSums before={before} back={back} rest={sale.split === undefined ? undefined : restSums(sale)} />
      {mobile === undefined ? null : (
        <p class="small">
          <Words k="refundMobile" /> <b class="amount">{mobile}</b>
        </p>
      )}
      {sale.state === 'selling' ? (
        <p class="muted small">
          <Words k="restNote" />
        </p>
      ) : null}
    </section>
  );
}

function restSums({ replaces, split }: SaleView): PaidSums | undefined {
  if (replaces?.back === undefined || split === undefined) return undefined;
  const { total, fundTotal, account, cash } = split;
  return { total, fundTotal, account, cash };
}

const ROWS = [
  ['fundTotal', 'fund'],
  ['account', 'account'],
  ['cash', 'cash'],
  ['total', 'total'],
] as const satisfies readonly (readonly [keyof PaidSums, TextKey])[];

/** Who had paid what, what is kept costs them, and the difference; the columns stand on the decimal point. */
export function RefundSums(props: {
  before: PaidSums;
  rest: PaidSums | undefined;
  back: PaidSums | undefined;
}) {
  const { before, rest, back } = props;
  const rows = ROWS.filter(([name]) => name === 'total' || !isEmpty(name, [before, rest, back]));
  const owes = rows.some(([name]) => back?.[name].startsWith('-') === true);
  return (
    <>
      <table class="refund-sums" data-testid="refund-sums">
        <thead>
          <tr>
            <td />
            {(['refundBefore', 'refundRest', 'refundBack'] as const).map((k) => (
              <th key={k} scope="col">
                <Words k={k} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, label]) => (
            <tr key={name} class={name === 'total' ? 'total' : ''}>
              <th scope="row">
                <Words k={label} />
              </th>
              <td class="amount">{before[name]}</td>
              <td class="amount">{rest?.[name] ?? '—'}</td>
              <td class="amount back" data-testid={`back-${name}`}>
                {back?.[name] ?? '—'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {owes ? (
        <p class="muted small">
          <Words k="refundMore" />
        </p>
      ) : null}
    </>
  );
}

function isEmpty(name: keyof PaidSums, sums: readonly (PaidSums | undefined)[]): boolean {
  return sums.every((each) => each === undefined || isZero(each[name]));
}

/** What the drawer gives, or still takes, when both sales are set against each other. */
export function CashBack({ back }: { back: PaidSums }) {
  const more = back.cash.startsWith('-');
  return (
    <div class="figure big">
      <dt>
        <Words k={more ? 'refundCashMore' : 'refundCashBack'} />
      </dt>
      <dd class="amount" data-testid="cash-back">
        {more ? back.cash.slice(1) : back.cash}
      </dd>
    </div>
  );
}

const FATE = { open: 'replacedOpen', sold: 'replacedBy', 'not-sold': 'replacedGone' } as const;

/** The other end of a line refund, in a list of sales: as short as a row has room for. */
export function SaleLink({ sale }: { sale: SaleSummary }) {
  const link = linkOf(sale);
  return link === undefined ? null : (
    <span class="sale-link" data-testid={link.testId}>
      {' '}
      {first(texts[link.short])} …{link.saleNumber.slice(-6)}
    </span>
  );
}

/** The same of the marked sale, at length. */
export function LinkedSale({ sale }: { sale: SaleSummary }) {
  const link = linkOf(sale);
  return link === undefined ? null : (
    <p class="linked-sale" data-testid="linked-sale">
      <Words k={link.long} /> <b>{link.saleNumber}</b>
    </p>
  );
}

interface Link {
  readonly testId: string;
  readonly short: TextKey;
  readonly long: TextKey;
  readonly saleNumber: string;
}

function linkOf({ replaces, replacedBy }: SaleSummary): Link | undefined {
  if (replacedBy !== undefined) {
    const { saleNumber, rest } = replacedBy;
    return { testId: 'replaced-by', short: 'restAs', long: FATE[rest], saleNumber };
  }
  if (replaces === undefined) return undefined;
  return { testId: 'replaces', short: 'restOf', long: 'restReplaces', saleNumber: replaces };
}
