import { createAgencyClient } from '#agency/client';
import type { AgencyPort } from '#agency/port';
import type { CheckoutParts, Log } from '#checkout/parts';
import { createTill, type RunningTill } from '#checkout/till';
import type { Clock } from '#core/clock';
import { ok } from '#core/result';
import { createCardDesk } from '#drivers/card-reader/desk';
import { FakeCardReader } from '#drivers/card-reader/fake';
import type { CardDesk, CardLike } from '#drivers/card-reader/port';
import type { FakeKeyStore } from '#drivers/key-store/fake';
import type { PrinterPort } from '#drivers/printer/port';
import { FakeSecurityModule } from '#drivers/security-module/fake';
import { openTillStore } from '#store/open';
import type { TillStore } from '#store/port';
import type { WorldClock } from './clock.ts';
import type { Disk, DiskImage } from './disk.ts';
import type { Ground } from './ground.ts';
import { Crashed, type CrashPlan, Machine } from './machine.ts';
import { ReadMemory } from './memory.ts';
import type { Network } from './network.ts';
import type { WorldPrinter } from './printer.ts';
import type { SeededRandom } from './random.ts';
import { intercept, storeOnMachine, WRITES } from './store.ts';

const READER = 'Slot 00 00';

/** A deliberate bug: what it puts between the till and its ports. */
export interface Bugged {
  store?(store: TillStore): TillStore;
  agency?(agency: AgencyPort): AgencyPort;
  cardDesk?(desk: CardDesk): CardDesk;
  printer?(printer: PrinterPort): PrinterPort;
  /** The files with which a machine comes back, instead of those that its writes had left. */
  afterPowerCut?(image: DiskImage): DiskImage;
  /** The records as the checks see them: for bugs of the files themselves. */
  records?(records: TillStore): TillStore;
  /** Before every write; `read` gives the files as they are. */
  onWrite?(read: () => DiskImage): void;
}

/** What lies outside the machine and outlives it. */
export interface Surroundings {
  readonly ground: Ground;
  readonly clock: WorldClock;
  readonly disk: Disk;
  readonly network: Network;
  readonly printer: WorldPrinter;
  readonly keyStore: FakeKeyStore;
  readonly module: CardLike;
  readonly random: SeededRandom;
  readonly bugged: Bugged;
  readonly newId: () => string;
  readonly log: Log;
  readonly onDeath: (where: string, how: string) => void;
}

/** One run of the till's program, from its start to its end or its death. */
export interface Run {
  readonly till: RunningTill;
  /** The records as they are, without anybody between: for the checks. */
  readonly records: TillStore;
  readonly machine: Machine;
  setModule(isIn: boolean): void;
  insert(card: CardLike): void;
  pull(): void;
  /** Ends in good order; resolves when everything on its way is recorded. */
  stop(): Promise<void>;
}

export class Shop {
  readonly #around: Surroundings;
  #run: Run | undefined;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** The run of the program; undefined while the machine is off. */
  get run(): Run | undefined {
    return this.#run?.machine.isAlive === true ? this.#run : undefined;
  }

  /** Starts the program as a new process would: from the files alone. `crash` hits it while it starts. */
  async boot(crash?: CrashPlan): Promise<Run> {
    const around = this.#around;
    const { ground, disk, clock, bugged, random } = around;
    let torn: DiskImage | undefined;
    let ended: () => void = () => undefined;
    const machine = new Machine((where, how) => {
      const left = torn ?? disk.read();
      ended();
      disk.write(bugged.afterPowerCut?.(left) ?? left);
      around.onDeath(where, how);
    });
    const time = clock.process(() => machine.isAlive);
    const sealKey = around.keyStore.derive('records');
    const opened = openTillStore({ folder: disk.folder, terminal: '01', clock: time, sealKey });
    if (!opened.ok)
      throw new Error(`the records do not open: ${opened.error.code} ${opened.error.detail ?? ''}`);
    const records = opened.value;
    const reader = new FakeCardReader({ readers: [READER], clock: time });
    await reader.start();
    const module = new FakeSecurityModule();
    await module.start();
    module.insert(around.module);
    ended = () => {
      void reader.stop();
      void module.stop();
      records.close();
    };
    const memory = new ReadMemory();
    const onTorn = (image: DiskImage): void => {
      torn = image;
    };
    const onMachine = storeOnMachine(records, { machine, disk, random, memory, onTorn });
    const looked = intercept<TillStore>(records, (name, call, args) => memory.read(name, args, call));
    const heard =
      bugged.onWrite === undefined
        ? onMachine
        : listening(onMachine, () => bugged.onWrite?.(() => disk.read()));
    const store = bugged.store?.(heard) ?? heard;
    const parts = this.#parts(store, time, machine, reader, module);
    const till = createTill({ ...parts, config: ground.config });
    machine.plan(crash);
    try {
      till.start();
    } catch (error) {
      if (!(error instanceof Crashed)) {
        machine.end();
        ended();
        throw error;
      }
    }
    const stop = async (): Promise<void> => {
      await till.stop();
      machine.check();
      machine.end();
      ended();
    };
    const checked = bugged.records?.(looked) ?? looked;
    const run: Run = { till, records: checked, machine, ...hands(reader, module, around.module), stop };
    this.#run = run;
    return run;
  }

  #parts(
    store: TillStore,
    clock: Clock,
    machine: Machine,
    reader: FakeCardReader,
    securityModule: FakeSecurityModule,
  ): Omit<CheckoutParts, 'config'> {
    const { ground, network, printer, keyStore, random, newId, log, bugged } = this.#around;
    const { shop, agency: line } = ground.config;
    const agency = createAgencyClient({
      baseUrl: line.url,
      institution: { code: shop.institution_code, name: shop.name },
      region: shop.region,
      deviceNumber: '01',
      timeouts: { connectMs: line.connect_timeout_ms, answerMs: line.answer_timeout_ms },
      clock,
      messageIds: store,
      link: network.link(machine),
    });
    const desk = createCardDesk(reader);
    const port = printer.port(machine);
    return {
      training: true,
      clock,
      random: () => random.next(),
      newId,
      store,
      agency: bugged.agency?.(agency) ?? agency,
      cardDesk: bugged.cardDesk?.(desk) ?? desk,
      securityModule,
      catalog: () => ground.catalog,
      useCatalog: () => ok(undefined),
      agencyCatalog: () => undefined,
      useAgencyCatalog: () => ok(undefined),
      policies: ground.policies,
      printer: bugged.printer?.(port) ?? port,
      keyStore,
      pinPads: [],
      scanners: [],
      displays: [],
      log,
    };
  }
}

function listening(store: TillStore, onWrite: () => void): TillStore {
  return intercept(store, (name, call) => {
    if (WRITES.has(name)) onWrite();
    return call();
  });
}

/** What people do to reader and module. */
function hands(
  reader: FakeCardReader,
  module: FakeSecurityModule,
  psam: CardLike,
): Pick<Run, 'insert' | 'pull' | 'setModule'> {
  let isModuleIn = true;
  return {
    insert: (card) => reader.insert(READER, card),
    pull: () => reader.pull(READER),
    setModule(isIn) {
      if (isIn && !isModuleIn) module.insert(psam);
      if (!isIn) module.pull();
      isModuleIn = isIn;
    },
  };
}
