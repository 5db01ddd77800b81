import { useState } from 'preact/hooks';
import type { FaultView, OperatorRow, OperatorsAnswer } from '#server/api-types';
import { FaultNote } from '../fault-note.tsx';
import { Waiting } from './day-field.tsx';
import { OperatorDialog } from './operator-dialog.tsx';
import type { PageProps } from './page-props.ts';
import { useLoaded } from './use-loaded.ts';
import { W } from './words.tsx';

const HEADS = ['number', 'name', 'role', 'rights', 'state', 'until', 'quickPin', 'lastChange'] as const;

/** Operators with their rights, and steps for two that one person took alone. */
export function OperatorsPage({ model, mayChange }: PageProps) {
  const { value, fault, reload, set } = useLoaded<OperatorsAnswer>(model.api, '/api/office/operators');
  const [editing, setEditing] = useState<OperatorRow | 'new'>();
  if (value === undefined) return fault === undefined ? <Waiting /> : <FaultNote fault={fault} />;
  return (
    <>
      <Glass model={model} mayChange={mayChange} rows={value.glass} seen={set} />
      <table class="rows" data-testid="operators">
        <thead>
          <tr>
            {HEADS.map((k) => (
              <th key={k} scope="col">
                <W k={k} />
              </th>
            ))}
            {mayChange ? <td /> : null}
          </tr>
        </thead>
        <tbody>
          {value.operators.map((row) => (
            <Row key={row.number} row={row} {...(mayChange ? { change: () => setEditing(row) } : {})} />
          ))}
        </tbody>
      </table>
      {mayChange ? (
        <button
          type="button"
          class="primary narrow"
          data-testid="add-operator"
          onClick={() => setEditing('new')}
        >
          <W k="addOperator" />
        </button>
      ) : null}
      {editing === undefined ? null : (
        <OperatorDialog
          api={model.api}
          {...(editing === 'new' ? {} : { operator: editing })}
          onSaved={() => {
            setEditing(undefined);
            reload();
          }}
          onClose={() => setEditing(undefined)}
        />
      )}
    </>
  );
}

function Row({ row, change }: { row: OperatorRow; change?: () => void }) {
  return (
    <tr data-testid={`operator-row-${row.number}`} data-state={row.state}>
      <td class="digits">{row.number}</td>
      <th scope="row">{row.name}</th>
      <td>
        <W k={row.role} />
      </td>
      <td class="small wrap">
        {row.rights.map((right) => (
          <span class="tag" key={right}>
            <W k={right} />
          </span>
        ))}
      </td>
      <td>
        <W k={row.state} />
      </td>
      <td class="digits">{row.until ?? '—'}</td>
      <td>
        <W k={row.quickPin ? 'has' : 'hasNot'} />
      </td>
      <td class="small">
        {row.changedAt === undefined ? <W k="inConfiguration" /> : `${row.changedAt} ${row.changedBy ?? ''}`}
      </td>
      {change === undefined ? null : (
        <td>
          <button type="button" class="key-button" data-testid={`change-${row.number}`} onClick={change}>
            <W k="change" />
          </button>
        </td>
      )}
    </tr>
  );
}

function Glass(props: {
  model: PageProps['model'];
  mayChange: boolean;
  rows: OperatorsAnswer['glass'];
  seen: (value: OperatorsAnswer) => void;
}) {
  const [fault, setFault] = useState<FaultView>();
  if (props.rows.length === 0) return null;
  const see = async (id: string) => {
    const answer = await props.model.api.post<OperatorsAnswer>(`/api/office/glass/${id}/seen`);
    setFault(answer.ok ? undefined : answer.error);
    if (answer.ok) props.seen(answer.value);
  };
  return (
    <section class="glass" data-testid="glass" role="alert">
      <h3>
        <W k="glass" />
      </h3>
      {fault === undefined ? null : <FaultNote fault={fault} />}
      <ul>
        {props.rows.map(({ id, at, operator, what, reason }) => (
          <li key={id}>
            <span class="digits">{at}</span> <b>{operator}</b> <code>{what}</code> {reason}
            {props.mayChange ? (
              <button
                type="button"
                class="key-button"
                data-testid={`glass-seen-${id}`}
                onClick={() => void see(id)}
              >
                <W k="glassSeen" />
              </button>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
