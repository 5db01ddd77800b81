import { useEffect, useState } from 'preact/hooks';
import type { ProductView } from '#server/api-types';
import type { Api } from '../api.ts';
import { ProductBadge } from '../class-badge.tsx';
import { Words } from '../words.tsx';

const SEARCH_AFTER_MS = 90;
const ANSWERS = 5;

/** Finds one product as the scan box does: arrows choose among the answers, the first one is chosen by itself. */
export function ProductField(props: {
  api: Api;
  chosen: ProductView | undefined;
  choose: (product: ProductView | undefined) => void;
}) {
  const { api, chosen, choose } = props;
  const [text, setText] = useState('');
  const [found, setFound] = useState<readonly ProductView[]>([]);
  useEffect(() => {
    const typed = text.trim();
    if (typed === '') return setFound([]);
    const abort = new AbortController();
    const timer = window.setTimeout(() => {
      const address = `/api/search?${new URLSearchParams({ q: typed, limit: String(ANSWERS) })}`;
      void api.get<{ products: ProductView[] }>(address, abort.signal).then((answer) => {
        if (abort.signal.aborted || !answer.ok) return;
        setFound(answer.value.products);
        choose(answer.value.products[0]);
      });
    }, SEARCH_AFTER_MS);
    return () => {
      window.clearTimeout(timer);
      abort.abort();
    };
  }, [api, text]);
  const shown = found.length > 0 || chosen === undefined ? found : [chosen];
  const step = (by: number) => {
    const at = shown.findIndex(({ shopCode }) => shopCode === chosen?.shopCode);
    const next = shown[(at + by + shown.length) % shown.length];
    if (next !== undefined) choose(next);
  };
  return (
    <div class="product-find">
      <label class="field">
        <Words k="paperFind" />
        <input
          type="text"
          autocomplete="off"
          spellcheck={false}
          maxLength={64}
          value={text}
          data-testid="paper-find"
          data-scan="take"
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
            if (by === undefined || event.isComposing) return;
            event.preventDefault();
            step(by);
          }}
        />
      </label>
      <Answers shown={shown} chosen={chosen} choose={choose} />
    </div>
  );
}

function Answers(props: {
  shown: readonly ProductView[];
  chosen: ProductView | undefined;
  choose: (product: ProductView) => void;
}) {
  const { shown, chosen, choose } = props;
  return (
    <ul class="product-answers" data-testid="paper-answers">
      {shown.map((product) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field above takes the keys
        <li
          key={product.shopCode}
          class={product.shopCode === chosen?.shopCode ? 'marked' : ''}
          aria-current={product.shopCode === chosen?.shopCode}
          onClick={() => choose(product)}
        >
          <ProductBadge product={product} /> <b>{product.genericName}</b>{' '}
          <small class="muted">
            {product.specification} · {product.maker}
          </small>{' '}
          <span class="amount">{product.price}</span>
        </li>
      ))}
    </ul>
  );
}
