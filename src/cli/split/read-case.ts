import type { RefundLine } from '#benefits/refund-case';
import type { BenefitCase, BenefitLine } from '#core/domain/benefit';
import { type Fault, fault } from '#core/fault';
import { oneUnit, type Ratio, zeroMoney } from '#core/money';
import type { Policy } from '#core/policy';
import { placeOf } from '#core/policy/parse';
import { err, ok, type Result } from '#core/result';
import { type CaseDocument, caseSchema } from './case-schema.ts';

/** One thing wrong with a case, named by its place; never by its value, which may be a person's. */
export interface CaseProblem {
  readonly place: string;
  readonly message: string;
}

/** `case-invalid` with every problem. */
export interface InvalidCase {
  readonly fault: Fault;
  readonly problems: readonly CaseProblem[];
}

export interface ReadCase {
  readonly visit: BenefitCase;
  /** Empty = a sale. */
  readonly refund: readonly RefundLine[];
}

/** Codes insutype of the schemes. */
const schemeCodes = { employee: '310', resident: '390', rural: '380' } as const;

/**
 * Reads the text of a case for a policy. `day`, `yyyy-MM-dd`, decides which tags are valid. Line numbers of the
 * answer are indexes from 1.
 */
export function readCase(text: string, policy: Policy, day: string): Result<ReadCase, InvalidCase> {
  const tree = readJson(text);
  if (!tree.ok) return tree;
  const checked = caseSchema.safeParse(tree.value);
  if (!checked.success)
    return invalidCase(
      checked.error.issues.map((issue) => ({ place: placeInCase(issue.path), message: issue.message })),
    );
  const missing = withoutDoses(checked.data, policy);
  if (missing.length > 0) return invalidCase(missing);
  const refund = checked.data.refund.map(({ index, quantity }) => ({ lineNumber: index + 1, quantity }));
  return ok({ visit: benefitCase(checked.data, day), refund });
}

export function invalidCase(problems: readonly CaseProblem[]) {
  const detail = problems.map(({ place, message }) => `${place}: ${message}`).join('; ');
  return err({ fault: fault('case-invalid', detail), problems });
}

function readJson(text: string): Result<unknown, InvalidCase> {
  try {
    return ok(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // The message quotes the text around the place, which may be a person's: only the place is told.
    const position = /at position (\d+)/.exec(error.message)?.[1];
    const where = position === undefined ? '' : ` at character ${Number(position) + 1}`;
    return invalidCase([{ place: 'case', message: `is not JSON${where}` }]);
  }
}

function placeInCase(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'case' : placeOf(path);
}

/** Lines that a limit per dose (帖) cannot count. */
function withoutDoses({ lines }: CaseDocument, { steps }: Policy): CaseProblem[] {
  const perDose = steps.flatMap((step) =>
    step.kind === 'limit' && step.per === 'dose' ? step.categories : [],
  );
  return lines.flatMap(({ category, doses }, index) =>
    doses === undefined && perDose.includes(category)
      ? [
          {
            place: `lines[${index}].doses`,
            message: 'is needed: the policy counts this category by the dose',
          },
        ]
      : [],
  );
}

function benefitCase(document: CaseDocument, day: string): BenefitCase {
  const { visitKind, institution, person, quota, account } = document;
  const { thisMonth, thisVisit, stay, oneStop } = document;
  return {
    ...{ visitKind, institution, thisMonth, thisVisit, stay, oneStop, day },
    person: {
      scheme: schemeCodes[person.scheme],
      group: person.group,
      age: person.age,
      tags: person.tags.map((tag) => (typeof tag === 'string' ? { code: tag } : tag)),
    },
    usedThisYear: usedThisYear(document),
    ...(quota === undefined ? {} : { quota }),
    lines: document.lines.map(benefitLine),
    account,
  };
}

function usedThisYear({ usedThisYear: used }: CaseDocument): BenefitCase['usedThisYear'] {
  const { basic, ...byLayer } = used.byLayer;
  return {
    deductible: used.deductible ?? zeroMoney,
    counted: used.counted ?? zeroMoney,
    fundPaid: used.fundPaid ?? basic ?? zeroMoney,
    byLayer,
    stays: used.stays,
    ...(used.highestLevel === undefined ? {} : { highestLevel: used.highestLevel }),
    visits: used.visits,
  };
}

function benefitLine(line: CaseDocument['lines'][number], index: number): BenefitLine {
  const { category, amount, unitPrice, ceiling, doses, prescription } = line;
  return {
    ...{ lineNumber: index + 1, category, amount, prescription },
    insuranceClass: line.class,
    mapped: true,
    quantity: line.quantity ?? oneUnit,
    firstSelfPayRatio: line.firstSelfPayRatio ?? (0n as Ratio),
    ...(unitPrice === undefined ? {} : { unitPrice }),
    ...(ceiling === undefined ? {} : { ceiling }),
    ...(doses === undefined ? {} : { doses }),
  };
}
