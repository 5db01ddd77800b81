import type { Database, Statement } from 'better-sqlite3';
import { z } from 'zod';
import { assert } from '#core/assert';
import { guarded } from '../store-error.ts';
import { numberColumn, parsed, WithList } from './rows.ts';

/** `out` and `back`: at the terminal that sold. `in` and `answer`: at the one that uploads. */
export type CarryWay = 'out' | 'in' | 'answer' | 'back';

/**
 * out: making → writing (its bytes are fixed, the medium may hold them) → out, or void (certainly not written).
 * in: claimed (in the till's own records, before the book of carried sales has it) → done. answer and back: done.
 */
export type CarryState = 'making' | 'writing' | 'out' | 'void' | 'claimed' | 'done';

/** One carry file. A number is used once between two terminals. */
export interface CarryFile {
  readonly way: CarryWay;
  /** Terminal at the other end. */
  readonly partner: string;
  readonly number: string;
  readonly state: CarryState;
  /** SM3 of the whole file, hex; empty while it is being made. */
  readonly hash: string;
  readonly saleCount: number;
  readonly atMs: number;
  /** Until when the receiver may begin an upload. */
  readonly untilMs: number;
}

/** What a change does to carry files; a part of `Change`, so of its transaction. */
export interface CarryFileChange {
  readonly newFile?: CarryFile & { readonly saleIds: readonly string[] };
  readonly file?: Pick<CarryFile, 'way' | 'partner' | 'number'> & {
    readonly was: readonly CarryState[];
    readonly to: CarryState;
    readonly hash?: string;
    /** The file's own bytes, to be written again: encrypted for the receiver already. */
    readonly body?: Uint8Array;
  };
  /** The sale was taken back without an answer: before it is uploaded the agency is asked what it has booked. */
  readonly takenBack?: readonly { readonly saleId: string; readonly carriedAtMs: number }[];
  /** People have looked: it may be uploaded without that question. */
  readonly lookedAt?: string;
}

const fileRow = z.object({
  way: z.enum(['out', 'in', 'answer', 'back']),
  partner: z.string(),
  number: z.string(),
  state: z.enum(['making', 'writing', 'out', 'void', 'claimed', 'done']),
  hash: z.string(),
  sale_count: numberColumn,
  at_ms: numberColumn,
  until_ms: numberColumn,
});
const columns = 'way, partner, number, state, hash, sale_count, at_ms, until_ms';

/** Carry files and their sales. Rows stay for ever. */
export class CarryTable {
  readonly #insert: Statement;
  readonly #insertSale: Statement;
  readonly #update: WithList;
  readonly #takeBack: Statement;
  readonly #lookedAt: Statement;
  readonly #one: Statement;
  readonly #byWay: Statement;
  readonly #count: Statement;
  readonly #body: Statement;
  readonly #sales: Statement;
  readonly #ofSale: Statement;
  readonly #back: Statement;

