import type { OperatorCredential } from '#checkout/facade';
import type { GlassRow, OfficeVerbs, OperatorRow } from '#checkout/office/rows';
import { hasRight, type OperatorRole, rightsOf } from '#core/domain/rights';
import { fault } from '#core/fault';
import { err, ok } from '#core/result';
import { journalVerifyExample } from '#server/schemas-journal';
import {
  dayPictureExample,
  glassRowExample,
  looksExample,
  settingsCheckExample,
  settingsExample,
} from '#server/schemas-office';

interface Known {
  readonly number: string;
  readonly name: string;
  readonly role: OperatorRole;
  readonly pin: string;
}

type Prove = (credential: OperatorCredential) => ReturnType<OfficeVerbs['checkSecond']>;

/** The back office of the fake till: real lists and examples, nothing behind them. */
export function fakeOffice(
  known: readonly Known[],
  prove: Prove,
): Omit<OfficeVerbs, 'shiftOperator'> & {
  readonly lock: { minutes: number };
  put(row: OperatorRow): void;
} {
  let rows: OperatorRow[] = known.map(({ number, name, role }) => ({
    number,
    name,
    role,
    rights: rightsOf(role),
    state: 'active',
    quickPin: false,
    from: 'configuration',
  }));
  let glass: readonly GlassRow[] = [glassRowExample];
  let done = 0;
  const lock = { minutes: 10 };
  const find = (number: string) => rows.find((row) => row.number === number);
  const put = (row: OperatorRow) => {
    rows = [...rows.filter(({ number }) => number !== row.number), row];
    return ok(row);
  };
  const secondOf = async (second: OperatorCredential, first: string) => {
    if (second.number === first) return err(fault('operator-second-needed'));
    const proved = await prove(second);
    return !proved.ok || hasRight(proved.value.role, 'second') ? proved : err(fault('right-missing'));
  };
  return {
    lock,
    put,
    operatorRole: (number) => {
      const row = find(number);
      return row?.state === 'active' ? row.role : undefined;
    },
    lockMinutes: () => lock.minutes,
    checkSecond: secondOf,
    operatorRows: () => rows,
    async addOperator({ number, name, role, until }) {
      if (find(number) !== undefined) return err(fault('operator-exists'));
      const added = { number, name, role, rights: rightsOf(role), state: 'active', quickPin: false } as const;
      return put({ ...added, from: 'records', ...(until === undefined ? {} : { until }) });
    },
    async changeOperator(number, { name, role, state }) {
      const before = find(number);
      if (before === undefined) return err(fault('record-unknown'));
      const next = role ?? before.role;
      const changed = { name: name ?? before.name, role: next, state: state ?? before.state };
      return put({ ...before, ...changed, rights: rightsOf(next), from: 'records' });
    },
    async changeOwnSecret(old, { kind, to }) {
      const proved = await prove(old);
      const before = find(old.number);
      if (!proved.ok || before === undefined) return err(fault('operator-unknown'));
      return put({ ...before, quickPin: kind === 'quick' ? to !== null : before.quickPin });
    },
    async addFirstManager({ number, name }) {
      const row = { number, name, role: 'manager', rights: rightsOf('manager') } as const;
      return put({ ...row, state: 'active', quickPin: false, from: 'records' });
    },
    glassRows: () => glass,
    seeGlass(id) {
      glass = glass.filter((row) => row.id !== id);
      return ok(undefined);
    },
    startVerify() {
      done = 1;
      return { running: true, done: 0, total: 412 };
    },
    verifyState() {
      if (done === 0 || done > 412)
        return { running: false, done: 0, total: 0, ...(done > 412 ? { last: journalVerifyExample } : {}) };
      const state = { running: true, done, total: 412 };
      done += 206;
      return state;
    },
    looks: () => looksExample.looks,
    dayPicture: (day) => ({ ...dayPictureExample, day: day ?? dayPictureExample.day }),
    settings: () => settingsExample,
    checkSettings: async () => settingsCheckExample,
  };
}
