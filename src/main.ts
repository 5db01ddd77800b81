import { randomInt, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { checkBaseUrl } from '#agency/addresses';
import { createAgencyClient } from '#agency/client';
import { volatileMessageIds } from '#agency/message-id';
import type { AgencyPort, MessageIdSource } from '#agency/port';
import { shippedPolicies } from '#benefits/choose-policy';
import type { Catalog } from '#catalog/catalog';
import { readerModule } from '#catalog/reader-module';
import { starterFile, starterProducts } from '#catalog/starter';
import { catalogInUse, openCatalogFile, openCatalogInUse, setCatalogInUse } from '#checkout/catalog-switch';
import { hashPin } from '#checkout/operators';
import { createTill, type RunningTill } from '#checkout/till';
import { businessDay } from '#core/business-time';
import { systemClock } from '#core/clock';
import type { Config } from '#core/config/schema';
import { type Fault, fault } from '#core/fault';
import type { ImportReport } from '#core/ports/catalog-store';
import { err, ok, type Result } from '#core/result';
import type { TrainingShop } from '#core/training';
import { type CardDeskOptions, createCardDesk } from '#drivers/card-reader/desk';
import { FakeCardReader } from '#drivers/card-reader/fake';
import { PcscCardReader } from '#drivers/card-reader/pcsc';
import type { CardReaderPort } from '#drivers/card-reader/port';
import { openPrinter } from '#drivers/printer/open';
import { parsePrinterAddress } from '#drivers/printer/parse-address';
import type { PrinterPort } from '#drivers/printer/port';
import { pcscSecurityModule } from '#drivers/security-module/pcsc';
import { createServer, type RunningServer } from '#server/create-server';
import { createLogger } from '#server/log';
import { ServerStartError } from '#server/options';
import { readOrCreateToken } from '#server/token';
import type { AgencySimulator } from '#simulators/agency/simulator';
import type { VirtualReaderLink } from '#simulators/cards/vpcd-link';
import type { PcscdAvailability } from '#simulators/pcscd';
import type { CardSlot } from '#simulators/training-shop';
import { type BuiltCatalog, buildCatalogVersion } from '#store/catalog/build';
import { openTillStore } from '#store/open';

const LOG_BYTES_MAX = 5_000_000;
const CARD_SLOT = '00 00';
const MODULE_SLOT = '00 01';
const root = packageRoot();

/** What a shop is started with: checked configuration, absolute data folder, secrets already read. */
export interface ShopSettings {
  readonly config: Config;
  readonly folder: string;
  readonly xTifToken?: string;
}

export interface RunningShop {
  readonly url: string;
  readonly till: RunningTill;
  stop(): Promise<void>;
}

export interface RunningTrainingShop extends RunningShop {
  readonly training: TrainingShop;
  readonly agency: AgencySimulator;
  readonly operators: readonly { readonly number: string; readonly name: string; readonly pin: string }[];
  /** Absent = virtual cards go through the card service; else why the in-process reader is used. */
  readonly inProcessReader: string | undefined;
}

/** Devices and the way to end them, in the order in which they were started. */
interface Devices {
  readonly readers: CardReaderPort;
  readonly cardReaders: readonly string[] | undefined;
  readonly moduleReader: string | undefined;
  readonly printer: PrinterPort | undefined;
}

interface TrainingParts {
  readonly training: TrainingShop;
  readonly pinHints: readonly { readonly number: string; readonly pin: string }[];
}

/** The real shop: PC/SC readers, the agency of the configuration, a real printer; no simulator anywhere. */
export async function startShop(settings: ShopSettings): Promise<Result<RunningShop, Fault>> {
  const { config } = settings;
  const printer = openConfiguredPrinter(config.printer.address);
  if (!printer.ok) return printer;
  const { name, security_module: module } = config.reader;
  const moduleReader = module === '' ? undefined : module;
  const readers = new PcscCardReader({
    clock: systemClock,
    ...(name === 'auto' ? {} : { useReaders: [name, ...(moduleReader === undefined ? [] : [moduleReader])] }),
  });
  const cardReaders = name === 'auto' ? undefined : [name];
  return assemble(settings, { readers, cardReaders, moduleReader, printer: printer.value });
}

/** Till and server over the given devices. */
async function assemble(
  settings: ShopSettings,
  devices: Devices,
  training?: TrainingParts,
): Promise<Result<RunningShop, Fault>> {
  const { config, folder } = settings;
  const address = checkBaseUrl(agencyAddress(config));
  if (!address.ok) return address;
  const store = openTillStore({ folder, terminal: config.shop.terminal, clock: systemClock });
  if (!store.ok) return store;
  const catalog = openCatalogInUse(store.value, folder);
  if (!catalog.ok) {
    store.value.close();
    return catalog;
  }
  const log = openLog(join(folder, 'guitai.log'), config.log.level);
  await devices.readers.start();
  const module = await openSecurityModule(devices);
  const cardDesk = createCardDesk(devices.readers, deskFilter(devices));
  const till = createTill({
    config,
    training: training !== undefined,
    clock: systemClock,
    random: () => randomInt(1_000_000) / 1_000_000,
    newId: () => randomUUID(),
    store: store.value,
    agency: agencyClient(settings, store.value),
    cardDesk,
    ...(module === undefined ? {} : { securityModule: module }),
    catalog: () => catalog.value.current(),
    useCatalog: (version) => catalog.value.use(version),
    policies: shippedPolicies(),
    ...(devices.printer === undefined ? {} : { printer: devices.printer }),
    log,
  });
  till.start();
  const stop = async () => {
    await till.stop();
    await module?.stop();
    await devices.readers.stop();
    await devices.printer?.close();
    catalog.value.close();
    store.value.close();
    log.flush();
  };
  const server = await startServer(settings, till, log, training);
  if (!server.ok) {
    await stop();
    return server;
  }
  const end = async () => {
    await server.value.close();
    await stop();
  };
  return ok({ url: server.value.url, till, stop: end });
}

/** The log beside the records; an old one over the size cap is kept once and then replaced. */
function openLog(file: string, level: string): pino.Logger {
  if (existsSync(file) && statSync(file).size > LOG_BYTES_MAX) renameSync(file, `${file}.1`);
  return createLogger({ level, destination: pino.destination({ dest: file, mkdir: true }) });
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

function agencyAddress(config: Config) {
  const { url: baseUrl, paths, allow_plain_http: allowPlainHttp } = config.agency;
  return { baseUrl, style: 'path' as const, paths, allowPlainHttp };
}

function agencyClient({ config, xTifToken }: ShopSettings, messageIds: MessageIdSource): AgencyPort {
  const { agency, shop } = config;
  const { baseUrl, paths, allowPlainHttp } = agencyAddress(config);
  return createAgencyClient({
    baseUrl,
    paths,
    allowPlainHttp,
    institution: { code: shop.institution_code, name: shop.name },
    region: shop.region,
    receiverSystem: agency.receiver_system,
    interfaceVersion: agency.interface_version,
    deviceNumber: agency.device_number,
    ...(agency.account === '' || xTifToken === undefined
      ? {}
      : { xTif: { account: agency.account, token: xTifToken } }),
    timeouts: { connectMs: agency.connect_timeout_ms, answerMs: agency.answer_timeout_ms },
    relations: { accountInsideFund: agency.account_inside_fund },
    clock: systemClock,
    messageIds,
  });
}

function openConfiguredPrinter(text: string): Result<PrinterPort | undefined, Fault> {
  if (text === 'none') return ok(undefined);
  const address = parsePrinterAddress(text);
  return address.ok ? ok(openPrinter(address.value, { clock: systemClock })) : address;
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

/** Builds a catalogue version file in the data folder; the till that runs there goes on selling meanwhile. */
export function importCatalog(folder: string, source: string): Promise<Result<BuiltCatalog, ImportReport>> {
  return buildCatalogVersion({ source, folder: join(folder, 'catalog'), clock: systemClock, readerModule });
}

/** Opens a catalogue version of the data folder for a search on the command line. */
export function openCatalog(folder: string, version: string): Result<Catalog, Fault> {
  return openCatalogFile(folder, version);
}

/** Names the version in use when no till runs on the folder; fault `store-locked` when one does. */
export function useCatalogOffline(folder: string, terminal: string, version: string): Result<void, Fault> {
  const store = openTillStore({ folder, terminal, clock: systemClock });
  if (!store.ok) return store;
  setCatalogInUse(store.value, version);
  store.value.close();
  return ok(undefined);
}

const TRAINING_OPERATORS = [
  { number: '0101', name: '收银员甲', role: 'cashier', pin: '1234' },
  { number: '0102', name: '店长乙', role: 'manager', pin: '5678' },
] as const;

/** Where the training shop's simulators come from: one stack of things to end, newest first. */
class Endings {
  readonly #ends: (() => Promise<void>)[] = [];

  add(end: () => Promise<void>): void {
    this.#ends.push(end);
  }

  async run(): Promise<void> {
    for (let end = this.#ends.pop(); end !== undefined; end = this.#ends.pop()) await end();
  }
}

/**
 * The training shop: everything simulated but real in kind. A card service of its own with virtual card and
 * PSAM, the agency over HTTP, a printer on TCP. Ends what it started and nothing else.
 */
export async function startTrainingShop(settings: ShopSettings): Promise<Result<RunningTrainingShop, Fault>> {
  const endings = new Endings();
  const clock = systemClock;
  const { folder } = settings;
  // Simulators are loaded here and not above: a real shop starts without them, and sooner.
  const { startAgencySimulator } = await import('#simulators/agency/simulator');
  const { startVirtualPrinter } = await import('#simulators/printer/server');
  const { createTrainingShop } = await import('#simulators/training-shop');
  const made = makeFolder(folder);
  if (!made.ok) return made;
  const agency = await startAgencySimulator({
    clock,
    catalog: agencyCatalog(),
    database: join(folder, 'agency.db'),
  });
  endings.add(() => agency.stop());
  const printer = await startVirtualPrinter({ port: 0, clock });
  endings.add(() => printer.stop());
  const config = await trainingConfig(settings.config, agency.url, `tcp://127.0.0.1:${printer.port}`);
  const reader = await trainingReader(folder, endings);
  const training = createTrainingShop({ slot: reader.slot, agency: agency.control, printer });
  const prepared = await prepareStarterCatalog(folder, config);
  if (!prepared.ok) {
    await endings.run();
    return prepared;
  }
  const opened = openConfiguredPrinter(config.printer.address);
  const shop = opened.ok
    ? await assemble(
        { ...settings, config },
        {
          readers: reader.readers,
          cardReaders: [CARD_SLOT],
          moduleReader: MODULE_SLOT,
          printer: opened.value,
        },
        { training, pinHints: TRAINING_OPERATORS.map(({ number, pin }) => ({ number, pin })) },
      )
    : opened;
  if (!shop.ok) {
    await endings.run();
    return shop;
  }
  const stop = async () => {
    await shop.value.stop();
    await endings.run();
  };
  const operators = TRAINING_OPERATORS.map(({ number, name, pin }) => ({ number, name, pin }));
  return ok({ ...shop.value, stop, training, agency, operators, inProcessReader: reader.inProcess });
}

async function trainingConfig(config: Config, agencyUrl: string, printer: string): Promise<Config> {
  const operators = await Promise.all(
    TRAINING_OPERATORS.map(async ({ number, name, role, pin }) => ({
      number,
      name,
      role,
      pin_hash: await hashPin(pin),
    })),
  );
  return {
    ...config,
    shop: { ...config.shop, name: '示例大药房（训练）' },
    agency: { ...config.agency, url: agencyUrl, answer_timeout_ms: 8_000, request_life_ms: 20_000 },
    printer: { ...config.printer, address: printer },
    offline: { ...config.offline, enabled: true, basis: '训练用文件（无效力）' },
    operators,
  };
}

/** The agency's catalogue is the starter list, read by the simulator's own types. */
function agencyCatalog() {
  return starterProducts().flatMap((product) => {
    const { nationalCode, insuranceClass, firstSelfPayRatio, ceiling } = product;
    if (nationalCode === undefined) return [];
    return [
      {
        nationalCode,
        class: insuranceClass,
        firstSelfPayRatio,
        ...(ceiling === undefined ? {} : { ceiling }),
      },
    ];
  });
}

/** The records' own folder, closed to other users, for what lies there before the records are opened. */
function makeFolder(folder: string): Result<void, Fault> {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return ok(undefined);
  } catch (error) {
    return err(fault('store-write-failed', error instanceof Error ? error.message : folder));
  }
}

/** A private card service with two virtual slots; without one, the in-process reader. */
async function trainingReader(
  folder: string,
  endings: Endings,
): Promise<{ readers: CardReaderPort; slot: CardSlot; inProcess: string | undefined }> {
  const clock = systemClock;
  const { inProcessSlot, virtualReaderSlot } = await import('#simulators/card-slots');
  const { VirtualPsam } = await import('#simulators/cards/psam');
  const { trainingPsam } = await import('#simulators/cards/training-psam');
  const { connectToVirtualReader } = await import('#simulators/cards/vpcd-link');
  const { pcscdAvailable, startPrivatePcscd } = await import('#simulators/pcscd');
  const missing = missingBinding() ?? missingPackages(pcscdAvailable());
  const cardName = `Training Reader ${CARD_SLOT}`;
  const moduleName = `Training Reader ${MODULE_SLOT}`;
  if (missing !== undefined) {
    const reader = new FakeCardReader({ readers: [cardName, moduleName], clock });
    reader.insert(moduleName, new VirtualPsam(trainingPsam()));
    return { readers: reader, slot: inProcessSlot(reader, cardName), inProcess: missing };
  }
  const service = await startPrivatePcscd({ folder: join(folder, 'pcscd') });
  endings.add(() => service.stop());
  const { channelPort } = service;
  const psam: VirtualReaderLink = await connectToVirtualReader(new VirtualPsam(trainingPsam()), {
    host: '127.0.0.1',
    port: channelPort + 1,
    clock,
    reconnect: true,
  });
  endings.add(() => psam.remove());
  const readers = new PcscCardReader({ clock, env: { ...service.env } });
  const slot = virtualReaderSlot(readers, CARD_SLOT, channelPort, clock);
  endings.add(() => slot.remove());
  return { readers, slot, inProcess: undefined };
}

function missingBinding(): string | undefined {
  try {
    createRequire(import.meta.url).resolve('pcsclite');
  } catch {
    return 'npm package pcsclite (needs libpcsclite-dev and a compiler)';
  }
  return undefined;
}

function missingPackages(available: PcscdAvailability): string | undefined {
  return available.ok ? undefined : available.missing.join(', ');
}

/** First start: the starter list becomes the catalogue in use. */
async function prepareStarterCatalog(folder: string, config: Config): Promise<Result<void, Fault>> {
  const { terminal } = config.shop;
  const store = openTillStore({ folder, terminal, clock: systemClock });
  if (!store.ok) return store;
  const inUse = catalogInUse(store.value, folder);
  store.value.close();
  if (inUse) return ok(undefined);
  const built = await importCatalog(folder, starterFile());
  if (!built.ok) return err(built.error.fault ?? fault('catalog-none'));
  return useCatalogOffline(folder, terminal, built.value.version);
}

/** Reads one card through the configured reader and the agency, for `guitai card read`. */
export async function readCardOnce(settings: ShopSettings) {
  const { config } = settings;
  const clock = systemClock;
  const { name } = config.reader;
  const readers = new PcscCardReader({ clock, ...(name === 'auto' ? {} : { useReaders: [name] }) });
  await readers.start();
  try {
    const agency = agencyClient(settings, volatileMessageIds());
    const operator = { number: 'cardread', name: 'card read', role: 'cashier' } as const;
    const signedIn = await agency.signIn({ operator, signInNumber: '' });
    const signInNumber = signedIn.kind === 'success' ? signedIn.value.signInNumber : '';
    const desk = createCardDesk(readers);
    const read = await desk.read(
      async (request) => {
        const outcome = await agency.authenticateCard(request, { operator, signInNumber });
        return outcome.kind === 'success' ? ok(outcome.value) : err(fault('card-authentication-unavailable'));
      },
      { today: businessDay(clock.nowMs()), authenticate: 'when-available' },
    );
    await desk.release();
    return read;
  } finally {
    await readers.stop();
  }
}

function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

/** `pin_hash` of an operator for the configuration. */
export function hashOperatorPin(pin: string): Promise<string> {
  return hashPin(pin);
}

export async function simulateAgency(args: readonly string[]): Promise<number> {
  const { runAgencySimulator } = await import('#simulators/agency/run');
  return runAgencySimulator(args, { catalog: agencyCatalog() });
}

export async function simulateCard(args: readonly string[]): Promise<number> {
  const { runVirtualCardProgram } = await import('#simulators/cards/run-virtual-card');
  return runVirtualCardProgram(args);
}

export async function simulatePrinter(args: readonly string[]): Promise<number> {
  const { runVirtualPrinter } = await import('#simulators/printer/run');
  return runVirtualPrinter(args);
}
