import { type AgencyTable, agencyTables } from '#core/domain/agency-catalog';
import { type Fault, fault } from '#core/fault';
import type { BuildProgress } from '#core/ports/agency-catalog';
import { err, ok, type Result } from '#core/result';
import type {
  CatalogDownloadParts,
  CatalogDownloadState,
  DownloadPhase,
  Miss,
  RefusedSources,
  SkippedTable,
} from './catalog-download-parts.ts';
import { CatalogFetcher, isDiskError, unwritten } from './catalog-fetch.ts';
import { CatalogSchedule } from './catalog-schedule.ts';
import { CatalogWorkFolder } from './catalog-work-folder.ts';

export type { CatalogDownloadParts, CatalogDownloadState } from './catalog-download-parts.ts';

const DONE_AT = 'catalog.downloaded-at-ms';
const LOOK_EVERY_MS = 3_600_000;
const RETRY_BASE_MS = 15 * 60_000;
const RETRY_CAP_MS = 4 * 3_600_000;
/** Fetching is most of the way, building the rest, percent. */
const FETCHING_PERCENT = 70;

/** Fetches what is new in the agency's catalogue (1301–1319), has it built and switches to it. */
export interface CatalogDownload {
  /** Watches the clock, when it is to fetch by itself. */
  start(): void;
  /** Ends what is under way; what was fetched whole is gone on with at the next start. */
  stop(): Promise<void>;
  /**
   * Begins now, or goes on with what is under way. `catalog-download-no-shift` when nobody is signed in: then it
   * begins as soon as somebody is.
   */
  download(): Result<CatalogDownloadState, Fault>;
  /** Something may have become possible: a shift is open, the link is back. Cheap and safe at any time. */
  kick(): void;
  state(): CatalogDownloadState;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

export function createCatalogDownload(parts: CatalogDownloadParts): CatalogDownload {
  return new CatalogDownloadWorker(parts);
}

class CatalogDownloadWorker implements CatalogDownload {
  readonly #parts: CatalogDownloadParts;
  readonly #folder: CatalogWorkFolder;
  readonly #schedule: CatalogSchedule;
  readonly #fetcher: CatalogFetcher;
  #underWay: Promise<void> | undefined;
  /** Somebody or the night wants it, and it did not come to its end yet. */
  #wanted = false;
  #notBeforeMs = 0;
  #failures = 0;
  /** Night in which the agency refused everything: not asked again before the next. */
  #givenUpAtMs: number | undefined;
  #stopping = false;
  #abort = new AbortController();
  #endPause: (() => void) | undefined;
  #cancelTimer: (() => void) | undefined;
  #phase: DownloadPhase = 'idle';
  #table: AgencyTable | undefined;
  #rows = 0;
  #percent = 0;
  #skipped: readonly SkippedTable[] = [];
  #lastFault: Fault | undefined;
  #reports: RefusedSources['reports'] = [];

  constructor(parts: CatalogDownloadParts) {
    this.#parts = parts;
    this.#folder = new CatalogWorkFolder(parts.folder);
    this.#schedule = new CatalogSchedule(parts.random);
    this.#fetcher = new CatalogFetcher({
      parts,
      folder: this.#folder,
      pause: (ms) => this.#pause(ms),
      stopping: () => this.#stopping,
      onRows: (rows, share) => this.#progress(rows, share),
      onTrouble: (why) => {
        this.#lastFault = why;
        parts.log.warn(
          { table: this.#table, code: why.code, detail: why.detail },
          'catalogue download: again',
        );
      },
    });
  }

  start(): void {
    this.#look();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#cancelTimer?.();
    this.#abort.abort();
    this.#endPause?.();
    await this.#underWay;
  }

