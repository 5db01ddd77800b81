import type { Result } from '#core/result';

/** An open two-way stream of bytes. No call throws or rejects; deadlines are the business of the line. */
export interface BytePort {
  /** Why the bytes could not be handed over; undefined when they were. */
  write(bytes: Uint8Array): Promise<string | undefined>;
  close(): Promise<void>;
  /** Called once after opening; `onClose` tells that the stream ended by itself. */
  listen(onBytes: (bytes: Uint8Array) => void, onClose: () => void): void;
}

export interface ByteOpener {
  open(): Promise<Result<BytePort, string>>;
  /** What tells one device from the next under the same address; undefined where nothing does. */
  identity(): Promise<string | undefined>;
}
