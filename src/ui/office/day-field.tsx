import { said, short, W } from './words.tsx';

const DAY_MS = 86_400_000;

/** A business day, to be picked, with the day before and after beside it. */
export function DayField(props: { day: string; pick: (day: string) => void }) {
  const step = (days: number) => {
    const next = new Date(Date.parse(`${props.day}T00:00:00Z`) + days * DAY_MS);
    props.pick(next.toISOString().slice(0, 10));
  };
  return (
    <div class="day-field">
      <button
        type="button"
        class="key-button"
        aria-label={said('dayBefore')}
        data-testid="day-before"
        onClick={() => step(-1)}
      >
        ◀
      </button>
      <label>
        <W k="pickDay" />{' '}
        <input
          type="date"
          required
          value={props.day}
          data-testid="day"
          onChange={(event) => {
            if (/^\d{4}-\d{2}-\d{2}$/.test(event.currentTarget.value)) props.pick(event.currentTarget.value);
          }}
        />
      </label>
      <button
        type="button"
        class="key-button"
        aria-label={said('dayAfter')}
        data-testid="day-after"
        onClick={() => step(1)}
      >
        ▶
      </button>
    </div>
  );
}

/** Waiting, in words. */
export function Waiting() {
  return (
    <p class="muted" role="status">
      <i class="spinner" aria-hidden="true" /> {short('loading')}
    </p>
  );
}
