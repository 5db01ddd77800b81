import { assert } from '#core/assert';
import { businessDateTime } from '#core/business-time';
import type { Holder } from '#core/domain/holder';
import type { BasketLine } from '#core/domain/product';
import type { Operator, Sale } from '#core/domain/sale';
import type { Cancellation, Settlement } from '#core/domain/settlement';
import type { LineSplit, Split } from '#core/domain/split';
import { journalCode } from '#core/journal-code';
import { type Money, negateMoney, type Quantity, subtractMoney, sumMoney, zeroMoney } from '#core/money';
import type {
  SlipDocument,
  SlipHolder,
  SlipInstitution,
  SlipKind,
  SlipLine,
  SlipOffline,
  SlipSplit,
} from './document.ts';
import { maskName, maskNumber } from './mask.ts';

/** Which line reasons are printed: of lines with an own part, of all, of none. */
export type SlipReasons = 'own-part' | 'all' | 'none';

/** What the checkout knows when a slip is to be printed. */
export interface SlipInput {
  readonly kind: SlipKind;
  readonly sale: Sale;
  /** Needed for `settlement`; its split is the one that was booked. */
  readonly settlement?: Settlement;
  /** Needed for `cancellation`; `facts` is the agency's answer, absent for an own-pay sale. */
  readonly cancellation?: {
    readonly facts?: Cancellation;
    readonly atMs: number;
    readonly second: Operator;
    readonly reason: string;
  };
  readonly institution: SlipInstitution;
  readonly terminal: string;
  /** When the sale was settled; default the settlement's own time, else the sale's creation. */
  readonly soldAtMs?: number;
  readonly printedAtMs: number;
  /** 0 for the original, n for the n-th copy. */
  readonly copyNumber: number;
  readonly training: boolean;
  /** Journal entry that recorded the sale. */
  readonly journal?: { readonly sequence: number; readonly hash: string };
  readonly offline?: Omit<SlipOffline, 'owed' | 'proof'>;
  /** Scheme code that was settled under (310, 390); default the only one in force. */
  readonly scheme?: string;
  readonly manualReimbursement?: boolean;
  readonly reasons?: SlipReasons;
  readonly notices: readonly string[];
  readonly reportLine?: string;
}

const NOT_DOCUMENTS: ReadonlySet<string> = new Set(['agency', 'own-pay']);

const SCHEMES: Readonly<Record<string, string>> = {
  '310': '职工基本医疗保险',
  '320': '公务员医疗补助',
  '340': '离休人员医疗保障',
  '390': '城乡居民基本医疗保险',
};

/**
 * The slip's document from the domain's values. Names and numbers of the holder are masked here, so nothing
 * behind this door can print them. Throws only when the sale does not fit the kind (a bug of the caller).
 */
export function slipDocument(input: SlipInput): SlipDocument {
  const { sale, kind } = input;
  assert(Number.isSafeInteger(input.copyNumber) && input.copyNumber >= 0, 'a copy number counts from 0');
  const split = bookedSplit(input);
  const given = kind === 'cancellation';
  const lines = sale.lines.map((line) => slipLine(line, split, input.reasons ?? 'own-part', given));
  const slipped = slipSplit(split, given ? input.cancellation?.facts : undefined, given);
  return {
    kind,
    copyNumber: input.copyNumber,
    training: input.training,
    underCheck: sale.state === 'disputed',
    institution: input.institution,
    terminal: input.terminal,
    operator: operatorText(sale.operator),
    saleNumber: sale.saleNumber,
    soldAt: businessDateTime(soldAtMs(input)),
    printedAt: businessDateTime(input.printedAtMs),
    ...(sale.holder === undefined ? {} : { holder: slipHolder(sale.holder, input.scheme) }),
    ...credentialParts(sale),
    lines,
    split: slipped,
    tenders: given ? [] : sale.tenders,
    change: given ? zeroMoney : (sale.changeDue ?? zeroMoney),
    ...cancelledParts(input),
    ...(given || sale.replaces === undefined ? {} : { replacedSaleNumber: sale.replaces.saleNumber }),
    ...identifiers(input),
    ...(kind === 'offline' ? { offline: offlinePart(input, slipped) } : {}),
    manualReimbursement: input.manualReimbursement ?? false,
    reasons: given || input.reasons === 'none' ? [] : saleReasons(split),
    policies: policiesOf(split),
    notices: input.notices,
    ...(input.reportLine === undefined ? {} : { reportLine: input.reportLine }),
  };
}

