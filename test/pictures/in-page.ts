/** These run in the page: each is whole in itself. */

/** A place that Tab comes to. */
export interface Stop {
  readonly place: number;
  readonly where: 'inside' | 'nowhere' | 'outside';
  /** A ring or a frame that was not there without the focus. */
  readonly ringed: boolean;
  /** Above the stop before and no further to the right: nobody reads in that order. */
  readonly back: boolean;
  readonly isDate: boolean;
  readonly what: string;
}

/** Numbers what Tab can reach, in the order in which it is written; answers how many. */
export function numberStops(): number {
  const root = document.querySelector('dialog[open]') ?? document;
  const all = [...root.querySelectorAll<HTMLElement>('button, input, a[href], [tabindex="0"]')];
  const stops = all.filter(
    (element) =>
      !element.matches(':disabled') &&
      !element.matches('input[type="radio"]:not(:checked)') &&
      element.getClientRects().length > 0,
  );
  for (const [place, element] of stops.entries()) element.dataset['stop'] = String(place);
  return stops.length;
}

export function stopNow(): Stop {
  const focused = document.activeElement;
  const dialog = document.querySelector('dialog[open]');
  if (!(focused instanceof HTMLElement) || focused === document.body)
    return { place: -1, where: 'nowhere', ringed: true, back: false, isDate: false, what: 'body' };
  const { outlineStyle, outlineWidth } = getComputedStyle(focused);
  const place = Number(focused.dataset['stop'] ?? -1);
  const before = document.querySelector(`[data-stop="${place - 1}"]`)?.getBoundingClientRect();
  const here = focused.getBoundingClientRect();
  return {
    place,
    where: dialog === null || dialog.contains(focused) ? 'inside' : 'outside',
    ringed: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2,
    back: before !== undefined && here.bottom <= before.top && here.right <= before.right,
    isDate: focused.matches('[type="date"]'),
    what: focused.dataset['testid'] ?? focused.className,
  };
}

/** Texts that are drawn smaller than this many pixels. */
export function smallerThan(leastPx: number): string[] {
  return [...document.querySelectorAll('body *')]
    .filter((element) => element.getClientRects().length > 0 && element.closest('svg') === null)
    .filter((element) =>
      [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim()),
    )
    .filter((element) => Number.parseFloat(getComputedStyle(element).fontSize) < leastPx)
    .map((element) => `${element.textContent?.slice(0, 30)} ${getComputedStyle(element).fontSize}`);
}

/**
 * What cannot be come at: the page scrolls sideways, a text or a control leaves the screen or its frame, or something
 * else lies over the middle of a control after it was scrolled to.
 */
export function outOfReach(): string[] {
  const found: string[] = [];
  const { scrollWidth } = document.documentElement;
  if (scrollWidth > innerWidth) found.push(`the page is ${scrollWidth} wide`);
  const root = document.querySelector('dialog[open]') ?? document.body;
  const name = (element: Element) =>
    `${element.getAttribute('data-testid') ?? element.className} "${element.textContent?.trim().slice(0, 24)}"`;
  const isShown = (element: Element) => element.getClientRects().length > 0;

  const texts = [...root.querySelectorAll('*')].filter(
    (element) =>
      isShown(element) &&
      [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim()),
  );
  for (const element of texts) {
    const { left, right } = element.getBoundingClientRect();
    if (left < -1 || right > innerWidth + 1) found.push(`${name(element)} leaves the screen`);
    for (let frame = element.parentElement; frame !== null; frame = frame.parentElement) {
      const { overflowX, textOverflow } = getComputedStyle(frame);
      if (textOverflow === 'ellipsis') break;
      const box = frame.getBoundingClientRect();
      const cut = overflowX === 'hidden' || overflowX === 'clip';
      if (cut && (left < box.left - 1 || right > box.right + 1)) found.push(`${name(element)} is cut off`);
    }
  }

  const controls = root.querySelectorAll(
    'button:enabled, input:enabled, a[href], [tabindex="0"], [role="option"], tbody tr, .fault, .due-figure b, [data-testid="total"]',
  );
  for (const element of [...controls].filter(isShown)) {
    if (element.matches('.part-open, .side *')) continue;
    element.scrollIntoView({ block: 'center', inline: 'nearest' });
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const [x, y] = [
      (Math.max(left, 0) + Math.min(right, innerWidth)) / 2,
      (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2,
    ];
    const there = document.elementFromPoint(x, y);
    // Answers that drop down lie over the rest until one is taken or Escape puts them away.
    if (there?.closest('.answers') && !element.closest('.answers')) continue;
    const reached = there !== null && (element.contains(there) || there.contains(element));
    if (!reached) found.push(`${name(element)} lies under ${there === null ? 'nothing' : name(there)}`);
    if (bottom - top <= innerHeight / 2 && (top < -1 || bottom > innerHeight + 1))
      found.push(`${name(element)} cannot be scrolled to`);
  }
  return found;
}
