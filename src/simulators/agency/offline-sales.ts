import { createHash } from 'node:crypto';
import { parseBusinessDateTime } from '#core/business-time';
import type { OfflineProof } from '#core/domain/offline-proof';
import type { AgencyDatabase } from './database.ts';

/** What the agency computes itself of a proof: the card's and the module's codes, 8 hex digits. */
export interface OfflineCodes {
  cardTac(proof: OfflineProof, type: string): string;
  moduleMac(proof: OfflineProof, factor: string): string;
}

/** An uploaded offline sale that was booked. */
export interface OfflineSaleRecord {
  readonly settlementId: string;
  readonly saleNumber: string;
  readonly terminalNumber: string;
  readonly terminalSequence: string;
  readonly cardId: string;
  readonly signedBy: OfflineProof['signature']['kind'];
  /** Terminal key that signed. */
  readonly keyId: string;
}

/** Who bought what, as both a trial and its settlement say it. */
export interface TriedBasket {
  readonly personNumber: string;
  readonly lineIds: readonly string[];
}

interface Row {
  readonly settlement_id: string;
  readonly sale_number: string;
  readonly terminal_number: string;
  readonly terminal_sequence: string;
  readonly card_id: string;
  readonly signed_by: string;
  readonly key_id: string;
}

/** A cashier may think for a while between the trial and the confirmation. */
const TRIAL_GOOD_MS = 30 * 60_000;

/** Offline sales that were booked, and the trials that tell an old online purchase from an offline one. */
export class OfflineSales {
  readonly #db: AgencyDatabase;

  constructor(database: AgencyDatabase) {
    this.#db = database;
  }

  record(settlementId: string, proof: OfflineProof): void {
    this.#db
      .prepare('INSERT INTO offline_sale VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(
        settlementId,
        proof.saleNumber,
        proof.terminalNumber,
        proof.terminalSequence,
        proof.cardId,
        proof.signature.kind,
        proof.terminal?.keyId ?? '',
      );
  }

  list(): OfflineSaleRecord[] {
    return this.#db
      .prepare<[], Row>('SELECT * FROM offline_sale ORDER BY rowid')
      .all()
      .map((row) => ({
        settlementId: row.settlement_id,
        saleNumber: row.sale_number,
        terminalNumber: row.terminal_number,
        terminalSequence: row.terminal_sequence,
        cardId: row.card_id,
        signedBy: row.signed_by as OfflineSaleRecord['signedBy'],
        keyId: row.key_id,
      }));
  }

  /** Whether another sale already used this number of the terminal's counter (终端交易序号). */
  sequenceUsedByOther(proof: OfflineProof): boolean {
    return (
      this.#db
        .prepare<[string, string, string], { one: bigint }>(
          `SELECT 1 AS one FROM offline_sale
           WHERE terminal_number = ? AND terminal_sequence = ? AND sale_number <> ? LIMIT 1`,
        )
        .get(proof.terminalNumber, proof.terminalSequence, proof.saleNumber) !== undefined
    );
  }

  rememberTrial(basket: TriedBasket, atMs: number): void {
    this.#db
      .prepare('INSERT OR REPLACE INTO trial (person_number, basket, at_ms) VALUES (?, ?, ?)')
      .run(basket.personNumber, digestOf(basket), Math.trunc(atMs));
  }

  /**
   * Whether a purchase with old times was made online all the same: a held basket whose trial is fresh, or one
   * whose settlement was sent soon after its trial, got lost and was reversed before it is sent anew.
   */
  wasTriedOnline(basket: TriedBasket, nowMs: number): boolean {
    const trial = this.#db
      .prepare<[string, string], { at_ms: bigint }>(
        'SELECT at_ms FROM trial WHERE person_number = ? AND basket = ?',
      )
      .get(basket.personNumber, digestOf(basket));
    if (trial === undefined) return false;
    const triedAtMs = Number(trial.at_ms);
    if (nowMs - triedAtMs <= TRIAL_GOOD_MS) return true;
    return this.#db
      .prepare<[string], { id: string }>(
        'SELECT original_message_id AS id FROM reversal WHERE person_number = ?',
      )
      .all(basket.personNumber)
      .some(({ id }) => Math.abs((sentAtMs(id) ?? Number.NaN) - triedAtMs) <= TRIAL_GOOD_MS);
  }
}

function digestOf({ lineIds }: TriedBasket): string {
  return createHash('sm3')
    .update([...lineIds].sort().join('\n'))
    .digest('hex');
}

/** Time inside a message id: 12 institution, 14 time, 4 sequence. */
function sentAtMs(messageId: string): number | undefined {
  return compactTimeMs(messageId.slice(12, 26));
}

/** The instant of `yyyyMMddHHmmss`, or undefined when that is no time. */
export function compactTimeMs(text: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  return parseBusinessDateTime(`${year}-${month}-${day} ${hour}:${minute}:${second}`);
}
