import type { BackupFacts } from '#checkout/backups';
import type { OwedList } from '#checkout/facade';
import { hashPin } from '#checkout/operators';
import { systemClock } from '#core/clock';
import type { Fault } from '#core/fault';
import type { Result } from '#core/result';
import { PcscCardReader } from '#drivers/card-reader/pcsc';
import type { BackupRequest } from './main/backup.ts';
import { configuredDevices } from './main/devices.ts';
import type * as Journal from './main/journal.ts';
import type { VerifyRequest } from './main/journal.ts';
import type { RecordsPlace } from './main/records.ts';
import type { Restored } from './main/restore.ts';
import { assemble, openConfiguredPrinter, type RunningShop, type ShopSettings } from './main/shop.ts';
import type { RunningTrainingShop, TrainingOptions } from './main/training.ts';
import type { WorldCommandOptions } from './main/world/command.ts';

export type { SignedReport } from '#store/verify/day-report';
export {
  agencyInUseOffline,
  agencyTablesOf,
  type BuiltAgencyCatalog,
  importAgencyTables,
  type RefusedAgencyBuild,
  tableOfFile,
  useAgencyCatalogOffline,
} from './main/agency-catalog.ts';
export { type CardReadOnce, readCardOnce } from './main/card.ts';
export {
  type CatalogImport,
  catalogInUseOffline,
  columnMapText,
  csvLine,
  dayPriceTable,
  importCatalog,
  newestCatalog,
  openCatalog,
  parseColumnMap,
  priceLogTable,
  proposeCatalogColumns,
  useCatalogOffline,
} from './main/catalog.ts';
export type { BalanceRow, JournalLook, VerifyRequest } from './main/journal.ts';
export { loadPolicies, type RefusedPolicy, readPolicyFile, shippedPolicy } from './main/policies.ts';
export type { RecordsPlace } from './main/records.ts';
export type { Restored } from './main/restore.ts';
export type { RunningShop, ShopSettings } from './main/shop.ts';
export type { RunningTrainingShop } from './main/training.ts';
export type { WorldCommandOptions } from './main/world/command.ts';

/** The real shop: PC/SC readers, the agency of the configuration, a real printer; no simulator anywhere. */
export async function startShop(settings: ShopSettings): Promise<Result<RunningShop, Fault>> {
  const { config } = settings;
  const printer = openConfiguredPrinter(config.printer.address);
  if (!printer.ok) return printer;
  const counter = configuredDevices(config, systemClock);
  if (!counter.ok) return counter;
  const { name, security_module: module } = config.reader;
  const moduleReader = module === '' ? undefined : module;
  const readers = new PcscCardReader({
    clock: systemClock,
    ...(name === 'auto' ? {} : { useReaders: [name, ...(moduleReader === undefined ? [] : [moduleReader])] }),
  });
  const cardReaders = name === 'auto' ? undefined : [name];
  return assemble(settings, {
    readers,
    cardReaders,
    moduleReader,
    printer: printer.value,
    counter: counter.value,
  });
}

/**
 * The training shop: everything simulated. Loaded here and not above: a real shop starts without the
 * simulators, and sooner.
 */
export async function startTrainingShop(
  settings: ShopSettings,
  options?: TrainingOptions,
): Promise<Result<RunningTrainingShop, Fault>> {
  const training = await import('./main/training.ts');
  return training.startTrainingShop(settings, options);
}

/** `pin_hash` of an operator for the configuration. */
export function hashOperatorPin(pin: string): Promise<string> {
  return hashPin(pin);
}

export async function simulateAgency(args: readonly string[]): Promise<number> {
  const { runAgencySimulator } = await import('#simulators/agency/run');
  const { agencyCatalog, agencyGoods } = await import('./main/training-goods.ts');
  return runAgencySimulator(args, { catalog: agencyCatalog(), goods: agencyGoods() });
}

export async function simulateCard(args: readonly string[]): Promise<number> {
  const { runVirtualCardProgram } = await import('#simulators/cards/run-virtual-card');
  return runVirtualCardProgram(args);
}

export async function simulatePinPad(args: readonly string[]): Promise<number> {
  const { runVirtualPinPad } = await import('#simulators/pin-pad/run');
  return runVirtualPinPad(args);
}

export async function simulatePrinter(args: readonly string[]): Promise<number> {
  const { runVirtualPrinter } = await import('#simulators/printer/run');
  return runVirtualPrinter(args);
}

/** Looks at the records of a closed or running till; see `main/journal`. */
export async function verifyJournalOf(place: RecordsPlace, request: VerifyRequest) {
  const journal = await import('./main/journal.ts');
  return journal.verifyJournalOf(place, request);
}

export async function journalEntries(...args: Parameters<typeof Journal.journalEntries>) {
  const journal = await import('./main/journal.ts');
  return journal.journalEntries(...args);
}

export async function journalBalances(place: RecordsPlace) {
  const journal = await import('./main/journal.ts');
  return journal.journalBalances(place);
}

export async function journalReport(place: RecordsPlace, day: string | undefined) {
  const journal = await import('./main/journal.ts');
  return journal.journalReport(place, day);
}

/** Copies the records while no till runs. */
export async function backUpOffline(
  place: RecordsPlace,
  request: BackupRequest,
): Promise<Result<BackupFacts, Fault>> {
  const backup = await import('./main/backup.ts');
  return backup.backUpOffline(place, request);
}

/** Puts a backup back; keeps records that were there when `replace` allows to move them aside. */
export async function restoreRecords(
  place: RecordsPlace,
  file: string,
  replace: boolean,
): Promise<Result<Restored, Fault>> {
  const restore = await import('./main/restore.ts');
  return restore.restoreRecords(place, file, replace);
}

export async function owedOffline(place: RecordsPlace): Promise<Result<OwedList, Fault>> {
  const restore = await import('./main/restore.ts');
  return restore.owedOffline(place);
}

export async function resetRecords(place: RecordsPlace): Promise<Result<string, Fault>> {
  const restore = await import('./main/restore.ts');
  return restore.resetRecords(place);
}

/** A fresh root key; what it protects is wrapped anew. */
export async function rotateRootKey(place: RecordsPlace): Promise<Result<void, Fault>> {
  const rotate = await import('./main/rotate-root.ts');
  return rotate.rotateRoot(place);
}

/** The whole till in a simulated world, ruled by seeds; answers the exit code. */
export async function simulateWorld(options: WorldCommandOptions): Promise<number> {
  const { runWorldCommand } = await import('./main/world/command.ts');
  return runWorldCommand(options);
}
