/**
 * What `drivers/card-reader/winscard.ts` uses of koffi. Declared here because the package is optional: where it
 * has no binary for the machine it is not installed, and the program must build all the same. What comes out of
 * foreign code is unknown until it was looked at.
 */
declare module 'koffi' {
  interface NativeFunction {
    (...values: readonly unknown[]): unknown;
    /** Runs the call in a thread; the last value is what is told of its end. */
    async(...values: readonly [...unknown[], (error: unknown, result: unknown) => void]): void;
  }

  interface Library {
    func(convention: string, name: string, result: string, parameters: readonly string[]): NativeFunction;
  }

  const koffi: {
    load(path: string): Library;
    sizeof(type: string): number;
  };
  export = koffi;
}
