import type { WatchedDevice } from '#core/domain/device';
import type { Fault } from '#core/fault';
import type { Pin } from '#core/pin';
import type { Result } from '#core/result';

/** What the holder is asked for, shown on the pad. */
export type PinPurpose = 'verify' | 'old' | 'new' | 'new-again';

export interface PinRequest {
  readonly purpose: PinPurpose;
  /** Yuan text shown on the pad, `12.50`; absent when no money moves. */
  readonly amount?: string;
  readonly timeoutMs: number;
  /**
   * The card's challenge (8 bytes): given where the card takes an enciphered PIN. The pad then answers the
   * block for the card and the PIN never reaches the till.
   */
  readonly challenge?: Uint8Array;
}

/** `block`: enciphered by the pad for the card. `pin`: digits that came under the line's own key; wipe it. */
export type PinEntry =
  | { readonly kind: 'block'; readonly block: Uint8Array }
  | { readonly kind: 'pin'; readonly pin: Pin };

/**
 * A PIN pad (密码键盘). Never throws after `start`; finds a pad again that was unplugged. One entry at a time.
 * Faults of `enterPin`: `pin-pad-missing`, `pin-pad-cancelled` (the holder or `cancel`), `pin-pad-timeout`,
 * `pin-pad-busy`, `pin-pad-garbled`, `pin-pad-tampered`, `pin-pad-key-wrong`.
 */
export interface PinPadPort extends WatchedDevice {
  start(): Promise<void>;
  stop(): Promise<void>;
  enterPin(request: PinRequest): Promise<Result<PinEntry, Fault>>;
  /** Ends an entry under way: the pad clears its buffer and its screen. */
  cancel(): Promise<void>;
}
