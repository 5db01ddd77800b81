import type {
  DayPictureAnswer,
  DoctorRow,
  FaultView,
  OperatorsAnswer,
  SettingsAnswer,
  TillView,
} from '#server/api-types';
import { FaultNote } from '../fault-note.tsx';
import { first, pageAt, told } from '../language.ts';
import { Waiting } from './day-field.tsx';
import type { PageProps } from './page-props.ts';
import type { OfficeKey } from './texts.ts';
import { useLoaded } from './use-loaded.ts';
import { W } from './words.tsx';

interface Step {
  readonly k: OfficeKey;
  readonly done: boolean;
  readonly says: string;
  readonly fault?: FaultView | undefined;
  readonly act?: { readonly testId: string; readonly run: () => void };
}

/** A new shop step by step, each judged by what the till itself finds; the last is a test sale. */
export function SetupPage({ model, mayChange }: PageProps) {
  const { api, till } = model;
  const settings = useLoaded<SettingsAnswer>(api, '/api/office/settings');
  const doctor = useLoaded<{ rows: DoctorRow[] }>(api, '/api/doctor', till?.shift.state);
  const operators = useLoaded<OperatorsAnswer>(api, '/api/office/operators');
  const day = useLoaded<DayPictureAnswer>(api, '/api/office/day');
  const fault = settings.fault ?? doctor.fault ?? operators.fault ?? day.fault;
  if (fault !== undefined) return <FaultNote fault={fault} />;
  const [file, found, people, sold] = [settings.value, doctor.value, operators.value, day.value];
  if (till === undefined || !file || !found || !people || !sold) return <Waiting />;
  const openShift = () => void model.run(() => api.post<TillView>('/api/shift/open'));
  const steps = [
    institution(file),
    ...DEVICES.map(([k, part]) => ofDoctor(k, part, found)),
    secondPerson(file, people),
    {
      k: 'stepShift',
      done: till.shift.state === 'open',
      says: till.shift.operator?.name ?? '',
      fault: model.notice ?? till.shift.fault,
      ...(mayChange ? { act: { testId: 'setup-shift', run: openShift } } : {}),
    },
    {
      k: 'stepSale',
      done: sold.sales > 0,
      says: String(sold.sales),
      act: { testId: 'setup-sale', run: () => location.assign(pageAt('/')) },
    },
  ] as const satisfies readonly Step[];
  return (
    <>
      <p class="muted small">
        <W k="setupNote" /> · <W k="trainFirst" />
      </p>
      <Steps steps={steps} />
      {steps.every(({ done }) => done) ? (
        <p class="verdict ok" role="status" data-testid="setup-done">
          <i class="light" aria-hidden="true" /> <W k="setupDone" />
        </p>
      ) : null}
      <button type="button" class="key-button narrow" data-testid="setup-again" onClick={doctor.reload}>
        <W k="checkAgain" />
      </button>
    </>
  );
}

const DEVICES = [
  ['stepReader', 'card-reader'],
  ['stepPrinter', 'printer'],
  ['stepAgency', 'agency'],
  ['stepCatalogue', 'catalogue'],
] as const;

function institution({ rows }: SettingsAnswer): Step {
  const of = (key: string) => rows.find((row) => row.key === `shop.${key}`);
  const [name, code, region] = [of('name'), of('institution_code'), of('region')];
  return {
    k: 'stepInstitution',
    done: name?.standard === false && code?.standard === false,
    says: [name, code, region].flatMap((row) => row?.value || []).join(' · '),
  };
}

function ofDoctor(k: OfficeKey, part: string, { rows }: { readonly rows: readonly DoctorRow[] }): Step {
  const row = rows.find((each) => each.part === part);
  return { k, done: row?.state === 'ok', says: first(told(row?.zh, row?.en)), fault: row?.fault };
}

function secondPerson({ rows }: SettingsAnswer, { operators }: OperatorsAnswer): Step {
  const able = operators.filter(({ state, rights }) => state === 'active' && rights.includes('second'));
  const alone = rows.find(({ key }) => key === 'shop.single_handed')?.value === 'true';
  return {
    k: 'stepSecond',
    done: able.length > 1 || alone,
    says: able.map(({ name }) => name).join(', '),
  };
}

function Steps({ steps }: { steps: readonly Step[] }) {
  return (
    <ol class="steps" data-testid="setup-steps">
      {steps.map(({ k, done, says, fault, act }, index) => (
        <li key={k} class={done ? 'doctor-row ok' : 'doctor-row warn'} data-testid={k} data-done={done}>
          <i class="light" aria-hidden="true" />
          <span>
            {index + 1}.{' '}
            <b>
              <W k={k} />
            </b>{' '}
            <span class="muted">{says}</span>{' '}
            {done || act === undefined ? null : (
              <button type="button" class="key-button" data-testid={act.testId} onClick={act.run}>
                <W k="doIt" />
              </button>
            )}
          </span>
          {done || fault === undefined ? null : <FaultNote fault={fault} tone="warn" />}
        </li>
      ))}
    </ol>
  );
}
