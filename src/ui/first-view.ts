import type { FirstView } from '#server/api-types';

/** What came with the page, once: the page must not hold it any longer than what it draws of it. */
export function takeFirstView(): FirstView | undefined {
  const block = document.getElementById('first-view');
  if (block === null) return undefined;
  block.remove();
  // The server is ours and of the same build; its own tests hold this shape.
  return JSON.parse(block.textContent ?? '') as FirstView;
}
