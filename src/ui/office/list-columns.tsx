import { useState } from 'preact/hooks';
import type { ListAnswer } from '#server/api-types';
import { first, told } from '../language.ts';
import { Words } from '../words.tsx';
import { said, short, W } from './words.tsx';

const LEFT_OUT = '-';
const SURE = 1000;

type Columns = Readonly<Record<string, string>>;
type Proposal = ListAnswer['columns'][number];

interface Props {
  readonly value: ListAnswer;
  confirm(columns: Columns): void;
  drop(): void;
}

/** A person says what each column of another program's list is; money, classes and shares are never preset. */
export function ListColumns({ value: { columns, choices, fileName, sheet }, confirm, drop }: Props) {
  const [chosen, setChosen] = useState<Columns>(() => preset(columns));
  const open = columns.filter(({ header }) => (chosen[header] ?? '') === '');
  const taken = Object.values(chosen).filter((column) => column !== LEFT_OUT && column !== '');
  const missing = choices.filter(({ column, required }) => required && !taken.includes(column));
  const twice = choices.filter(({ column }) => taken.filter((one) => one === column).length > 1);
  const ready = open.length === 0 && missing.length === 0 && twice.length === 0;
  return (
    <form
      class="list-columns"
      data-testid="list-columns"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) confirm(chosen);
      }}
    >
      <p>
        <b>{fileName}</b> {sheet} <W k="columnsNote" />
      </p>
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">
              <W k="columnInFile" />
            </th>
            <th scope="col">
              <W k="samples" />
            </th>
            <th scope="col">
              <W k="columnHere" />
            </th>
            <th scope="col">
              <W k="ground" />
            </th>
          </tr>
        </thead>
        <tbody>
          {columns.map((column) => (
            <ColumnRow
              key={column.header}
              column={column}
              choices={choices}
              chosen={chosen[column.header] ?? ''}
              choose={(to) => setChosen({ ...chosen, [column.header]: to })}
            />
          ))}
        </tbody>
      </table>
      {missing.length === 0 ? null : <Trouble k="stillMissing" names={missing} />}
      {twice.length === 0 ? null : <Trouble k="takenTwice" names={twice} />}
      <div class="actions">
        <button type="submit" class="primary narrow" disabled={!ready} data-testid="list-import">
          <W k="importNow" />
        </button>
        <button type="button" class="key-button" data-testid="list-drop" onClick={drop}>
          <W k="dropList" />
        </button>
      </div>
    </form>
  );
}

function ColumnRow(props: {
  column: Proposal;
  choices: ListAnswer['choices'];
  chosen: string;
  choose: (to: string) => void;
}) {
  const { column, choices, chosen, choose } = props;
  return (
    <tr data-open={chosen === ''}>
      <th scope="row">{column.header}</th>
      <td class="wrap small">{column.samples.join(' · ')}</td>
      <td>
        <select
          value={chosen}
          aria-label={`${said('columnHere')} ${column.header}`}
          onChange={(event) => choose(event.currentTarget.value)}
        >
          <option value="">{short('undecided')}</option>
          <option value={LEFT_OUT}>{short('leaveOut')}</option>
          {choices.map(({ column: id, zh, required }) => (
            <option key={id} value={id}>
              {first(told(zh, id))} {required ? `(${short('required')})` : ''}
            </option>
          ))}
        </select>
      </td>
      <td class="wrap small">
        {column.confidence === SURE ? null : <Words text={told(column.zh, column.en)} />}
      </td>
    </tr>
  );
}

function Trouble({ k, names }: { k: 'stillMissing' | 'takenTwice'; names: ListAnswer['choices'] }) {
  return (
    <p class="note warn" role="status">
      <W k={k} />: {names.map(({ column, zh }) => first(told(zh, column))).join(', ')}
    </p>
  );
}

function preset(columns: readonly Proposal[]): Columns {
  return Object.fromEntries(
    columns.map(({ header, column, confidence, money }) => [
      header,
      confidence === SURE || !money ? (column ?? '') : '',
    ]),
  );
}