  download(): Result<CatalogDownloadState, Fault> {
    this.#wanted = true;
    this.#notBeforeMs = 0;
    this.kick();
    if (this.#parts.context() === undefined) return err(fault('catalog-download-no-shift'));
    return ok(this.state());
  }

  kick(): void {
    const { context, linkUsable, clock } = this.#parts;
    if (!this.#wanted || this.#stopping || this.#underWay !== undefined) return;
    const isReady = context() !== undefined && linkUsable() && clock.monotonicMs() >= this.#notBeforeMs;
    if (!isReady) {
      this.#phase = 'waiting';
      return;
    }
    this.#abort = new AbortController();
    this.#underWay = this.#run()
      .catch((error: unknown) => {
        this.#parts.log.error({ error: String(error) }, 'the catalogue download broke');
        this.#end({ kind: 'stop', fault: fault('catalog-build-failed', 'broken off'), again: 'later' });
      })
      .then(() => {
        this.#underWay = undefined;
        if (!this.#stopping) this.#look();
      });
  }

  state(): CatalogDownloadState {
    const { clock, daily, held } = this.#parts;
    const version = held()?.version;
    const lastDoneAtMs = this.#lastDoneMs();
    return {
      phase: this.#phase,
      ...(this.#table === undefined ? {} : { table: this.#table }),
      rows: this.#rows,
      percent: Math.round(this.#percent),
      ...(version === undefined ? {} : { version }),
      skipped: this.#skipped,
      ...(this.#lastFault === undefined ? {} : { lastFault: this.#lastFault }),
      reports: this.#reports,
      ...(lastDoneAtMs === undefined ? {} : { lastDoneAtMs }),
      ...(daily ? { nextAtMs: this.#schedule.nextMs(clock.nowMs()) } : {}),
    };
  }

  async settled(): Promise<void> {
    await this.#underWay;
  }

  /** Looks at the clock now and again: at the night's minute, after a failure, and at least every hour. */
  #look(): void {
    const { clock, daily } = this.#parts;
    const nowMs = clock.nowMs();
    const lastTryMs = Math.max(this.#lastDoneMs() ?? 0, this.#givenUpAtMs ?? 0);
    if (daily && this.#schedule.isDue(nowMs, lastTryMs === 0 ? undefined : lastTryMs)) this.#wanted = true;
    this.kick();
    this.#cancelTimer?.();
    const restMs = this.#notBeforeMs - clock.monotonicMs();
    if (!daily && !this.#wanted) return;
    const waits = [LOOK_EVERY_MS, this.#schedule.nextMs(nowMs) - nowMs, ...(restMs > 0 ? [restMs] : [])];
    this.#cancelTimer = clock.after(Math.max(1000, Math.min(...waits)), () => this.#look());
  }

  async #run(): Promise<void> {
    const { held, clock } = this.#parts;
    this.#lastFault = undefined;
    this.#reports = [];
    this.#skipped = [];
    this.#phase = 'fetching';
    try {
      this.#folder.open(held()?.version ?? '', clock.nowMs());
    } catch (error) {
      if (!isDiskError(error)) throw error;
      return this.#end(unwritten(error));
    }
    for (const [index, { id }] of agencyTables.entries()) {
      this.#table = id;
      this.#percent = (index / agencyTables.length) * FETCHING_PERCENT;
      this.#rows = 0;
      if (this.#folder.fetched(id) !== undefined) continue;
      const got = await this.#fetcher.fetch(id, held()?.tables[id]?.agencyVersion);
      if (got.ok) continue;
      if (got.error.kind === 'stop') return this.#end(got.error);
      this.#skip(id, got.error);
    }
    this.#table = undefined;
    const [first] = this.#skipped;
    if (first !== undefined && this.#skipped.length === agencyTables.length) return this.#giveUp(first.fault);
    await this.#takeOver();
  }

  /** What came becomes a version in use; nothing new is as good. */
  async #takeOver(): Promise<void> {
    const { build, use, log } = this.#parts;
    const sources = this.#folder.sources().filter(({ table }) => !this.#isSameAgain(table));
    if (sources.length === 0) return this.#done();
    this.#phase = 'building';
    this.#percent = FETCHING_PERCENT;
    const built = await build(sources, (progress) => this.#building(progress), this.#abort.signal);
    if (!built.ok) {
      const { fault: why, reports } = built.error;
      if (why.retry === 'transient') return this.#end({ kind: 'stop', fault: why, again: 'later' });
      // The same files would be refused again: the next night fetches them anew.
      this.#reports = reports;
      this.#folder.clear();
      return this.#giveUp(why);
    }
    this.#phase = 'switching';
    while (!this.#parts.mayWork() && !this.#stopping) await this.#pause(200);
    const used = use(built.value.version);
    if (!used.ok) return this.#giveUp(used.error);
    log.info({ version: built.value.version, tables: sources.length }, 'catalogue of the agency in use');
    this.#done();
  }

  #done(): void {
    const { store, clock } = this.#parts;
    for (const { table, file } of this.#folder.all())
      if (file?.digest !== undefined) store.setSetting(digestSetting(table), file.digest);
    store.setSetting(DONE_AT, String(clock.nowMs()));
    this.#folder.clear();
    this.#wanted = false;
    this.#failures = 0;
    this.#notBeforeMs = 0;
    this.#lastFault = undefined;
    this.#rest('idle', 100);
  }

  /** Not now: what is fetched stays, and the rest is fetched when it may be. */
  #end(miss: Extract<Miss, { kind: 'stop' }>): void {
    const { clock, random, log } = this.#parts;
    this.#lastFault = miss.fault;
    if (miss.again === 'later') {
      const waitMs = Math.min(RETRY_CAP_MS, RETRY_BASE_MS * 2 ** Math.min(10, this.#failures));
      this.#failures += 1;
      this.#notBeforeMs = clock.monotonicMs() + waitMs * (0.5 + random() / 2);
    }
    log.warn(
      { table: this.#table, code: miss.fault.code, detail: miss.fault.detail },
      'catalogue download stopped',
    );
    this.#rest('waiting', this.#percent);
  }

  /** Asking again today would come to the same. */
  #giveUp(why: Fault): void {
    this.#lastFault = why;
    this.#givenUpAtMs = this.#parts.clock.nowMs();
    this.#wanted = false;
    this.#parts.log.warn({ code: why.code, detail: why.detail }, 'catalogue download given up');
    this.#rest('idle', 0);
  }

  #rest(phase: DownloadPhase, percent: number): void {
    this.#phase = phase;
    this.#table = undefined;
    this.#rows = 0;
    this.#percent = percent;
  }

  #skip(table: AgencyTable, miss: Extract<Miss, { kind: 'skip' }>): void {
    const { fault: why, agencyText } = miss;
    this.#skipped = [...this.#skipped, { table, fault: why, agencyText }];
    this.#parts.log.warn({ table, code: why.code, detail: why.detail }, 'the agency refused a table');
  }

  /** Pages of the last day are asked for every time: the same answer as last time is nothing new. */
  #isSameAgain(table: AgencyTable): boolean {
    const digest = this.#folder.fetched(table)?.file?.digest;
    return digest !== undefined && this.#parts.store.setting(digestSetting(table)) === digest;
  }

  #progress(rows: number, share: number): void {
    this.#rows = rows;
    const index = agencyTables.findIndex(({ id }) => id === this.#table);
    this.#percent = ((Math.max(0, index) + share) / agencyTables.length) * FETCHING_PERCENT;
  }

  #building({ of, done, total }: BuildProgress): void {
    this.#table = agencyTables.find(({ id }) => id === of)?.id;
    this.#rows = done;
    const share = total === undefined || total === 0 ? 0 : Math.min(1, done / total);
    this.#percent = Math.max(this.#percent, FETCHING_PERCENT + share * (99 - FETCHING_PERCENT));
  }

  #lastDoneMs(): number | undefined {
    const text = this.#parts.store.setting(DONE_AT);
    return text === undefined ? undefined : Number(text);
  }

  #pause(ms: number): Promise<void> {
    if (this.#stopping) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#parts.clock.after(ms, () => this.#endPause?.());
      this.#endPause = () => {
        this.#endPause = undefined;
        cancel();
        resolve();
      };
    });
  }
}

function digestSetting(table: AgencyTable): string {
  return `catalog.download.digest:${table}`;
}
