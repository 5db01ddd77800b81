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

  /** A type made by koffi. */
  interface NativeType {
    readonly name: string;
  }

  interface Library {
    func(
      convention: string,
      name: string,
      result: string,
      parameters: readonly (string | NativeType)[],
    ): NativeFunction;
  }

  const koffi: {
    load(path: string): Library;
    sizeof(type: string): number;
    struct(name: string, fields: Readonly<Record<string, string | NativeType>>): NativeType;
    array(type: string, length: number): NativeType;
    pointer(type: NativeType): NativeType;
    /** A parameter that is read and written. */
    inout(type: NativeType): NativeType;
  };
  export = koffi;
}
