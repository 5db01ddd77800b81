import type { Reason } from '#core/domain/split';
import { type Fault, fault } from '#core/fault';
import {
  allocate,
  formatMoney,
  formatQuantity,
  type Money,
  maxMoney,
  roundFen,
  zeroMoney,
} from '#core/money';
import type { StepOf } from '#core/policy';
import { firstThatHolds } from '../conditions.ts';
import { reason } from '../explain.ts';
import type { LineState, SplitState } from '../state.ts';

type Limit = StepOf<'limit'>;
type Entry = Limit['entries'][number];

/**
 * A limit on the cost that counts (限额). What it cuts off stays in scope and is own pay. `case-invalid` when a
 * limit per dose (帖) meets a line without doses.
 */
export function applyLimit(state: SplitState, step: Limit): Fault | undefined {
  const entry = firstThatHolds(step.entries, state.facts);
  if (entry === undefined) return undefined;
  const lines = state.lines.filter((at) => step.categories.includes(at.line.category));
  if (step.per === 'visit' || step.per === 'stay') {
    limitTogether(state, step, entry, lines);
    return undefined;
  }
  const without = lines.find(({ line }) => step.per === 'dose' && line.doses === undefined);
  if (without !== undefined) return fault('case-invalid', `line ${without.line.lineNumber} has no doses`);
  limitEach(state, step, entry, lines);
  return undefined;
}

/** The lines together, less what this visit has counted before; the cut is spread by counted cost. */
function limitTogether(state: SplitState, step: Limit, entry: Entry, lines: readonly LineState[]): void {
  let before = 0n;
  for (const category of new Set(step.categories)) before += state.visit.thisVisit.counted[category] ?? 0n;
  let counted = 0n;
  for (const at of lines) counted += at.counted;
  const room = maxMoney(zeroMoney, (entry.amount - before) as Money);
  if (counted <= room) return;
  const cut = (counted - room) as Money;
  const parts = allocate(
    cut,
    lines.map((at) => at.counted),
  );
  const cuts = lines.map((at, index) => cutLine(state, step, entry, at, parts[index] ?? zeroMoney));
  const [sum, most, over] = [counted as Money, entry.amount, cut].map(formatMoney);
  const [each, eachEn] = step.per === 'visit' ? ['单次', 'a visit'] : ['每次住院', 'a stay'];
  const [beforeZh, beforeEn] =
    before === 0n
      ? ['', '']
      : [
          `（此前已计入 ${formatMoney(before as Money)} 元）`,
          ` (${formatMoney(before as Money)} counted before)`,
        ];
  tell(
    state,
    entry,
    cut,
    `本次${costZh(step)} ${sum} 元，超过${each}限额 ${most} 元${beforeZh}，超出部分 ${over} 元由个人负担`,
    `${sum} for ${step.nameEn} this time, limit ${most} ${eachEn}${beforeEn}; the ${over} above it is paid by the patient`,
    cuts,
  );
}

function limitEach(state: SplitState, step: Limit, entry: Entry, lines: readonly LineState[]): void {
  const cuts: (Reason | undefined)[] = [];
  let cut = 0n;
  for (const at of lines) {
    const { doses } = at.line;
    // Amount × doses is rounded half up to the fen: doses have decimals, limits are whole fen.
    const room =
      step.per === 'dose' && doses !== undefined
        ? roundFen(entry.amount * doses, 10_000n, 'half-up')
        : entry.amount;
    if (at.counted <= room) continue;
    const over = (at.counted - room) as Money;
    cut += over;
    cuts.push(cutLine(state, step, entry, at, over));
  }
  if (cut === 0n) return;
  const [most, over] = [entry.amount, cut as Money].map(formatMoney);
  const [each, eachEn] = step.per === 'dose' ? ['每帖', 'a dose'] : ['每项', 'each'];
  tell(
    state,
    entry,
    cut as Money,
    `本次${costZh(step)}${each}限额 ${most} 元，超出部分 ${over} 元由个人负担`,
    `For ${step.nameEn} the limit is ${most} ${eachEn}; the ${over} above it is paid by the patient`,
    cuts,
  );
}

/** 处方药 and 处方药费 alike are a cost. */
function costZh({ nameZh }: Limit): string {
  return /费用?$/.test(nameZh) ? nameZh : `${nameZh}费用`;
}

function cutLine(
  state: SplitState,
  step: Limit,
  entry: Entry,
  at: LineState,
  cut: Money,
): Reason | undefined {
  if (cut === 0n) return undefined;
  at.counted = (at.counted - cut) as Money;
  const [kept, over] = [at.counted, cut].map(formatMoney);
  const doses =
    step.per === 'dose' && at.line.doses !== undefined ? formatQuantity(at.line.doses) : undefined;
  const why = reason(
    state.source,
    'limit',
    entry.rule,
    cut,
    `第 ${at.line.lineNumber} 项受${step.nameZh}限额限制${doses === undefined ? '' : `（${doses} 帖）`}，计入 ${kept} 元，其余 ${over} 元由个人负担`,
    `Item ${at.line.lineNumber}${doses === undefined ? '' : `, ${doses} doses`}: by the limit on ${step.nameEn} ${kept} counts, the other ${over} is paid by the patient`,
  );
  at.limits = [...(at.limits ?? []), why];
  return why;
}

function tell(
  state: SplitState,
  entry: Entry,
  cut: Money,
  zh: string,
  en: string,
  cuts: readonly (Reason | undefined)[],
): void {
  state.overLimit = (state.overLimit + cut) as Money;
  const parts = cuts.filter((each) => each !== undefined);
  state.reasons.push(reason(state.source, 'limit', entry.rule, cut, zh, en, parts));
}