function bookedSplit(input: SlipInput): Split {
  const split = input.settlement?.split ?? input.sale.split;
  if (split !== undefined) return split;
  assert(
    input.kind === 'own-pay' || input.kind === 'cancellation',
    'an insured or offline slip needs the split that was booked',
  );
  return ownPaySplit(input.sale);
}

/** Everything paid by the holder: the split of a sale that no policy looked at. */
function ownPaySplit(sale: Sale): Split {
  const total = sumMoney(sale.lines.map((line) => line.amount));
  return {
    total,
    outOfScope: total,
    overCeiling: zeroMoney,
    firstSelfPay: zeroMoney,
    inScope: zeroMoney,
    deductible: zeroMoney,
    funds: [],
    fundTotal: zeroMoney,
    own: total,
    account: zeroMoney,
    cash: total,
    lines: [],
    reasons: [],
    source: 'own-pay',
  };
}

/** One line as the paper shows it; `given`: given back, so everything is negative. */
export function slipLine(line: BasketLine, split: Split, reasons: SlipReasons, given: boolean): SlipLine {
  const { product } = line;
  const part = split.lines.find((one) => one.lineNumber === line.lineNumber);
  const sign = (amount: Money): Money => (given ? negateMoney(amount) : amount);
  return {
    genericName: product.genericName,
    ...(product.tradeName === undefined ? {} : { tradeName: product.tradeName }),
    specification: product.specification,
    ...(product.nationalCode === undefined ? {} : { nationalCode: product.nationalCode }),
    shopCode: product.shopCode,
    quantity: given ? (-line.quantity as Quantity) : line.quantity,
    unit: product.packUnit,
    unitPrice: product.price,
    amount: sign(line.amount),
    ...(line.herbalDoses === undefined ? {} : { herbalDoses: line.herbalDoses }),
    insuranceClass: product.insuranceClass,
    firstSelfPayRatio: part?.firstSelfPayRatio ?? product.firstSelfPayRatio,
    ...(part === undefined || split.source === 'own-pay'
      ? {}
      : { parts: { covered: sign(part.inScope), own: sign(subtractMoney(line.amount, part.inScope)) } }),
    reasons: given || part === undefined ? [] : reasonsOf(part, reasons),
  };
}

function reasonsOf(part: LineSplit, which: SlipReasons): string[] {
  if (which === 'none' || (which === 'own-part' && part.inScope === part.total)) return [];
  return part.reasons
    .filter((reason) => which === 'all' || !toldElsewhere.has(reason.step))
    .map(({ zh }) => zh);
}

function slipSplit(split: Split, facts: Cancellation | undefined, given: boolean): SlipSplit {
  const sign = (amount: Money): Money => (given ? negateMoney(amount) : amount);
  const total = facts?.total ?? sign(split.total);
  const fundTotal = facts?.fundTotal ?? sign(split.fundTotal);
  const account = facts?.account ?? sign(split.account);
  const familyAccount = sign(split.familyAccount ?? zeroMoney);
  const institution = sign(split.institution ?? zeroMoney);
  const balanceAfter = given ? facts?.balanceAfter : split.balanceAfter;
  const balanceBefore = given ? undefined : split.balanceBefore;
  return {
    total,
    outOfScope: sign(split.outOfScope),
    overCeiling: sign(split.overCeiling),
    firstSelfPay: sign(split.firstSelfPay),
    inScope: sign(split.inScope),
    deductible: sign(split.deductible),
    funds: split.funds.map(({ nameZh, amount }) => ({ nameZh, amount: sign(amount) })),
    fundTotal,
    account,
    ...(familyAccount === 0n ? {} : { familyAccount }),
    ...(institution === 0n ? {} : { institution }),
    cash:
      facts === undefined
        ? sign(split.cash)
        : subtractMoney(total, sumMoney([fundTotal, account, familyAccount, institution])),
    ...(balanceBefore === undefined ? {} : { balanceBefore }),
    ...(balanceAfter === undefined ? {} : { balanceAfter }),
  };
}