  constructor(db: Database) {
    this.#insert = db.prepare(`INSERT INTO carry_files (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#insertSale = db.prepare('INSERT INTO carried (file, sale_id) VALUES (?, ?)');
    this.#update = new WithList(
      db,
      (list) => `UPDATE carry_files SET state = ?, hash = COALESCE(?, hash), body = COALESCE(?, body)
         WHERE way = ? AND partner = ? AND number = ? AND state IN (${list})`,
    );
    this.#takeBack = db.prepare(
      `INSERT INTO taken_back VALUES (?, ?, 1) ON CONFLICT (sale_id) DO UPDATE SET
         carried_at_ms = MIN(carried_at_ms, excluded.carried_at_ms), open = 1`,
    );
    this.#lookedAt = db.prepare('UPDATE taken_back SET open = 0 WHERE sale_id = ?');
    this.#one = db.prepare(`SELECT ${columns} FROM carry_files WHERE way = ? AND partner = ? AND number = ?`);
    this.#byWay = db.prepare(`SELECT ${columns} FROM carry_files WHERE way = ? ORDER BY place DESC LIMIT ?`);
    this.#count = db.prepare('SELECT COUNT(*) FROM carry_files WHERE way = ?').pluck();
    this.#body = db
      .prepare('SELECT body FROM carry_files WHERE way = ? AND partner = ? AND number = ?')
      .pluck();
    this.#sales = db
      .prepare(
        `SELECT sale_id FROM carried JOIN carry_files ON carry_files.place = carried.file
         WHERE way = ? AND partner = ? AND number = ? ORDER BY carried.place`,
      )
      .pluck();
    this.#ofSale = db.prepare(
      `SELECT ${columns} FROM carried JOIN carry_files ON carry_files.place = carried.file
       WHERE sale_id = ? ORDER BY carried.place DESC LIMIT 1`,
    );
    this.#back = db.prepare('SELECT carried_at_ms FROM taken_back WHERE sale_id = ? AND open = 1').pluck();
  }

  /** Inside the caller's transaction. */
  apply({ newFile, file, takenBack = [], lookedAt }: CarryFileChange): void {
    if (newFile !== undefined) {
      const { way, partner, number, state, hash, saleCount, atMs, untilMs, saleIds } = newFile;
      const times = [BigInt(saleCount), BigInt(Math.round(atMs)), BigInt(Math.round(untilMs))];
      const { lastInsertRowid } = this.#insert.run(way, partner, number, state, hash, ...times);
      for (const saleId of saleIds) this.#insertSale.run(lastInsertRowid, saleId);
    }
    if (file !== undefined) {
      const { way, partner, number, was, to, hash, body } = file;
      const bytes = body === undefined ? null : Buffer.from(body);
      const { changes } = this.#update
        .of(was.length)
        .run(to, hash ?? null, bytes, way, partner, number, ...was);
      assert(changes === 1, `carry file ${way} ${number} is stored as ${was.join(' or ')}`);
    }
    for (const { saleId, carriedAtMs } of takenBack)
      this.#takeBack.run(saleId, BigInt(Math.round(carriedAtMs)));
    if (lookedAt !== undefined) this.#lookedAt.run(lookedAt);
  }

  file(way: CarryWay, partner: string, number: string): CarryFile | undefined {
    return guarded(() => optionalFile(this.#one.get(way, partner, number)));
  }

  /** Latest first. */
  files(way: CarryWay, limit: number): readonly CarryFile[] {
    return guarded(() => this.#byWay.all(way, limit).map(carryFile));
  }

  count(way: CarryWay): number {
    return guarded(() => parsed(() => numberColumn.parse(this.#count.get(way))));
  }

  /** The bytes of an `out` file, to be written again; undefined while it was never made. */
  body(partner: string, number: string): Uint8Array | undefined {
    const found: unknown = guarded(() => this.#body.get('out', partner, number));
    return found instanceof Uint8Array ? found : undefined;
  }

  /** In the order of the file. */
  sales(way: CarryWay, partner: string, number: string): readonly string[] {
    return guarded(() => parsed(() => z.array(z.string()).parse(this.#sales.all(way, partner, number))));
  }

  /** The last file that this sale went with. */
  lastOf(saleId: string): CarryFile | undefined {
    return guarded(() => optionalFile(this.#ofSale.get(saleId)));
  }

  /** When a sale was carried out that came back without an answer; undefined for every other one. */
  takenBackSince(saleId: string): number | undefined {
    const found: unknown = guarded(() => this.#back.get(saleId));
    return found === undefined ? undefined : parsed(() => numberColumn.parse(found));
  }
}

function optionalFile(row: unknown): CarryFile | undefined {
  return row === undefined ? undefined : carryFile(row);
}

function carryFile(row: unknown): CarryFile {
  const found = parsed(() => fileRow.parse(row));
  const { way, partner, number, state, hash } = found;
  const { sale_count: saleCount, at_ms: atMs, until_ms: untilMs } = found;
  return { way, partner, number, state, hash, saleCount, atMs, untilMs };
}
