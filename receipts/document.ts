import type { ActingRelation } from '#core/domain/acting-person';
import type { Medium } from '#core/domain/holder';
import type { HerbalDoses, InsuranceClass } from '#core/domain/product';
import type { TenderKind } from '#core/domain/sale';
import { addMoney, type Money, type Quantity, type Ratio, type UnitPrice, zeroMoney } from '#core/money';
import { type SlipFacts, type SlipSeal, slipCodeText } from '#core/slip-code';

/** What a slip (结算单, 小票) is a record of. */
export type SlipKind = 'settlement' | 'offline' | 'own-pay' | 'cancellation';

/** The designated institution (定点机构) that sold. */
export interface SlipInstitution {
  readonly name: string;
  /** National institution code (定点医药机构编号). */
  readonly code: string;
}

/** The holder, already masked: a document never carries a full name or number. */
export interface SlipHolder {
  readonly maskedName: string;
  readonly maskedPersonNumber: string;
  readonly medium: Medium;
  readonly maskedMediumNumber: string;
  /** Scheme in words, for example 职工基本医疗保险. */
  readonly schemeZh?: string;
}

/** Someone who acts for the holder (代办, A6), already masked. */
export interface SlipActingPerson {
  readonly relation: ActingRelation;
  readonly maskedName: string;
  readonly maskedIdentityNumber: string;
}

/** One sold line (F1). On a cancellation quantity and amounts are negative. */
export interface SlipLine {
  readonly genericName: string;
  readonly tradeName?: string;
  readonly specification: string;
  /** Absent: no mapping to the national catalogue, paid by the holder (B2). */
  readonly nationalCode?: string;
  readonly shopCode: string;
  readonly quantity: Quantity;
  readonly unit: string;
  readonly unitPrice: UnitPrice;
  readonly amount: Money;
  readonly insuranceClass: InsuranceClass;
  readonly firstSelfPayRatio: Ratio;
  /** Herbal pieces: what the quantity was reckoned from (付数, 每付克数). */
  readonly herbalDoses?: HerbalDoses;
  /** How the amount falls apart, amount = covered + own; absent on an own-pay sale. */
  readonly parts?: {
    /** In the policy's scope (符合政策范围). */
    readonly covered: Money;
    /** Out of scope + over ceiling + first self-pay (自费自付). */
    readonly own: Money;
  };
  /** Why, in whole Chinese sentences; empty when nothing needs a reason. */
  readonly reasons: readonly string[];
}

/**
 * F2. total = outOfScope + overCeiling + firstSelfPay + inScope
 *           = fundTotal + account + familyAccount + institution + cash.
 */
export interface SlipSplit {
  readonly total: Money;
  readonly outOfScope: Money;
  readonly overCeiling: Money;
  readonly firstSelfPay: Money;
  readonly inScope: Money;
  readonly deductible: Money;
  readonly funds: readonly { readonly nameZh: string; readonly amount: Money }[];
  readonly fundTotal: Money;
  readonly account: Money;
  /** Paid from a relative's account (账户共济); absent = nothing. */
  readonly familyAccount?: Money;
  /** Borne by the institution itself (quota payment, C9); absent = nothing. */
  readonly institution?: Money;
  readonly cash: Money;
  readonly balanceBefore?: Money;
  readonly balanceAfter?: Money;
}

export interface SlipTender {
  readonly kind: TenderKind;
  readonly amount: Money;
  readonly reference?: string;
}

/** What an offline (脱机) slip owes its holder and the shop (design section 6). */
export interface SlipOffline {
  /** Account and fund money not yet accepted by the agency. */
  readonly owed: Money;
  /** Who bears a refusal, one Chinese sentence from the region's document. */
  readonly bearerZh: string;
  /** Business date-time of the balance that the budgets were checked against. */
  readonly balanceAsOf?: string;
  /** Signature of the sale: `card` a TAC by the card, `terminal` by the security module only. */
  readonly proof?: {
    readonly by: 'card' | 'terminal';
    /** 8 hex digits. */
    readonly code: string;
    /** Terminal number of the security module, and its transaction counter (终端交易序号). */
    readonly terminalNumber: string;
    readonly sequence: string;
  };
}

