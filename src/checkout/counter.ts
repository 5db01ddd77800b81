import { copyPlain } from '#core/copy-text';
import type { CardMedicalData } from '#core/domain/card-medical';
import type { ChronicEntitlement } from '#core/domain/entitlement';
import type { CardIdentity, CardIssuerData, Holder, Insurance, Medium } from '#core/domain/holder';
import type { ClearingKey, OwnPayConsent, PayMode, Sale, Tender } from '#core/domain/sale';
import type { SettlementRequest } from '#core/domain/settlement';
import type { Split } from '#core/domain/split';
import type { Fault } from '#core/fault';
import type { Money } from '#core/money';
import type { Pin } from '#core/pin';
import { maskIdentityNumber } from './identity-number.ts';

/** A card as the counter keeps it: never with the identity number that stands on it. */
export interface CardAtCounter {
  readonly medium: 'card';
  readonly reader: string;
  readonly issuer: CardIssuerData;
  /** Absent when a 3.00 card could not be opened. */
  readonly name?: string;
  readonly sex?: Holder['sex'];
  readonly authenticatedBy: CardIdentity['authenticatedBy'];
  /** Read where the agency is not asked: insured region, person class, and whether the card itself settles. */
  readonly medical?: Pick<CardMedicalData, 'insuredRegion' | 'personClass' | 'cardUse'>;
}

/** An electronic certificate (医保电子凭证): its token is good for one settlement. */
export interface CertificateAtCounter {
  readonly medium: 'electronic-certificate';
  readonly token: string;
}

/** An identity number typed by hand; kept in full only until its sale is over. */
export interface NumberAtCounter {
  readonly medium: 'identity-number';
  readonly number: string;
  readonly reason: string;
}

export type Credential = CardAtCounter | CertificateAtCounter | NumberAtCounter;

/** Who is at the counter, as far as the terminal knows. Identity numbers are masked. */
export interface CounterHolder {
  /** What was shown at the counter. */
  readonly by: Credential;
  /** What the agency said, now or earlier; absent when this terminal never asked about the card. */
  readonly holder?: Holder;
  readonly source: 'agency' | 'cache';
  readonly warnings: readonly Fault[];
}

/** What is known of the chronic diseases that are filed for the holder at the counter (A5). */
export interface KnownEntitlements {
  /** Person number of the holder. */
  readonly of: string;
  /** `unknown`: nobody answered, or could be asked; that is never the same as none. */
  readonly state: 'asking' | 'known' | 'unknown';
  /** The last answer about this person; absent = there was none yet. */
  readonly answer?: { readonly list: readonly ChronicEntitlement[]; readonly asOfMs: number };
  readonly fault?: Fault;
}

/** A quote that the cashier may accept: amounts, and what the agency would be asked. */
export interface Quote {
  readonly mode: PayMode;
  readonly split: Split;
  readonly request?: SettlementRequest;
  readonly clearing?: ClearingKey;
}

/** A payment between its key press and its outcome, with the holder it was begun for. */
export interface Payment {
  readonly quote: Quote;
  /** Taken at the key press: a card that comes later never gets into this sale. */
  readonly at: CounterHolder | undefined;
  readonly tenders: readonly Tender[];
  readonly changeDue: Money;
  /** The holder's yes to exactly this quote, where one is needed. */
  readonly consent?: OwnPayConsent;
  /** Typed PIN; wiped as soon as the card has seen it. */
  pin: Pin | undefined;
  /** A card left or came while the sale was committing: what is not under way yet stops. */
  disturbed: Fault | undefined;
}

/** What lies on the counter right now. Rows in the store are the truth; this is the working copy. */
export interface Counter {
  sale: Sale;
  useAccount: boolean;
  holder: CounterHolder | undefined;
  quote: Quote | undefined;
  payment: Payment | undefined;
  /** Counts reads, so that a slow one cannot put its holder over a later card. */
  readNumber: number;
  /** For whom the acting person of the sale acts: another holder has none. */
  actsFor: string | undefined;
  /** Chronic diseases filed for the holder, as far as they are known. */
  entitlements?: KnownEntitlements | undefined;
  /** Basis of the consent that was printed last: what the holder may have signed. */
  consentPrinted?: string | undefined;
  /** What was done to the customer's sale instead of going on with it; over as soon as another basket lies here. */
  shelved?: { readonly how: 'held' | 'recalled'; readonly sale: Sale };
  /** Last fault that no verb could answer: a scanner's, or what another holder took from the sale. */
  scanFault: Fault | undefined;
}

/**
 * The one insurance that a sale is settled under: in force, employee before resident (A3: two schemes at
 * once resolve to one).
 */
export function insuranceOf(holder: Holder): Insurance | undefined {
  const inForce = holder.insurances.filter((insurance) => insurance.inForce);
  return [...inForce].sort((a, b) => (a.scheme < b.scheme ? -1 : 1))[0];
}

export function cardOf(at: CounterHolder | undefined): CardAtCounter | undefined {
  return at?.by.medium === 'card' ? at.by : undefined;
}

/** Whether two reads are about the same holder: the card, or the person behind another credential. */
export function holderKey(at: CounterHolder): string {
  return cardOf(at)?.issuer.cardId ?? `person:${at.holder?.personNumber ?? ''}`;
}

/** Number of the medium as a settlement names it. */
export function mediumNumber({ by }: CounterHolder): string {
  if (by.medium === 'card') return by.issuer.cardNumber;
  return by.medium === 'electronic-certificate' ? by.token : by.number;
}

/** Medium of a sale, as its row tells it. */
export function mediumOf(sale: Sale): Medium | undefined {
  return sale.mode === 'own-pay' ? undefined : (sale.holder?.medium ?? sale.request?.medium);
}

/** A finished sale as it may stay in memory: the full numbers are in its sealed row only. */
export function withoutNumbers(sale: Sale): Sale {
  const { request, actingPerson } = sale;
  return copyPlain({
    ...sale,
    ...(request?.medium === 'identity-number'
      ? { request: { ...request, mediumNumber: maskIdentityNumber(request.mediumNumber) } }
      : {}),
    ...(actingPerson === undefined
      ? {}
      : {
          actingPerson: {
            ...actingPerson,
            identityNumber: maskIdentityNumber(actingPerson.identityNumber),
          },
        }),
  });
}
