import { useState } from 'preact/hooks';
import type { FaultView, SettingsAnswer, SettingsCheckAnswer } from '#server/api-types';
import { FaultNote } from '../fault-note.tsx';
import { told } from '../language.ts';
import { Words } from '../words.tsx';
import { Waiting } from './day-field.tsx';
import type { PageProps } from './page-props.ts';
import { useLoaded } from './use-loaded.ts';
import { W } from './words.tsx';

/** The configuration as it counts, and the check of the file that the next start would make. */
export function SettingsPage({ model }: PageProps) {
  const { value, fault } = useLoaded<SettingsAnswer>(model.api, '/api/office/settings');
  const [checked, setChecked] = useState<SettingsCheckAnswer>();
  const [refused, setRefused] = useState<FaultView>();
  const check = async () => {
    const answer = await model.api.get<SettingsCheckAnswer>('/api/office/settings/check');
    setRefused(answer.ok ? undefined : answer.error);
    if (answer.ok) setChecked(answer.value);
  };
  const problem = fault ?? refused;
  return (
    <>
      <p class="muted small">
        <W k="settingsNote" />
      </p>
      {problem === undefined ? null : <FaultNote fault={problem} />}
      <div class="settings-bar">
        <button type="button" class="primary narrow" data-testid="check" onClick={() => void check()}>
          <W k="checkSettings" />
        </button>
        <span class="digits wrap" data-testid="settings-file">
          {value === undefined ? null : value.file === undefined ? <W k="noFile" /> : value.file}
        </span>
      </div>
      {checked === undefined ? null : <Checked checked={checked} />}
      {value === undefined ? <Waiting /> : <Rows rows={value.rows} />}
    </>
  );
}

function Checked({ checked }: { checked: SettingsCheckAnswer }) {
  const { sound, changed, problems, fault } = checked;
  return (
    <div class="card" data-testid="check-result" data-sound={sound}>
      <p class={sound ? 'verdict ok' : 'verdict bad'} role={sound ? 'status' : 'alert'}>
        <i class="light" aria-hidden="true" /> <W k={sound ? 'checkSound' : 'checkBroken'} />
      </p>
      {changed ? (
        <p class="note warn">
          <W k="checkChanged" />
        </p>
      ) : null}
      {problems.length === 0 ? null : (
        <table class="rows" data-testid="problems">
          <thead>
            <tr>
              <th scope="col">
                <W k="line" />
              </th>
              <th scope="col">
                <W k="key" />
              </th>
              <th scope="col">
                <W k="reasonOf" />
              </th>
            </tr>
          </thead>
          <tbody>
            {problems.map(({ key, line, zh, en }) => (
              <tr key={`${key} ${en}`}>
                <td class="digits">{line ?? '—'}</td>
                <td class="digits">{key}</td>
                <td>
                  <Words text={told(zh, en)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {fault === undefined || problems.length > 0 ? null : <FaultNote fault={fault} />}
    </div>
  );
}

function Rows({ rows }: { rows: SettingsAnswer['rows'] }) {
  const tables = [...new Set(rows.map(({ key }) => tableOf(key)))];
  return (
    <div class="settings" data-testid="settings">
      {tables.map((table) => (
        <section key={table}>
          <h3 class="digits">[{table}]</h3>
          <dl>
            {rows
              .filter(({ key }) => tableOf(key) === table)
              .map(({ key, value, standard }) => (
                <div key={key} class={standard ? 'setting' : 'setting own'}>
                  <dt class="digits">{key.slice(table.length + 1)}</dt>
                  <dd class="wrap">
                    {value === '' ? '—' : value}{' '}
                    {standard ? (
                      <small class="muted">
                        <W k="standard" />
                      </small>
                    ) : null}
                  </dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

function tableOf(key: string): string {
  return key.split('.')[0] ?? key;
}
