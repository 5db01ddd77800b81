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
  /** The virtual PIN pad; absent when PINs are typed on the screen. */
  readonly pinPad?: {
    readonly screen: readonly string[];
    /** Stars on the pad's screen: how many digits were pressed. */
    readonly entered: number;
    readonly unplugged: boolean;
  };
  /** The electronic certificate on the customer's telephone: what a scanner would read, and its picture. */
  readonly certificate: { readonly cardId: string; readonly qrText: string; readonly svg: string } | null;
  /** How often the drawer was opened. */
  readonly drawerOpened: number;
}

/** Keys of the virtual PIN pad. */
export const padKeys = [
  '0',
  '1',
  '2',
  '3',
  '4',
  '5',
  '6',
  '7',
  '8',
  '9',
  'clear',
  'cancel',
  'enter',
] as const;
export type PadKey = (typeof padKeys)[number];

export interface TrainingShop {
  state(): TrainingState;
  subscribe(listener: () => void): () => void;
  insertCard(cardId: string): Promise<void>;
  pullCard(): Promise<void>;
  setAgencyFault(fault: AgencyFaultKind): Promise<void>;
  pressPad(key: PadKey): Promise<void>;
  setPinPad(change: { unplugged: boolean }): Promise<void>;
  /** Shows the electronic certificate of the person of a training card: a fresh QR code, good for a minute. */
  showCertificate(cardId: string): Promise<void>;
  setPrinter(change: { paperOut?: boolean; coverOpen?: boolean; unplugged?: boolean }): Promise<void>;
}
