/** A money message fixed before sending (see the agency's `PreparedMessage`): what the store keeps of it. */
export interface StoredMessage {
  readonly messageId: string;
  readonly saleId: string;
  readonly transaction: '2102' | '2103' | '2601';
  readonly body: string;
  readonly preparedAtMs: number;
  /** For a reversal: the message that it undoes. */
  readonly originalMessageId?: string;
  readonly state: MessageState;
  /** Wall clock when the last byte left; absent before an attempt ended. */
  readonly lastByteAtMs?: number;
  readonly answeredAtMs?: number;
  readonly answer?: string;
  readonly faultCode?: string;
}

/**
 * intent: on disk, maybe on its way (after a restart: unknown). succeeded / refused: answered.
 * unknown: no readable answer. reversed-unproved: a 2601 for it was accepted, 3202 has not agreed yet.
 * reversed: 3202 shows no trace of it. returned: it was found booked after its reversal and given back by 2103.
 */
export type MessageState =
  | 'intent'
  | 'succeeded'
  | 'refused'
  | 'unknown'
  | 'reversed-unproved'
  | 'reversed'
  | 'returned';
