/**
 * What `drivers/card-reader/host.ts` uses of pcsclite 1.0.1. Declared here because the package is optional:
 * on a machine without its headers it is not installed, and the program must build all the same.
 */
declare module 'pcsclite' {
  interface ReaderStatus {
    readonly atr?: Buffer;
    readonly state: number;
  }

  interface CardReader {
    readonly name: string;
    connected: boolean;
    readonly SCARD_SHARE_EXCLUSIVE: number;
    readonly SCARD_PROTOCOL_T0: number;
    readonly SCARD_PROTOCOL_T1: number;
    readonly SCARD_UNPOWER_CARD: number;
    on(event: 'error', listener: (error: unknown) => void): this;
    on(event: 'end', listener: () => void): this;
    on(event: 'status', listener: (status: ReaderStatus) => void): this;
    connect(
      options: { readonly share_mode: number; readonly protocol: number },
      done: (error: unknown, protocol: number | undefined) => void,
    ): void;
    transmit(
      command: Buffer,
      longestAnswer: number,
      protocol: number,
      done: (error: unknown, answer: Buffer) => void,
    ): void;
    /** Starts a watcher of its own that tells the state at once and at each change. */
    get_status(told: (error: unknown, state: number, atr?: Buffer) => void): void;
    disconnect(disposition: number, done: (error: unknown) => void): void;
  }

  interface Context {
    on(event: 'error', listener: (error: unknown) => void): this;
    on(event: 'reader', listener: (reader: CardReader) => void): this;
    close(): void;
  }

  /** Opens a context; throws at once when no card service runs. */
  const pcsclite: () => Context;
  export = pcsclite;
}
