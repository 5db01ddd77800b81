import { useLayoutEffect, useRef } from 'preact/hooks';
import type { LineView } from '#server/api-types';
import { spoken, Words } from '../words.tsx';

interface Props {
  readonly lines: readonly LineView[] | undefined;
  readonly typed: Readonly<Record<number, string>>;
  readonly type: (typed: Readonly<Record<number, string>>) => void;
}

/** The lines of a sale, each with a field for what of it comes back; ↑↓ go from one to the next. */
export function RefundLines({ lines, typed, type }: Props) {
  const box = useRef<HTMLTableSectionElement>(null);
  const fields = () => [...(box.current?.querySelectorAll('input') ?? [])];
  // The lines come after the dialog has set its first focus.
  useLayoutEffect(() => fields()[0]?.focus(), [lines]);
  const key = (event: KeyboardEvent, line: LineView) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const all = fields();
      const place = all.indexOf(event.currentTarget as HTMLInputElement) + step;
      all[Math.max(0, Math.min(all.length - 1, place))]?.focus();
    } else if (event.key === ' ') {
      event.preventDefault();
      const all = typed[line.lineNumber] === line.quantity ? '' : line.quantity;
      type({ ...typed, [line.lineNumber]: all });
    }
  };
  return (
    <div class="refund-lines">
      <table>
        <thead>
          <tr>
            {(['product', 'price', 'refundSold', 'amount', 'refundQuantity'] as const).map((k) => (
              <th key={k} scope="col">
                <Words k={k} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={box}>
          {(lines ?? []).map((line) => (
            <tr key={line.lineNumber}>
              <th scope="row">
                {line.product.genericName} <small class="muted">{line.product.specification}</small>
              </th>
              <td class="amount">{line.product.price}</td>
              <td class="amount">
                {line.quantity} <small class="muted">{unitOf(line)}</small>
              </td>
              <td class="amount">{line.amount}</td>
              <td>
                <input
                  class="amount"
                  type="text"
                  inputMode="decimal"
                  maxLength={13}
                  placeholder="0"
                  aria-label={`${spoken('refundQuantity')} ${line.product.genericName}`}
                  value={typed[line.lineNumber] ?? ''}
                  data-testid={`refund-line-${line.lineNumber}`}
                  onKeyDown={(event) => key(event, line)}
                  onInput={(event) => type({ ...typed, [line.lineNumber]: event.currentTarget.value })}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function unitOf({ unit, product }: LineView): string {
  return (unit === 'smallest' ? product.smallestUnit : undefined) ?? product.packUnit;
}
