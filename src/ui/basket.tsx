import { useEffect, useRef } from 'preact/hooks';
import type { LineView, SaleView } from '#server/api-types';
import { ProductBadge } from './class-badge.tsx';
import { isZero, sumText } from './format.ts';
import { first, SECOND, second } from './language.ts';
import { memo } from './memo.ts';
import { type TextKey, texts } from './texts.ts';
import { useScrollStop } from './use-scroll-stop.ts';
import { spoken, Words } from './words.tsx';

/** The lines of the sale on screen. */
export const Basket = memo(function Basket(props: {
  lines: SaleView['lines'];
  selected: number | undefined;
}) {
  const { lines, selected } = props;
  const box = useScrollStop<HTMLElement>();
  if (lines.length === 0) {
    return (
      <section class="basket empty" data-testid="basket">
        <p class="basket-empty">
          <Words k="basketEmpty" />
        </p>
        <p class="muted">
          <Words k="basketEmptyNote" />
        </p>
      </section>
    );
  }
  return (
    <section ref={box} class="basket" aria-label={spoken('basket')} data-testid="basket">
      <table aria-label={spoken('basket')}>
        <Heads />
        <tbody>
          {lines.map((line) => (
            <Line key={line.lineNumber} line={line} selected={line.lineNumber === selected} />
          ))}
        </tbody>
      </table>
    </section>
  );
});

export function BasketTotal({ sale }: { sale: SaleView }) {
  return (
    <footer class="basket-total">
      <span>
        <b class="basket-count">{sale.lines.length}</b> {first(texts.pieces)}{' '}
        <small lang={SECOND}>{second(texts.pieces)}</small>
      </span>
      <span class="muted small" data-testid="sale-number">
        {sale.saleNumber}
      </span>
      <span class="basket-sum">
        <Words k="total" /> <b data-testid="total">{sale.total}</b>
      </span>
    </footer>
  );
}

const Heads = memo(function Heads() {
  return (
    <thead>
      <tr>
        <Head k="product" column="" />
        <Head k="class" column="center" />
        <Head k="price" column="right" />
        <Head k="quantity" column="right" />
        <Head k="amount" column="right" />
        <Head k="ownPart" column="right" />
      </tr>
    </thead>
  );
});

function Head({ k, column }: { k: TextKey; column: string }) {
  return (
    <th scope="col" class={column}>
      {first(texts[k])} <small lang={SECOND}>{second(texts[k])}</small>
    </th>
  );
}

/** Quantity and amount are new elements where they change: in an old one a figure with a digit more moves its others. */
const Line = memo(function Line({ line, selected }: { line: LineView; selected: boolean }) {
  const row = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (selected) row.current?.scrollIntoView({ block: 'nearest' });
  }, [selected]);
  const { product, split } = line;
  const own =
    split === undefined ? undefined : sumText(split.outOfScope, split.overCeiling, split.firstSelfPay);
  return (
    <tr
      ref={row}
      class={selected ? 'selected' : ''}
      aria-selected={selected}
      data-testid={`line-${line.lineNumber}`}
    >
      <td class="wide">
        <div class="line-name">
          {product.genericName}
          {product.tradeName === undefined ? null : <span class="trade-name">{product.tradeName}</span>}
          {product.prescriptionOnly ? <span class="rx">{first(texts.prescription)}</span> : null}
          <small class="spec">{product.specification}</small>
        </div>
        <div class="line-sub">
          <span class="maker">{product.maker}</span>
          {product.ceiling === undefined ? null : (
            <span>
              {first(texts.ceiling)} {product.ceiling}
            </span>
          )}
          {product.remark === undefined ? null : <span class="remark">{product.remark}</span>}
        </div>
        <LineReasons line={line} />
      </td>
      <td class="center">
        <ProductBadge product={product} />
      </td>
      <td class="amount">{product.price}</td>
      <td class="amount">
        <b key={line.quantity} class="line-quantity" data-testid={`line-quantity-${line.lineNumber}`}>
          {line.quantity}
        </b>
        <small>{product.packUnit}</small>
        <Doses line={line} />
      </td>
      <td key={line.amount} class="amount strong" data-testid={`line-amount-${line.lineNumber}`}>
        {line.amount}
      </td>
      <td class="amount" data-testid={`line-own-${line.lineNumber}`}>
        {own ?? '—'}
      </td>
    </tr>
  );
});

/** Herbal pieces: what the quantity was reckoned from. */
function Doses({ line: { lineNumber, herbalDoses } }: { line: LineView }) {
  if (herbalDoses === undefined) return null;
  const { doses, gramsPerDose } = herbalDoses;
  return (
    <small class="line-doses" data-testid={`line-doses-${lineNumber}`}>
      {`${doses}${first(texts.doses)}×${gramsPerDose}${first(texts.grams)}`}
    </small>
  );
}

/** Why the holder pays part of the line before any fund or account is asked. */
function LineReasons({ line }: { line: LineView }) {
  const reasons = line.split?.reasons.filter(
    (reason) => reason.step !== 'in-scope' && reason.step !== 'covered' && !isZero(reason.amount),
  );
  if (reasons === undefined || reasons.length === 0) return null;
  return (
    <ul class="line-reasons">
      {reasons.map((reason) => (
        <li
          key={`${reason.step}${first(reason)}`}
          title={`${second(reason)} · ${reason.policy} ${reason.version} ${reason.rule ?? ''}`}
        >
          {first(reason)}
          {first(reason).includes(reason.amount) ? null : <span class="amount"> {reason.amount}</span>}
        </li>
      ))}
    </ul>
  );
}
