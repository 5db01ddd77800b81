import type { CardStatus } from '#agency/port';
import type { Clock } from '#core/clock';
import type { AgencyDatabase } from './database.ts';
import type { AgencyLedger } from './ledger.ts';
import type { InsuredPerson } from './person.ts';
import type { CatalogEntry, SchemePolicy } from './policy.ts';
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
}

/** Everything a transaction works on. */
export interface AgencyContext {
  readonly clock: Clock;
  readonly database: AgencyDatabase;
  readonly ledger: AgencyLedger;
  readonly persons: ReadonlyMap<string, InsuredPerson>;
  readonly catalog: ReadonlyMap<string, CatalogEntry>;
  readonly policy: Readonly<Record<string, SchemePolicy>>;
  readonly behaviour: AgencyBehaviour;
  readonly hsm: HsmKeys;
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
export function refused(text: string, service: string, field?: string): Outcome {
  return { kind: 'refused', text: `FSI-${text}[${service}]`, ...(field === undefined ? {} : { field }) };
}

/** State of a card now: what control set last, else the register's. */
export function cardStatus(context: AgencyContext, cardId: string): CardStatus | undefined {
  const set = context.database
    .prepare<[string], { status: string }>('SELECT status FROM card WHERE card_id = ?')
    .get(cardId.toUpperCase());
  if (set !== undefined) return set.status as CardStatus;
  for (const { card } of context.persons.values()) {
    if (card?.cardId.toUpperCase() === cardId.toUpperCase()) return card.status;
  }
  return undefined;
}
