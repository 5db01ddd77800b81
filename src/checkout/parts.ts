import type { AgencyPort } from '#agency/port';
import type { Catalog } from '#catalog/catalog';
import type { Clock } from '#core/clock';
import type { ConfigProblem } from '#core/config/parse';
import type { Config } from '#core/config/schema';
import type { Fault } from '#core/fault';
import type { Policy } from '#core/policy';
import type { AgencyCatalogStore } from '#core/ports/agency-catalog';
import type { PrinterProfile } from '#core/printer-profile';
import type { Result } from '#core/result';
import type { CardDesk } from '#drivers/card-reader/port';
import type { CustomerDisplayPort } from '#drivers/customer-display/port';
import type { KeyStorePort } from '#drivers/key-store/port';
import type { PinPadPort } from '#drivers/pin-pad/port';
import type { PrinterPort } from '#drivers/printer/port';
import type { ScannerPort } from '#drivers/scanner/port';
import type { SecurityModulePort } from '#drivers/security-module/port';
import type { GlyphSource } from '#receipts/rare-characters';
import type { TillStore } from '#store/port';
import type { JournalFiles } from '#store/verify/files';
import type { CatalogDownloadParts } from '#sync/catalog-download';
import type { Backups } from './backups.ts';
import type { CarryPlace } from './carry/parts.ts';
import type { ListWorkshop } from './office/list-import.ts';

/** What the till writes to its log: codes, ids and amounts, never persons. */
export interface Log {
  info(facts: Readonly<Record<string, unknown>>, message: string): void;
  warn(facts: Readonly<Record<string, unknown>>, message: string): void;
  error(facts: Readonly<Record<string, unknown>>, message: string): void;
}

/** Everything the till is put together from; `main.ts` picks real or simulated parts. */
export interface CheckoutParts {
  readonly config: Config;
  readonly training: boolean;
  readonly clock: Clock;
  /** 0 ≤ value < 1, for jitter only. */
  readonly random: () => number;
  readonly newId: () => string;
  readonly store: TillStore;
  readonly agency: AgencyPort;
  readonly cardDesk: CardDesk;
  /** Absent where the shop has no module: offline deduction is then refused. */
  readonly securityModule?: SecurityModulePort;
  /** The catalogue version in use; undefined before the first import. */
  readonly catalog: () => Catalog | undefined;
  /** Switches to another imported version; the old one goes on when the new one does not open. */
  readonly useCatalog: (version: string) => Result<void, Fault>;
  /** Reads and builds lists that the back office is given; absent where only the command line imports. */
  readonly listWorkshop?: ListWorkshop;
  /** The agency's own tables in use; undefined before the first import or download of them. */
  readonly agencyCatalog: () => AgencyCatalogStore | undefined;
  /** As `useCatalog`, for the agency's tables. */
  readonly useAgencyCatalog: (version: string) => Result<void, Fault>;
  readonly policies: readonly Policy[];
  /** Fetches the agency's own tables by night and on demand; absent where they are imported from files. */
  readonly downloader?: Pick<CatalogDownloadParts, 'folder' | 'held' | 'build' | 'use'>;
  /** Anchors and day reports; absent = neither is written. */
  readonly journalFiles?: JournalFiles;
  readonly printer?: PrinterPort;
  /** What the printer can do; absent = what every receipt printer of the configured width can. */
  readonly printerProfile?: PrinterProfile;
  /** Pictures of characters that the printer's font lacks. */
  readonly glyphs?: GlyphSource;
  readonly keyStore: KeyStorePort;
  /** The first that is ready is asked. */
  readonly pinPads: readonly PinPadPort[];
  readonly scanners: readonly ScannerPort[];
  readonly displays: readonly CustomerDisplayPort[];
  /** Copies the records; absent where nothing can be backed up. */
  readonly backups?: Backups;
  /** Carry files and the book of carried sales; absent where nothing is carried. */
  readonly carry?: CarryPlace;
  /** The configuration file and the check of it that the start makes; absent where there is no file to look at. */
  readonly settings?: SettingsDesk;
  readonly log: Log;
}

/** Where the configuration comes from. */
export interface SettingsDesk {
  readonly file?: string;
  /** Reads and checks it again, as the next start would. */
  check(): Result<Config, { readonly problems: readonly ConfigProblem[]; readonly fault: Fault }>;
}
