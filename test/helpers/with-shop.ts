import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAgencyClient } from '#agency/client';
import type { Catalog, CatalogOptions } from '#catalog/catalog';
import { openAgencyCatalogInUse } from '#checkout/catalog-switch';
import type { CheckoutParts } from '#checkout/parts';
import { createTill, type RunningTill } from '#checkout/till';
import type { TillView } from '#checkout/view';
import { businessDay } from '#core/business-time';
import { systemClock } from '#core/clock';
import { parseConfig } from '#core/config/parse';
import type { Config } from '#core/config/schema';
import type { Product } from '#core/domain/product';
import type { Policy } from '#core/policy';
import { ok } from '#core/result';
import { createCardDesk } from '#drivers/card-reader/desk';
import { FakeCardReader } from '#drivers/card-reader/fake';
import type { CardLike, CardReaderPort } from '#drivers/card-reader/port';
import { FakeCustomerDisplay } from '#drivers/customer-display/fake';
import { FakeKeyStore } from '#drivers/key-store/fake';
import { FakePinPad } from '#drivers/pin-pad/fake';
import { openPrinter } from '#drivers/printer/open';
import { FakeScanner } from '#drivers/scanner/fake';
import { pcscSecurityModule } from '#drivers/security-module/pcsc';
import { type AgencySimulator, startAgencySimulator } from '#simulators/agency/simulator';
import { VirtualPsam } from '#simulators/cards/psam';
import { makeTrainingCard } from '#simulators/cards/training-cards';
import type { TrainingCardId } from '#simulators/cards/training-facts';
import { trainingPsam } from '#simulators/cards/training-psam';
import { startVirtualPrinter, type VirtualPrinter } from '#simulators/printer/server';
import { realMedium } from '#store/carry/medium';
import { openTillStore, recordsFile } from '#store/open';
import type { TillStore } from '#store/port';
import { agencyDownloader } from '../../src/main/agency-catalog.ts';
import { mappedCode } from '../../src/main/catalogs.ts';
import { agencyCatalog, agencyGoods } from '../../src/main/training-goods.ts';
import { openedCatalog } from '../catalog/catalog-file.ts';
import { pinHash } from './pin-hashes.ts';
import { trainingPolicies } from './policies.ts';
import { starterCatalog } from './starter-catalog.ts';

const CARD = 'Slot 00 00';
const MODULE = 'Slot 00 01';
/** A second reader for customers' cards, empty unless a test uses it. */
const SECOND = 'Slot 00 02';

/** A shop on real parts: records on disk, agency over HTTP, printer over TCP, cards in an in-process reader. */
export interface Shop {
  readonly folder: string;
  readonly config: Config;
  readonly agency: AgencySimulator;
  readonly printer: VirtualPrinter;
  readonly reader: FakeCardReader;
  readonly till: RunningTill;
  readonly store: TillStore;
  readonly pinPad: FakePinPad;
  readonly scanner: FakeScanner;
  readonly display: FakeCustomerDisplay;
  readonly keyStore: FakeKeyStore;
  /** The card in the reader, as the last `insert` made it. */
  readonly card: CardLike | undefined;
  /** Inserts a new card of the box, or one that was in before. */
  insert(card: TrainingCardId | CardLike): Promise<void>;
  pull(): void;
  /** Ends the till as a power cut does: nothing is awaited, the file is opened anew. */
  restart(whileStopped?: () => void | Promise<void>): Promise<void>;
  until(what: string, holds: (view: TillView) => boolean, withinMs?: number): Promise<TillView>;
  end(): Promise<void>;
}

export interface ShopOptions {
  readonly toml?: string;
  readonly requestLifeMs?: number;
  readonly answerTimeoutMs?: number;
  /** Where PINs are entered; default typed. With `pad` the pad is started. */
  readonly pin?: 'keyboard' | 'pad';
  readonly cashDrawer?: boolean;
  readonly proveWith?: 'agency' | 'module';
  /** Identity numbers by hand. */
  readonly identityNumber?: boolean;
  /** What the agency splits by; absent = the same documents as the till. */
  readonly agencyPolicies?: readonly Policy[];
  /** The agency hands out its catalogue tables, and the till may download them and sells by them. */
  readonly download?: true;
  /** How far the till's own clock is from this machine's; a test moves it. */
  readonly wall?: { aheadMs: number };
  /** The shop's list; absent = the starter list. */
  readonly products?: readonly Product[];
}