/** The holder with name and numbers masked. */
export function slipHolder(holder: Holder, scheme: string | undefined): SlipHolder {
  const inForce = holder.insurances.filter((insurance) => insurance.inForce);
  const code = scheme ?? (inForce.length === 1 ? inForce[0]?.scheme : undefined);
  return {
    maskedName: maskName(holder.name),
    maskedPersonNumber: maskNumber(holder.personNumber),
    medium: holder.medium,
    maskedMediumNumber: maskNumber(holder.mediumNumber),
    ...(code === undefined ? {} : { schemeZh: SCHEMES[code] ?? `险种 ${code}` }),
  };
}

/** Who acted for the holder, for which chronic disease, and why a number was typed: only where that was so. */
function credentialParts(sale: Sale): Partial<SlipDocument> {
  const { manualReason, chronic } = sale;
  return {
    ...actingPart(sale),
    ...(chronic === undefined ? {} : { chronicDisease: chronic.diseaseName }),
    ...(manualReason === undefined ? {} : { manualReason }),
  };
}

/** Who acts for the holder, masked. */
export function actingPart({ actingPerson }: Sale): Pick<SlipDocument, 'actingPerson'> {
  if (actingPerson === undefined) return {};
  return {
    actingPerson: {
      relation: actingPerson.relation,
      maskedName: maskName(actingPerson.name),
      maskedIdentityNumber: maskNumber(actingPerson.identityNumber),
    },
  };
}

function cancelledParts(input: SlipInput): Partial<SlipDocument> {
  if (input.kind !== 'cancellation') return {};
  assert(input.cancellation !== undefined, 'a cancellation slip needs the facts of the cancellation');
  return {
    originalSaleNumber: input.sale.saleNumber,
    secondOperator: operatorText(input.cancellation.second),
    cancelReason: input.cancellation.reason,
  };
}

function identifiers(input: SlipInput): Partial<SlipDocument> {
  const facts = input.kind === 'cancellation' ? input.cancellation?.facts : undefined;
  const settlementId = facts?.settlementId ?? input.settlement?.settlementId;
  const visitId = facts?.visitId ?? input.settlement?.visitId;
  const { journal } = input;
  return {
    ...(settlementId === undefined ? {} : { settlementId }),
    ...(visitId === undefined ? {} : { visitId }),
    ...(journal === undefined ? {} : { check: journalCode(journal.sequence, journal.hash) }),
  };
}

function offlinePart(input: SlipInput, split: SlipSplit): SlipOffline {
  assert(input.offline !== undefined, 'an offline slip says who bears a refusal');
  const proof = proofPart(input.sale);
  const owed = sumMoney([split.fundTotal, split.account]);
  return { ...input.offline, owed, ...(proof === undefined ? {} : { proof }) };
}

/** What signed, by its own name: a module's code proves the terminal and not the card. */
function proofPart({ offlineProof }: Sale): SlipOffline['proof'] {
  if (offlineProof === undefined) return undefined;
  const { signature, terminalNumber, terminalSequence: sequence } = offlineProof;
  return signature.kind === 'card-tac'
    ? { by: 'card', code: signature.tac, terminalNumber, sequence }
    : { by: 'terminal', code: signature.mac, terminalNumber, sequence };
}

function soldAtMs(input: SlipInput): number {
  if (input.kind === 'cancellation' && input.cancellation !== undefined) return input.cancellation.atMs;
  return input.soldAtMs ?? input.settlement?.settledAtMs ?? input.sale.createdAtMs;
}

/** Number and name of an operator. */
export function operatorText(operator: Operator): string {
  return `${operator.number} ${operator.name}`.trim();
}

/** What stands in the split or in the rows of the lines already. */
const toldElsewhere = new Set(['in-scope', 'covered', 'own', 'own-pay', 'account', 'family-account', 'cash']);

/** How limits, deductible and funds came about, sentence by sentence. */
function saleReasons(split: Split): string[] {
  return split.reasons
    .filter(({ step, amount }) => !toldElsewhere.has(step) && amount !== 0n)
    .map(({ zh }) => zh);
}

/** Distinct `policy version`, in order of first use; the agency's own sums name no document of ours. */
function policiesOf(split: Split): string[] {
  const names = new Set<string>();
  for (const reason of [...split.lines.flatMap((line) => line.reasons), ...split.reasons]) {
    if (!NOT_DOCUMENTS.has(reason.policy)) names.add(`${reason.policy} ${reason.version}`.trim());
  }
  return [...names];
}
