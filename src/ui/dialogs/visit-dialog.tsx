import { useState } from 'preact/hooks';
import type { FaultView, TillView } from '#server/api-types';
import { type Filed, FiledDisease } from '../chronic-panel.tsx';
import { Dialog } from '../dialog.tsx';
import { FaultNote } from '../fault-note.tsx';
import { first, SECOND, second } from '../language.ts';
import { texts } from '../texts.ts';
import type { TillModel } from '../use-till.ts';
import { Words } from '../words.tsx';

/** What the sale can be: an ordinary purchase, or one for a disease that counts today. */
export function VisitDialog(props: {
  model: TillModel;
  till: TillView;
  onClose: () => void;
  onDone: () => void;
}) {
  const { model, till } = props;
  const { api, run } = model;
  const [fault, setFault] = useState<FaultView>();
  const { filed, barred } = choicesOf(till);
  const choices: readonly (Filed | undefined)[] = [undefined, ...filed];
  const choose = (choice: Filed | undefined) => {
    const body = choice === undefined ? {} : { diseaseCode: choice.diseaseCode };
    void run(() => api.put<TillView>('/api/sale/visit', body)).then((failed) =>
      failed === undefined ? props.onDone() : setFault(failed),
    );
  };
  const chosen = choices.findIndex((choice) => choice?.diseaseCode === till.sale.chronic?.diseaseCode);
  const shown = fault ?? (till.holder.chronic?.state === 'unknown' ? till.holder.chronic.fault : undefined);
  return (
    <Dialog title="visitTitle" testId="visit-dialog" onClose={props.onClose} onKey={keysOf(choices, choose)}>
      {shown === undefined ? null : (
        <FaultNote fault={shown} {...(fault === undefined ? { tone: 'warn' as const } : {})} />
      )}
      <p class="muted small">
        <Words k="visitNote" />
      </p>
      <div class="menu visit-choices">
        {choices.map((choice, index) => (
          <button
            key={choice === undefined ? '' : `${choice.diseaseCode}${choice.from}`}
            type="button"
            class={index === chosen ? 'menu-item chosen' : 'menu-item'}
            data-testid={choice === undefined ? 'visit-ordinary' : `visit-${choice.diseaseCode}`}
            aria-pressed={index === chosen}
            onClick={() => choose(choice)}
            {...(index === Math.max(0, chosen) ? { 'data-first': true } : {})}
          >
            <kbd>{index + 1}</kbd>
            {choice === undefined ? (
              <Words k="visitOrdinary" />
            ) : (
              <span class="visit-filed">
                <FiledDisease filed={choice} />
              </span>
            )}
            {index === chosen ? <em class="tag">{first(texts.visitChosen)}</em> : null}
          </button>
        ))}
      </div>
      <Barred filed={barred} />
    </Dialog>
  );
}

/** Today's own first; a disease that was filed twice is one choice. */
function choicesOf({ holder }: TillView): { filed: readonly Filed[]; barred: readonly Filed[] } {
  const all = holder.chronic?.filed ?? [];
  const valid = all.filter(({ standing }) => standing === 'valid');
  const filed = valid.filter(
    (each, place) => valid.findIndex(({ diseaseCode }) => diseaseCode === each.diseaseCode) === place,
  );
  return { filed, barred: all.filter(({ standing }) => standing !== 'valid') };
}

/** A digit chooses, arrows go from one to the next. */
function keysOf(choices: readonly (Filed | undefined)[], choose: (choice: Filed | undefined) => void) {
  return (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const place = /^[1-9]$/.test(event.key) ? Number(event.key) - 1 : -1;
    if (place >= 0 && place < choices.length) {
      event.preventDefault();
      choose(choices[place]);
      return;
    }
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const list = (event.target as HTMLElement | null)?.closest('dialog')?.querySelector('.visit-choices');
    if (step === undefined || list === null || list === undefined) return;
    event.preventDefault();
    const buttons: HTMLElement[] = [...list.querySelectorAll('button')];
    const at = document.activeElement instanceof HTMLElement ? buttons.indexOf(document.activeElement) : 0;
    buttons[Math.max(0, Math.min(buttons.length - 1, at + step))]?.focus();
  };
}

function Barred({ filed }: { filed: readonly Filed[] }) {
  if (filed.length === 0) return null;
  return (
    <section class="visit-barred" data-testid="visit-barred">
      <h3>
        {first(texts.visitBarred)} <small lang={SECOND}>{second(texts.visitBarred)}</small>
      </h3>
      <ul>
        {filed.map((each) => (
          <li key={`${each.diseaseCode}${each.from}`} class={each.standing}>
            <FiledDisease filed={each} />
          </li>
        ))}
      </ul>
    </section>
  );
}
