import type { Clock } from '#core/clock';
import type { BenefitCase } from '#core/domain/benefit';
import type { Policy } from '#core/policy';
import { expectedModuleMac, expectedTac } from '../cards/offline-codes.ts';
import { testRootKeys } from '../cards/test-root-keys.ts';
import { BlacklistRegister } from './blacklist.ts';
import { CatalogueControl } from './catalogue/control.ts';
import { entryOf, type Goods, type NewRow, rowsOf } from './catalogue/goods.ts';
import { InsuredGoods } from './catalogue/insured-goods.ts';
import { CatalogueRegister } from './catalogue/register.ts';
import { CertificateRegister } from './certificates.ts';
import type { Institution } from './check.ts';
import type { AgencyBehaviour, AgencyContext, HsmKeys } from './context.ts';
import { AgencyControl } from './control.ts';
import { startControlServer } from './control-server.ts';
import { type AgencyDatabase, openAgencyDatabase } from './database.ts';
import { FaultBoard } from './faults.ts';
import { AgencyGateway } from './gateway.ts';
import { HeldRequests } from './held.ts';
import { AgencyLedger } from './ledger.ts';
import { AgencyLink } from './link.ts';
import { type OfflineCodes, OfflineSales } from './offline-sales.ts';
import type { InsuredPerson } from './person.ts';
import type { CatalogEntry } from './policy.ts';
import { TerminalKeyRegister } from './terminal-keys.ts';
import { trainingInsuredPersons } from './training-persons.ts';
import { type XTifAccount, XTifGuard } from './x-tif.ts';

export interface AgencySimulatorOptions {
  readonly clock: Clock;
  /** 0 (default) = any free port. */
  readonly port?: number;
  readonly controlPort?: number;
  /** SQLite file that survives a restart, or `:memory:` (default). */
  readonly database?: string;
  /** Default: the training region's persons. Balances already in the database win. */
  readonly persons?: Iterable<InsuredPerson>;
  /** What is insured; a national code outside it is own pay. Ratios 10⁻⁴, ceilings 10⁻⁶ yuan. */
  readonly catalog?: Iterable<CatalogEntry>;
  /**
   * Goods of the national catalogues with class, share and ceiling: the tables of 1301–1319 are made of them, and
   * without `catalog` settlement goes by them too. What control changed in the database wins.
   */
  readonly goods?: Iterable<Goods>;
  /** Further rows of those tables, for example diagnoses. */
  readonly rows?: Iterable<NewRow>;
  /** Own region (统筹区) of the agency; default the training region 990100. */
  readonly region?: string;
  /** Policy documents (待遇政策) by which it settles, chosen by region, scheme, visit, person and day. */
  readonly policies: readonly Policy[];
  /** Level and kind of the institutions that it serves; default a pharmacy, which counts as `community`. */
  readonly served?: BenefitCase['institution'];
  /** Only this institution is served; default any. */
  readonly institution?: Institution;
  /** When given, every call must carry right x-tif headers. */
  readonly xTif?: XTifAccount;
  readonly hsm?: HsmKeys;
  /** How TAC and module code of an offline sale are computed; default by the test root keys. */
  readonly offlineCodes?: OfflineCodes;
  /** One-time codes for a first terminal key that exist from the start; control makes more. */
  readonly enrolmentCodes?: readonly string[];
  readonly behaviour?: Partial<AgencyBehaviour>;
}

export interface AgencySimulator {
  /** `http://127.0.0.1:PORT`, without the transaction paths. */
  readonly url: string;
  readonly port: number;
  readonly controlUrl: string;
  readonly control: AgencyControl;
  /** Ends everything it started; the database file stays. */
  stop(): Promise<void>;
}

/** Since when the goods of a start stand on the lists. */
const LISTED_FROM = '2025-01-01';

const defaultBehaviour: AgencyBehaviour = {
  refuseUnknownReversal: false,
  resultRows: 'differing',
  requireSignIn: true,
  requireOfflineProof: true,
};

