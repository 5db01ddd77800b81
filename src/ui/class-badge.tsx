import { first, second } from './language.ts';
import { texts } from './texts.ts';

const CLASS = {
  A: { zh: '甲', en: 'A' },
  B: { zh: '乙', en: 'B' },
  C: { zh: '丙', en: 'C' },
} as const;

/** Class of the national list (甲乙丙); a product without a national code is own pay whatever its list says (B2). */
export function ClassBadge(props: { insuranceClass: 'A' | 'B' | 'C'; unmapped?: boolean }) {
  if (props.unmapped === true) {
    return (
      <span class="badge unmapped" title={`${first(texts.unmapped)} ${second(texts.unmapped)}`}>
        {first(texts.ownPayBadge)}
      </span>
    );
  }
  return <span class={`badge class-${props.insuranceClass}`}>{first(CLASS[props.insuranceClass])}</span>;
}

/** The badge of a product as the till shows it. */
export function ProductBadge({
  product,
}: {
  product: { insuranceClass: 'A' | 'B' | 'C'; nationalCode?: string | undefined };
}) {
  return <ClassBadge insuranceClass={product.insuranceClass} unmapped={product.nationalCode === undefined} />;
}
