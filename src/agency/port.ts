import type { AgencyTable } from '#core/domain/agency-catalog';
import type { Blacklist } from '#core/domain/blacklist';
import type { CardProof, CardProofRequest } from '#core/domain/card-proof';
import type { ChronicEntitlement } from '#core/domain/entitlement';
import type { Holder } from '#core/domain/holder';
import type { Operator } from '#core/domain/sale';
import type { Cancellation, Settlement, SettlementRequest } from '#core/domain/settlement';
import type { Fault } from '#core/fault';
import type { Money } from '#core/money';
import type { Result } from '#core/result';

/** Transactions that this terminal speaks, by the interface's number. */
export type TransactionNumber =
  | '9001'
  | '9002'
  | '1101'
  | '1903'
  | '1904'
  | '2101'
  | '2102'
  | '2103'
  | '2601'
  | '3202'
  /** Chronic diseases filed for a person (section 4.7). */
  | '5301'
  | '9101'
  | '9102'
  /** Decodes the QR code of an electronic certificate (section 9). */
  | '1162'
  /** Files of the catalogues (section 3.3), paged queries (3.4), mapping of own items (section 7). */
  | '1301'
  | '1302'
  | '1303'
  | '1305'
  | '1306'
  | '1307'
  | '1309'
  | '1312'
  | '1316'
  | '1317'
  | '1318'
  | '1319'
  | '3301'
  | '3302'
  /** Ours, no national number is known: terminal keys and the blacklist of cards. */
  | 'G001'
  | 'G002';

/**
 * A message whose every byte is fixed, so that it can be stored before the first byte leaves (design 5:
 * intent before effect). Sending the same prepared message twice sends the same bytes.
 */
export interface PreparedMessage {
  readonly transaction: TransactionNumber;
  /** Sender message id (发送方报文ID): 12 institution + 14 time + 4 sequence. */
  readonly messageId: string;
  /** Exact JSON text of the envelope. */
  readonly body: string;
  readonly preparedAtMs: number;
}

/** What came of one message: always one of three (interface section 1, result handling). */
export type AgencyOutcome<T> =
  | {
      readonly kind: 'success';
      readonly value: T;
      readonly answer: string;
      readonly warnings: readonly string[];
    }
  | {
      /** The agency said no, or nothing was ever sent: nothing happened there. */
      readonly kind: 'refused';
      readonly fault: Fault;
      /** Words of the agency, Chinese free text; empty when nothing was sent. */
      readonly agencyText: string;
      readonly answer: string;
    }
  | {
      /** At least one byte may have left and no readable answer came: anything may have happened. */
      readonly kind: 'unknown';
      readonly fault: Fault;
      /** Wall-clock time when the last byte left, or when the try ended if that is not known. */
      readonly lastByteAtMs: number;
      readonly answer: string;
      /** How long the agency asks to be left alone (HTTP Retry-After). */
      readonly retryAfterMs?: number;
    };

export interface SignIn {
  /** Sign-in number (签到编号). */
  readonly signInNumber: string;
  readonly signedInAtMs: number;
}

export interface PersonQuery {
  readonly medium: Holder['medium'];
  readonly mediumNumber: string;
  readonly cardId?: string;
  readonly name?: string;
  readonly certificateNumber?: string;
  /** Code list psn_cert_type; absent = 01 identity card. */
  readonly certificateType?: string;
}

/** Who stands behind a scanned certificate (table 9.3); the token is good for one settlement. */
export interface DecodedCertificate {
  readonly token: string;
  readonly name: string;
  readonly certificateNumber: string;
  /** Code list psn_cert_type; absent when the answer names none. */
  readonly certificateType?: string;
  readonly insuredRegion: string;
}

/** A terminal key to be enrolled, replaced or revoked; `signature` by the old key over `terminalKeyText`. */
export interface TerminalKeyRequest {
  readonly action: 'enrol' | 'rotate' | 'revoke';
  readonly keyId: string;
  readonly publicKey: string;
  /** Key that is replaced, and its signature; at the first enrolment the agency's one-time code instead. */
  readonly oldKeyId?: string;
  readonly signature?: string;
  readonly enrolmentCode?: string;
}