/** Starts a shop with an open shift of operator 0101 (PIN 1234; second person 0102, PIN 5678). */
export async function openShop(options: ShopOptions = {}): Promise<Shop> {
  const folder = mkdtempSync(join(tmpdir(), 'guitai-shop-'));
  const clock = systemClock;
  const agency = await startAgencySimulator({
    clock,
    catalog: agencyCatalog(),
    policies: options.agencyPolicies ?? trainingPolicies(),
    ...(options.download === true ? { goods: agencyGoods() } : {}),
  });
  const printer = await startVirtualPrinter({ port: 0, clock });
  const config = await shopConfig(options, agency.url, printer.port);
  const reader = new FakeCardReader({
    readers: [CARD, MODULE, SECOND],
    clock,
    transmitMs: 400,
    connectMs: 800,
  });
  reader.insert(MODULE, new VirtualPsam(trainingPsam()));
  await reader.start();
  const sources: { records?: Records } = {};
  const priced = pricedBy(config, options, () => sources.records);
  const { products } = options;
  const catalog =
    products === undefined ? starterCatalog(folder, priced) : openedCatalog(folder, products, priced);
  const devices = await counterDevices(options);
  const download = options.download === true;
  const { wall } = options;
  const start = { folder, config, reader, printer, catalog, devices, download, wall };
  let running = await startTill(start);
  sources.records = running;
  let card: CardLike | undefined;

  const shop: Shop = {
    folder,
    config,
    agency,
    printer,
    reader,
    ...devices,
    get card() {
      return card;
    },
    get till() {
      return running.till;
    },
    get store() {
      return running.store;
    },
    async insert(chosen) {
      const put = typeof chosen === 'string' ? makeTrainingCard(chosen) : chosen;
      card = put;
      reader.insert(CARD, put, { mute: put.atr.length === 0 });
      await shop.until('the card is read', ({ holder }) => ['identified', 'refused'].includes(holder.state));
    },
    pull: () => reader.pull(CARD),
    async restart(whileStopped) {
      await running.stop();
      await whileStopped?.();
      running = await startTill(start);
      sources.records = running;
    },
    until: (what, holds, withinMs) => until(running.till, what, holds, withinMs),
    async end() {
      await running.stop();
      catalog.close();
      await reader.stop();
      await printer.stop();
      await agency.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  const opened = await shop.till.openShift('0101');
  if (!opened.ok) throw new Error(opened.error.code);
  const enrolled = await shop.till.enrolKey(agency.control.issueEnrolmentCode());
  if (!enrolled.ok) throw new Error(enrolled.error.code);
  await shop.until('the blacklist is there', () => shop.store.blacklist() !== undefined);
  return shop;
}

type Records = Pick<Awaited<ReturnType<typeof startTill>>, 'store' | 'tables'>;

/** As the program wires it: confirmed and declined mappings count, and the agency's tables where they are there. */
function pricedBy(config: Config, options: ShopOptions, records: () => Records | undefined): CatalogOptions {
  return {
    today: () => businessDay(systemClock.nowMs()),
    region: config.shop.region,
    agency: () => (options.download === true ? records()?.tables.current() : undefined),
    mappedCode(shopCode) {
      const open = records();
      return open === undefined ? undefined : mappedCode(open.store, shopCode);
    },
  };
}

async function counterDevices(options: ShopOptions): Promise<CounterDevices> {
  const pinPad = new FakePinPad(systemClock);
  if (options.pin === 'pad') await pinPad.start();
  const scanner = new FakeScanner();
  await scanner.start();
  const display = new FakeCustomerDisplay(20, 'gb18030');
  await display.start();
  return { pinPad, scanner, display, keyStore: new FakeKeyStore({ clock: systemClock }) };
}

type CounterDevices = Pick<Shop, 'pinPad' | 'scanner' | 'display' | 'keyStore'>;

function counterToml(options: ShopOptions): string {
  const byHand = options.identityNumber === true;
  return `
    [pin]
    entry = "${options.pin ?? 'keyboard'}"
    [card]
    prove_with = "${options.proveWith ?? 'agency'}"
    [cash_drawer]
    connection = "${options.cashDrawer === true ? 'printer' : 'none'}"
    [credentials]
    identity_number = ${byHand}
    identity_number_basis = "${byHand ? 'test' : ''}"`;
}

async function shopConfig(options: ShopOptions, agencyUrl: string, printerPort: number): Promise<Config> {
  const toml = `
    [agency]
    answer_timeout_ms = ${options.answerTimeoutMs ?? 1500}
    request_life_ms = ${options.requestLifeMs ?? 300}
    [upload]
    random_start_seconds = 0
    ${counterToml(options)}
    [[operators]]
    number = "0101"
    name = "收银员甲"
    pin_hash = "${await pinHash('1234')}"
    [[operators]]
    number = "0102"
    name = "店长乙"
    role = "manager"
    pin_hash = "${await pinHash('5678')}"
    ${options.toml ?? '[offline]\nenabled = true\nbasis = "test"\n'}`;
  const parsed = parseConfig(toml, {
    GUITAI_AGENCY_URL: agencyUrl,
    GUITAI_PRINTER: `tcp://127.0.0.1:${printerPort}`,
  });
  if (!parsed.ok) throw new Error(parsed.error.detail);
  return parsed.value;
}

interface TillStart {
  readonly folder: string;
  readonly config: Config;
  readonly reader: CardReaderPort;
  readonly printer: VirtualPrinter;
  readonly catalog: Catalog;
  readonly devices: CounterDevices;
  readonly download: boolean;
  readonly wall: ShopOptions['wall'];
}

let nextId = 0;

async function startTill(start: TillStart) {
  const { folder, config, reader, printer, catalog, devices, download, wall } = start;
  const clock =
    wall === undefined ? systemClock : { ...systemClock, nowMs: () => systemClock.nowMs() + wall.aheadMs };
  const { keyStore, pinPad, scanner, display } = devices;
  const sealKey = keyStore.derive('records');
  const store = openTillStore({ folder, terminal: '01', clock, sealKey });
  if (!store.ok) throw new Error(store.error.code);
  const module = pcscSecurityModule({ readers: reader, isModuleSlot: (name) => name === MODULE });
  await module.start();
  const slips = openPrinter({ kind: 'tcp', host: '127.0.0.1', port: printer.port }, { clock });
  const silent = () => undefined;
  const tables = openAgencyCatalogInUse(store.value, folder, 3);
  const parts: CheckoutParts = {
    config,
    training: true,
    clock,
    random: Math.random,
    newId: () => {
      nextId += 1;
      return `sale-${process.pid}-${nextId}`;
    },
    store: store.value,
    agency: createAgencyClient({
      baseUrl: config.agency.url,
      institution: { code: config.shop.institution_code, name: config.shop.name },
      region: config.shop.region,
      deviceNumber: '01',
      timeouts: { connectMs: 1000, answerMs: config.agency.answer_timeout_ms },
      clock,
      messageIds: store.value,
    }),
    cardDesk: createCardDesk(reader, { useReaders: [CARD, SECOND] }),
    securityModule: module,
    catalog: () => catalog,
    useCatalog: () => ok(undefined),
    agencyCatalog: tables.current,
    useAgencyCatalog: tables.use,
    ...(download ? { downloader: agencyDownloader(folder, tables) } : {}),
    policies: trainingPolicies(),
    printer: slips,
    keyStore,
    pinPads: [pinPad],
    scanners: [scanner],
    displays: [display],
    carry: {
      medium: realMedium,
      hasBook: () => existsSync(join(folder, 'carried', recordsFile)),
      openBook: () => openTillStore({ folder: join(folder, 'carried'), terminal: '01', clock, sealKey }),
    },
    log: { info: silent, warn: silent, error: silent },
  };
  const till = createTill(parts);
  till.start();
  const stop = async () => {
    await till.stop();
    await module.stop();
    await slips.close();
    tables.close();
    store.value.close();
  };
  return { till, store: store.value, tables, stop };
}

function until(
  till: RunningTill,
  what: string,
  holds: (view: TillView) => boolean,
  withinMs = 8_000,
): Promise<TillView> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const view = till.view();
      if (!holds(view)) return;
      finish();
      resolve(view);
    };
    const timer = setTimeout(() => {
      finish();
      const { holder, sale, connectivity, pending } = till.view();
      reject(
        new Error(
          `${what}: not within ${withinMs} ms; ${JSON.stringify({ holder, sale, connectivity, pending })}`,
        ),
      );
    }, withinMs);
    const stop = till.subscribe(look);
    const finish = () => {
      clearTimeout(timer);
      stop();
    };
    look();
  });
}
