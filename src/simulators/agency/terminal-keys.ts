import { createHash } from 'node:crypto';
import type { Clock } from '#core/clock';
import { type AgencyDatabase, nextCount } from './database.ts';

/** A terminal key (终端密钥) as the agency knows it. */
export interface TerminalKeyRecord {
  readonly institution: string;
  readonly keyId: string;
  readonly publicKey: string;
  /** retired: replaced by a newer key of the same terminal. */
  readonly state: 'enrolled' | 'retired' | 'revoked';
  readonly enrolledAtMs: number;
  /** When it was replaced or revoked. */
  readonly endedAtMs?: number;
}

interface Row {
  readonly institution: string;
  readonly key_id: string;
  readonly public_key: string;
  readonly state: string;
  readonly enrolled_at_ms: bigint;
  readonly ended_at_ms: bigint | null;
}

/** Keys that sign for terminals, and the one-time codes by which a first key is taken. */
export class TerminalKeyRegister {
  readonly #db: AgencyDatabase;
  readonly #clock: Clock;

  constructor(database: AgencyDatabase, clock: Clock) {
    this.#db = database;
    this.#clock = clock;
  }

  /** A new one-time code, as the agency hands it out on paper: two groups of four characters. */
  issueCode(): string {
    const serial = nextCount(this.#db, 'enrolment-code');
    const hash = createHash('sm3').update(`enrolment ${serial} ${this.#clock.nowMs()}`).digest('hex');
    const code = `${hash.slice(0, 4)}-${hash.slice(4, 8)}`.toUpperCase();
    this.addCode(code);
    return code;
  }

  addCode(code: string): void {
    this.#db.prepare('INSERT OR IGNORE INTO enrolment_code (code) VALUES (?)').run(code);
  }

  /** Takes the code for this key; asking again for the same key is no second use. */
  takeCode(code: string, keyId: string): 'taken' | 'unknown' | 'used' {
    const row = this.#db
      .prepare<[string], { used_for: string | null }>('SELECT used_for FROM enrolment_code WHERE code = ?')
      .get(code);
    if (row === undefined) return 'unknown';
    if (row.used_for !== null && row.used_for !== keyId) return 'used';
    this.#db.prepare('UPDATE enrolment_code SET used_for = ? WHERE code = ?').run(keyId, code);
    return 'taken';
  }

  find(institution: string, keyId: string): TerminalKeyRecord | undefined {
    return this.list().find((key) => key.institution === institution && key.keyId === keyId);
  }

  list(): TerminalKeyRecord[] {
    return this.#db
      .prepare<[], Row>('SELECT * FROM terminal_key ORDER BY enrolled_at_ms, rowid')
      .all()
      .map((row) => ({
        institution: row.institution,
        keyId: row.key_id,
        publicKey: row.public_key,
        // The table's own CHECK clause holds it to the union.
        state: row.state as TerminalKeyRecord['state'],
        enrolledAtMs: Number(row.enrolled_at_ms),
        ...(row.ended_at_ms === null ? {} : { endedAtMs: Number(row.ended_at_ms) }),
      }));
  }

  enrol(institution: string, keyId: string, publicKey: string): void {
    this.#db
      .prepare(
        `INSERT INTO terminal_key (institution, key_id, public_key, state, enrolled_at_ms)
         VALUES (?, ?, ?, 'enrolled', ?)`,
      )
      .run(institution, keyId, publicKey, Math.trunc(this.#clock.nowMs()));
  }

  /** A revoked key stays revoked from its first revocation on. False when no such key could be ended. */
  end(
    keyId: string,
    state: 'retired' | 'revoked',
    of: { readonly institution?: string; readonly sinceMs?: number } = {},
  ): boolean {
    const endedAtMs = Math.trunc(of.sinceMs ?? this.#clock.nowMs());
    const from = state === 'retired' ? "state = 'enrolled'" : "state <> 'revoked'";
    const done = this.#db
      .prepare(
        `UPDATE terminal_key SET state = ?, ended_at_ms = ?
         WHERE key_id = ? AND institution = coalesce(?, institution) AND ${from}`,
      )
      .run(state, endedAtMs, keyId, of.institution ?? null);
    return done.changes > 0;
  }
}
