import { useEffect, useRef, useState } from 'preact/hooks';
import type { EquivalentsAnswer, FaultView, LineView, ProductView } from '#server/api-types';
import type { Api } from '../api.ts';
import { Dialog } from '../dialog.tsx';
import { FaultNote } from '../fault-note.tsx';
import { first } from '../language.ts';
import { texts } from '../texts.ts';
import { Words } from '../words.tsx';
import { EquivalentRows } from './equivalent-rows.tsx';

/** Takes the chosen product in the line's place, or as a line of its own. */
export type TakeEquivalent = (shopCode: string, how: 'replace' | 'add') => Promise<FaultView | undefined>;

interface Props {
  readonly api: Api;
  readonly product: ProductView;
  /** Whose product it is; absent = it was found by a search. */
  readonly line: LineView | undefined;
  readonly take: TakeEquivalent;
  readonly onClose: () => void;
}

/** What else has the same medicine, form and strength (同类药): what spares the holder most first. */
export function EquivalentsDialog(props: Props) {
  const { line, product, onClose } = props;
  const { found, fault, setFault } = useEquivalents(props.api, product.shopCode);
  const [marked, setMarked] = useState(0);
  const rows = found?.rows ?? [];
  const chosen = rows[marked];
  const take = (how: 'replace' | 'add') => {
    if (chosen !== undefined) void props.take(chosen.product.shopCode, how).then(setFault);
  };
  const primary = line === undefined ? 'add' : 'replace';
  const key = (event: KeyboardEvent) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setMarked(Math.max(0, Math.min(rows.length - 1, marked + step)));
    } else if (event.key === 'Enter') take(primary);
    else if (event.key.toLowerCase() === 'a') take('add');
  };
  return (
    <Dialog title="equivalentsTitle" testId="equivalents-dialog" wide onClose={onClose} onKey={key}>
      {fault === undefined ? null : <FaultNote fault={fault} />}
      {found === undefined ? null : <EquivalentRows found={found} marked={marked} mark={setMarked} />}
      {found !== undefined && rows.length === 0 ? (
        <p class="list-empty" data-testid="equivalents-none">
          <Words k="equivalentsNone" />
        </p>
      ) : null}
      {found === undefined || rows.length === 0 ? null : (
        <>
          <p class="muted small">
            <Words k="equivalentsNote" />
          </p>
          <div class="list-actions">
            {line === undefined ? null : (
              <button
                type="button"
                class="primary"
                data-testid="equivalent-replace"
                onClick={() => take('replace')}
              >
                <kbd>↵</kbd> <Words k="equivalentReplace" /> {amountOf(line, chosen?.product)}
              </button>
            )}
            <button
              type="button"
              class={line === undefined ? 'primary' : 'key-button'}
              data-testid="equivalent-add"
              onClick={() => take('add')}
            >
              <kbd>{line === undefined ? '↵' : 'A'}</kbd> <Words k="equivalentAdd" />
            </button>
          </div>
        </>
      )}
    </Dialog>
  );
}

/** How much of the other one the line would then be: as many packs, smallest units or doses. */
function amountOf(line: LineView, product: ProductView | undefined) {
  if (product === undefined) return null;
  const doses = line.herbalDoses;
  if (doses !== undefined)
    return <b>{`${doses.doses} ${first(texts.doses)} × ${doses.gramsPerDose} ${first(texts.grams)}`}</b>;
  const unit = line.unit === 'smallest' ? product.smallestUnit : product.packUnit;
  return <b>{`${line.quantity} ${unit ?? product.packUnit}`}</b>;
}

function useEquivalents(api: Api, shopCode: string) {
  const [found, setFound] = useState<EquivalentsAnswer>();
  const [fault, setFault] = useState<FaultView>();
  const asked = useRef('');
  useEffect(() => {
    // What was on screen when the dialog opened: a line that changes behind it must not change the choice.
    if (asked.current !== '') return;
    asked.current = shopCode;
    const path = `/api/catalog/equivalents?shopCode=${encodeURIComponent(shopCode)}`;
    void api.get<EquivalentsAnswer>(path).then((answer) => {
      if (answer.ok) setFound(answer.value);
      else setFault(answer.error);
    });
  }, [api, shopCode]);
  return { found, fault, setFault };
}
