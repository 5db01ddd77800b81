import { type CatalogDownload, createCatalogDownload } from '#sync/catalog-download';
import type { AgencyLink } from './link.ts';
import type { CheckoutParts } from './parts.ts';
import type { ShiftDesk } from './shift.ts';

/** States in which a customer waits for the agency. */
const AT_THE_AGENCY: ReadonlySet<string> = new Set(['quoting', 'committing']);

/** What the download needs of the running till. */
export interface DownloadingTill {
  readonly link: AgencyLink;
  readonly shiftDesk: ShiftDesk;
  readonly shiftIsOpen: () => boolean;
  readonly saleState: () => string;
  readonly onChange: () => void;
}

/** The agency's tables: only while a shift is open, and never while a customer waits for the agency. */
export function catalogDownloadOf(parts: CheckoutParts, till: DownloadingTill): CatalogDownload | undefined {
  const { downloader, agency, store, clock, random, config, log } = parts;
  if (downloader === undefined) return undefined;
  const { link, shiftDesk } = till;
  return createCatalogDownload({
    ...downloader,
    ...{ agency, store, clock, random, log },
    daily: config.catalog.download === 'daily',
    context: () => (till.shiftIsOpen() ? shiftDesk.context() : undefined),
    linkUsable: () => link.usable(),
    renewSignIn: () => link.signInAgain(),
    mayWork: () => !AT_THE_AGENCY.has(till.saleState()),
    use: (version) => {
      const used = downloader.use(version);
      if (used.ok) till.onChange();
      return used;
    },
  });
}
