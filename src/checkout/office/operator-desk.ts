import { businessDateTime, businessDay } from '#core/business-time';
import type { OperatorRecord } from '#core/domain/operator-record';
import { hasRight, rightsOf } from '#core/domain/rights';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { reasonGiven } from '../journal.ts';
import type { KnownOperator } from '../operators.ts';
import { goodEnough, hashPin } from '../passwords.ts';
import type { TillCore } from '../till-core.ts';
import { glassRows, seeGlass } from './glass.ts';
import type { NewOperator, OfficeVerbs, OperatorChange, OperatorRow, TwoPeople } from './rows.ts';

type OperatorVerbs = Pick<
  OfficeVerbs,
  | 'operatorRole'
  | 'shiftOperator'
  | 'lockMinutes'
  | 'checkSecond'
  | 'operatorRows'
  | 'addOperator'
  | 'changeOperator'
  | 'changeOwnSecret'
  | 'addFirstManager'
  | 'glassRows'
  | 'seeGlass'
>;
type Answer = Promise<Result<OperatorRow, Fault>>;

/** Operators and their rights. */
export function operatorVerbs(core: TillCore): OperatorVerbs {
  const { operators, parts } = core;
  return {
    shiftOperator: () => (core.shiftOpen().ok ? core.operator().number : undefined),
    operatorRole: (number) => operators.list().find((known) => known.number === number)?.role,
    lockMinutes: () => parts.config.lock.idle_minutes,
    checkSecond: (second, first) => operators.checkSecond(second, first),
    operatorRows: () => operators.all().map(rowOf),
    addOperator: (wish, two) => addOperator(core, wish, two),
    changeOperator: (number, wish, two) => changeOperator(core, number, wish, two),
    changeOwnSecret: (old, change) => changeOwnSecret(core, old, change),
    addFirstManager: (wish) => addFirstManager(core, wish),
    glassRows: () => glassRows(parts),
    seeGlass(id, operator) {
      const seen = seeGlass(parts, id, operator);
      if (seen.ok) core.changed();
      return seen;
    },
  };
}

async function addOperator(core: TillCore, wish: NewOperator, two: TwoPeople): Answer {
  const { operators, parts } = core;
  const { number, name, role, password, until } = wish;
  if (operators.byNumber(number) !== undefined) return err(fault('operator-exists'));
  if (!goodEnough(password, 'password', number)) return err(fault('password-weak'));
  const agreed = await twoAgree(core, two, 'operator-added');
  if (!agreed.ok) return agreed;
  const passwordHash = await hashPin(password);
  // Somebody else may have taken the number while the password was hashed.
  if (operators.byNumber(number) !== undefined) return err(fault('operator-exists'));
  const row: OperatorRecord = {
    number,
    name,
    role,
    state: 'active',
    passwordHash,
    ...(until === undefined ? {} : { untilDay: until }),
    changedAtMs: parts.clock.nowMs(),
    changedBy: two.first,
  };
  return keep(core, row, two, { action: 'added', role });
}

async function changeOperator(core: TillCore, number: string, wish: OperatorChange, two: TwoPeople): Answer {
  const { operators, parts } = core;
  const { name, role, state, password, until } = wish;
  if (operators.byNumber(number) === undefined) return err(fault('record-unknown'));
  if (password !== undefined && !goodEnough(password, 'password', number)) return err(fault('password-weak'));
  const agreed = await twoAgree(core, two, 'operator-changed');
  if (!agreed.ok) return agreed;
  const hash = password === undefined ? undefined : await hashPin(password);
  const before = operators.all().find((known) => known.number === number);
  if (before === undefined) return err(fault('record-unknown'));
  const { untilDay, quickHash, ...rest } = recordOf(before);
  const day = until === undefined ? untilDay : (until ?? undefined);
  const row: OperatorRecord = {
    ...rest,
    ...(name === undefined ? {} : { name }),
    ...(role === undefined ? {} : { role }),
    ...(state === undefined ? {} : { state }),
    // Whoever sets a password for somebody else does not keep that one's quick way in.
    ...(hash === undefined ? (quickHash === undefined ? {} : { quickHash }) : { passwordHash: hash }),
    ...(day === undefined ? {} : { untilDay: day }),
    changedAtMs: parts.clock.nowMs(),
    changedBy: two.first,
  };
  if (takesLastManager(core, before, row)) return err(fault('operator-last-manager'));
  const action = state === undefined || state === before.state ? 'changed' : state;
  return keep(core, row, two, {
    action,
    role: row.role,
    ...(hash === undefined ? {} : { password: 'new' }),
    ...(row.untilDay === undefined ? {} : { until: row.untilDay }),
  });
}

