import { concatBytes } from '#core/hex';

/** More rounds than any card needs; a card that goes on asking is broken or hostile. */
const MOST_ROUNDS = 8;
/** Records and FCIs of these cards stay far below. */
const MOST_BYTES = 2048;
const NOTHING = new Uint8Array();

/**
 * One command until its real answer: under T=0 a card says "xx bytes wait" (61xx) or "ask again with xx"
 * (6Cxx) first, and readers do that by themselves or not. Here and nowhere else both are followed.
 */
export interface Exchange {
  readonly command: Uint8Array;
  readonly collected: Uint8Array;
  readonly rounds: number;
}

export type ExchangeStep =
  | { readonly kind: 'send'; readonly exchange: Exchange }
  /** `rounds`: how often the card had to be asked again before this answer; 0 = it answered at once. */
  | {
      readonly kind: 'complete';
      readonly data: Uint8Array;
      readonly status: number;
      readonly rounds: number;
    }
  /** The card sends the terminal in circles, or an answer that is none. */
  | { readonly kind: 'broken' };

export function startExchange(command: Uint8Array): Exchange {
  return { command, collected: NOTHING, rounds: 0 };
}

/** Takes the card's answer to `exchange.command` and says what comes next. */
export function advanceExchange(exchange: Exchange, answer: Uint8Array): ExchangeStep {
  const high = answer.at(-2);
  const low = answer.at(-1);
  if (high === undefined || low === undefined) return { kind: 'broken' };
  const came = answer.subarray(0, -2);
  const data = exchange.collected.length === 0 ? came : concatBytes(exchange.collected, came);
  if (data.length > MOST_BYTES) return { kind: 'broken' };
  if (high !== 0x61 && high !== 0x6c) {
    return { kind: 'complete', data, status: (high << 8) | low, rounds: exchange.rounds };
  }
  if (exchange.rounds >= MOST_ROUNDS) return { kind: 'broken' };
  const rounds = exchange.rounds + 1;
  if (high === 0x61) {
    return { kind: 'send', exchange: { command: getResponse(low), collected: data, rounds } };
  }
  // With 6Cxx the data of this very answer are not valid; what was collected before stays.
  const command = withExpectedLength(exchange.command, low);
  return { kind: 'send', exchange: { command, collected: exchange.collected, rounds } };
}

function getResponse(length: number): Uint8Array {
  return Uint8Array.of(0x00, 0xc0, 0x00, 0x00, length);
}

/** The same header with Le = `length`; a command that had no Le gets one. */
function withExpectedLength(command: Uint8Array, length: number): Uint8Array {
  const dataLength = command[4] ?? 0;
  const isLongerThanHeader = command.length > 5;
  const bare = isLongerThanHeader ? command.subarray(0, 5 + dataLength) : command.subarray(0, 4);
  return concatBytes(bare, Uint8Array.of(length));
}
