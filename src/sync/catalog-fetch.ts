import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import type { AgencyOutcome, CatalogPage, MessageContext } from '#agency/port';
import { businessDay, parseBusinessDateTime } from '#core/business-time';
import { type AgencyTable, agencyTables } from '#core/domain/agency-catalog';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import type { CatalogDownloadParts, Miss } from './catalog-download-parts.ts';
import { type CatalogWorkFolder, endsAsZip } from './catalog-work-folder.ts';

const MOST_TRIES = 5;
const BACKOFF_BASE_MS = 5_000;
const BACKOFF_CAP_MS = 300_000;
/** A table may change while it is read; that often in a row it does not. */
const MOST_BEGINNINGS = 3;
const PAGE_SIZE = 100;
const LOOK_AGAIN_MS = 200;
const DAY_MS = 86_400_000;

export interface FetchOptions {
  readonly parts: CatalogDownloadParts;
  readonly folder: CatalogWorkFolder;
  /** Waits, and comes back at once when the download is stopped. */
  readonly pause: (ms: number) => Promise<void>;
  readonly stopping: () => boolean;
  /** Rows of the table so far, and the share of it (0 to 1). */
  readonly onRows: (rows: number, share: number) => void;
  readonly onTrouble: (fault: Fault) => void;
}

/** Fetches one table at a time, one message at a time, each tried a few times. */
export class CatalogFetcher {
  readonly #options: FetchOptions;

  constructor(options: FetchOptions) {
    this.#options = options;
  }

  /** Afterwards the work folder has the table's file, or knows that there is nothing newer. */
  async fetch(table: AgencyTable, heldVersion: string | undefined): Promise<Result<void, Miss>> {
    const isFile = agencyTables.some((each) => each.id === table && each.by === 'file');
    try {
      return isFile ? await this.#fetchFile(table, heldVersion) : await this.#fetchPages(table, heldVersion);
    } catch (error) {
      if (!isDiskError(error)) throw error;
      return err(unwritten(error));
    }
  }

