import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ProductView, TillView } from '#server/api-types';
import { Dialog } from '../dialog.tsx';
import { type PaperAsked, PaperSheet, printByKey } from '../paper-sheet.tsx';
import type { TextKey } from '../texts.ts';
import type { TillModel } from '../use-till.ts';
import { Words } from '../words.tsx';
import { ProductField } from './product-field.tsx';

const KINDS = [
  { id: 'consent', key: 'F1', name: 'paperConsent', note: 'paperConsentNote' },
  { id: 'refusal', key: 'F2', name: 'paperRefusal', note: 'paperRefusalNote' },
  { id: 'day-summary', key: 'F3', name: 'paperDay', note: 'paperDayNote' },
  { id: 'price-label', key: 'F4', name: 'paperLabel', note: 'paperLabelNote' },
] as const satisfies readonly { id: string; key: string; name: TextKey; note: TextKey }[];

type Kind = (typeof KINDS)[number]['id'];

/** What most likely is wanted now: the paper that the screen is about. */
function likely({ sale, holder }: TillView, product: ProductView | undefined): Kind {
  if (holder.state === 'refused' || sale.fault !== undefined) return 'refusal';
  if (sale.split !== undefined && sale.split.source !== 'own-pay' && sale.state === 'confirming')
    return 'consent';
  return product === undefined ? 'day-summary' : 'price-label';
}

/** The papers that are no slip of a sale: chosen, looked at, printed. */
export function PapersDialog(props: {
  model: TillModel;
  till: TillView;
  /** Of the marked line. */
  product: ProductView | undefined;
  onClose: () => void;
}) {
  const { model, till } = props;
  const [kind, setKind] = useState(() => likely(till, props.product));
  const [day, setDay] = useState(till.shift.businessDay);
  const [product, setProduct] = useState(props.product);
  const panel = useRef<HTMLDivElement>(null);
  const asked = askedOf(kind, day, product?.shopCode);
  // The chosen paper's own field is filled in first; Enter prints from anywhere.
  useLayoutEffect(() => {
    const { current } = panel;
    const first =
      current?.querySelector<HTMLElement>('input') ?? current?.querySelector<HTMLElement>('.primary');
    first?.focus();
  }, [kind]);
  return (
    <Dialog
      title="papersTitle"
      testId="papers-dialog"
      wide
      onClose={props.onClose}
      onKey={(event) => {
        const chosen = KINDS.find(({ key }) => key === event.key);
        if (chosen !== undefined) setKind(chosen.id);
        printByKey(event);
      }}
    >
      <div class="papers">
        <div class="paper-kinds">
          {KINDS.map(({ id, key, name, note }) => (
            <button
              key={id}
              type="button"
              class={id === kind ? 'menu-item chosen' : 'menu-item'}
              aria-pressed={id === kind}
              data-testid={`paper-${id}`}
              onClick={() => setKind(id)}
            >
              <kbd>{key}</kbd>
              <span>
                <Words k={name} />
                <span class="paper-note">
                  <Words k={note} />
                </span>
              </span>
            </button>
          ))}
        </div>
        <div class="paper-panel" ref={panel}>
          {kind === 'day-summary' ? <DayOfPaper day={day} setDay={setDay} /> : null}
          {kind === 'price-label' ? (
            <ProductField api={model.api} chosen={product} choose={setProduct} />
          ) : null}
          {asked === undefined ? (
            <p class="list-empty" data-testid="paper-no-product">
              <Words k="paperChooseProduct" />
            </p>
          ) : (
            <PaperSheet key={JSON.stringify(asked)} model={model} asked={asked} />
          )}
        </div>
      </div>
    </Dialog>
  );
}

function askedOf(kind: Kind, day: string, shopCode: string | undefined): PaperAsked | undefined {
  switch (kind) {
    case 'consent':
    case 'refusal':
      return { path: '/api/sale/papers', body: { kind } };
    case 'day-summary':
      return { path: '/api/papers', body: { kind, day } };
    case 'price-label':
      return shopCode === undefined ? undefined : { path: '/api/papers', body: { kind, shopCode } };
  }
}

function DayOfPaper({ day, setDay }: { day: string; setDay: (day: string) => void }) {
  const [text, setText] = useState(day);
  return (
    <label class="field">
      <Words k="paperDate" />
      <input
        type="text"
        autocomplete="off"
        maxLength={10}
        value={text}
        placeholder="2026-03-02"
        data-testid="paper-day"
        onInput={(event) => {
          const typed = event.currentTarget.value.trim();
          setText(typed);
          if (/^\d{4}-\d{2}-\d{2}$/.test(typed)) setDay(typed);
        }}
      />
    </label>
  );
}
