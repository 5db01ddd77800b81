/** Controls of the training shop: what the training page may do to the simulated devices and agency. */
export interface TrainingCard {
  readonly id: string;
  readonly titleZh: string;
  readonly titleEn: string;
  /** PIN of the simulated card, shown on the training page only. */
  readonly pin: string;
}

export type AgencyFaultKind =
  | 'none'
  | 'cut'
  | 'delay'
  | 'lose-request'
  | 'lose-reply'
  | 'reply-twice'
  | 'late-after-reversal'
  | 'garbage'
  | 'server-error'
  | 'wrong-sums'
  | 'wrong-clock';

export interface PrintedSlip {
  readonly id: string;
  readonly printedAtMs: number;
  /** A picture of the paper. */
  readonly svg: string;
}

export interface TrainingState {
  readonly cards: readonly TrainingCard[];
  readonly insertedCardId: string | null;
  readonly agencyFault: AgencyFaultKind;
  readonly printer: { readonly paperOut: boolean; readonly coverOpen: boolean; readonly unplugged: boolean };
  readonly slips: readonly PrintedSlip[];
}

export interface TrainingShop {
  state(): TrainingState;
  subscribe(listener: () => void): () => void;
  insertCard(cardId: string): Promise<void>;
  pullCard(): Promise<void>;
  setAgencyFault(fault: AgencyFaultKind): Promise<void>;
  setPrinter(change: { paperOut?: boolean; coverOpen?: boolean; unplugged?: boolean }): Promise<void>;
}
