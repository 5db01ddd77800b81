import type { ChronicView, SaleView } from '#server/api-types';
import { ageText } from './age.ts';
import { first, SECOND, second } from './language.ts';
import { type TextKey, texts } from './texts.ts';
import { Words } from './words.tsx';

export type Filed = ChronicView['filed'][number];

const STANDING = {
  valid: 'standingValid',
  'not-begun': 'standingNotBegun',
  ended: 'standingEnded',
  elsewhere: 'standingElsewhere',
} as const satisfies Record<Filed['standing'], TextKey>;

/** So many have room beside the sums; the dialog shows them all. */
const ROWS = 4;

/** What counts today comes first. */
function rank({ standing }: Filed): number {
  return standing === 'valid' ? 0 : 1;
}

/** What is filed for the holder, whether it counts today, and how old that knowledge is. */
export function ChronicPanel({ chronic }: { chronic: ChronicView }) {
  const { state, filed, ageSeconds } = chronic;
  const shown = [...filed].sort((a, b) => rank(a) - rank(b)).slice(0, ROWS);
  const silent = filed.length === 0 ? SILENT[state] : undefined;
  return (
    <section class="holder-chronic" data-testid="holder-chronic" data-state={state}>
      <h3>
        {first(texts.chronicTitle)} <small lang={SECOND}>{second(texts.chronicTitle)}</small>
        <span class="muted">
          {silent === undefined ? ageText(ageSeconds) : first(texts[silent])}
          {state === 'unknown' && filed.length > 0 ? ` · ${first(texts.chronicUnknown)}` : ''}
        </span>
      </h3>
      {filed.length === 0 ? null : (
        <ul>
          {shown.map((each) => (
            <li key={`${each.diseaseCode}${each.from}`} class={each.standing} data-testid="filed">
              <FiledDisease filed={each} />
            </li>
          ))}
          {filed.length === shown.length ? null : (
            <li class="muted">
              {first(texts.chronicMore)} {filed.length - shown.length} · <kbd>F5</kbd>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

/** Without a row: whether that is an answer. */
const SILENT = {
  asking: 'chronicAsking',
  known: 'chronicNone',
  unknown: 'chronicUnknown',
} as const satisfies Record<ChronicView['state'], TextKey>;

/** One disease in three parts: name, days, and whether it counts. */
export function FiledDisease({ filed }: { filed: Filed }) {
  const { diseaseName, from, to, standing, institution } = filed;
  return (
    <>
      <b>{diseaseName}</b>
      <span class="filed-days">{`${from} – ${to ?? first(texts.chronicOpenEnd)}`}</span>
      <span class="filed-standing">
        {first(texts[STANDING[standing]])}
        {institution === undefined ? '' : ` ${institution}`}
      </span>
    </>
  );
}

/** The disease under which the sale is made, beside its sums. */
export function VisitMark({ sale }: { sale: SaleView }) {
  if (sale.chronic === undefined) return null;
  return (
    <p class="visit-mark" data-testid="visit">
      <Words k="chronicTitle" /> <b>{sale.chronic.diseaseName}</b>
    </p>
  );
}
