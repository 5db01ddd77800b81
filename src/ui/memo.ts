import { Component, type ComponentChild, type ComponentClass, type FunctionComponent, h } from 'preact';

/** A part of the page that is drawn anew only when one of its properties is another value than before. */
export function memo<P extends object>(draw: FunctionComponent<P>): ComponentClass<P> {
  return class extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      return !sameFields(this.props, next);
    }
    override render(): ComponentChild {
      return h(draw, this.props);
    }
  };
}

function sameFields(a: object, b: object): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.is(Reflect.get(a, name), Reflect.get(b, name)))
  );
}

/**
 * `next`, with every part that says the same as before replaced by the part from before: the till always tells its
 * whole state, and who keeps what did not change need not draw it again. For JSON that was just parsed: `next` is
 * changed in place, for an old machine has no time to copy it.
 */
export function keepSame<T>(before: unknown, next: T): T {
  if (before === next || !isParts(next) || !isParts(before) || Array.isArray(next) !== Array.isArray(before))
    return next;
  const parts: Record<string, unknown> = next;
  let same = true;
  let count = 0;
  for (const name in parts) {
    count += 1;
    const old = before[name];
    const value = parts[name];
    if (old === value) continue;
    const kept = keepSame(old, value);
    if (kept === old) parts[name] = kept;
    else same = false;
  }
  if (!same) return next;
  count -= Object.keys(before).length;
  return count === 0 ? (before as T) : next;
}

function isParts(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