/** Whose chronic diseases are asked for. */
export interface EntitlementQuery {
  readonly personNumber: string;
  readonly insuredRegion: string;
}

export type CardStatus = 'valid' | 'lost' | 'replaced' | 'cancelled' | 'not-activated';

export interface ReversalRequest {
  readonly personNumber: string;
  readonly insuredRegion: string;
  readonly originalMessageId: string;
  readonly originalTransaction: '2102' | '2103';
}

export interface CancelRequest {
  readonly personNumber: string;
  readonly insuredRegion: string;
  readonly visitId: string;
  readonly settlementId: string;
}

/** Own record of one settlement, as the detail file of 3202 lists it (interface 6.4). */
export interface DetailRow {
  readonly settlementId: string;
  readonly visitId: string;
  readonly personNumber: string;
  readonly total: Money;
  readonly fundTotal: Money;
  readonly account: Money;
  readonly cash: Money;
  readonly refund: boolean;
}

export interface DetailRequest {
  readonly businessDay: string;
  readonly clearingOffice: string;
  readonly clearingType: string;
  /** Which kind is compared (refd_setl_flag 0 or 1); absent = by the rows, empty when both are among them. */
  readonly kind?: 'settlements' | 'refunds';
  readonly rows: readonly DetailRow[];
}

/** One row of the result file (interface 6.6). */
export interface DetailDifference {
  readonly messageId: string;
  readonly settlementId: string;
  readonly visitId: string;
  readonly personNumber: string;
  readonly result: 'balanced' | 'agency-only' | 'institution-only' | 'differs';
  readonly refund: boolean;
  readonly total?: Money;
  readonly fundTotal?: Money;
  readonly account?: Money;
}

/** A file of catalogue rows that waits to be fetched with 9102. */
export interface CatalogFileTicket {
  readonly fileNumber: string;
  readonly fileName: string;
  /** Rows in it, when the answer says so. */
  readonly rows?: number;
}

/** One page of a paged catalogue query (1312, 1316–1319). */
export interface CatalogPage {
  /**
   * Each row as one JSON object whose keys are the property names of its domain type (`core/domain/agency-catalog`):
   * `table`, `recordId`, `valid` (boolean), `version` (day of its last change), `from`, `to` and those of
   * `InsuranceEntry`, `InsuranceMapping`, `InstitutionMapping`, `CeilingEntry` or `FirstSelfPayEntry`. Days are
   * `yyyy-MM-dd`, `ceiling` (yuan) and `ratio` (a share from 0 to 1) are plain decimal text (`12.30`, `0.1`);
   * what the row does not say is left out. This is the form that the catalogue import reads.
   */
  readonly lines: readonly string[];
  /** The page that was asked for, how many there are, and the rows of all of them; 0 pages = no rows. */
  readonly page: number;
  readonly pages: number;
  readonly rows: number;
}

/** Takes the bytes of a file piece by piece; false = they cannot be kept, the transfer ends. */
export type FilePieces = (piece: Uint8Array) => Promise<boolean>;

/** One own item with its national code, for 3301 and 3302. */
export interface MappingUpload {
  readonly shopCode: string;
  readonly name: string;
  readonly listType: string;
  readonly nationalCode: string;
  readonly from: string;
  readonly to: string;
  readonly approvalNumber?: string;
  readonly form?: string;
  readonly specification?: string;
  readonly packing?: string;
}

/** Who is at the counter and which sign-in and insured region the envelope carries. */
export interface MessageContext {
  readonly operator: Operator;
  readonly signInNumber: string;
}

/**
 * The agency as the rest of Guitai sees it. `prepare…` fixes the bytes and the id and fails only when the
 * message would not fit the interface; `send…` never throws and never repeats by itself.
 */
