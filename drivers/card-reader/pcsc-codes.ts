import { type Fault, type FaultCode, fault } from '#core/fault';

/** SCARD_STATE bits of a reader's status (PC/SC part 5). */
export const readerStateBits = {
  unknown: 0x0004,
  unavailable: 0x0008,
  empty: 0x0010,
  present: 0x0020,
  mute: 0x0200,
} as const;

export const protocolT0 = 1;

/** PC/SC return code (SCARD_…) to fault code; the seen ones are noted in the driver's tests. */
const FAULT_OF_CODE: ReadonlyMap<number, FaultCode> = new Map<number, FaultCode>([
  [0x8010_0001, 'reader-service-down'],
  [0x8010_0003, 'card-removed'],
  [0x8010_0009, 'reader-lost'],
  [0x8010_000a, 'reader-timeout'],
  [0x8010_000b, 'reader-busy'],
  [0x8010_000c, 'card-none'],
  // An ATR that names no usable protocol: the answer to reset arrived damaged.
  [0x8010_000f, 'card-mute'],
  [0x8010_0013, 'reader-service-down'],
  // A transmit that broke off; with a pulled card this comes before the removal is noticed.
  [0x8010_0016, 'card-removed'],
  [0x8010_0017, 'reader-lost'],
  [0x8010_001d, 'reader-service-down'],
  [0x8010_001e, 'reader-service-down'],
  [0x8010_002e, 'reader-lost'],
  [0x8010_002f, 'card-removed'],
  [0x8010_0065, 'card-mute'],
  [0x8010_0066, 'card-mute'],
  [0x8010_0067, 'card-mute'],
  [0x8010_0068, 'card-removed'],
  [0x8010_0069, 'card-removed'],
]);

/** The fault that a PC/SC return code stands for; unknown codes are `reader-fault` with the code as detail. */
export function faultOfPcscCode(code: number, text: string): Fault {
  const hex = `0x${code.toString(16).padStart(8, '0')}`;
  return fault(FAULT_OF_CODE.get(code) ?? 'reader-fault', code === 0 ? text : hex);
}

/** The return code inside the binding's error text, such as `SCardConnect error: … (0x80100067)`; 0 without one. */
export function codeInText(text: string): number {
  const match = /\(0x([0-9a-f]{1,8})\)/i.exec(text);
  return match?.[1] === undefined ? 0 : Number.parseInt(match[1], 16);
}
