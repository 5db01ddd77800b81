import type { Spoken } from '#core/ports/search-index';
import type { Element } from './syllables.ts';

/** Where elements stand in a name: 0 they are the whole of it, 1 its beginning, 2 further in; undefined = nowhere. */
export function placeOf(elements: readonly Element[], name: Spoken): 0 | 1 | 2 | undefined {
  const written = [...name.plain];
  const read = name.spoken.split(' ').map((ways) => ways.split(','));
  for (let from = 0; from + elements.length <= written.length; from += 1) {
    const fits = elements.every((element, at) => {
      const place = from + at;
      return written[place] === element || (read[place] ?? []).some((way) => way.startsWith(element));
    });
    if (fits) return from > 0 ? 2 : elements.length === written.length ? 0 : 1;
  }
  return undefined;
}
