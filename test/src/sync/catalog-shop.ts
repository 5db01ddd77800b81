import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { createAgencyClient } from '#agency/client';
import { volatileMessageIds } from '#agency/message-id';
import type { AgencyPort, MessageContext } from '#agency/port';
import { type Clock, systemClock } from '#core/clock';
import type { AgencyTable } from '#core/domain/agency-catalog';
import { fault } from '#core/fault';
import type { AgencyCatalogVersion, AgencySource } from '#core/ports/agency-catalog';
import { err, ok } from '#core/result';
import {
  type CatalogDownload,
  type CatalogDownloadParts,
  createCatalogDownload,
} from '#sync/catalog-download';
import { cashier, newFolder, openStore } from '../../helpers/till-records.ts';

/** Of all shops of a test: two programs on one institution never use an id twice. */
const messageIds = volatileMessageIds();

/** Waits pass a hundred times faster: a test meets every retry and waits for none. */
export const hurriedClock: Clock = {
  nowMs: () => systemClock.nowMs(),
  monotonicMs: () => systemClock.monotonicMs() * 100,
  after: (delayMs, run) => systemClock.after(delayMs / 100, run),
};

const place: Readonly<
  Record<string, { readonly valid: number; readonly id: number; readonly version: number }>
> = {
  '1301': { valid: 78, id: 79, version: 82 },
  '1302': { valid: 13, id: 14, version: 17 },
};

/** Keeps the rows of every table as an importer does: full replaces, changes add, replace and withdraw. */
export class Imported {
  version: AgencyCatalogVersion | undefined;
  readonly builds: (readonly AgencySource[])[] = [];
  readonly #rows = new Map<AgencyTable, Map<string, { valid: boolean; version: string }>>();
  #pending: AgencyCatalogVersion | undefined;

  valid(table: AgencyTable): readonly string[] {
    const rows = [...(this.#rows.get(table) ?? new Map<string, { valid: boolean }>())];
    return rows.filter(([, { valid }]) => valid).map(([id]) => id);
  }

  readonly build: CatalogDownloadParts['build'] = async (sources, onProgress) => {
    this.builds.push(sources);
    for (const source of sources) {
      const rows = readSource(source);
      if (rows === undefined) {
        const bad = { rowsRead: 1, products: 0, errors: [], errorCount: 1, warnings: [], warningCount: 0 };
        return err({ fault: fault('catalog-source-rows'), reports: [{ table: source.table, report: bad }] });
      }
      const held = source.scope === 'full' ? new Map() : (this.#rows.get(source.table) ?? new Map());
      for (const { id, valid, version } of rows) held.set(id, { valid, version });
      this.#rows.set(source.table, held);
      onProgress({ phase: 'rows', of: source.table, done: rows.length, total: rows.length });
    }
    const tables = [...this.#rows].map(([table, rows]) => {
      const versions = [...rows.values()].map(({ version }) => version).sort();
      return [table, { rows: rows.size, agencyVersion: versions.at(-1) ?? '' }] as const;
    });
    const version = `v${this.builds.length}`;
    this.#pending = { version, importedAtMs: 0, tables: Object.fromEntries(tables) };
    return ok({ version });
  };

  readonly use: CatalogDownloadParts['use'] = (version) => {
    if (this.#pending?.version !== version) return err(fault('catalog-damaged', version));
    this.version = this.#pending;
    return ok(undefined);
  };
}

function readSource({ table, file }: AgencySource) {
  const bytes = readFileSync(file);
  if (file.endsWith('.jsonl')) {
    const lines = bytes.toString('utf8').split('\n').slice(0, -1);
    return lines.map((line) => {
      const row = JSON.parse(line) as { recordId: string; valid: boolean; version: string };
      return { id: row.recordId, valid: row.valid, version: row.version };
    });
  }
  const at = place[table];
  const text = Object.values(unzipSync(bytes)).map((part) => Buffer.from(part).toString('utf8'))[0] ?? '';
  const cells = text
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t'));
  if (at === undefined || cells.some((row) => row.length < at.version)) return undefined;
  return cells.map((row) => ({
    id: row[at.id] ?? '',
    valid: row[at.valid] === '1',
    version: row[at.version] ?? '',
  }));
}

export interface CatalogShop {
  readonly client: AgencyPort;
  readonly imported: Imported;
  readonly download: CatalogDownload;
  /** Switches of the till around the download. */
  readonly till: { shiftOpen: boolean; mayWork: boolean; linkUsable: boolean; signIns: number };
  readonly folder: string;
  /** As after a restart of the program: a new worker on the same disk. */
  restart(): Promise<CatalogDownload>;
  end(): Promise<void>;
}

/** A till's download against an agency at `url`, over HTTP. */
export async function openCatalogShop(
  url: string,
  more: Partial<CatalogDownloadParts> = {},
): Promise<CatalogShop> {
  const records = newFolder();
  const store = openStore(records.path, systemClock);
  const client = createAgencyClient({
    baseUrl: url,
    institution: { code: 'P99010000001', name: '示例大药房' },
    region: '990100',
    deviceNumber: 'POS-01',
    clock: systemClock,
    messageIds,
    timeouts: { answerMs: 2000 },
  });
  const signedIn = await client.signIn({ operator: cashier, signInNumber: '' });
  let signInNumber = signedIn.kind === 'success' ? signedIn.value.signInNumber : '';
  const till = { shiftOpen: true, mayWork: true, linkUsable: true, signIns: 0 };
  const imported = new Imported();
  const folder = join(records.path, 'catalog-download');
  const context = (): MessageContext | undefined =>
    till.shiftOpen ? { operator: cashier, signInNumber } : undefined;
  const make = () =>
    createCatalogDownload({
      agency: client,
      store,
      clock: hurriedClock,
      random: () => 0.5,
      folder,
      held: () => imported.version,
      build: imported.build,
      use: imported.use,
      context,
      linkUsable: () => till.linkUsable,
      async renewSignIn() {
        till.signIns += 1;
        const signedIn = await client.signIn({ operator: cashier, signInNumber: '' });
        if (signedIn.kind === 'success') signInNumber = signedIn.value.signInNumber;
      },
      mayWork: () => till.mayWork,
      daily: false,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      ...more,
    });
  let download = make();
  return {
    client,
    imported,
    till,
    folder,
    get download() {
      return download;
    },
    async restart() {
      await download.stop();
      download = make();
      return download;
    },
    async end() {
      await download.stop();
      store.close();
      records.remove();
    },
  };
}

/** Waits until `holds`, at the latest ten seconds. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const endMs = systemClock.monotonicMs() + 10_000;
  while (!holds()) {
    if (systemClock.monotonicMs() > endMs) throw new Error(`not in time: ${what}`);
    await new Promise<void>((resolve) => {
      systemClock.after(5, resolve);
    });
  }
}