export interface AgencyPort {
  signIn(context: MessageContext): Promise<AgencyOutcome<SignIn>>;
  signOut(context: MessageContext): Promise<AgencyOutcome<void>>;
  person(query: PersonQuery, context: MessageContext): Promise<AgencyOutcome<Holder>>;
  /** 5301: the chronic and special diseases filed for a person; none = nothing is filed. */
  entitlements(
    query: EntitlementQuery,
    context: MessageContext,
  ): Promise<AgencyOutcome<readonly ChronicEntitlement[]>>;
  authenticateCard(request: CardProofRequest, context: MessageContext): Promise<AgencyOutcome<CardProof>>;
  cardStatus(
    card: { readonly region: string; readonly cardId: string; readonly cardNumber: string },
    context: MessageContext,
  ): Promise<AgencyOutcome<CardStatus>>;
  /** 1162: the QR code of an electronic certificate becomes a token. `agency-certificate-used` when it was used. */
  decodeCertificate(qrText: string, context: MessageContext): Promise<AgencyOutcome<DecodedCertificate>>;
  /** G001: makes a terminal key known, replaces or revokes it. */
  terminalKey(request: TerminalKeyRequest, context: MessageContext): Promise<AgencyOutcome<void>>;
  /** G002: the blacklist if it is newer than `version`; undefined = that one is the newest. */
  blacklist(version: string, context: MessageContext): Promise<AgencyOutcome<Blacklist | undefined>>;
  /** 2101; a trial whose hard relations break is refused with `agency-sums-wrong` and its answer kept. */
  trial(request: SettlementRequest, context: MessageContext): Promise<AgencyOutcome<Settlement>>;

  prepareSettlement(request: SettlementRequest, context: MessageContext): Result<PreparedMessage, Fault>;
  prepareReversal(request: ReversalRequest, context: MessageContext): Result<PreparedMessage, Fault>;
  prepareCancel(request: CancelRequest, context: MessageContext): Result<PreparedMessage, Fault>;

  /** 2102; broken relations are listed in the value, the money is taken all the same (disputed). */
  sendSettlement(message: PreparedMessage): Promise<AgencyOutcome<Settlement>>;
  sendReversal(message: PreparedMessage): Promise<AgencyOutcome<void>>;
  sendCancel(message: PreparedMessage): Promise<AgencyOutcome<Cancellation>>;

  /** 9101 + 3202 + 9102: the day's detail reconciliation; answers the rows of the result file. */
  reconcileDetail(
    request: DetailRequest,
    context: MessageContext,
  ): Promise<AgencyOutcome<readonly DetailDifference[]>>;

  /** 1301 … 1309: asks for the rows newer than `since` (greatest version held; `0` = all); undefined = none. */
  catalogFile(
    table: AgencyTable,
    since: string,
    context: MessageContext,
  ): Promise<AgencyOutcome<CatalogFileTicket | undefined>>;
  /**
   * 9102 with the fixed name of catalogue files: the zip goes to `pieces`, at most `MAX_CATALOG_FILE_BYTES`;
   * answers its size. Pieces of a transfer that broke off are no file.
   */
  fetchCatalogFile(
    ticket: CatalogFileTicket,
    pieces: FilePieces,
    context: MessageContext,
  ): Promise<AgencyOutcome<number>>;
  /** 1312, 1316–1319: one page (from 1) of the rows changed after the day `since` (`yyyy-MM-dd`; `0` = all). */
  catalogPage(
    table: AgencyTable,
    question: { readonly since: string; readonly page: number; readonly size: number },
    context: MessageContext,
  ): Promise<AgencyOutcome<CatalogPage>>;
  /** 3301: 1 to 100 items a call; `mappingBatches` cuts a longer list. */
  uploadMappings(items: readonly MappingUpload[], context: MessageContext): Promise<AgencyOutcome<void>>;
  /** 3302: one item. */
  revokeMapping(
    item: Pick<MappingUpload, 'shopCode' | 'listType' | 'nationalCode'>,
    context: MessageContext,
  ): Promise<AgencyOutcome<void>>;

  /** Clock drift seen in the last answer: agency time minus terminal time, ms; undefined before any answer. */
  driftMs(): number | undefined;
}

/** Durable source of message ids: the sequence survives restarts and never repeats when the clock goes back. */
export interface MessageIdSource {
  nextMessageId(institutionCode: string, nowMs: number): string;
}
