import crypto from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Catalog, createCatalog } from '#catalog/catalog';
import { searchKeys } from '#catalog/search/search-keys';
import { starterProducts } from '#catalog/starter';
import { hashPin } from '#checkout/operators';
import { assert } from '#core/assert';
import { parseConfig } from '#core/config/parse';
import type { Config } from '#core/config/schema';
import type { Product } from '#core/domain/product';
import type { Policy } from '#core/policy';
import type { CatalogEntry } from '#simulators/agency/policy';
import { openCatalogVersion } from '#store/catalog/open';
import { writeCatalog } from '#store/catalog/write-catalog';
import { trainingPolicies } from '../policies.ts';
import { agencyCatalog } from '../training-goods.ts';
import { Crashed } from './machine.ts';

/** What all worlds of one process share and none changes: catalogue, policies, configuration. */
export interface Ground {
  /** Folder for the worlds' disks, in memory where the machine has such a place. */
  readonly folder: string;
  readonly config: Config;
  readonly catalog: Catalog;
  readonly products: readonly Product[];
  readonly policies: readonly Policy[];
  readonly agencyCatalog: readonly CatalogEntry[];
  /** Hears what would have ended the program: an error that nobody caught. */
  onUncaught: (error: unknown) => void;
  close(): void;
}

export const operatorPins = { cashier: ['0101', '1234'], manager: ['0102', '5678'] } as const;

const MEMORY_FOLDER = '/dev/shm';

/** Prepares the ground; `close` gives the process back as it was. */
export async function openGround(): Promise<Ground> {
  const place = existsSync(MEMORY_FOLDER) ? MEMORY_FOLDER : tmpdir();
  const folder = mkdtempSync(join(place, 'guitai-world-'));
  const giveBackScrypt = rememberScrypt();
  const config = await shopConfig();
  // A few dozen goods of every class: building the whole list's index would take longer than a world.
  const products = starterProducts().filter((_product, place) => place % 9 === 0);
  const file = join(folder, 'catalogue.db');
  const writer = writeCatalog(join(folder, 'catalogue.building'), file, searchKeys);
  for (const product of products) writer.add(product);
  writer.finish({ version: 'world', importedAtMs: 0, source: 'starter' });
  const opened = openCatalogVersion(file);
  assert(opened.ok, 'the starter catalogue opens');
  const catalog = createCatalog(opened.value);
  const ground: Ground = {
    folder,
    config,
    catalog,
    products,
    policies: trainingPolicies(),
    agencyCatalog: agencyCatalog(),
    onUncaught: () => undefined,
    close: () => undefined,
  };
  const giveBackErrors = takeUncaught((error) => ground.onUncaught(error));
  ground.close = () => {
    giveBackErrors();
    giveBackScrypt();
    catalog.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return ground;
}

/** The budgets are small, so that a world reaches them. */
async function shopConfig(): Promise<Config> {
  const [cashier, cashierPin] = operatorPins.cashier;
  const [manager, managerPin] = operatorPins.manager;
  const toml = `
    [pin]
    entry = "keyboard"
    [limits]
    account_per_sale = "400.00"
    account_per_day = "1500.00"
    [offline]
    enabled = true
    basis = "simulated region"
    per_sale = "100.00"
    per_card = "150.00"
    per_terminal = "400.00"
    data_age_max_hours = 720
    blacklist_age_max_hours = 720
    [[operators]]
    number = "${cashier}"
    name = "收银员甲"
    pin_hash = "${await hashPin(cashierPin)}"
    [[operators]]
    number = "${manager}"
    name = "店长乙"
    role = "manager"
    pin_hash = "${await hashPin(managerPin)}"`;
  const parsed = parseConfig(toml, { GUITAI_AGENCY_URL: 'http://127.0.0.1:1' });
  assert(parsed.ok, 'the configuration of a world is right');
  return parsed.value;
}

/**
 * A PIN's digest costs 50 ms by design, in threads that no seed rules. Here each is computed once, so that the
 * same world takes the same course and a hundred thousand sales take no hours.
 */
function rememberScrypt(): () => void {
  const original = crypto.scrypt;
  const known = new Map<string, Buffer>();
  type Done = (error: Error | null, key: Buffer) => void;
  const remembering = (pin: string, salt: Buffer, bytes: number, done: Done): void => {
    const name = `${pin} ${salt.toString('hex')} ${bytes}`;
    const key = known.get(name) ?? crypto.scryptSync(pin, salt, bytes);
    known.set(name, key);
    queueMicrotask(() => done(null, Buffer.from(key)));
  };
  crypto.scrypt = remembering as typeof crypto.scrypt;
  syncBuiltinESMExports();
  return () => {
    crypto.scrypt = original;
    syncBuiltinESMExports();
  };
}

/** An error that nobody catches ends a real program; here it is a finding, unless its machine is dead anyway. */
function takeUncaught(heard: (error: unknown) => void): () => void {
  const events = ['unhandledRejection', 'uncaughtException'] as const;
  const before = events.map((event) => ({
    event,
    listeners: process.listeners(event as 'uncaughtException'),
  }));
  const listener = (error: unknown): void => {
    if (!(error instanceof Crashed)) heard(error);
  };
  for (const event of events) {
    process.removeAllListeners(event);
    process.on(event, listener);
  }
  return () => {
    for (const { event, listeners } of before) {
      process.removeAllListeners(event);
      for (const each of listeners) process.on(event, each);
    }
  };
}
