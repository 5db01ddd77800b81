import { businessDateTime } from '#core/business-time';
import type { ActingPerson } from '#core/domain/acting-person';
import type { BasketLine, HerbalDoses, Product } from '#core/domain/product';
import type { OwnPayConsent } from '#core/domain/sale';
import type { LineSplit, Reason, Split } from '#core/domain/split';
import type { Fault } from '#core/fault';
import { formatMoney, formatQuantity, formatRatio, formatUnitPrice } from '#core/money';
import { takesDoses } from '../herbal-doses.ts';
import { maskIdentityNumber } from '../identity-number.ts';
import type {
  ActingPersonView,
  ConsentView,
  FaultView,
  LineView,
  ProductView,
  ReasonView,
  SplitView,
} from '../view.ts';

export function faultView(fault: Fault): FaultView {
  const { code, retry, zh, en, nextZh, nextEn, detail } = fault;
  return { code, retry, zh, en, nextZh, nextEn, ...(detail === undefined ? {} : { detail }) };
}

export function actingPersonView({ relation, name, identityNumber }: ActingPerson): ActingPersonView {
  return { relation, name, identityNumber: maskIdentityNumber(identityNumber) };
}

/** A consent as it was given. */
export function consentGivenView({ atMs, operator, how, lines, own }: OwnPayConsent): ConsentView {
  return {
    state: 'given',
    own: formatMoney(own),
    lines: lines.map((line) => ({ lineNumber: line.lineNumber, own: formatMoney(line.own) })),
    at: businessDateTime(atMs),
    operator,
    how,
  };
}

export function reasonView(reason: Reason): ReasonView {
  const parts = (reason.parts ?? []).flatMap(flat).map(plainReason);
  return { ...plainReason(reason), ...(parts.length === 0 ? {} : { parts }) };
}

function plainReason({ step, policy, version, rule, amount, zh, en }: Reason): Omit<ReasonView, 'parts'> {
  return {
    step,
    policy,
    version,
    ...(rule === undefined ? {} : { rule }),
    amount: formatMoney(amount),
    zh,
    en,
  };
}

/** A screen shows one level of parts: deeper ones stand behind the part they belong to. */
function flat(reason: Reason): readonly Reason[] {
  return [reason, ...(reason.parts ?? []).flatMap(flat)];
}

export function productView(product: Product): ProductView {
  const { nationalCode, tradeName, barcode, ceiling, stock, remark, unitsPerPack, smallestUnit } = product;
  return {
    shopCode: product.shopCode,
    ...(nationalCode === undefined ? {} : { nationalCode }),
    genericName: product.genericName,
    ...(tradeName === undefined ? {} : { tradeName }),
    form: product.form,
    specification: product.specification,
    maker: product.maker,
    ...(barcode === undefined ? {} : { barcode }),
    packUnit: product.packUnit,
    price: formatUnitPrice(product.price),
    insuranceClass: product.insuranceClass,
    firstSelfPayRatio: formatRatio(product.firstSelfPayRatio),
    ...(ceiling === undefined ? {} : { ceiling: formatUnitPrice(ceiling) }),
    prescriptionOnly: product.prescriptionOnly,
    ...(stock === undefined ? {} : { stock: formatQuantity(stock) }),
    ...(remark === undefined ? {} : { remark }),
    ...(unitsPerPack === undefined ? {} : { unitsPerPack: formatQuantity(unitsPerPack) }),
    ...(smallestUnit === undefined ? {} : { smallestUnit }),
    ...(takesDoses(product) ? { byDoses: true } : {}),
  };
}

export function lineView(line: BasketLine, split: Split | undefined): LineView {
  const part = split?.lines.find((candidate) => candidate.lineNumber === line.lineNumber);
  return {
    lineNumber: line.lineNumber,
    product: productView(line.product),
    quantity: formatQuantity(line.quantity),
    unit: line.brokenPack === undefined ? 'pack' : 'smallest',
    ...(line.herbalDoses === undefined ? {} : { herbalDoses: dosesView(line.herbalDoses) }),
    amount: formatMoney(line.amount),
    ...(part === undefined ? {} : { split: lineSplitView(part) }),
  };
}

function dosesView({ doses, gramsPerDose }: HerbalDoses): NonNullable<LineView['herbalDoses']> {
  return { doses: formatQuantity(doses), gramsPerDose: formatQuantity(gramsPerDose) };
}

function lineSplitView(part: LineSplit): NonNullable<LineView['split']> {
  return {
    lineNumber: part.lineNumber,
    total: formatMoney(part.total),
    outOfScope: formatMoney(part.outOfScope),
    overCeiling: formatMoney(part.overCeiling),
    firstSelfPay: formatMoney(part.firstSelfPay),
    inScope: formatMoney(part.inScope),
    reasons: part.reasons.map(reasonView),
  };
}

export function splitView(split: Split): SplitView {
  const { balanceBefore, balanceAfter, familyAccount } = split;
  return {
    source: split.source,
    total: formatMoney(split.total),
    outOfScope: formatMoney(split.outOfScope),
    overCeiling: formatMoney(split.overCeiling),
    firstSelfPay: formatMoney(split.firstSelfPay),
    inScope: formatMoney(split.inScope),
    deductible: formatMoney(split.deductible),
    funds: split.funds.map(({ fund, nameZh, amount }) => ({ fund, nameZh, amount: formatMoney(amount) })),
    fundTotal: formatMoney(split.fundTotal),
    ...(split.institution === undefined ? {} : { institution: formatMoney(split.institution) }),
    own: formatMoney(split.own),
    account: formatMoney(split.account),
    ...(familyAccount === undefined ? {} : { familyAccount: formatMoney(familyAccount) }),
    cash: formatMoney(split.cash),
    ...(balanceBefore === undefined ? {} : { balanceBefore: formatMoney(balanceBefore) }),
    ...(balanceAfter === undefined ? {} : { balanceAfter: formatMoney(balanceAfter) }),
    reasons: split.reasons.map(reasonView),
  };
}
