import { hashPin } from '#checkout/operators';
import { systemClock } from '#core/clock';
import type { Fault } from '#core/fault';
import type { Result } from '#core/result';
import { PcscCardReader } from '#drivers/card-reader/pcsc';
import { configuredDevices } from './main/devices.ts';
import { assemble, openConfiguredPrinter, type RunningShop, type ShopSettings } from './main/shop.ts';
import type { RunningTrainingShop, TrainingOptions } from './main/training.ts';

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
export { loadPolicies, type RefusedPolicy, readPolicyFile, shippedPolicy } from './main/policies.ts';
export type { RecordsPlace } from './main/records.ts';
export type { RunningShop, ShopSettings } from './main/shop.ts';
export type { RunningTrainingShop } from './main/training.ts';

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
