/**
 * Line (from 1) of the text where a key stands, else of the table that it belongs to; undefined when neither is
 * written. `path` as a schema names it: `operators`, `2`, `pin_hash`.
 */
export function lineOf(text: string, path: readonly string[]): number | undefined {
  const lines = text.split(/\r?\n/);
  let table = '';
  let best: { readonly line: number; readonly depth: number } | undefined;
  const seen = new Map<string, number>();
  const offer = (at: string, line: number) => {
    const depth = sharedDepth(at.split('.'), path);
    if (depth === at.split('.').length && depth > (best?.depth ?? 0)) best = { line, depth };
  };
  for (const [index, line] of lines.entries()) {
    const array = /^\s*\[\[\s*([\w.-]+)\s*\]\]/.exec(line)?.[1];
    const plain = /^\s*\[\s*([\w.-]+)\s*\]/.exec(line)?.[1];
    const key = /^\s*([\w.-]+)\s*=/.exec(line)?.[1];
    if (array !== undefined) {
      const place = seen.get(array) ?? 0;
      seen.set(array, place + 1);
      table = `${array}.${place}`;
      offer(table, index + 1);
    } else if (plain !== undefined) {
      table = plain;
      offer(table, index + 1);
    } else if (key !== undefined) offer(table === '' ? key : `${table}.${key}`, index + 1);
  }
  return best?.line;
}

function sharedDepth(at: readonly string[], path: readonly string[]): number {
  const end = at.findIndex((part, index) => part !== path[index]);
  return end < 0 ? at.length : end;
}
