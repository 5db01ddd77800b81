import type { CustomerView } from '#server/api-types';

const MODES = ['normal', 'large', 'simple'] as const satisfies readonly CustomerView['mode'][];

/** How one screen shall be, by its own address: `?mode=large`, `?mode=simple`, `?speech=on`. */
export function askedOfCustomerPage(address: string): {
  readonly mode?: CustomerView['mode'];
  readonly speech?: boolean;
} {
  const asked = new URLSearchParams(address);
  const mode = MODES.find((known) => known === asked.get('mode'));
  const speech = asked.get('speech');
  return {
    ...(mode === undefined ? {} : { mode }),
    ...(speech === 'on' || speech === 'off' ? { speech: speech === 'on' } : {}),
  };
}
