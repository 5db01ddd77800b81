/** One message on its way: address, headers and the exact bytes. */
export interface LinkRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** From the first byte sent to the last byte of the answer; with `file`, the longest silence in between. */
  readonly answerTimeoutMs: number;
  /** Takes the answer piece by piece when it is a zip with status 200; any other answer comes whole as ever. */
  readonly file?: FileSink;
}

/** Where the bytes of a file go as they come, so that no file has to fit into memory. */
export interface FileSink {
  readonly maxBytes: number;
  /** The whole transfer takes no longer than this, however steadily it drips. */
  readonly maxMs: number;
  /** The next piece is read when this one is done with; false = it cannot be kept, the transfer ends. */
  accept(piece: Uint8Array): Promise<boolean>;
}

/** Why nothing was sent, or why no whole answer came. Technical words, no data. */
export type LinkFailure =
  | 'connect-timeout'
  | 'connect-failed'
  | 'tls-failed'
  | 'answer-timeout'
  | 'connection-lost'
  | 'answer-too-large'
  | 'answer-not-kept'
  | 'answer-unreadable';

/**
 * What came of one try. `not-sent` is a promise: no byte of the message left this machine. Everything after
 * the first byte that is not a whole answer is `unknown`.
 */
export type LinkResult =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly body: Uint8Array;
      readonly lastByteAtMs: number;
      /** Header Retry-After, seconds or a date; at most an hour. */
      readonly retryAfterMs?: number;
    }
  | { readonly kind: 'file'; readonly size: number; readonly lastByteAtMs: number }
  | { readonly kind: 'not-sent'; readonly failure: LinkFailure; readonly detail: string }
  | {
      readonly kind: 'unknown';
      readonly failure: LinkFailure;
      /** When the last byte of the request left, or when the try ended if that is not known. */
      readonly lastByteAtMs: number;
      /** What had come of the answer. */
      readonly received: Uint8Array;
    };

/** Carries messages to the agency. Never throws, never repeats a message, never mixes up answers. */
export interface Link {
  send(request: LinkRequest): Promise<LinkResult>;
}
