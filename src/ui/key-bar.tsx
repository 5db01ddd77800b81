import type { Action, ActionId } from './actions.ts';
import { first, SECOND, second } from './language.ts';
import { memo } from './memo.ts';
import { texts } from './texts.ts';

/** What stands on the key. */
const SHORT: Readonly<Record<string, string>> = { Insert: 'Ins' };

/** All keys with their names, always in the same places. */
export function KeyBar({ actions, act }: { actions: readonly Action[]; act: (id: ActionId) => void }) {
  return (
    <nav class="keys" aria-label="F1–F12">
      {actions.map(({ key, ...action }) => (
        <Key key={action.id} {...action} sign={key} act={act} />
      ))}
    </nav>
  );
}

const Key = memo(function Key(props: Omit<Action, 'key'> & { sign: string; act: (id: ActionId) => void }) {
  const { id, sign, label, enabled, primary, act } = props;
  return (
    <button
      type="button"
      class={primary ? 'key primary-key' : 'key'}
      disabled={!enabled}
      data-testid={`key-${id}`}
      onClick={() => act(id)}
    >
      <kbd>{SHORT[sign] ?? sign}</kbd>
      <span>{first(texts[label])}</span>
      <small lang={SECOND}>{second(texts[label])}</small>
    </button>
  );
});
