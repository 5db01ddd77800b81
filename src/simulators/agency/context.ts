import type { CardStatus } from '#agency/port';
import type { Clock } from '#core/clock';
import type { BenefitCase } from '#core/domain/benefit';
import type { Policy } from '#core/policy';
import type { BlacklistRegister } from './blacklist.ts';
import type { CatalogueRegister } from './catalogue/register.ts';
import type { CertificateRegister } from './certificates.ts';
import type { AgencyDatabase } from './database.ts';
import type { AgencyLedger } from './ledger.ts';
import type { OfflineCodes, OfflineSales } from './offline-sales.ts';
import type { InsuredPerson } from './person.ts';
import type { CatalogEntry } from './policy.ts';
import type { TerminalKeyRegister } from './terminal-keys.ts';
import type { JsonObject } from './wire.ts';

/** Root keys of the agency's encryption machine (加密机), 32 hex digits each. */
export interface HsmKeys {
  /** Internal authentication of a card (IRK). */
  readonly internal: string;
  /** Reading the holder file of a card (RKSSSE). */
  readonly reading: string;
}

/** How the simulated agency behaves where real ones differ. */
export interface AgencyBehaviour {
  /** Refuse a 2601 whose original never came; default is to accept it, which proves nothing. */
  readonly refuseUnknownReversal: boolean;
  /** Rows of the 3202 result file: only those that differ, or all. */
  readonly resultRows: 'differing' | 'all';
  /** Refuse 2101–2103 without a valid sign-in number. */
  readonly requireSignIn: boolean;
  /** Refuse a purchase of more than ten minutes ago that carries no proof of an offline sale. */
  readonly requireOfflineProof: boolean;
}

/** Everything a transaction works on. */
export interface AgencyContext {
  readonly clock: Clock;
  readonly database: AgencyDatabase;
  readonly ledger: AgencyLedger;
  readonly persons: ReadonlyMap<string, InsuredPerson>;
  readonly catalog: ReadonlyMap<string, CatalogEntry>;
  /** The tables that shops download and query, and the mappings that they upload. */
  readonly catalogue: CatalogueRegister;
  /** Own region (统筹区) of the agency, six digits. */
  readonly region: string;
  /** Policy documents (待遇政策); the agency chooses among them by itself. */
  readonly policies: readonly Policy[];
  /** Level and kind (机构等级、类别) of the institutions that it serves. */
  readonly served: BenefitCase['institution'];
  readonly behaviour: AgencyBehaviour;
  readonly hsm: HsmKeys;
  readonly certificates: CertificateRegister;
  readonly keys: TerminalKeyRegister;
  readonly blacklist: BlacklistRegister;
  readonly offline: OfflineSales;
  readonly offlineCodes: OfflineCodes;
}

/** What a transaction came to. `field` marks a refusal for a message that breaks the interface. */
export type Outcome =
  | { readonly kind: 'done'; readonly output: JsonObject }
  | { readonly kind: 'file'; readonly bytes: Uint8Array }
  | { readonly kind: 'refused'; readonly text: string; readonly field?: string };

export function done(output: JsonObject): Outcome {
  return { kind: 'done', output };
}

/** A refusal in the agency's words; `service` is the bracketed code that real answers carry (section 12). */
export function refused(
  text: string,
  service: string,
  field?: string,
): Extract<Outcome, { kind: 'refused' }> {
  return { kind: 'refused', text: `FSI-${text}[${service}]`, ...(field === undefined ? {} : { field }) };
}

/** State of a card now, or as it was at `atMs`: what control set last until then, else the register's. */
export function cardStatus(context: AgencyContext, cardId: string, atMs?: number): CardStatus | undefined {
  const set = context.database
    .prepare<[string, number | null], { status: string }>(
      `SELECT status FROM card_event WHERE card_id = ? AND at_ms <= coalesce(?, at_ms)
       ORDER BY sequence DESC LIMIT 1`,
    )
    .get(cardId.toUpperCase(), atMs ?? null);
  if (set !== undefined) return set.status as CardStatus;
  for (const { card } of context.persons.values()) {
    if (card?.cardId.toUpperCase() === cardId.toUpperCase()) return card.status;
  }
  return undefined;
}
