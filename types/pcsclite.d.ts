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
    on(event: 'error', listener: (error: unknown) => void): this;
    on(event: 'end', listener: () => void): this;
    on(event: 'status', listener: (status: ReaderStatus) => void): this;
    /** Starts a watcher of its own that tells the state at once and at each change. */
    get_status(told: (error: unknown, state: number, atr?: Buffer) => void): void;
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
