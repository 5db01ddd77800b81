import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { starterFile } from '#catalog/starter';
import { catalogInUse } from '#checkout/catalog-switch';
import { hashPin } from '#checkout/operators';
import { systemClock } from '#core/clock';
import type { Config } from '#core/config/schema';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import type { TrainingShop } from '#core/training';
import { FakeCardReader } from '#drivers/card-reader/fake';
import { PcscCardReader } from '#drivers/card-reader/pcsc';
import type { CardReaderPort } from '#drivers/card-reader/port';
import { cablePinPad } from '#drivers/pin-pad/serial';
import { memoryCable } from '#drivers/serial/memory';
import type { AgencySimulator } from '#simulators/agency/simulator';
import { startAgencySimulator } from '#simulators/agency/simulator';
import { inProcessSlot, virtualReaderSlot } from '#simulators/card-slots';
import { VirtualPsam } from '#simulators/cards/psam';
import { trainingPsam } from '#simulators/cards/training-psam';
import type { PcscdAvailability } from '#simulators/pcscd';
import { pcscdAvailable, startPrivatePcscd } from '#simulators/pcscd';
import { VirtualPinPad } from '#simulators/pin-pad/virtual-pad';
import { startVirtualPrinter } from '#simulators/printer/server';
import type { CardSlot } from '#simulators/training-shop';
import { createTrainingShop } from '#simulators/training-shop';
import { importCatalog, useCatalogOffline } from './catalog.ts';
import { noCounterDevices } from './devices.ts';
import { tillPolicies } from './policies.ts';
import { makeFolder, openRecords } from './records.ts';
import { assemble, openConfiguredPrinter, type RunningShop, type ShopSettings } from './shop.ts';
import { agencyCatalog, agencyDiseases, agencyGoods } from './training-goods.ts';

const CARD_SLOT = '00 00';
const MODULE_SLOT = '00 01';

export interface RunningTrainingShop extends RunningShop {
  readonly training: TrainingShop;
  readonly agency: AgencySimulator;
  readonly operators: readonly { readonly number: string; readonly name: string; readonly pin: string }[];
  /** Absent = virtual cards go through the card service; else why the in-process reader is used. */
  readonly inProcessReader: string | undefined;
}

export interface TrainingOptions {
  /** PINs go to a virtual PIN pad on the training page instead of the screen's keyboard. */
  readonly pinPad?: boolean;
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
export async function startTrainingShop(
  settings: ShopSettings,
  options: TrainingOptions = {},
): Promise<Result<RunningTrainingShop, Fault>> {
  const endings = new Endings();
  const clock = systemClock;
  const { folder } = settings;
  const made = makeFolder(folder);
  if (!made.ok) return made;
  const simulated = await startAgency(settings);
  if (!simulated.ok) return simulated;
  const agency = simulated.value;
  endings.add(() => agency.stop());
  const printer = await startVirtualPrinter({ port: 0, clock });
  endings.add(() => printer.stop());
  const pad = options.pinPad === true ? trainingPad() : undefined;
  const config = await trainingConfig(settings.config, {
    // Thrown away with the shop's data: a till that is made anew must not be held against the one before.
    anchorFolder: join(folder, 'anchors'),
    agencyUrl: agency.url,
    printer: `tcp://127.0.0.1:${printer.port}`,
    pinEntry: pad === undefined ? 'keyboard' : 'pad',
  });
  const reader = await trainingReader(folder, endings);
  const training = createTrainingShop({
    slot: reader.slot,
    agency: agency.control,
    printer,
    ...(pad === undefined ? {} : { pinPad: pad }),
  });
  const prepared = await prepareStarterCatalog(folder, config);
  if (!prepared.ok) {
    await endings.run();
    return prepared;
  }
  const opened = openConfiguredPrinter(config);
  const shop = opened.ok
    ? await assemble(
        { ...settings, config },
        {
          readers: reader.readers,
          cardReaders: [CARD_SLOT],
          moduleReader: MODULE_SLOT,
          printer: opened.value,
          counter: { ...noCounterDevices, pinPads: pad === undefined ? [] : [pad.driver] },
        },
        { training, pinHints: TRAINING_OPERATORS.map(({ number, pin }) => ({ number, pin })) },
      )
    : opened;
  if (!shop.ok) {
    await endings.run();
    return shop;
  }
  // Only now are the readers watched, so that the module is seen to be there.
  await reader.module.insert(new VirtualPsam(trainingPsam({ terminalSequence: sequenceOfToday() })));
  enrolByItself(shop.value.till, agency);
  const stop = async () => {
    await shop.value.stop();
    await endings.run();
  };
  const operators = TRAINING_OPERATORS.map(({ number, name, pin }) => ({ number, name, pin }));
  return ok({ ...shop.value, stop, training, agency, operators, inProcessReader: reader.inProcess });
}

/** It knows the starter list and the documents by which the till splits, and reads both in its own way. */
async function startAgency({ config, folder }: ShopSettings): Promise<Result<AgencySimulator, Fault>> {
  const { region, level, kind } = config.shop;
  const policies = tillPolicies({ region, training: true, folder: config.policies.folder });
  if (!policies.ok) return policies;
  return ok(
    await startAgencySimulator({
      clock: systemClock,
      catalog: agencyCatalog(),
      goods: agencyGoods(),
      rows: agencyDiseases(),
      policies: policies.value,
      served: { level, kind },
      database: join(folder, 'agency.db'),
    }),
  );
}

/**
 * A real module counts on over the years; this one is made anew at every start, and the simulated agency
 * remembers what it was sent. Seconds make a beginning that was never reached before.
 */
function sequenceOfToday(): number {
  return Math.floor((systemClock.nowMs() - Date.UTC(2026, 0, 1)) / 1000);
}

/** With the first shift the terminal's key is made known to the simulated agency: nobody has to type a code. */
function enrolByItself(till: RunningShop['till'], agency: AgencySimulator): void {
  let asked = false;
  till.subscribe(() => {
    if (asked || till.view().shift.state !== 'open') return;
    asked = true;
    const isKnown = till.terminalKeys().some(({ state }) => state === 'enrolled');
    if (!isKnown) void till.enrolKey(agency.control.issueEnrolmentCode());
  });
}

/** A virtual pad and the driver on the other end of its cable; the transport key lives for this run only. */
function trainingPad() {
  const transportKey = Uint8Array.from(randomBytes(16));
  const pad = new VirtualPinPad({ transportKey, clock: systemClock });
  const cable = memoryCable((send) => pad.connect(send));
  const driver = cablePinPad({
    opener: cable.opener,
    address: 'training-pad',
    key: transportKey,
    clock: systemClock,
  });
  return { pad, driver, setPlugged: (plugged: boolean) => cable.setPlugged(plugged) };
}

async function trainingConfig(
  config: Config,
  simulated: {
    readonly agencyUrl: string;
    readonly anchorFolder: string;
    readonly printer: string;
    readonly pinEntry: Config['pin']['entry'];
  },
): Promise<Config> {
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
    // A schedule for the real shop's records is none for these.
    backup: { every_hours: config.backup.every_hours, keep: config.backup.keep },
    shop: { ...config.shop, name: '示例大药房（训练）' },
    agency: { ...config.agency, url: simulated.agencyUrl, answer_timeout_ms: 8_000, request_life_ms: 20_000 },
    printer: { ...config.printer, address: simulated.printer, profile: '' },
    pin: { ...config.pin, entry: simulated.pinEntry },
    journal: { ...config.journal, anchor_folder: simulated.anchorFolder },
    cash_drawer: { connection: 'printer' },
    credentials: {
      ...config.credentials,
      identity_number: true,
      identity_number_basis: '训练用文件（无效力）',
    },
    offline: { ...config.offline, enabled: true, basis: '训练用文件（无效力）' },
    // One terminal, and somebody who watches: nobody is to be spared.
    upload: { ...config.upload, random_start_seconds: 0 },
    operators,
  };
}

