import type { OperatorRole } from './rights.ts';

/** An operator as the records keep it; one of the configuration counts until a record of its number is made. */
export interface OperatorRecord {
  readonly number: string;
  readonly name: string;
  readonly role: OperatorRole;
  readonly state: 'active' | 'disabled';
  /** `scrypt$salt$hash` of the password. */
  readonly passwordHash: string;
  /** The same of the quick PIN (快捷密码), by which operators change places at the till. */
  readonly quickHash?: string;
  /** Last business day on which the operator may sign in. */
  readonly untilDay?: string;
  readonly changedAtMs: number;
  readonly changedBy: string;
}

/** Why a person's data were looked at. */
export const lookReasons = ['counter', 'record'] as const;

/** Who looked at whose data (谁查看了谁的信息). */
export interface Look {
  readonly atMs: number;
  readonly operator: string;
  /** `counter`: a card or certificate was shown for a sale or an enquiry; `record`: a stored sale was opened. */
  readonly why: (typeof lookReasons)[number];
  /** What was shown: card, certificate, number; absent for a record. */
  readonly medium?: string;
  /** Masked. */
  readonly holder: string;
  /** The sale on the counter, or the one that was opened. */
  readonly saleId: string;
}
