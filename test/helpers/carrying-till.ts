import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CarryDesk } from '#checkout/carry/desk';
import { parseConfig } from '#core/config/parse';
import type { ClearingKey, Sale } from '#core/domain/sale';
import type { Fault } from '#core/fault';
import type { ManualClock } from '#core/manual-clock';
import type { Result } from '#core/result';
import type { FakeKeyStore } from '#drivers/key-store/fake';
import { type Medium, realMedium } from '#store/carry/medium';
import { openTillStore, recordsFile } from '#store/open';
import { offlineAuthorised } from '#store/records/offline';
import type { SqliteStore } from '#store/sqlite-store';
import { createSync, type Sync, type SyncConfig } from '#sync/sync';
import type { ScriptedAgency } from './scripted-agency.ts';
import { ProcessClock, requestLifeMs } from './till-process.ts';
import {
  cashier,
  institution,
  openSale,
  openStore,
  proofOf,
  requestOf,
  testSealKey,
  wideLimits,
} from './till-records.ts';

export interface CarryTillOptions {
  readonly folder: string;
  readonly terminal: string;
  readonly clock: ManualClock;
  readonly agency: ScriptedAgency;
  readonly keyStore: FakeKeyStore;
  readonly partners: readonly { readonly terminal: string; readonly publicKey: string }[];
  readonly institution?: string;
  readonly usable?: boolean;
  readonly medium?: Medium;
  /** Clearing keys that the till knows from elsewhere. */
  readonly clearing?: readonly ClearingKey[];
}

/** Records, uploads and carry desk of one till as one process holds them; `kill` ends it at any point. */
export class CarryingTill {
  readonly store: SqliteStore;
  readonly sync: Sync;
  readonly desk: CarryDesk;
  readonly errors: string[] = [];
  usable: boolean;
  readonly #clock: ProcessClock;

  constructor(options: CarryTillOptions) {
    const { folder, terminal, agency, keyStore } = options;
    this.#clock = new ProcessClock(options.clock);
    this.usable = options.usable ?? true;
    mkdirSync(folder, { recursive: true });
    this.store = openStore(folder, this.#clock, { terminal });
    const book = join(folder, 'carried');
    const base: SyncConfig = {
      store: this.store,
      agency,
      clock: this.#clock,
      context: () => ({ operator: cashier, signInNumber: '900100' }),
      link: { usable: () => this.usable, report: () => undefined },
      options: { requestLifeMs, random: () => 0.5, uploadRandomStartMs: 0, clearing: options.clearing ?? [] },
      knownElsewhere: (messageId) => this.desk.knows(messageId),
      onChange: () => undefined,
      log: {
        info: () => undefined,
        warn: () => undefined,
        error: (facts, text) => void this.errors.push(`${text} ${JSON.stringify(facts)}`),
      },
    };
    this.sync = createSync(base);
    this.desk = new CarryDesk(
      {
        store: this.store,
        keyStore,
        clock: this.#clock,
        config: configOf(options),
        medium: options.medium ?? realMedium,
        randomMark: () => 'A1B2',
        operator: () => cashier.number,
      },
      {
        medium: options.medium ?? realMedium,
        hasBook: () => existsSync(join(book, recordsFile)),
        openBook: () => openTillStore({ folder: book, terminal, clock: this.#clock, sealKey: testSealKey }),
      },
      (store, { mayUpload, knownElsewhere, maySend }) =>
        createSync({
          ...base,
          store,
          mayUpload,
          knownElsewhere,
          link: { usable: () => this.usable && maySend(), report: () => undefined },
        }),
      { busy: (saleId) => this.sync.busy(saleId), newId: () => `book-${terminal}-${options.clock.nowMs()}` },
    );
    this.desk.start({ error: (facts) => void this.errors.push(JSON.stringify(facts)) });
    this.sync.start();
  }

  /** The book of carried sales, which must be open. */
  get book(): SqliteStore {
    const store = this.desk.book.opened()?.store;
    if (store === undefined) throw new Error('the book is open');
    return store as SqliteStore;
  }

  /** As `kill -9`: nothing is awaited, nothing more is written. */
  kill(): void {
    this.#clock.dead = true;
    this.desk.book.opened()?.store.close();
    this.store.close();
  }

  sell(lane: string, more: Partial<Sale> = {}): string {
    const nowMs = this.#clock.nowMs();
    const sale = openSale(this.store, nowMs, { mode: 'offline', ...more });
    const step = { sale, nowMs, operator: cashier.number };
    const proof = proofOf(sale, lane);
    this.store.commit(
      offlineAuthorised({ ...step, request: requestOf(sale), lane, proof, facts: {}, limits: wideLimits }),
    );
    return sale.saleId;
  }

  number(saleId: string): string {
    return this.store.sale(saleId)?.saleNumber ?? '';
  }

  states(saleIds: readonly string[]): readonly (string | undefined)[] {
    return saleIds.map((saleId) => this.store.upload(saleId)?.state);
  }
}

function configOf({ terminal, partners, institution: code = institution }: CarryTillOptions) {
  const rows = partners.map(
    (one) => `[[carry.partners]]\nterminal = "${one.terminal}"\npublic_key = "${one.publicKey}"\n`,
  );
  const parsed = parseConfig(
    `[shop]\ninstitution_code = "${code}"\nterminal = "${terminal}"\n${rows.join('')}`,
    {},
  );
  if (!parsed.ok) throw new Error(parsed.error.detail);
  return parsed.value;
}

export function publicKeyOf(keyStore: FakeKeyStore): string {
  return keyStore.current()?.publicKey ?? '';
}

export function codeOf(result: Result<unknown, Fault>): string {
  return result.ok ? 'ok' : result.error.code;
}

export function wellOf<T>(result: Result<T, Fault>): T {
  if (!result.ok) throw new Error(`${result.error.code} ${result.error.detail ?? ''}`);
  return result.value;
}

/** The only carry file on a medium. */
export function onlyFile(folder: string): string {
  const names = readdirSync(folder);
  if (names.length !== 1) throw new Error(`one file: ${names.join(' ')}`);
  return join(folder, names[0] ?? '');
}
