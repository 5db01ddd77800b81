import type { CardStatus } from '#agency/port';
import type { ChronicEntitlement } from '#core/domain/entitlement';
import type { CardAlgorithm } from '#core/domain/holder';

/** A card as the agency's register holds it. */
export interface RegisteredCard {
  /** Card number (卡号), nine characters. */
  readonly cardNumber: string;
  /** Card identification code (卡的识别码), 32 hex digits. */
  readonly cardId: string;
  readonly algorithm: CardAlgorithm;
  readonly status: CardStatus;
}

/** One insurance of a person (险种). */
export interface InsuredScheme {
  /** Code list insutype: 310 employee, 390 resident. */
  readonly scheme: string;
  /** Code list psn_type: 11xx employed, 12xx retired, 14xx–16xx residents. */
  readonly personType: string;
  /** Code list psn_insu_stas: 1 in force, 2 stopped. */
  readonly status: '1' | '2';
  readonly civilServant: boolean;
  readonly employer?: string;
}

/** An insured person of the simulated agency. */
export interface InsuredPerson {
  /** Person number (人员编号), 26 digits. */
  readonly personNumber: string;
  /** Identity number or social-security number, 18 characters; invented, wrong check digit. */
  readonly certificateNumber: string;
  readonly name: string;
  /** Code list gend: 1 male, 2 female, 9 not stated. */
  readonly gender: '1' | '2' | '9';
  /** Code list naty. */
  readonly nation: string;
  /** `yyyy-MM-dd`. */
  readonly birthDate: string;
  /** Insured region (参保地), six digits. */
  readonly region: string;
  readonly schemes: readonly InsuredScheme[];
  readonly card?: RegisteredCard;
  /** Special identities (idetinfo), codes of psn_idet_type. */
  readonly identities?: readonly string[];
  /** Chronic and special diseases filed for the person (门诊慢特病备案). */
  readonly entitlements?: readonly ChronicEntitlement[];
  /** Personal account at the start, fen; later the ledger's word counts. */
  readonly openingBalance: bigint;
  /** Account of a relative who shares (账户共济) at the start, fen; absent = nobody shares. */
  readonly relativeAccount?: bigint;
}

/** Age in years with one decimal, cut off, as the interface's N 4,1; for example 50.5 on 2025-09-12. */
export function ageText(birthDate: string, today: string): string {
  const [year = 0, month = 0, day = 0] = birthDate.split('-').map(Number);
  const [nowYear = 0, nowMonth = 0, nowDay = 0] = today.split('-').map(Number);
  const months = (nowYear - year) * 12 + nowMonth - month - (nowDay < day ? 1 : 0);
  return (Math.floor((Math.max(0, months) * 10) / 12) / 10).toFixed(1);
}
