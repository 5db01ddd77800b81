import type { Money } from '../money.ts';

/** Medium by which the holder was identified (就诊凭证); each sale records it (A1). */
export type Medium = 'card' | 'electronic-certificate' | 'identity-number';

/** Algorithm of the card, from FCI tag 9F0C/86: 01 3DES, 02 SSF33, 03 SM4. */
export type CardAlgorithm = 'tdes' | 'ssf33' | 'sm4';

/** Issuer data of the social-security application, EF05: free to read on every generation. */
export interface CardIssuerData {
  /** Card identification code (卡的识别码), 32 hex digits. */
  readonly cardId: string;
  /** First six digits of the card id: issuing region (发卡地区). */
  readonly region: string;
  /** Card number (卡号), nine characters. */
  readonly cardNumber: string;
  /** Judged by the first three characters of the version item; empty counts as generation 1. */
  readonly generation: 1 | 2 | 3;
  /** Version item as stored, trailing zeros stripped, for example `2.00`. */
  readonly version: string;
  readonly algorithm: CardAlgorithm;
  /** 13 historical bytes of the ATR, hex; the last eight are the card's diversification factor. */
  readonly historicalBytes: string;
  readonly cardClass?: string;
  readonly institution?: string;
  /** `yyyy-MM-dd`; absent when the item is not a BCD date (observed quirk). */
  readonly issueDate?: string;
  readonly expiryDate?: string;
}

/** Holder data, EF06: on a 3.00 card behind external authentication. */
export interface CardHolderData {
  readonly socialSecurityNumber: string;
  readonly name: string;
  readonly sex: 'male' | 'female' | 'not-stated';
  readonly nation?: string;
  readonly birthplace?: string;
  readonly birthDate?: string;
}

/** What one read of a card gave. */
export interface CardIdentity {
  readonly issuer: CardIssuerData;
  /** Absent when a 3.00 card could not be opened (agency and security module out of reach). */
  readonly holder?: CardHolderData;
  /** Who proved that the card is genuine; `none` only while the agency is out of reach. */
  readonly authenticatedBy: 'agency' | 'security-module' | 'none';
}

/** One insurance of a person (险种), from 1101 insuinfo. */
export interface Insurance {
  /** Code list insutype: 310 employee, 390 resident. */
  readonly scheme: string;
  /** Code list psn_type: first two digits 11 employed, 12 retired, 14/15 residents. */
  readonly personType: string;
  readonly inForce: boolean;
  /** Personal account (个人账户) balance as the agency told it. */
  readonly balance: Money;
  /** Insured region (参保地), six digits. */
  readonly region: string;
  readonly civilServant: boolean;
}

/** Special identity with dates (idetinfo): 低保, 特困 and so on select the benefit, never the cashier (A4). */
export interface PersonTag {
  readonly code: string;
  readonly from?: string;
  readonly to?: string;
}

/** The holder as the agency knows the person. */
export interface Holder {
  /** Person number (人员编号) at the agency. */
  readonly personNumber: string;
  readonly name: string;
  readonly certificateType: string;
  readonly certificateNumber: string;
  readonly sex: 'male' | 'female' | 'not-stated';
  readonly birthDate?: string;
  /** Age in years as answered, for example `50.5`. */
  readonly age: string;
  readonly insurances: readonly Insurance[];
  readonly tags: readonly PersonTag[];
  readonly medium: Medium;
  /** Number of the medium: card number, token or identity number. */
  readonly mediumNumber: string;
  /** Card identification code when the medium is a card. */
  readonly cardId?: string;
  /** When the agency said so, epoch ms: the age of the balance is shown and limits offline sales. */
  readonly asOfMs: number;
}

/** The holder with newer balances of some accounts, by scheme (险种). */
export function withBalances(holder: Holder, balances: ReadonlyMap<string, Money>): Holder {
  if (balances.size === 0) return holder;
  const insurances = holder.insurances.map((insurance) => ({
    ...insurance,
    balance: balances.get(insurance.scheme) ?? insurance.balance,
  }));
  return { ...holder, insurances };
}
