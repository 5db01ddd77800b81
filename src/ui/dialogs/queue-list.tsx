import type { QueueRow } from '#server/api-types';
import { timeOf } from '../format.ts';
import { first } from '../language.ts';
import { SaleChip } from '../sale-chip.tsx';
import { texts } from '../texts.ts';
import { Words } from '../words.tsx';
import { MarkedList, type RowAction } from './marked-list.tsx';

interface Props {
  readonly rows: readonly QueueRow[];
  readonly decide: (row: QueueRow) => void;
  readonly note: (row: QueueRow) => void;
  readonly sync: () => void;
}

/** Uploads with one marked row; letters act on it, Enter uploads. */
export function QueueList({ rows, decide, note, sync }: Props) {
  const actions: RowAction<QueueRow>[] = [
    {
      key: 'D',
      label: 'actDecide',
      testId: 'queue-decide',
      enabled: ({ decisions = [] }) => decisions.length > 0,
      run: decide,
    },
    { key: 'N', label: 'actNote', testId: 'queue-note', enabled: ({ noted }) => noted === false, run: note },
  ];
  return (
    <MarkedList
      rows={rows}
      actions={actions}
      title="queueTitle"
      empty="queueEmpty"
      testIdOf={({ saleId }) => `queue-${saleId}`}
      cells={(row) => <Cells row={row} />}
      look="queue-row"
      more={({ agencyText = '' }) => (agencyText === '' ? null : <AgencyWords text={agencyText} />)}
      onEnter={sync}
    />
  );
}

function AgencyWords({ text }: { text: string }) {
  return (
    <p class="agency-words" data-testid="agency-words">
      <Words k="agencyWords" /> <q>{text}</q>
    </p>
  );
}

function Cells({ row }: { row: QueueRow }) {
  const { effect, deadline, carried } = row;
  const words = [
    `${row.attempts} ${first(texts.attempts)}`,
    ...(effect === undefined ? [] : [`${first(texts.effect)} ${effect}`]),
    ...(carried === undefined
      ? []
      : [
          `${first(texts.carriedFile)} ${carried.file} → ${carried.terminal}`,
          `${first(texts.carriedSince)} ${carried.since}`,
        ]),
    ...(deadline === undefined ? [] : [`${first(texts.deadline)} ${deadline}`]),
  ];
  return (
    <>
      <span>{timeOf(row.queuedAt)}</span>
      <span class="muted">{row.saleNumber}</span>
      <SaleChip state={row.state} />
      <span class="list-note">{words.join(' · ')}</span>
      <b class="amount">{row.account}</b>
    </>
  );
}