interface TrainingReader {
  readonly readers: CardReaderPort;
  /** Where the customers' cards go, and where the security module lies. */
  readonly slot: CardSlot;
  readonly module: CardSlot;
  readonly inProcess: string | undefined;
}

/** A private card service with two virtual slots; without one, the in-process reader. */
async function trainingReader(folder: string, endings: Endings): Promise<TrainingReader> {
  const clock = systemClock;
  const missing = missingBinding() ?? missingPackages(pcscdAvailable());
  const cardName = `Training Reader ${CARD_SLOT}`;
  const moduleName = `Training Reader ${MODULE_SLOT}`;
  if (missing !== undefined) {
    const reader = new FakeCardReader({ readers: [cardName, moduleName], clock });
    const slots = { slot: inProcessSlot(reader, cardName), module: inProcessSlot(reader, moduleName) };
    return { readers: reader, ...slots, inProcess: missing };
  }
  const service = await startPrivatePcscd({ folder: join(folder, 'pcscd') });
  endings.add(() => service.stop());
  const { channelPort } = service;
  const readers = new PcscCardReader({ clock, env: { ...service.env } });
  const slot = virtualReaderSlot(readers, CARD_SLOT, channelPort, clock);
  endings.add(() => slot.remove());
  const module = virtualReaderSlot(readers, MODULE_SLOT, channelPort + 1, clock);
  endings.add(() => module.remove());
  return { readers, slot, module, inProcess: undefined };
}

function missingBinding(): string | undefined {
  const require = createRequire(import.meta.url);
  try {
    require.resolve('pcsclite');
  } catch {
    return 'npm package pcsclite (needs libpcsclite-dev and a compiler)';
  }
  try {
    // Loaded and not only found: its binary is a package of its own, and some machines have none.
    require('koffi');
  } catch {
    return 'npm package koffi (has no binary for this machine)';
  }
  return undefined;
}

function missingPackages(available: PcscdAvailability): string | undefined {
  return available.ok ? undefined : available.missing.join(', ');
}

/** First start: the starter list becomes the catalogue in use. */
async function prepareStarterCatalog(folder: string, config: Config): Promise<Result<void, Fault>> {
  const place = { config, folder };
  const records = await openRecords(place);
  if (!records.ok) return records;
  const inUse = catalogInUse(records.value.store, folder);
  await records.value.close();
  if (inUse) return ok(undefined);
  const built = await importCatalog(folder, starterFile());
  if (!built.ok) return err(built.error.fault ?? fault('catalog-none'));
  return useCatalogOffline(place, built.value.version);
}