/** Head of the journal when the sale was recorded: an anchor outside the till (F4). */
export interface SlipCheck {
  readonly sequence: number;
  /** Ten characters made from the entry's SM3 hash, the last one against mistyping (`core/journal-code`). */
  readonly code: string;
}

/**
 * Everything that one slip shows, as values: layout, bytes and pictures are made from this alone. Same
 * document, same bytes.
 */
export interface SlipDocument {
  readonly kind: SlipKind;
  /** 0 is the original; n is the n-th copy and says 补打. */
  readonly copyNumber: number;
  /** 训练票，不作凭证. */
  readonly training: boolean;
  /** The agency took the money but its sums are under check (disputed): 已结算，待核实. */
  readonly underCheck: boolean;
  readonly institution: SlipInstitution;
  readonly terminal: string;
  readonly operator: string;
  /** Second person of a cancellation. */
  readonly secondOperator?: string;
  readonly saleNumber: string;
  /** Cancellation: the sale that is given back. */
  readonly originalSaleNumber?: string;
  readonly cancelReason?: string;
  /** Some lines of that sale were taken back (部分退货): this one is what the customer keeps of it. */
  readonly replacedSaleNumber?: string;
  /** Business date-times, `yyyy-MM-dd HH:mm:ss`. */
  readonly soldAt: string;
  readonly printedAt: string;
  readonly holder?: SlipHolder;
  readonly actingPerson?: SlipActingPerson;
  /** Disease of a chronic patient's visit (门诊慢特病); absent = an ordinary purchase. */
  readonly chronicDisease?: string;
  /** Why the identity number was typed by hand. */
  readonly manualReason?: string;
  readonly lines: readonly SlipLine[];
  readonly split: SlipSplit;
  readonly tenders: readonly SlipTender[];
  readonly change: Money;
  readonly settlementId?: string;
  readonly visitId?: string;
  readonly check?: SlipCheck;
  /** The terminal's signature over what the QR code says; absent where no key was at hand. */
  readonly seal?: SlipSeal;
  readonly offline?: SlipOffline;
  /** An insured holder paid all: the slip may be handed in by hand (手工报销). */
  readonly manualReimbursement: boolean;
  /** How deductible and fund payments came about, whole Chinese sentences (C13). */
  readonly reasons: readonly string[];
  /** Policy documents and versions behind the amounts (P4). */
  readonly policies: readonly string[];
  readonly notices: readonly string[];
  /** Telephone of the report line (举报投诉电话, F5). */
  readonly reportLine?: string;
}

/** What the QR code says and the terminal signs; undefined while the journal has no entry of the sale. */
export function slipFacts(document: SlipDocument): SlipFacts | undefined {
  const { check, institution, terminal, saleNumber, kind, soldAt, split } = document;
  if (check === undefined) return undefined;
  return {
    institution: institution.code,
    terminal,
    saleNumber,
    kind,
    at: soldAt,
    total: split.total,
    fund: split.fundTotal,
    account: addMoney(split.account, split.familyAccount ?? zeroMoney),
    cash: split.cash,
    check,
  };
}

/**
 * Text of the QR code: signed facts where a key was at hand, else format, institution, sale, journal sequence and
 * short hash, which only the till's own records can prove.
 */
export function checkText(document: SlipDocument): string | undefined {
  const facts = slipFacts(document);
  if (facts === undefined) return undefined;
  if (document.seal !== undefined) return slipCodeText(facts, document.seal);
  const { institution, saleNumber, check } = facts;
  return `GUITAI1/${institution}/${saleNumber}/${check.sequence}/${check.code}`;
}
