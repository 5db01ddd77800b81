import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { EquivalentsAnswer } from '#server/api-types';
import { ProductBadge } from '../class-badge.tsx';
import { isZero } from '../format.ts';
import { first, SECOND, second } from '../language.ts';
import { type TextKey, texts } from '../texts.ts';

type Row = EquivalentsAnswer['rows'][number];
type Compared = EquivalentsAnswer['asked'];

const HEADS = ['packPrice', 'unitPriceHead', 'samePrice', 'ownPart', 'stock'] as const;

/** The asked product on top, below it the choice; arrows move the mark. */
export function EquivalentRows(props: {
  found: EquivalentsAnswer;
  marked: number;
  mark: (place: number) => void;
}) {
  const { found, marked, mark } = props;
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => box.current?.focus(), []);
  useEffect(() => {
    box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [marked]);
  return (
    <div class="equivalents">
      <div class="equivalent head">
        <span />
        <Head k="product" />
        {HEADS.map((key) => (
          <Head key={key} k={key} />
        ))}
      </div>
      <div class="equivalent asked" data-testid="equivalent-asked">
        <Cells row={found.asked} label="equivalentAsked" />
      </div>
      {found.rows.length === 0 ? null : (
        <div ref={box} class="list" role="listbox" tabIndex={0} aria-label={first(texts.equivalentsTitle)}>
          {found.rows.map((row, place) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the dialog takes the keys
            <div
              key={row.product.shopCode}
              role="option"
              tabIndex={-1}
              aria-selected={place === marked}
              class={place === marked ? 'equivalent marked' : 'equivalent'}
              data-testid={`equivalent-${row.product.shopCode}`}
              onClick={() => mark(place)}
            >
              <Cells row={row} saving={row.saving} ownSaving={row.holderSaves} />
            </div>
          ))}
        </div>
      )}
    </div>
  );
}

function Head({ k }: { k: TextKey }) {
  return (
    <span class={k === 'product' ? '' : 'right'}>
      {first(texts[k])} <small lang={SECOND}>{second(texts[k])}</small>
    </span>
  );
}

function Cells(props: {
  row: Compared;
  label?: TextKey;
  saving?: Row['saving'];
  ownSaving?: Row['holderSaves'];
}) {
  const { product, covered, price, holderPays, unitPrice } = props.row;
  return (
    <>
      <ProductBadge product={product} />
      <span class="equivalent-name">
        <b>{product.genericName}</b>
        {product.tradeName === undefined ? null : <span class="trade-name">{product.tradeName}</span>}{' '}
        {product.specification}
        <small class="muted">
          {props.label === undefined ? null : `${first(texts[props.label])} · `}
          {product.maker} {product.shopCode}
        </small>
      </span>
      <span class="amount">
        {product.price} <small>/{product.packUnit}</small>
      </span>
      <span class="amount">
        {unitPrice ?? '—'}
        {unitPrice === undefined || product.smallestUnit === undefined ? null : (
          <small> /{product.smallestUnit}</small>
        )}
      </span>
      <span class="amount">
        {price}
        <Difference saving={props.saving} />
      </span>
      <span class="amount">
        <b>{holderPays}</b>
        {covered ? null : <small>{first(texts.ownPayBadge)}</small>}
        <Difference saving={props.ownSaving} />
      </span>
      <span class="amount">{product.stock ?? '—'}</span>
    </>
  );
}

/** Cheaper with a minus, dearer with a plus, beside the colour. */
function Difference({ saving }: { saving: string | undefined }) {
  if (saving === undefined || isZero(saving)) return null;
  const dearer = saving.startsWith('-');
  return <small class={dearer ? 'dearer' : 'cheaper'}>{dearer ? `+${saving.slice(1)}` : `−${saving}`}</small>;
}
