import { createHash } from 'node:crypto';
import type { Clock } from '#core/clock';
import { type AgencyDatabase, nextCount } from './database.ts';

/** A code as the holder's phone shows it. */
export interface IssuedCertificate {
  /** 28 and 26 digits. */
  readonly qrText: string;
  readonly expiresAtMs: number;
}

export type Decoded =
  | { readonly kind: 'decoded'; readonly personNumber: string; readonly token: string }
  | { readonly kind: 'foreign' | 'used' | 'expired' };

/** How long a code is shown before the phone makes the next. */
const LIFE_MS = 60_000;

/**
 * Electronic certificates (医保电子凭证): a code lives a minute and is decoded once; its token is good for one
 * settlement that stands, so a reversed one frees it and a cancelled one does not.
 */
export class CertificateRegister {
  readonly #db: AgencyDatabase;
  readonly #clock: Clock;

  constructor(database: AgencyDatabase, clock: Clock) {
    this.#db = database;
    this.#clock = clock;
  }

  issue(personNumber: string): IssuedCertificate {
    const expiresAtMs = Math.trunc(this.#clock.nowMs()) + LIFE_MS;
    const qrText = `28${this.#digits('certificate-code', personNumber, 26)}`;
    this.#db
      .prepare('INSERT INTO certificate (qr_text, person_number, expires_at_ms) VALUES (?, ?, ?)')
      .run(qrText, personNumber, expiresAtMs);
    return { qrText, expiresAtMs };
  }

  /** 1162: the code becomes a token; from now on the code is used. `region` begins the token. */
  decode(qrText: string, regionOf: (personNumber: string) => string): Decoded {
    const row = this.#db
      .prepare<[string], { person_number: string; expires_at_ms: bigint; token: string | null }>(
        'SELECT person_number, expires_at_ms, token FROM certificate WHERE qr_text = ?',
      )
      .get(qrText);
    if (row === undefined) return { kind: 'foreign' };
    if (row.token !== null) return { kind: 'used' };
    if (BigInt(Math.trunc(this.#clock.nowMs())) >= row.expires_at_ms) return { kind: 'expired' };
    const token = `${regionOf(row.person_number)}0000EC${this.#digits('token', qrText, 26)}`;
    this.#db.prepare('UPDATE certificate SET token = ? WHERE qr_text = ?').run(token, qrText);
    return { kind: 'decoded', personNumber: row.person_number, token };
  }

  /** Whose token it is; undefined for one that was never given out. */
  holderOf(token: string): string | undefined {
    return this.#db
      .prepare<[string], { person_number: string }>('SELECT person_number FROM certificate WHERE token = ?')
      .get(token)?.person_number;
  }

  /** Whether a settlement that stands, or stood until its cancellation, was paid with this token. */
  isUsed(token: string): boolean {
    return (
      this.#db
        .prepare<[string], { one: bigint }>(
          `SELECT 1 AS one FROM token_use JOIN settlement USING (settlement_id)
           WHERE token = ? AND settlement.state <> 'reversed' LIMIT 1`,
        )
        .get(token) !== undefined
    );
  }

  use(token: string, settlementId: string): void {
    this.#db.prepare('INSERT INTO token_use (settlement_id, token) VALUES (?, ?)').run(settlementId, token);
  }

  /** Digits that nobody else got, the same in every run with the same clock. */
  #digits(counter: string, text: string, count: number): string {
    const serial = nextCount(this.#db, counter).toString().padStart(8, '0');
    const hash = createHash('sm3').update(`${serial}|${text}|${this.#clock.nowMs()}`).digest('hex');
    return `${BigInt(`0x${hash}`)
      .toString()
      .slice(-count + 8)}${serial}`;
  }
}
