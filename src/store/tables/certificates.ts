import type { Database, Statement } from 'better-sqlite3';
import type { Seals } from '../seals.ts';

/** Certificates live for minutes; two days outlast any clock that is set back by a zone. */
const keptMs = 2 * 86_400_000;

/** Digests of the certificates (医保电子凭证) that were scanned: a code used twice is refused. */
export class CertificateTable {
  readonly #seals: Seals;
  readonly #claim: Statement;
  readonly #forget: Statement;

  constructor(db: Database, seals: Seals) {
    this.#seals = seals;
    this.#claim = db.prepare('INSERT INTO certificates VALUES (?, ?) ON CONFLICT DO NOTHING');
    this.#forget = db.prepare('DELETE FROM certificates WHERE claimed_at_ms < ?');
  }

  /** False = it was claimed before. */
  claim(qrText: string, nowMs: number): boolean {
    this.#forget.run(Math.round(nowMs) - keptMs);
    return this.#claim.run(this.#seals.digest('certificate', qrText), Math.round(nowMs)).changes === 1;
  }
}
