import type { Fault } from '#core/fault';
import type { Result } from '#core/result';
import type { CarryStatus } from './desk.ts';
import type { CarriedBack } from './sender.ts';

/** A carry file that was written; `until`: the receiver may upload so long (absent for an answer). */
export interface CarryFileRow {
  readonly file: string;
  readonly number: string;
  /** Terminal at the other end. */
  readonly terminal: string;
  readonly sales: number;
  readonly until?: string;
}

/** A carry file that was imported. */
export interface CarryInRow {
  readonly number: string;
  readonly terminal: string;
  readonly imported: number;
  /** Here already with an earlier file. */
  readonly known: number;
  readonly until: string;
}

/** The part of the facade that is about carry files. */
export interface CarryVerbs {
  /** Files that carry offline sales out and in. */
  carryState(): CarryStatus;
  /** Writes waiting offline sales into one encrypted, signed file for another terminal of the shop. */
  carryOut(to: string, terminal?: string): Promise<Result<CarryFileRow, Fault>>;
  /** Writes a file that is out once more. */
  carryAgain(to: string, number?: string): Promise<Result<CarryFileRow, Fault>>;
  /** Imports such a file once; this till uploads what is in it. */
  carryIn(file: string): Promise<Result<CarryInRow, Fault>>;
  /** Writes what became of the carried sales, for the terminal that sold them. */
  carryAnswer(
    to: string,
    wish: { readonly terminal?: string; readonly giveBack?: boolean },
  ): Promise<Result<CarryFileRow, Fault>>;
  /** Applies such an answer once. */
  carryBack(file: string): Promise<Result<CarriedBack, Fault>>;
  /** Takes the sales of a file back whose answer never came, after the receiver's time. By two people. */
  carryTakeBack(
    number: string,
    second: { readonly number: string; readonly pin: string },
    reason: string,
  ): Promise<Result<{ readonly sales: number }, Fault>>;
}
