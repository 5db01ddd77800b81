import { concatBytes } from '#core/hex';

/** Status words of the card specification that the simulated cards give (card reference section 1.6). */
export const sw = {
  ok: 0x9000,
  wrongLength: 0x6700,
  wrongFileKind: 0x6981,
  securityNotSatisfied: 0x6982,
  blocked: 0x6983,
  challengeInvalid: 0x6984,
  conditionsNotMet: 0x6985,
  noCurrentFile: 0x6986,
  macMissing: 0x6987,
  macWrong: 0x6988,
  wrongData: 0x6a80,
  notSupported: 0x6a81,
  fileNotFound: 0x6a82,
  recordNotFound: 0x6a83,
  wrongP1P2: 0x6a86,
  keyNotFound: 0x6a88,
  noRoomInFile: 0x6a84,
  lengthNotTlv: 0x6a85,
  wrongOffset: 0x6b00,
  wrongInstruction: 0x6d00,
  wrongClass: 0x6e00,
  noData: 0x6f00,
  purseMacInvalid: 0x9302,
  applicationLocked: 0x9303,
  notEnoughMoney: 0x9401,
  counterFull: 0x9402,
  keyIndexUnknown: 0x9403,
  noProof: 0x9406,
} as const;

/** 63Cx: wrong PIN or key, x tries left. */
export function triesLeft(count: number): number {
  return 0x63c0 | Math.min(count, 15);
}

/** One command; `p3` is Lc when data follow, else Le (0 when the header stands alone). */
export interface Command {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly p3: number;
  readonly data: Uint8Array;
  /** Le behind data, when one was sent. */
  readonly le?: number;
}

export interface Answer {
  readonly data: Uint8Array;
  readonly status: number;
}

export function statusOnly(status: number): Answer {
  return { data: new Uint8Array(0), status };
}

export function answerData(data: Uint8Array): Answer {
  return { data, status: sw.ok };
}

/** Splits a short APDU; a trailing Le after data is accepted. Undefined when lengths do not fit (6700). */
export function parseCommand(apdu: Uint8Array): Command | undefined {
  const [cla, ins, p1, p2, p3 = 0] = apdu;
  if (cla === undefined || ins === undefined || p1 === undefined || p2 === undefined) return undefined;
  const header = { cla, ins, p1, p2, p3 };
  if (apdu.length <= 5) return { ...header, data: new Uint8Array(0) };
  if (apdu.length !== 5 + p3 && apdu.length !== 6 + p3) return undefined;
  const le = apdu[5 + p3];
  return { ...header, data: apdu.slice(5, 5 + p3), ...(le === undefined ? {} : { le }) };
}

/**
 * How answers reach the terminal. contact: T=0, 61xx and 6Cxx are the terminal's business. one-step: a block
 * protocol (contactless), data come at once. merged: a reader library that also repeats after 6Cxx itself.
 * fetched: a reader library that fetches the answer itself when the command behind its data names a length.
 */
export type Transport = 'contact' | 'one-step' | 'merged' | 'fetched';

const SELECT = 0xa4;
const GET_RESPONSE = 0xc0;
const READ_BINARY = 0xb0;

/** The transport half of a card: keeps data for GET RESPONSE and corrects Le. */
export class AnswerChannel {
  readonly #transport: Transport;
  #waiting: Uint8Array = new Uint8Array(0);

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  clear(): void {
    this.#waiting = new Uint8Array(0);
  }

  isGetResponse(command: Command): boolean {
    return command.cla === 0x00 && command.ins === GET_RESPONSE;
  }

  getResponse(command: Command): Answer {
    if (command.data.length > 0) return statusOnly(sw.wrongLength);
    if (command.p1 !== 0 || command.p2 !== 0) return statusOnly(sw.wrongP1P2);
    const { length } = this.#waiting;
    if (length === 0) return statusOnly(sw.noData);
    if (command.p3 === 0 || command.p3 > length) return statusOnly(0x6c00 | (length & 0xff));
    const data = this.#waiting.slice(0, command.p3);
    this.#waiting = this.#waiting.slice(command.p3);
    return this.#waiting.length === 0 ? answerData(data) : { data, status: 0x6100 | this.#waiting.length };
  }

  /** Turns what the card found into what it sends for this command. */
  deliver(command: Command, answer: Answer): Uint8Array {
    const { length } = answer.data;
    if (length === 0) return encode(answer);
    // SELECT without data (the master file) still has an answer to be fetched, not a length to be corrected.
    if (command.data.length > 0 || command.ins === SELECT) {
      if (this.#comesAtOnce(command)) return encode(answer);
      this.#waiting = answer.data;
      return encode(statusOnly(0x6100 | (length & 0xff)));
    }
    const wanted = command.p3 === 0 ? 256 : command.p3;
    if (wanted === length || this.#transport === 'merged') return encode(answer);
    // A block protocol can send less than 256 bytes for Le=00; T=0 cannot, and records never do.
    if (this.#transport === 'one-step' && command.ins === READ_BINARY && command.p3 === 0)
      return encode(answer);
    return encode(statusOnly(0x6c00 | (length & 0xff)));
  }

  #comesAtOnce({ le = 0 }: Command): boolean {
    if (this.#transport === 'fetched') return le > 0;
    return this.#transport !== 'contact';
  }
}

export function encode(answer: Answer): Uint8Array {
  return concatBytes(answer.data, Uint8Array.of(answer.status >> 8, answer.status & 0xff));
}
