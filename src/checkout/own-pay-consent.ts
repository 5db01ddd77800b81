import { createHash } from 'node:crypto';
import type { OwnPayConsent, Sale } from '#core/domain/sale';
import type { LineSplit, Split } from '#core/domain/split';
import { type Fault, fault } from '#core/fault';
import { formatMoney, type Money, subtractMoney, sumMoney } from '#core/money';
import { err, ok, type Result } from '#core/result';
import { type Counter, holderKey, type Quote } from './counter.ts';

/** What the shop asks of an insured sale with own-pay lines: nothing, a yes at the till, or a signed paper. */
export type ConsentRule = 'off' | 'ask' | 'print';

/** What the holder has to agree to now (自费知情同意), and to whom and which basket it belongs. */
export interface ConsentAsked {
  readonly must: Exclude<ConsentRule, 'off'>;
  readonly lines: OwnPayConsent['lines'];
  readonly own: Money;
  readonly basis: string;
}

/**
 * Undefined when nothing has to be agreed to: the rule is off, nobody is insured here, or no line is outside the
 * scope (全自费, E8). What is above a ceiling or a first share asks for nothing alone, yet it stands on the paper where
 * one is needed.
 */
export function consentAsked(
  rule: ConsentRule,
  { sale, holder }: Pick<Counter, 'sale' | 'holder'>,
  quote: Quote,
): ConsentAsked | undefined {
  if (rule === 'off' || quote.mode === 'own-pay' || holder === undefined) return undefined;
  const part = partOf(quote.split);
  if (!sale.lines.some(({ lineNumber }) => isOwnPay(part(lineNumber)))) return undefined;
  const lines = sale.lines.flatMap(({ lineNumber, amount }) => {
    const own = subtractMoney(amount, part(lineNumber)?.inScope ?? (0n as Money));
    return own === 0n ? [] : [{ lineNumber, own }];
  });
  const own = sumMoney(lines.map((line) => line.own));
  return { must: rule, lines, own, basis: basisOf(holderKey(holder), sale, lines) };
}

/** The consent that was given to exactly this, if one was. */
export function consentGivenTo(asked: ConsentAsked, sale: Sale): OwnPayConsent | undefined {
  return sale.consent?.basis === asked.basis ? sale.consent : undefined;
}

/** What a payment takes with it: the consent, nothing when none is needed, or the refusal. */
export function consentOfPayment(
  rule: ConsentRule,
  counter: Counter,
  quote: Quote,
): Result<OwnPayConsent | undefined, Fault> {
  const asked = consentAsked(rule, counter, quote);
  if (asked === undefined) return ok(undefined);
  const given = consentGivenTo(asked, counter.sale);
  return given === undefined ? err(fault('consent-missing', formatMoney(asked.own))) : ok(given);
}

function partOf(split: Split): (lineNumber: number) => LineSplit | undefined {
  return (lineNumber) => split.lines.find((line) => line.lineNumber === lineNumber);
}

function isOwnPay(part: LineSplit | undefined): boolean {
  return part === undefined || part.outOfScope > 0n;
}

/** Any change of holder, day, goods, quantities or amounts makes another one. */
function basisOf(holder: string, sale: Sale, lines: OwnPayConsent['lines']): string {
  const goods = sale.lines.map(({ lineNumber, product, quantity, amount }) => [
    lineNumber,
    product.shopCode,
    String(quantity),
    String(amount),
  ]);
  const own = lines.map((line) => [line.lineNumber, String(line.own)]);
  return createHash('sha256')
    .update(JSON.stringify([holder, sale.saleId, sale.businessDay, goods, own]))
    .digest('hex');
}
