import type { BackupFacts } from '#checkout/backups';
import type { OwedList } from '#checkout/facade';
import type { Fault } from '#core/fault';
import type { Result } from '#core/result';
import type { ShopSettings } from './main/agency-client.ts';
import type { BackupRequest } from './main/backup.ts';
import type { CardReadOnce } from './main/card.ts';
import type * as Journal from './main/journal.ts';
import type { VerifyRequest } from './main/journal.ts';
import type { RecordsPlace } from './main/records.ts';
import type { Restored } from './main/restore.ts';
import type { RunningShop } from './main/shop.ts';
import type { SlipQuestion } from './main/slip.ts';
import type { RunningTrainingShop, TrainingOptions } from './main/training.ts';
import type { WorldCommandOptions } from './main/world/command.ts';

// Nothing is loaded above: each command loads what it needs and no more, for half of a short command's time
// would go by with reading the rest of the program.
export type { SignedReport } from '#store/verify/day-report';
export type { BuiltAgencyCatalog, RefusedAgencyBuild } from './main/agency-catalog.ts';
export type { ShopSettings } from './main/agency-client.ts';
export type { CardReadOnce } from './main/card.ts';
export type { CatalogImport } from './main/catalog.ts';
export type { BalanceRow, JournalLook, VerifyRequest } from './main/journal.ts';
export type { RefusedPolicy } from './main/policies.ts';
export type { RecordsPlace } from './main/records.ts';
export type { Restored } from './main/restore.ts';
export type { RunningShop } from './main/shop.ts';
export type { SlipVerdict } from './main/slip.ts';
export type { RunningTrainingShop } from './main/training.ts';
export type { WorldCommandOptions } from './main/world/command.ts';

/** How the counter's program has its engine set, for measures of it. */
export const engineTools = () => import('./main/own-process.ts');

/** The shop's own list in a data folder: import, versions, search, prices. */
export const catalogTools = () => import('./main/catalog.ts');

/** The agency's tables in a data folder. */
export const agencyCatalogTools = () => import('./main/agency-catalog.ts');

/** Policy documents, shipped and of a folder. */
export const policyTools = () => import('./main/policies.ts');

/** Reads one card through the configured reader; proved by the agency, else by the security module. */
export async function readCardOnce(settings: ShopSettings): Promise<Result<CardReadOnce, Fault>> {
  const card = await import('./main/card.ts');
  return card.readCardOnce(settings);
}

/** The real shop: PC/SC readers, the agency of the configuration, a real printer; no simulator anywhere. */
export async function startShop(settings: ShopSettings): Promise<Result<RunningShop, Fault>> {
  const shop = await import('./main/real-shop.ts');
  return shop.startShop(settings);
}

/**
 * The training shop: everything simulated. A real shop starts without the simulators, and sooner.
 */
export async function startTrainingShop(
  settings: ShopSettings,
  options?: TrainingOptions,
): Promise<Result<RunningTrainingShop, Fault>> {
  const training = await import('./main/training.ts');
  return training.startTrainingShop(settings, options);
}

/** `pin_hash` of an operator for the configuration. */
export async function hashOperatorPin(pin: string): Promise<string> {
  const { hashPin } = await import('#checkout/operators');
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

/** Looks at one slip offline; of the till's records nothing is written. */
export async function verifySlip(question: SlipQuestion) {
  const slip = await import('./main/slip.ts');
  return slip.verifySlip(question);
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
