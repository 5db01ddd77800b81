/**
 * The card calls of PC/SC (winscard.h), straight into the system's library. pcsclite, which watches the readers
 * for us, can only transmit through a thread and back, and that way is longer than a quick card's own time.
 */
import koffi from 'koffi';
import { z } from 'zod';
import { err, ok, type Result } from '#core/result';

/** A return code other than success, and the call that gave it. */
export interface PcscFailure {
  readonly call: string;
  /** SCARD_…, unsigned. */
  readonly code: number;
}

/** A card that this process holds for itself alone. */
export interface PcscCard {
  readonly protocol: number;
  /** This whole process stands still until the card has answered. */
  transmit(command: Uint8Array): Result<Uint8Array, PcscFailure>;
  /** Takes the power from the card, so that it forgets every right it granted, and lets go of it. */
  disconnect(): Promise<void>;
}

const SCOPE_SYSTEM = 2;
const SHARE_EXCLUSIVE = 1;
const PROTOCOL_T0_OR_T1 = 3;
const UNPOWER_CARD = 2;
const SUCCESS = 0;
/** 256 data bytes and the status word. */
const LONGEST_ANSWER = 258;

/**
 * `ulong` is 64 bits wide in libpcsclite's DWORD and 32 in Windows' own, as in the C of each. Windows is written
 * down from its documentation and was never tried here.
 */
const isWindows = process.platform === 'win32';
const library = koffi.load(isWindows ? 'winscard.dll' : 'libpcsclite.so.1');
const declare = (name: string, ...parameters: readonly string[]) =>
  library.func('__stdcall', name, 'long', parameters);
const DWORD = 'ulong';
const HANDLE = 'uintptr_t';
const establishContext = declare('SCardEstablishContext', DWORD, 'void *', 'void *', 'void *');
const releaseContext = declare('SCardReleaseContext', HANDLE);
const connect = declare(
  isWindows ? 'SCardConnectA' : 'SCardConnect',
  HANDLE,
  'const char *',
  DWORD,
  DWORD,
  'void *',
  'void *',
);
const disconnect = declare('SCardDisconnect', HANDLE, DWORD);
/** SCARD_READERSTATE; Windows leaves room for three bytes more behind the ATR. */
const readerState = koffi.struct('SCARD_READERSTATE', {
  szReader: 'const char *',
  pvUserData: 'void *',
  dwCurrentState: DWORD,
  dwEventState: DWORD,
  cbAtr: DWORD,
  rgbAtr: koffi.array('uint8_t', isWindows ? 36 : 33),
});
const getStatusChange = library.func(
  '__stdcall',
  isWindows ? 'SCardGetStatusChangeA' : 'SCardGetStatusChange',
  'long',
  [HANDLE, DWORD, koffi.inout(koffi.pointer(readerState)), DWORD],
);
const transmit = declare('SCardTransmit', HANDLE, 'void *', 'void *', DWORD, 'void *', 'void *', 'void *');

/**
 * Room for one number that a call gives back, 32 or 64 bits wide: zeroed and little-endian, as every machine is
 * that card readers are plugged into, the narrow one reads right in the wide room.
 */
function room(): BigUint64Array {
  return new BigUint64Array(1);
}

/** SCARD_IO_REQUEST: the protocol and the structure's own length. */
function ioRequest(protocol: number): Uint8Array {
  const width = koffi.sizeof(DWORD);
  const bytes = Buffer.alloc(2 * width);
  bytes.writeUInt32LE(protocol, 0);
  bytes.writeUInt32LE(bytes.length, width);
  return bytes;
}

/** Windows' codes come out negative. */
function unsigned(code: unknown): number {
  return Number(code) >>> 0;
}

/** In a thread: powering a card up or down takes long, and other readers have news meanwhile. */
function aside(call: typeof connect, ...values: readonly unknown[]): Promise<number> {
  return new Promise((resolve, reject) => {
    call.async(...values, (error: unknown, code: unknown) => {
      if (error) reject(error);
      else resolve(unsigned(code));
    });
  });
}

/** Connects to the reader's card, in a context of its own: calls in one context wait for each other. */
export async function connectCard(reader: string): Promise<Result<PcscCard, PcscFailure>> {
  const contextRoom = room();
  const established = await aside(establishContext, SCOPE_SYSTEM, null, null, contextRoom);
  if (established !== SUCCESS) return err({ call: 'SCardEstablishContext', code: established });
  const [context] = contextRoom;
  const cardRoom = room();
  const protocolRoom = room();
  const wishes = [reader, SHARE_EXCLUSIVE, PROTOCOL_T0_OR_T1];
  const connected = await aside(connect, context, ...wishes, cardRoom, protocolRoom);
  if (connected !== SUCCESS) {
    await aside(releaseContext, context);
    return err({ call: 'SCardConnect', code: connected });
  }
  return ok(heldCard(context, cardRoom[0], Number(protocolRoom[0])));
}

/** A reader's state as the service holds it: bits and event count of SCardGetStatusChange, and the card's ATR. */
export interface ReaderLook {
  readonly reader: string;
  readonly state: number;
  readonly atr: Uint8Array;
}

const lookRow = z.object({
  dwEventState: z.coerce.number(),
  cbAtr: z.coerce.number(),
  rgbAtr: z.custom<ArrayLike<number>>(),
});

/** How the readers stand now; waits for nothing. */
export function lookAtReaders(readers: readonly string[]): Result<readonly ReaderLook[], PcscFailure> {
  if (readers.length === 0) return ok([]);
  const contextRoom = room();
  const established = unsigned(establishContext(SCOPE_SYSTEM, null, null, contextRoom));
  if (established !== SUCCESS) return err({ call: 'SCardEstablishContext', code: established });
  const [context] = contextRoom;
  const rows = readers.map((reader) => ({
    szReader: reader,
    pvUserData: null,
    // Unaware: answered at once.
    dwCurrentState: 0,
    dwEventState: 0,
    cbAtr: 0,
    rgbAtr: [],
  }));
  const code = unsigned(getStatusChange(context, 0, rows, rows.length));
  releaseContext(context);
  if (code !== SUCCESS) return err({ call: 'SCardGetStatusChange', code });
  return ok(
    rows.map((row, at) => {
      const { dwEventState, cbAtr, rgbAtr } = lookRow.parse(row);
      return {
        reader: readers[at] ?? '',
        state: dwEventState,
        atr: Uint8Array.from(rgbAtr).subarray(0, cbAtr),
      };
    }),
  );
}

function heldCard(context: unknown, card: unknown, protocol: number): PcscCard {
  const request = ioRequest(protocol);
  const lengthRoom = new Uint32Array(2);
  return {
    protocol,
    transmit: (command) => {
      const answer = new Uint8Array(LONGEST_ANSWER);
      lengthRoom[0] = answer.length;
      const code = unsigned(transmit(card, request, command, command.length, null, answer, lengthRoom));
      if (code !== SUCCESS) return err({ call: 'SCardTransmit', code });
      return ok(answer.subarray(0, lengthRoom[0]));
    },
    disconnect: async () => {
      await aside(disconnect, card, UNPOWER_CARD);
      await aside(releaseContext, context);
    },
  };
}