/** The agency's encryption machine holds the roots of all test cards and modules. */
const byTestRoots: OfflineCodes = {
  cardTac: (proof, type) => expectedTac({ ...proof, type }),
  moduleMac: (proof, factor) => expectedModuleMac({ ...proof, factor }),
};

/**
 * Starts an agency (医保中心) of its own on 127.0.0.1: accounts, policy, ledger and strict checks, switched and
 * looked into by its control. Rejects when a port is taken or the database cannot be opened.
 */
export async function startAgencySimulator(options: AgencySimulatorOptions): Promise<AgencySimulator> {
  const { context, catalogue } = createContext(options);
  const guard = options.xTif === undefined ? undefined : new XTifGuard(options.xTif);
  const faults = new FaultBoard();
  const gateway = new AgencyGateway(context, options.institution, guard, (messageId) =>
    held.release(messageId),
  );
  const held = new HeldRequests(context.database, options.clock, (infno, body) =>
    gateway.handle(infno, body),
  );
  const link = new AgencyLink(gateway, faults, held, options.clock);
  const control = new AgencyControl(context, { gateway, faults, held, link, catalogue });
  try {
    await link.open(options.port ?? 0);
    const controlServer = await startControlServer(control, options.controlPort ?? 0);
    return {
      url: `http://127.0.0.1:${link.port}`,
      port: link.port,
      controlUrl: `http://127.0.0.1:${controlServer.port}/control`,
      control,
      async stop() {
        held.stop();
        await link.stop();
        await controlServer.stop();
        context.database.close();
      },
    };
  } catch (error) {
    await link.stop();
    context.database.close();
    throw error;
  }
}

/** State and books of an agency without any line to it: for worlds that carry the messages themselves. */
export function createContext(options: AgencySimulatorOptions): {
  readonly context: AgencyContext;
  readonly catalogue: CatalogueControl;
} {
  const database = openAgencyDatabase(options.database ?? ':memory:');
  const ledger = new AgencyLedger(database);
  const persons = [...(options.persons ?? trainingInsuredPersons)];
  for (const person of persons) {
    ledger.openAccount(person.personNumber, person.openingBalance, person.relativeAccount ?? 0n);
  }
  const keys = new TerminalKeyRegister(database, options.clock);
  for (const code of options.enrolmentCodes ?? []) keys.addCode(code);
  const { clock } = options;
  const tables = openCatalogue(options, database);
  const context: AgencyContext = {
    clock,
    database,
    ledger,
    persons: new Map(persons.map((person) => [person.personNumber, person])),
    catalog: tables.goods,
    catalogue: tables.register,
    region: tables.region,
    policies: options.policies,
    served: options.served ?? { level: 'community', kind: 'pharmacy' },
    behaviour: { ...defaultBehaviour, ...options.behaviour },
    hsm: options.hsm ?? { internal: testRootKeys.IRK, reading: testRootKeys.RKSSSE },
    certificates: new CertificateRegister(database, options.clock),
    keys,
    blacklist: new BlacklistRegister(database, options.clock),
    offline: new OfflineSales(database),
    offlineCodes: options.offlineCodes ?? byTestRoots,
  };
  return { context, catalogue: new CatalogueControl({ ...tables, clock }) };
}

/** Tables for the shops and entries for settlement, from the same goods. */
function openCatalogue(options: AgencySimulatorOptions, database: AgencyDatabase) {
  const region = options.region ?? '990100';
  const listed = [...(options.goods ?? [])];
  const register = new CatalogueRegister(database, options.clock);
  register.seed([
    ...listed.flatMap((each) => rowsOf(each, region, each.from ?? LISTED_FROM)),
    ...(options.rows ?? []),
  ]);
  const goods = new InsuredGoods(options.catalog ?? listed.map(entryOf), database, options.clock);
  return { region, register, goods };
}
