import type { OfficeKey } from './texts.ts';
import { W } from './words.tsx';

/** One labelled field of a form of the back office. */
export function Entry(props: {
  k: OfficeKey;
  testId: string;
  value: string;
  set: (value: string) => void;
  type?: 'text' | 'date';
  maxLength?: number;
  secret?: boolean;
  optional?: boolean;
  first?: boolean;
  disabled?: boolean;
}) {
  const { maxLength = 32, secret = false, optional = false, first = false } = props;
  const common = {
    id: props.testId,
    class: secret ? 'secret' : '',
    required: !optional,
    disabled: props.disabled === true,
    autocomplete: 'off',
    spellcheck: false,
    maxLength,
    value: props.value,
    'data-testid': props.testId,
    ...(secret ? { 'data-scan': 'none' } : {}),
    ...(first ? { 'data-first': true } : {}),
    onInput: (event: { currentTarget: HTMLInputElement }) => props.set(event.currentTarget.value),
  } as const;
  return (
    <label class="field" htmlFor={props.testId}>
      <W k={props.k} />
      {props.type === 'date' ? <input type="date" {...common} /> : <input type="text" {...common} />}
    </label>
  );
}
