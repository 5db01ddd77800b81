import type { Action, ActionId } from './actions.ts';
import { first, SECOND, second } from './language.ts';
import { texts } from './texts.ts';

/** What stands on the key. */
const SHORT: Readonly<Record<string, string>> = { Insert: 'Ins' };

/** All keys with their names, always in the same places. */
export function KeyBar({ actions, act }: { actions: readonly Action[]; act: (id: ActionId) => void }) {
  return (
    <nav class="keys" aria-label="F1–F12">
      {actions.map(({ id, key, label, enabled, primary }) => (
        <button
          key={id}
          type="button"
          class={primary ? 'key primary-key' : 'key'}
          disabled={!enabled}
          data-testid={`key-${id}`}
          onClick={() => act(id)}
        >
          <kbd>{SHORT[key] ?? key}</kbd>
          <span>{first(texts[label])}</span>
          <small lang={SECOND}>{second(texts[label])}</small>
        </button>
      ))}
    </nav>
  );
}
