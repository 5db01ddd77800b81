import { useEffect, useImperativeHandle, useRef, useState } from 'preact/hooks';
import type { ProductView } from '#server/api-types';
import type { Api } from './api.ts';
import { ProductBadge } from './class-badge.tsx';
import { first, SECOND, second } from './language.ts';
import { texts } from './texts.ts';
import { spoken } from './words.tsx';

const SEARCH_AFTER_MS = 90;

export interface ScanHandle {
  focus(): void;
}

interface ScanProps {
  readonly api: Api;
  readonly handle: { current: ScanHandle | null };
  readonly scan: (code: string) => void;
  readonly add: (shopCode: string) => void;
  /** What else is like the marked answer. */
  readonly compare: (product: ProductView) => void;
  /** Arrows without answers move the marked line of the basket. */
  readonly moveLine: (step: number) => void;
}

/**
 * The one field of the till. (A scanner's burst is taken before it comes here: use-wedge.) Typed digits are a
 * code; what else a person types is searched, ten answers at most; Enter takes the marked one.
 */
export function ScanBox(props: ScanProps) {
  const field = useRef<HTMLInputElement>(null);
  useImperativeHandle(props.handle, () => ({ focus: () => takeFocus(field.current) }), []);
  const { text, setText, search, marked, key, choose } = useScanning(props);
  const open = text.trim() !== '' && search.for !== '';
  return (
    <div class="scan">
      <input
        ref={field}
        class="scan-field"
        type="text"
        role="combobox"
        aria-label={spoken('scanLabel')}
        aria-expanded={open}
        aria-controls="answers"
        aria-activedescendant={open && search.products.length > 0 ? `answer-${marked}` : undefined}
        placeholder={`${first(texts.scanLabel)}  ${second(texts.scanLabel)}`}
        autocomplete="off"
        spellcheck={false}
        maxLength={256}
        value={text}
        data-testid="scan"
        data-scan="box"
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={key}
      />
      <span class="scan-hint">
        {first(texts.scanHint)} <small lang={SECOND}>{second(texts.scanHint)}</small>
      </span>
      {open ? (
        <Answers products={search.products} marked={marked} add={choose} busy={search.for !== text.trim()} />
      ) : null}
    </div>
  );
}

function useScanning(props: ScanProps) {
  const [text, setText] = useState('');
  const { search, keep } = useSearch(props.api, text);
  // The mark belongs to the answers that were shown: others begin at the top, without a moment in between.
  const [mark, setMark] = useState({ of: search.products, at: 0, typed: '' });
  const marked = mark.of === search.products ? mark.at : 0;
  const walked = mark.of === search.products && mark.typed === text && text !== '';

  /** Empties the field at once: the next scan may follow before an answer comes. */
  const take = () => {
    setText('');
    return text.trim();
  };
  const choose = (shopCode: string) => {
    take();
    props.add(shopCode);
  };
  const enter = async () => {
    const typed = take();
    if (typed === '') return;
    if (/^\d{4,}$/.test(typed)) return props.scan(typed);
    // What an arrow has marked is what is meant, though the answers are those to the first letters.
    const shown = search.for === typed || walked;
    const products = shown ? search.products : await findNow(props.api, typed);
    const chosen = products[shown ? marked : 0];
    if (chosen === undefined) props.scan(typed);
    else props.add(chosen.shopCode);
  };
  const key = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.key === 'Enter') {
      event.preventDefault();
      void enter();
    } else if (event.key === 'Insert' && search.products[marked] !== undefined) {
      // The page's own key would ask about the marked line of the basket.
      event.preventDefault();
      event.stopPropagation();
      const product = search.products[marked];
      take();
      props.compare(product);
    } else if (event.key === 'Escape' && text !== '') {
      event.stopPropagation();
      take();
    } else if (step !== undefined) {
      event.preventDefault();
      const count = search.products.length;
      if (text === '' || count === 0) props.moveLine(step);
      else {
        keep();
        setMark({ of: search.products, at: (marked + step + count) % count, typed: text });
      }
    }
  };
  return { text, setText, search, marked, key, choose };
}

/**
 * A closed dialog gives the focus back without the caret: Chromium then calls the field focused and drops
 * what is typed. A new focus sets the caret too.
 */
function takeFocus(field: HTMLInputElement | null): void {
  field?.blur();
  field?.focus();
}

function Answers(props: {
  products: readonly ProductView[];
  marked: number;
  add: (shopCode: string) => void;
  /** These answer what was typed before; newer ones are on their way. */
  busy: boolean;
}) {
  return (
    <div
      class="answers"
      id="answers"
      role="listbox"
      aria-label={spoken('product')}
      aria-busy={props.busy}
      data-testid="answers"
    >
      {props.products.length === 0 ? <p class="answers-none">{spoken('noAnswers')}</p> : null}
      {props.products.map((product, index) => (
        <div
          key={product.shopCode}
          id={`answer-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === props.marked}
          class={index === props.marked ? 'answer marked' : 'answer'}
          data-testid={`answer-${product.shopCode}`}
          onMouseDown={(event) => {
            event.preventDefault();
            props.add(product.shopCode);
          }}
        >
          <ProductBadge product={product} />
          <span class="answer-name">
            {product.genericName}
            {product.tradeName === undefined ? null : <span class="trade-name">{product.tradeName}</span>}{' '}
            <small>{product.specification}</small>
            <small class="maker">{product.maker}</small>
          </span>
          <span class="answer-code">{product.shopCode}</span>
          <span class="amount">{product.price}</span>
        </div>
      ))}
    </div>
  );
}

interface Search {
  readonly for: string;
  readonly products: readonly ProductView[];
}
const NOTHING: Search = { for: '', products: [] };

/**
 * Waits a moment, so that a scanner's burst asks for nothing; an answer to an older text is dropped. `keep`: no newer
 * answers may come under the arrow that walks these.
 */
function useSearch(api: Api, text: string): { readonly search: Search; readonly keep: () => void } {
  const pending = useRef<(() => void) | undefined>(undefined);
  const [found, setFound] = useState<Search>(NOTHING);
  useEffect(() => {
    const typed = text.trim();
    if (typed === '') {
      setFound(NOTHING);
      return;
    }
    const abort = new AbortController();
    const timer = window.setTimeout(async () => {
      const products = await findNow(api, typed, abort.signal);
      if (!abort.signal.aborted) setFound({ for: typed, products });
    }, SEARCH_AFTER_MS);
    const drop = () => {
      window.clearTimeout(timer);
      abort.abort();
    };
    pending.current = drop;
    return drop;
  }, [api, text]);
  return { search: found, keep: () => pending.current?.() };
}

async function findNow(api: Api, typed: string, signal?: AbortSignal): Promise<readonly ProductView[]> {
  const query = `/api/search?q=${encodeURIComponent(typed.slice(0, 64))}&limit=10`;
  const answer = await api.get<{ products: ProductView[] }>(query, signal);
  return answer.ok ? answer.value.products : [];
}