async function changeOwnSecret(
  core: TillCore,
  ...[old, change]: Parameters<OfficeVerbs['changeOwnSecret']>
): Answer {
  const { operators, parts } = core;
  const { kind, to } = change;
  if (to !== null && !goodEnough(to, kind, old.number)) return err(fault('password-weak'));
  const proved = await operators.prove(old);
  if (!proved.ok) return proved;
  const hash = to === null ? undefined : await hashPin(to);
  const before = operators.all().find((known) => known.number === old.number);
  if (before === undefined) return err(fault('operator-unknown'));
  const { quickHash, ...rest } = recordOf(before);
  const row: OperatorRecord = {
    ...rest,
    ...(kind === 'password' && quickHash !== undefined ? { quickHash } : {}),
    ...(hash === undefined ? {} : kind === 'password' ? { passwordHash: hash } : { quickHash: hash }),
    changedAtMs: parts.clock.nowMs(),
    changedBy: old.number,
  };
  operators.keep(row, { operator: old.number, facts: { action: `own-${kind}`, number: old.number } });
  return ok(rowOf({ ...row, from: 'records' }));
}

async function addFirstManager(
  core: TillCore,
  ...[wish]: Parameters<OfficeVerbs['addFirstManager']>
): Answer {
  const { operators, parts } = core;
  const { number, name, password } = wish;
  if (!goodEnough(password, 'password', number)) return err(fault('password-weak'));
  const passwordHash = await hashPin(password);
  if (operators.all().length > 0) return err(fault('setup-over'));
  const changedAtMs = parts.clock.nowMs();
  const row = { number, name, passwordHash, changedAtMs, changedBy: number } as const;
  const manager: OperatorRecord = { ...row, role: 'manager', state: 'active' };
  operators.keep(manager, { operator: number, facts: { action: 'first-manager', number } });
  core.changed();
  return ok(rowOf({ ...manager, from: 'records' }));
}

/** The first one must be allowed to manage, the second one is proved, and both know why. */
async function twoAgree(core: TillCore, two: TwoPeople, what: string): Promise<Result<void, Fault>> {
  if (!reasonGiven(two.reason)) return err(fault('reason-missing'));
  const first = core.operators.list().find(({ number }) => number === two.first);
  if (first === undefined || !hasRight(first.role, 'manage')) return err(fault('right-missing'));
  const second = await core.operators.proveSecond(two.second, two.first, { what, reason: two.reason });
  return second.ok ? ok(undefined) : second;
}

function keep(
  core: TillCore,
  row: OperatorRecord,
  two: TwoPeople,
  facts: Readonly<Record<string, string>>,
): Result<OperatorRow, Fault> {
  const { second, first, reason } = two;
  core.operators.keep(row, {
    operator: first,
    facts: { ...facts, number: row.number, secondOperator: second.number, reason },
  });
  core.changed();
  return ok(rowOf({ ...row, from: 'records' }));
}

/** Without a manager nobody could ever add one again. */
function takesLastManager(core: TillCore, before: KnownOperator, after: OperatorRecord): boolean {
  const today = businessDay(core.parts.clock.nowMs());
  const stays =
    after.state === 'active' &&
    after.role === 'manager' &&
    (after.untilDay === undefined || after.untilDay >= today);
  if (before.role !== 'manager' || stays) return false;
  return !core.operators.list().some(({ number, role }) => role === 'manager' && number !== before.number);
}

function recordOf({ from: _from, ...record }: KnownOperator): OperatorRecord {
  return record;
}

function rowOf(operator: KnownOperator): OperatorRow {
  const { number, name, role, state, untilDay, quickHash, from, changedAtMs, changedBy } = operator;
  return {
    number,
    name,
    role,
    rights: rightsOf(role),
    state,
    ...(untilDay === undefined ? {} : { until: untilDay }),
    quickPin: quickHash !== undefined,
    from,
    ...(from === 'configuration' ? {} : { changedAt: businessDateTime(changedAtMs), changedBy }),
  };
}
