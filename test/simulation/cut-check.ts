import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { ManualClock } from '#core/manual-clock';
import { sumMoney } from '#core/money';
import { openKeyStore } from '#drivers/key-store/open';
import { openTillStore, recordsFile } from '#store/open';
import type { TillStore } from '#store/port';
import { recoverIntents } from '#store/records/recover';
import { institution, morningMs } from '../helpers/till-records.ts';
import { factOf, type Mark, type Told } from './cut-facts.ts';

/** What a power cut must leave: all that was told, and of the step under way all or nothing. */
export interface Expected {
  readonly told: Told;
  /** The first mark after the cut: its step may have happened although nobody was told yet. */
  readonly next: Mark | undefined;
  /** Number of the life that ran: its clock. */
  readonly life: number;
}

/**
 * `lost`: something that was told is not there. `half`: a step happened in part. `damaged`: the files do not open, do not
 * agree with themselves, or the chain is broken.
 */
export type Verdict =
  | { readonly kind: 'kept'; readonly told: Told }
  | { readonly kind: 'lost' | 'half' | 'damaged'; readonly what: string };

/** Opens what a power cut left, as the next start does, and looks for everything that was told. */
export class CutCheck {
  #keyFiles = '';
  #sealKey: Uint8Array = new Uint8Array();
  #keys = '';

  async look(root: string, expected: Expected): Promise<Verdict> {
    const folder = join(root, 'data');
    const { told } = expected;
    const isNew = !existsSync(join(folder, recordsFile));
    if (isNew && told.facts.has('head')) return { kind: 'lost', what: 'the records are gone' };
    const clock = new ManualClock(morningMs + (expected.life + 1) * 3_600_000);
    const keys = await this.#openKeys(join(folder, 'keys'), clock);
    if (keys !== undefined) return { kind: 'damaged', what: keys };
    const lostKeys = wrongKeys(this.#keys, expected);
    if (lostKeys !== undefined) return lostKeys;
    const opened = openTillStore({ folder, terminal: '01', clock, sealKey: this.#sealKey });
    if (!opened.ok) return { kind: 'damaged', what: `${opened.error.code} ${opened.error.detail ?? ''}` };
    const store = opened.value;
    try {
      return damageOf(store, join(folder, recordsFile)) ?? factsAfter(store, expected);
    } catch (error) {
      return { kind: 'damaged', what: error instanceof Error ? error.message : String(error) };
    } finally {
      store.close();
    }
  }

  /** Opening keys takes 60,000 rounds of a digest: files that were opened before are known by their content. */
  async #openKeys(folder: string, clock: ManualClock): Promise<string | undefined> {
    const files = ['keys.secret', 'keys.json'].map((name) => join(folder, name));
    const content = () =>
      files.map((file) => (existsSync(file) ? readFileSync(file, 'utf8') : '')).join('\n');
    if (content() === this.#keyFiles && existsSync(files[1] ?? '')) return undefined;
    const opened = await openKeyStore({ store: 'file', folder, clock });
    if (!opened.ok) return `${opened.error.code} ${opened.error.detail ?? ''}`;
    this.#keyFiles = content();
    this.#sealKey = opened.value.derive('records');
    this.#keys = opened.value
      .keys()
      .map(({ keyId, state }) => `${keyId} ${state}`)
      .join();
    await opened.value.close();
    return undefined;
  }
}

function wrongKeys(keys: string, { told, next }: Expected): Verdict | undefined {
  const before = told.facts.get('keys');
  const after = next?.facts.find(([key]) => key === 'keys')?.[1];
  if (before === undefined || keys === before || keys === after) return undefined;
  return { kind: 'lost', what: `keys: ${keys} instead of ${before}` };
}

function damageOf(store: TillStore, file: string): Verdict | undefined {
  const found = integrityOf(file);
  if (found !== 'ok') return { kind: 'damaged', what: found };
  const { brokenAt } = store.verifyJournal();
  if (brokenAt !== undefined) return { kind: 'damaged', what: `the chain is broken at ${brokenAt}` };
  if (sumMoney(store.balances().values()) !== 0n)
    return { kind: 'half', what: 'the accounts do not balance' };
  return undefined;
}

function integrityOf(file: string): string {
  const db = new Database(file, { readonly: true });
  try {
    return String(db.pragma('integrity_check', { simple: true }));
  } finally {
    db.close();
  }
}

function factsAfter(store: TillStore, { told, next, life }: Expected): Verdict {
  const nextFacts = new Map(next?.facts ?? []);
  const found = new Map<string, string>();
  for (const key of new Set([...told.facts.keys(), ...nextFacts.keys()])) {
    if (key === 'keys') continue;
    const value = factOf(store, key);
    // First of all: records that fell back several steps may agree with the next one by chance, as where it takes a sum back.
    if (value !== told.value(key) && value !== nextFacts.get(key)) {
      return { kind: 'lost', what: `${key}: ${value} instead of ${told.value(key)}` };
    }
    found.set(key, value);
  }
  const changed = [...nextFacts].filter(([key, value]) => key !== 'keys' && told.value(key) !== value);
  const missing = changed.filter(([key, value]) => found.get(key) !== value).map(([key]) => key);
  if (missing.length > 0 && missing.length < changed.length) {
    return { kind: 'half', what: `${next?.step} without ${missing.join()}` };
  }
  const after = told.copy();
  if (next !== undefined && changed.length > 0 && missing.length === 0) after.add(next);
  if (store.brokenRecords().length > 0) return { kind: 'damaged', what: 'a seal is broken' };
  return issuedAgain(store, after, morningMs + life * 3_600_000) ?? { kind: 'kept', told: after };
}

/** Changes the records: last of all. */
function issuedAgain(store: TillStore, { issued }: Told, nowMs: number): Verdict | undefined {
  recoverIntents(store, nowMs);
  const days = new Set([...issued].map((number) => number.slice(0, 6)).filter((day) => /^\d{6}$/.test(day)));
  const numbers = [
    store.nextMessageId(institution, nowMs),
    `sequence ${store.nextTerminalSequence(morningMs)}`,
    ...[...days].map((day) =>
      store.nextSaleNumber(`20${day.slice(0, 2)}-${day.slice(2, 4)}-${day.slice(4)}`),
    ),
  ];
  const again = numbers.find((number) => issued.has(number));
  if (again !== undefined) return { kind: 'lost', what: `${again} is given out a second time` };
  const certificates = [...issued].filter((one) => one.startsWith('certificate '));
  const forgotten = certificates.find((one) =>
    store.claimCertificate(one.slice('certificate '.length), nowMs),
  );
  return forgotten === undefined ? undefined : { kind: 'lost', what: `${forgotten} can be used again` };
}
