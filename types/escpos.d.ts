/**
 * The part of `escpos` 2.5.2 that Guitai uses: its command encoder. The package ships no types. Only this
 * file of it is imported, because its index also loads adapters for USB, Bluetooth and serial ports.
 */
declare module 'escpos/printer.js' {
  interface Adapter {
    open(callback?: (error: Error | null) => void): unknown;
    write(bytes: Buffer, callback?: (error: Error | null) => void): unknown;
    close(callback?: (error: Error | null) => void): unknown;
  }
  class Printer {
    constructor(adapter: Adapter, options?: { readonly encoding?: string });
    /** Appends bytes or ASCII text as it is. */
    print(content: Buffer | string): this;
    /** Appends text in the printer's encoding and a line feed. */
    text(content: string): this;
    /** Appends text in the printer's encoding, without a line feed. */
    pureText(content: string): this;
    /** ESC a: `lt`, `ct`, `rt`. */
    align(align: 'lt' | 'ct' | 'rt'): this;
    /** `init` is ESC @. */
    hardware(command: 'init' | 'select' | 'reset'): this;
    /** `lines` line feeds. */
    feed(lines: number): this;
    /** `lines` line feeds, then GS V 1 (partial) or GS V 0. */
    cut(partial: boolean, lines: number): this;
    /** Hands everything so far to the adapter and forgets it. */
    flush(callback?: (error: Error | null) => void): this;
  }
  export = Printer;
}
