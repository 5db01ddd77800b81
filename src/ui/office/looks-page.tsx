import { useState } from 'preact/hooks';
import type { LooksAnswer } from '#server/api-types';
import { FaultNote } from '../fault-note.tsx';
import { DayField, Waiting } from './day-field.tsx';
import type { PageProps } from './page-props.ts';
import type { OfficeKey } from './texts.ts';
import { useLoaded } from './use-loaded.ts';
import { W } from './words.tsx';

const MEDIA: Readonly<Record<string, OfficeKey>> = {
  card: 'cardShown',
  'electronic-certificate': 'certificateShown',
  'identity-number': 'numberShown',
};
const WHY = { sale: 'sale', enquiry: 'enquiry', record: 'record' } as const satisfies Record<
  LooksAnswer['looks'][number]['why'],
  OfficeKey
>;
const HEADS = ['time', 'who', 'whose', 'how', 'why', 'saleNumber'] as const;

/** Who looked at whose data on a day. */
export function LooksPage({ model }: PageProps) {
  const [picked, pick] = useState<string>();
  const day = picked ?? model.till?.shift.businessDay;
  if (day === undefined) return <Waiting />;
  return (
    <>
      <DayField day={day} pick={pick} />
      <p class="muted small">
        <W k="looksNote" />
      </p>
      <Looks model={model} day={day} />
    </>
  );
}

function Looks({ model, day }: Pick<PageProps, 'model'> & { day: string }) {
  const { value, fault } = useLoaded<LooksAnswer>(
    model.api,
    `/api/office/looks?day=${day}`,
    `${model.till?.holder.state} ${model.till?.sale.state}`,
  );
  if (fault !== undefined) return <FaultNote fault={fault} />;
  if (value === undefined) return <Waiting />;
  if (value.looks.length === 0)
    return (
      <p class="list-empty" data-testid="looks-empty">
        <W k="noLooks" />
      </p>
    );
  return (
    <table class="rows" data-testid="looks">
      <thead>
        <tr>
          {HEADS.map((k) => (
            <th key={k} scope="col">
              <W k={k} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {value.looks.map((look) => (
          <tr key={`${look.at} ${look.operator} ${look.holder} ${look.why}`}>
            <td class="digits">{look.at.slice(11)}</td>
            <td>
              <span class="digits">{look.operator}</span> {look.operatorName}
            </td>
            <td>{look.holder}</td>
            <td>{look.medium === undefined ? '—' : <W k={MEDIA[look.medium] ?? 'cardShown'} />}</td>
            <td>
              <W k={WHY[look.why]} />
            </td>
            <td class="digits">{look.saleNumber ?? '—'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
