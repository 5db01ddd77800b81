/**
 * Medical basics of the card, DF04/EF05 (card reference 2.6). Every item may be missing; a 1.00 card that
 * was never rewritten keeps other things under the same tags, which are then left out.
 */
export interface CardMedicalData {
  /** Insured region (医疗保险参保地), tag 84, six digits. */
  readonly insuredRegion?: string;
  /** Person class (参保人员类别), tag 8C, two digits: 11 working, 21 retired. */
  readonly personClass?: string;
  /** Scheme (险种), first three digits of tag 81: 310, 390. */
  readonly scheme?: string;
  /** Out-of-area treatment, outpatient pool, chronic disease, medical aid, veteran aid: digits 4 to 8 of tag 81. */
  readonly entitlements?: readonly MedicalEntitlement[];
  /** Card use (用卡方式), tag 8F: whether the card itself may settle offline. */
  readonly cardUse?: 'online' | 'offline';
  /** Health record number (健康档案编号), tag 87. */
  readonly healthRecord?: string;
  /** Account number (账户编号), tag 8B. */
  readonly accountNumber?: string;
  /** Medical certificate number (医疗证号), tag 8A. */
  readonly medicalCertificate?: string;
}

export type MedicalEntitlement =
  | 'out-of-area'
  | 'outpatient-pool'
  | 'chronic'
  | 'medical-aid'
  | 'veteran-aid';
