import { columnWidth } from '#core/paper-picture';
import type { CustomerDisplayPort, DisplayText } from '#drivers/customer-display/port';
import type { CustomerView } from './view.ts';

/** Shows the sale on the pole displays: two lines, cut to their columns, and only what has changed. */
export class CustomerDisplays {
  readonly #displays: readonly CustomerDisplayPort[];
  readonly #shown = new Map<CustomerDisplayPort, string>();

  constructor(displays: readonly CustomerDisplayPort[]) {
    this.#displays = displays;
  }

  show(view: CustomerView): void {
    for (const display of this.#displays) {
      const text = displayText(view, display.columns);
      const key = `${text.upper}\n${text.lower}`;
      if (this.#shown.get(display) === key) continue;
      this.#shown.set(display, key);
      display.show(text);
    }
  }
}

/** The two lines for one display. What does not fit is cut from words, never from an amount. */
function displayText(view: CustomerView, columns: number): DisplayText {
  const [upper, lower] = linesOf(view);
  return { upper: fitted(upper, columns), lower: fitted(lower, columns) };
}

type Line = readonly [words: string, amount: string];

function linesOf(view: CustomerView): readonly [Line, Line] {
  const { hint, total, cash, account, changeDue } = view;
  if (hint === 'held')
    return [
      ['商品已暂存', ''],
      ['请稍候', ''],
    ];
  if (hint === 'welcome')
    return [
      [view.shopName, ''],
      ['欢迎光临', ''],
    ];
  if (hint === 'enter-pin')
    return [
      ['请输入密码', account ?? total],
      ['账户支付', ''],
    ];
  if (hint === 'ask-staff')
    return [
      ['请稍候', ''],
      ['请咨询店员', ''],
    ];
  if (view.state === 'done' || view.state === 'delivering') {
    const last: Line = hint === 'remove-card' ? ['请取卡', ''] : ['谢谢', ''];
    const change = changeDue === undefined || changeDue === '0.00' ? undefined : changeDue;
    return [change === undefined ? ['合计', total] : ['找零', change], last];
  }
  if (view.state === 'confirming' || view.state === 'committing')
    return [
      ['合计', total],
      account === undefined || account === '0.00' ? ['应付现金', cash ?? total] : accountLine(account, cash),
    ];
  const newest = view.lines.reduce<CustomerView['lines'][number] | undefined>(
    (last, line) => (last === undefined || line.lineNumber > last.lineNumber ? line : last),
    undefined,
  );
  if (newest === undefined)
    return [
      ['请稍候', ''],
      ['', ''],
    ];
  return [
    [newest.name, newest.amount],
    ['合计', total],
  ];
}

function accountLine(account: string, cash: string | undefined): Line {
  const rest = cash === undefined || cash === '0.00' ? '' : ` 现金${cash}`;
  return [`账户`, `${account}${rest}`];
}

/** Words at the left, amount at the right edge. */
function fitted([words, amount]: Line, columns: number): string {
  const room = columns - columnWidth(amount) - (amount === '' ? 0 : 1);
  const left = cut(words, Math.max(0, room));
  const gap = amount === '' ? 0 : Math.max(0, columns - columnWidth(left) - columnWidth(amount));
  return left + ' '.repeat(gap) + amount;
}

function cut(text: string, columns: number): string {
  let width = 0;
  let kept = '';
  for (const character of text) {
    width += columnWidth(character);
    if (width > columns) break;
    kept += character;
  }
  return kept;
}
