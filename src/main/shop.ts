import { randomInt, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type pino from 'pino';
import { checkBaseUrl } from '#agency/addresses';
import { createTill, type RunningTill } from '#checkout/till';
import { systemClock } from '#core/clock';
import type { Config } from '#core/config/schema';
import type { Fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import type { TrainingShop } from '#core/training';
import { type CardDeskOptions, createCardDesk } from '#drivers/card-reader/desk';
import type { CardReaderPort } from '#drivers/card-reader/port';
import type { KeyStorePort } from '#drivers/key-store/port';
import { openPrinter } from '#drivers/printer/open';
import { parsePrinterAddress } from '#drivers/printer/parse-address';
import type { PrinterPort } from '#drivers/printer/port';
import { pcscSecurityModule } from '#drivers/security-module/pcsc';
import { createServer, type RunningServer } from '#server/create-server';
import { ServerStartError } from '#server/options';
import { readOrCreateToken } from '#server/token';
import { answered } from '#store/store-error';
import { agencyAddress, agencyClient, type ShopSettings } from './agency-client.ts';
import { scheduledBackups } from './backup.ts';
import { carryPlace } from './carry.ts';
import { openCatalogs } from './catalogs.ts';
import { type CounterDevices, startDevices, stopDevices } from './devices.ts';
import { shopJournalFiles } from './journal-files.ts';
import { openLog } from './log-file.ts';
import { prepareProcess } from './own-process.ts';
import { packageRoot } from './package-root.ts';
import { tillPolicies } from './policies.ts';
import { configuredPrinting, configuredProfile } from './printer-profile.ts';
import { openRecords } from './records.ts';

export type { ShopSettings } from './agency-client.ts';

const root = packageRoot();

export interface RunningShop {
  readonly url: string;
  readonly till: RunningTill;
  /** While the shop has no operator. */
  readonly setupCode?: string;
  stop(): Promise<void>;
}

/** Devices and the way to end them, in the order in which they were started. */
export interface Devices {
  readonly readers: CardReaderPort;
  readonly cardReaders: readonly string[] | undefined;
  readonly moduleReader: string | undefined;
  readonly printer: PrinterPort | undefined;
  readonly counter: CounterDevices;
}

export interface TrainingParts {
  readonly training: TrainingShop;
  readonly pinHints: readonly { readonly number: string; readonly pin: string }[];
}

/** Till and server over the given devices. */
export async function assemble(
  settings: ShopSettings,
  devices: Devices,
  training?: TrainingParts,
): Promise<Result<RunningShop, Fault>> {
  const { config, folder } = settings;
  const address = checkBaseUrl(agencyAddress(config));
  if (!address.ok) return address;
  const configured = configuredParts(config, training !== undefined);
  if (!configured.ok) return configured;
  await prepareProcess();
  const records = await openRecords(settings);
  if (!records.ok) return records;
  const { store, keyStore } = records.value;
  const catalogs = openCatalogs(store, settings);
  if (!catalogs.ok) {
    await records.value.close();
    return catalogs;
  }
  const log = openLog(join(folder, 'guitai.log'), config.log.level);
  warnOfDamage(log, catalogs.value.damage);
  await devices.readers.start();
  const module = await openSecurityModule(devices);
  const backups = scheduledBackups(settings, () => keyStore.derive('records'));
  const till = createTill({
    config,
    training: training !== undefined,
    clock: systemClock,
    random: () => randomInt(1_000_000) / 1_000_000,
    newId: () => randomUUID(),
    store,
    keyStore,
    agency: agencyClient(settings, store),
    cardDesk: createCardDesk(devices.readers, deskFilter(devices)),
    ...(module === undefined ? {} : { securityModule: module }),
    ...catalogs.value.parts,
    ...configured.value,
    ...(devices.printer === undefined ? {} : { printer: devices.printer }),
    ...devices.counter,
    backups,
    ...placeOf(settings, keyStore),
    log,
  });
  const stop = async () => {
    await till.stop();
    await backups.stop();
    await module?.stop();
    await devices.readers.stop();
    await stopDevices(devices.counter);
    await devices.printer?.close();
    catalogs.value.close();
    await records.value.close();
    log.flush();
  };
  const begun = begin(till);
  const server = begun.ok ? await startServer(settings, till, log, training) : begun;
  if (!server.ok) {
    await stop();
    return server;
  }
  backups.start(log);
  // Not awaited: a pad that is not plugged in must not delay the first customer.
  void startDevices(devices.counter);
  const end = async () => {
    await server.value.close();
    await stop();
  };
  const { url, setupCode } = server.value;
  return ok({ url, till, stop: end, ...(setupCode === undefined ? {} : { setupCode }) });
}

/** Where the shop lies: its journal's and carry files, and its configuration file. */
function placeOf(settings: ShopSettings, keyStore: KeyStorePort) {
  const files = { journalFiles: shopJournalFiles(settings), carry: carryPlace(settings, keyStore) };
  return settings.settings === undefined ? files : { ...files, settings: settings.settings };
}

/** What the configuration names and files must hold: policies, printer profile, font. */
function configuredParts(config: Config, training: boolean) {
  const printing = configuredPrinting(config);
  if (!printing.ok) return printing;
  const policies = policiesOf(config, training);
  return policies.ok ? ok({ ...printing.value, policies: policies.value }) : policies;
}

/** A disk that fails while an earlier run's work is taken up: said like every reason not to start. */
function begin(till: RunningTill): Result<void, Fault> {
  return answered(() => till.start());
}

function warnOfDamage(log: pino.Logger, damage: Fault | undefined): void {
  if (damage !== undefined) log.warn({ code: damage.code }, "the agency's catalogue cannot be opened");
}

function policiesOf({ shop, policies }: Config, training: boolean) {
  return tillPolicies({ region: shop.region, training, folder: policies.folder });
}

async function startServer(
  { config, folder }: ShopSettings,
  till: RunningTill,
  logger: pino.Logger,
  training: TrainingParts | undefined,
): Promise<Result<RunningServer, Fault>> {
  const token = readOrCreateToken(config.server.token_file ?? join(folder, 'api-token'));
  if (!token.ok) return token;
  const uiFolder = join(root, 'dist', 'ui');
  try {
    return ok(
      await createServer({
        till,
        clock: systemClock,
        token: token.value,
        port: config.server.port,
        logger,
        ...(existsSync(uiFolder) ? { uiFolder } : {}),
        ...(training ?? {}),
      }),
    );
  } catch (error) {
    if (error instanceof ServerStartError) return err(error.fault);
    throw error;
  }
}

export function openConfiguredPrinter(config: Config): Result<PrinterPort | undefined, Fault> {
  if (config.printer.address === 'none') return ok(undefined);
  const address = parsePrinterAddress(config.printer.address);
  if (!address.ok) return address;
  const manner = configuredProfile(config);
  return manner.ok ? ok(openPrinter(address.value, { clock: systemClock, manner: manner.value })) : manner;
}

async function openSecurityModule({ readers, moduleReader }: Devices) {
  if (moduleReader === undefined) return undefined;
  const module = pcscSecurityModule({ readers, isModuleSlot: (reader) => reader.includes(moduleReader) });
  await module.start();
  return module;
}

/** The desk uses the named readers, and never the security module's; one plugged in later counts too. */
function deskFilter({ cardReaders, moduleReader }: Devices): CardDeskOptions {
  return {
    ...(cardReaders === undefined ? {} : { useReaders: cardReaders }),
    ...(moduleReader === undefined ? {} : { ignoreReaders: [moduleReader] }),
  };
}
