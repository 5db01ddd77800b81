import { useEffect, useState } from 'preact/hooks';
import type { FaultView, SplitReportAnswer } from '#server/api-types';
import { Dialog } from '../dialog.tsx';
import { FaultNote } from '../fault-note.tsx';
import { timeOf } from '../format.ts';
import { first } from '../language.ts';
import { type TextKey, texts } from '../texts.ts';
import type { TillModel } from '../use-till.ts';
import { Words } from '../words.tsx';

type Row = SplitReportAnswer['rows'][number];

const FIELDS = {
  outOfScope: 'outOfScope',
  overCeiling: 'overCeiling',
  firstSelfPay: 'firstSelfPay',
  inScope: 'inScope',
  deductible: 'deductible',
  fundTotal: 'fund',
  account: 'account',
  cash: 'cash',
} as const satisfies Record<Row['differences'][number]['field'], TextKey>;
const AGAINST = {
  trial: 'againstTrial',
  settlement: 'againstSettlement',
  upload: 'againstUpload',
} as const satisfies Record<Row['against'], TextKey>;

/** Today's sales in which the agency computed otherwise than the till: for the manager, amount by amount. */
export function SplitReportDialog({ model, onClose }: { model: TillModel; onClose: () => void }) {
  const { api } = model;
  const [report, setReport] = useState<SplitReportAnswer>();
  const [fault, setFault] = useState<FaultView>();
  useEffect(() => {
    void api.get<SplitReportAnswer>('/api/split-differences').then((answer) => {
      if (answer.ok) setReport(answer.value);
      else setFault(answer.error);
    });
  }, [api]);
  return (
    <Dialog title="splitReportTitle" testId="split-report-dialog" wide onClose={onClose}>
      {fault === undefined ? null : <FaultNote fault={fault} />}
      {report === undefined ? null : (
        <p data-testid="split-report-counts">
          {report.from} · <Words k="splitCompared" /> <b>{report.compared}</b> · <Words k="splitDifferent" />{' '}
          <b>{report.different}</b>
        </p>
      )}
      <p class="muted small">
        <Words k="splitReportNote" />
      </p>
      {report?.rows.length === 0 ? (
        <p class="list-empty">
          <Words k="splitReportNone" />
        </p>
      ) : null}
      <div class="list">
        {report?.rows.map((row) => (
          <Difference key={`${row.saleId} ${row.against}`} row={row} />
        ))}
      </div>
    </Dialog>
  );
}

function Difference({ row }: { row: Row }) {
  return (
    <div class="list-row tall split-difference" data-testid={`difference-${row.saleId}`}>
      <span>{timeOf(row.at)}</span>
      <span class="muted">{row.saleNumber}</span>
      <Words k={AGAINST[row.against]} />
      <small class="rule list-note">
        {row.policy ?? '—'} {row.policyVersion ?? ''}
      </small>
      <dl class="difference-amounts">
        {row.differences.map(({ lineNumber, field, ours, agency }) => (
          <div class="row" key={`${lineNumber ?? 'sum'} ${field}`}>
            <dt>
              {lineNumber === undefined ? first(texts.saleSum) : `${first(texts.lineNo)} ${lineNumber}`}{' '}
              <Words k={FIELDS[field]} />
            </dt>
            <dd class="amount">
              {first(texts.ourSum)} {ours} · {first(texts.agency)} <b>{agency}</b>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
