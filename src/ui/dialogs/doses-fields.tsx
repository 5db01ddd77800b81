import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { FaultView, LineView } from '#server/api-types';
import { FaultNote } from '../fault-note.tsx';
import { timesText } from '../format.ts';
import { first as said } from '../language.ts';
import { texts } from '../texts.ts';
import { Words } from '../words.tsx';
import type { LineChange } from './line-count.ts';

/** Herbal pieces: 付数 × 每付克数. Enter goes from one empty field to the next; the doses of the line before are proposed. */
export function DosesFields(props: {
  line: LineView;
  last: string | undefined;
  set: (change: LineChange) => Promise<void>;
  fault: FaultView | undefined;
}) {
  const { line, fault } = props;
  const shownDoses = line.herbalDoses?.doses ?? props.last ?? '';
  const shownGrams = line.herbalDoses?.gramsPerDose ?? '';
  const [doses, setDoses] = useState('');
  const [grams, setGrams] = useState('');
  const first = useRef<HTMLInputElement>(null);
  const second = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => (shownDoses === '' ? first : second).current?.focus(), []);
  const meant = {
    doses: doses.trim() === '' ? shownDoses : doses.trim(),
    gramsPerDose: grams.trim() === '' ? shownGrams : grams.trim(),
  };
  const submit = (event: Event) => {
    event.preventDefault();
    if (meant.doses === '') first.current?.focus();
    else if (meant.gramsPerDose === '') second.current?.focus();
    else void props.set(meant);
  };
  const whole = timesText(meant.doses, meant.gramsPerDose);
  const field = { class: 'big amount', type: 'text', inputMode: 'decimal', maxLength: 9 } as const;
  return (
    <form class="form" onSubmit={submit} autocomplete="off">
      <div class="field-pair">
        <label class="field">
          <Words k="dosesCount" />
          <input
            {...field}
            ref={first}
            {...(shownDoses === '' ? { 'data-first': true } : {})}
            placeholder={shownDoses}
            value={doses}
            data-testid="doses"
            onInput={(event) => setDoses(event.currentTarget.value)}
          />
        </label>
        <label class="field">
          <Words k="dosesGrams" />
          <input
            {...field}
            ref={second}
            {...(shownDoses === '' ? {} : { 'data-first': true })}
            placeholder={shownGrams}
            value={grams}
            data-testid="doses-grams"
            onInput={(event) => setGrams(event.currentTarget.value)}
          />
        </label>
      </div>
      <output class="doses-sum" data-testid="doses-sum">
        {whole === undefined ? '' : `${meant.doses} × ${meant.gramsPerDose} = ${whole} ${said(texts.grams)}`}
      </output>
      {fault === undefined ? null : <FaultNote fault={fault} />}
      <button class="primary" type="submit" data-testid="quantity-submit">
        <kbd>↵</kbd> <Words k="confirm" />
      </button>
    </form>
  );
}
