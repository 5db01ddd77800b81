import type { MappingRow } from '#server/api-types';
import { FaultNote } from '../fault-note.tsx';
import { Words } from '../words.tsx';

type Candidate = MappingRow['others'][number];

/** What the marked item may be, each with how sure it is and why. */
export function MappingChoices({
  row,
  decide,
}: {
  row: MappingRow;
  decide: (nationalCode: string | null) => void;
}) {
  return (
    <div class="mapping-choices" data-testid="mapping-choices">
      {row.fault === undefined ? null : <FaultNote fault={row.fault} tone="warn" />}
      {row.agencyText === undefined ? null : <p class="note warn">{row.agencyText}</p>}
      {row.choice === undefined ? <p class="muted">{row.why}</p> : null}
      {row.choice === undefined ? null : <Choice keyName="↵" candidate={row.choice} decide={decide} />}
      {row.others.map((other, place) => (
        <Choice key={other.nationalCode} keyName={String(place + 1)} candidate={other} decide={decide} />
      ))}
      <button type="button" class="menu-item" data-testid="mapping-none" onClick={() => decide(null)}>
        <kbd>N</kbd> <Words k="mappingNoCode" />
      </button>
    </div>
  );
}

function Choice(props: {
  keyName: string;
  candidate: Candidate;
  decide: (nationalCode: string | null) => void;
}) {
  const { nationalCode, name, specification, maker, confidence, why } = props.candidate;
  return (
    <button
      type="button"
      class="menu-item mapping-choice"
      data-testid={`choice-${nationalCode}`}
      onClick={() => props.decide(nationalCode)}
    >
      <kbd>{props.keyName}</kbd>
      <span>
        <b>{name}</b> {specification} <small class="muted">{maker}</small>
        <small class="rule"> {nationalCode}</small>
        <small class="muted">{why}</small>
      </span>
      <b class="amount">{Math.round(confidence / 10)}%</b>
    </button>
  );
}