  async #fetchFile(table: AgencyTable, heldVersion: string | undefined): Promise<Result<void, Miss>> {
    const { parts, folder, onRows } = this.#options;
    const since = heldVersion ?? '0';
    for (let round = 1; ; round += 1) {
      const ticket = await this.#ask((context) => parts.agency.catalogFile(table, since, context));
      if (!ticket.ok) return ticket;
      const { value } = ticket;
      if (value === undefined) {
        folder.nothingNew(table);
        return ok(undefined);
      }
      onRows(value.rows ?? 0, 0);
      const got = await this.#ask((context) =>
        this.#transfer(folder.partFile(table), (pieces) =>
          parts.agency.fetchCatalogFile(value, pieces, context),
        ),
      );
      if (got.ok) {
        const scope = heldVersion === undefined ? 'full' : 'changes';
        folder.keep(table, { by: 'zip', scope, rows: value.rows ?? 0 });
        return ok(undefined);
      }
      // A file may be dropped before it is fetched: it is asked for once more.
      if (got.error.kind === 'stop' || round > 1) return got;
    }
  }

  /** One transfer into a fresh file; what does not end as a zip counts as not understood. */
  async #transfer(
    path: string,
    fetchFile: (pieces: (piece: Uint8Array) => Promise<boolean>) => Promise<AgencyOutcome<number>>,
  ): Promise<AgencyOutcome<number>> {
    const { stopping } = this.#options;
    const file = openSync(path, 'w', 0o600);
    let broken: unknown;
    let outcome: AgencyOutcome<number>;
    try {
      outcome = await fetchFile(async (piece) => {
        try {
          writeSync(file, piece);
        } catch (error) {
          broken = error;
          return false;
        }
        await this.#tillFree();
        return !stopping();
      });
    } finally {
      closeSync(file);
    }
    if (broken !== undefined) throw broken;
    if (outcome.kind !== 'success' || endsAsZip(path)) return outcome;
    const why = fault('catalog-answer-garbled', 'the file does not end as a zip');
    return { kind: 'unknown', fault: why, lastByteAtMs: this.#options.parts.clock.nowMs(), answer: '' };
  }

  async #fetchPages(table: AgencyTable, heldVersion: string | undefined): Promise<Result<void, Miss>> {
    for (let beginning = 1; beginning <= MOST_BEGINNINGS; beginning += 1) {
      const read = await this.#readPages(table, sinceDay(heldVersion), heldVersion === undefined);
      if (!read.ok || read.value === 'whole') return read.ok ? ok(undefined) : read;
    }
    return err({ kind: 'stop', fault: fault('catalog-download-unsteady', table), again: 'later' });
  }

  /** All pages from the first; `changed` when the total or a page was not what the pages before had said. */
  async #readPages(
    table: AgencyTable,
    since: string,
    isFull: boolean,
  ): Promise<Result<'whole' | 'changed', Miss>> {
    const { parts, folder, onRows } = this.#options;
    const size = parts.pageSize ?? PAGE_SIZE;
    const digest = createHash('sha256').update(`${since}\n`);
    const seen = new Set<string>();
    const file = openSync(folder.partFile(table), 'w', 0o600);
    let rows = 0;
    try {
      let first: CatalogPage | undefined;
      for (let page = 1; first === undefined || page <= first.pages; page += 1) {
        const got = await this.#ask((context) =>
          parts.agency.catalogPage(table, { since, page, size }, context),
        );
        if (!got.ok) return got;
        first ??= got.value;
        const { lines } = got.value;
        if (got.value.rows !== first.rows || got.value.pages !== first.pages || isRepeated(lines, seen))
          return ok('changed');
        const text = lines.map((line) => `${line}\n`).join('');
        writeSync(file, text);
        digest.update(text);
        rows += lines.length;
        onRows(rows, page / Math.max(1, first.pages));
      }
    } finally {
      closeSync(file);
    }
    if (rows === 0) folder.nothingNew(table);
    else
      folder.keep(table, {
        by: 'jsonl',
        scope: isFull ? 'full' : 'changes',
        rows,
        digest: digest.digest('hex'),
      });
    return ok('whole');
  }

  /**
   * Asks until there is an answer, a few times. A sign-in that is no longer valid is renewed once; a refusal ends
   * it at once, for the same question would be refused again.
   */
  async #ask<T>(question: (context: MessageContext) => Promise<AgencyOutcome<T>>): Promise<Result<T, Miss>> {
    const { parts, pause, onTrouble } = this.#options;
    let renewed = false;
    for (let attempt = 1; ; attempt += 1) {
      const context = await this.#ready();
      if (!context.ok) return context;
      const outcome = await question(context.value);
      if (outcome.kind === 'success') return ok(outcome.value);
      const why = outcome.fault;
      if (why.code === 'agency-sign-in-invalid') {
        if (renewed) return err({ kind: 'stop', fault: why, again: 'later' });
        renewed = true;
        await parts.renewSignIn();
        continue;
      }
      if (outcome.kind === 'refused' && why.code !== 'agency-unreachable')
        return err({ kind: 'skip', fault: why, agencyText: outcome.agencyText });
      onTrouble(why);
      if (attempt >= MOST_TRIES) return err({ kind: 'stop', fault: why, again: 'later' });
      const waitMs = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** (attempt - 1));
      await pause(waitMs * (0.5 + parts.random() / 2));
    }
  }

  /** Who asks, as soon as the till has nothing better to do. */
  async #ready(): Promise<Result<MessageContext, Miss>> {
    const { parts, stopping } = this.#options;
    await this.#tillFree();
    const context = parts.context();
    if (stopping() || context === undefined)
      return err({ kind: 'stop', fault: fault('catalog-download-no-shift'), again: 'kick' });
    if (!parts.linkUsable())
      return err({ kind: 'stop', fault: fault('agency-unreachable', 'offline'), again: 'kick' });
    return ok(context);
  }

  async #tillFree(): Promise<void> {
    const { parts, pause, stopping } = this.#options;
    while (!parts.mayWork() && !stopping()) await pause(LOOK_AGAIN_MS);
  }
}

/**
 * Paged rows carry the day of their change and the agency gives what changed **after** a day: a row changed later
 * on the very day of the last download would be lost, so that day is asked for again.
 */
export function sinceDay(heldVersion: string | undefined): string {
  const heldMs = heldVersion === undefined ? undefined : parseBusinessDateTime(`${heldVersion} 00:00:00`);
  return heldMs === undefined ? '0' : businessDay(heldMs - DAY_MS);
}

/** The same page under another number: its first row was the first of a page before. */
function isRepeated(lines: readonly string[], seen: Set<string>): boolean {
  const [first] = lines;
  if (first === undefined) return false;
  const isKnown = seen.has(first);
  seen.add(first);
  return isKnown;
}

export function isDiskError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

export function unwritten(error: NodeJS.ErrnoException): Extract<Miss, { kind: 'stop' }> {
  const why = fault('catalog-download-unwritten', `${error.code ?? ''} ${error.syscall ?? ''}`.trim());
  return { kind: 'stop', fault: why, again: 'later' };
}
