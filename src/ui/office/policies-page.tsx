import type { PoliciesAnswer, SplitReportAnswer } from '#server/api-types';
import { FaultNote } from '../fault-note.tsx';
import { told } from '../language.ts';
import { Words } from '../words.tsx';
import { Waiting } from './day-field.tsx';
import type { PageProps } from './page-props.ts';
import type { OfficeKey } from './texts.ts';
import { useLoaded } from './use-loaded.ts';
import { W } from './words.tsx';

const STATUS = {
  official: 'official',
  restated: 'restated',
  sample: 'sample',
  training: 'training',
} as const satisfies Record<PoliciesAnswer['policies'][number]['status'], OfficeKey>;

/** Policy documents in use, read only, and how often the agency agreed with them today. */
export function PoliciesPage({ model }: PageProps) {
  const policies = useLoaded<PoliciesAnswer>(model.api, '/api/policies');
  const report = useLoaded<SplitReportAnswer>(model.api, '/api/split-differences');
  const fault = policies.fault ?? report.fault;
  if (fault !== undefined) return <FaultNote fault={fault} />;
  if (policies.value === undefined) return <Waiting />;
  const rows = policies.value.policies;
  return (
    <>
      <p class="muted small">
        <W k="policyNote" />
      </p>
      {report.value === undefined ? null : (
        <p data-testid="agreement">
          <W k="agreement" /> · <W k="compared" /> <b>{report.value.compared}</b> · <W k="different" />{' '}
          <b>{report.value.different}</b>
        </p>
      )}
      {rows.length === 0 ? (
        <p class="list-empty">
          <W k="noPolicies" />
        </p>
      ) : (
        <table class="rows" data-testid="policies">
          <thead>
            <tr>
              <th scope="col">
                <W k="policies" />
              </th>
              <th scope="col">
                <W k="version" />
              </th>
              <th scope="col">
                <W k="validity" />
              </th>
              <th scope="col">
                <W k="state" />
              </th>
              <th scope="col">
                <W k="source" />
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.id} ${row.version}`}>
                <th scope="row">
                  <Words text={told(row.titleZh, row.titleEn)} />
                  <br />
                  <span class="digits muted small">{row.id}</span>
                </th>
                <td class="digits">{row.version}</td>
                <td class="digits">
                  {row.validFrom} – {row.validTo ?? '…'}
                </td>
                <td>
                  <W k={STATUS[row.status]} />
                </td>
                <td class="wrap small">{row.basis}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
