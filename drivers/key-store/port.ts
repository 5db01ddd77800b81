import type { WatchedDevice } from '#core/domain/device';
import type { Fault } from '#core/fault';
import type { Result } from '#core/result';

/** new: made, the agency does not know it yet. enrolled: the agency takes its signatures. retired: replaced. */
export type KeyState = 'new' | 'enrolled' | 'retired' | 'revoked';

/** A key pair of this terminal (终端密钥), SM2. The private part never leaves the store. */
export interface TerminalKey {
  /** First 16 hex digits of SM3 over the public key. */
  readonly keyId: string;
  /** 04 ‖ x ‖ y, 130 hex digits. */
  readonly publicKey: string;
  readonly createdAtMs: number;
  readonly state: KeyState;
}

export interface TerminalSignature {
  readonly keyId: string;
  /** r ‖ s, 128 hex digits, SM3 with the user id of `src/core/sm2.ts`. */
  readonly signature: string;
}

/**
 * Keeper of the terminal's keys: a wrapped file now, a Ukey or a PKCS#11 token behind the same port. Faults:
 * `key-store-locked` (secret wrong or token absent), `key-store-damaged`, `key-revoked`, `key-none`.
 */
export interface KeyStorePort extends WatchedDevice {
  keys(): readonly TerminalKey[];
  /** The key that signs: the newest enrolled one, else the newest new one. */
  current(): TerminalKey | undefined;
  /** Signs with `current`. */
  sign(data: Uint8Array): Promise<Result<TerminalSignature, Fault>>;
  /** Signs with one named key: a rotation is asked for in the name of the old key. */
  signWith(keyId: string, data: Uint8Array): Promise<Result<TerminalSignature, Fault>>;
  /**
   * Opens a few bytes that `encryptSm2` hid for the public key of one named key: `key-none`, `key-revoked`, or
   * `record-seal-broken` for bytes that were hidden for another key or changed. The caller wipes them.
   */
  unwrap(keyId: string, cipher: string): Promise<Result<Uint8Array, Fault>>;
  /** Makes a further key pair in state `new`. */
  make(): Promise<Result<TerminalKey, Fault>>;
  /** Records what became of a key: enrolled retires the earlier enrolled one; revoked is for ever. */
  mark(keyId: string, state: Exclude<KeyState, 'new'>): Promise<Result<void, Fault>>;
  /**
   * A 32-byte key for one purpose, by HKDF-SM3 from the store's root key, the same at every start. For the
   * sealing of records (`records`) and the like; kept in memory by the caller.
   */
  derive(purpose: string): Uint8Array;
  close(): Promise<void>;
}
