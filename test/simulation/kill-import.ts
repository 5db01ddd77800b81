import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { starterFile, starterProducts } from '#catalog/starter';
import {
  type AgencyCatalogSwitch,
  type CatalogSwitch,
  openAgencyCatalogInUse,
  openCatalogInUse,
} from '#checkout/catalog-switch';
import { assert } from '#core/assert';
import { parseConfig } from '#core/config/parse';
import { oneUnit } from '#core/money';
import { verifyAgencyCatalog } from '#store/agency-catalog/open';
import { listVersions, versionFile } from '#store/catalog-file/versions';
import { writeDrugs } from '../../bench/catalog-import.ts';
import { zipFile } from '../../bench/zip-file.ts';
import { openRecords } from '../../src/main/records.ts';
import { choose } from './seeded.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const BUILDER_GONE_MS = 60_000;
const KEEP = 3;

/** Whom a kill ends: the command with its builder, the builder alone, the command alone. */
export type Victim = 'both' | 'builder' | 'command';

export interface Kill {
  readonly victim: Victim;
  readonly afterMs: number;
  /** What the import had come to: it may have ended before the kill. */
  readonly ended: 'killed' | 'refused' | 'done';
}

/**
 * A real data folder with a shop's list and a version of 1301 in use, and imports of a greater 1301 over it, run as
 * the command line runs them, that are killed.
 */
export class KilledImports {
  readonly folder = mkdtempSync(join(tmpdir(), 'guitai-kill-'));
  readonly #random: () => number;
  readonly #zip = join(this.folder, '1301_20250901.zip');
  /** How long an import that is left alone takes. */
  #wholeMs = 0;
  /** Version in use before the next import. */
  version = '';

  constructor(random: () => number) {
    this.#random = random;
  }

  async prepare(rows: number): Promise<void> {
    mkdirSync(join(this.folder, 'data'), { mode: 0o700 });
    writeFileSync(this.#config, `[data]\nfolder = "data"\n[catalog]\nkeep_versions = ${KEEP}\n`);
    const text = join(this.folder, '1301.txt');
    await writeDrugs(text, 1000);
    await this.#runToEnd([starterFile()]);
    await this.#runToEnd(['--full', text]);
    await writeDrugs(text, rows);
    await zipFile(this.#zip, '1301.txt', text);
    const startMs = performance.now();
    await this.#runToEnd(['--full', this.#zip]);
    this.#wholeMs = performance.now() - startMs;
    this.version = await this.#checkSelling();
  }

  /** One import that is killed at a random moment; then everything that must hold is looked at. */
  async kill(): Promise<Kill> {
    const victim = choose(this.#random, ['both', 'both', 'builder', 'command'] as const);
    const afterMs = Math.round(this.#random() * this.#wholeMs);
    const command = this.#start(['--full', this.#zip]);
    const { pid } = command;
    assert(pid !== undefined, 'the command runs');
    const exit = once(command, 'exit');
    const timer = setTimeout(() => void end(pid, victim), afterMs);
    const [code] = await exit;
    clearTimeout(timer);
    await this.#buildersGone();
    const inUse = await this.#checkSelling();
    const ended = code === 0 ? 'done' : code === null ? 'killed' : 'refused';
    if (ended !== 'done' && inUse !== this.version && victim === 'builder')
      throw new Error(`${inUse} came into use although its import did not end well`);
    this.#checkLeftovers();
    this.version = inUse;
    return { victim, afterMs, ended };
  }

  /** The import once more, to its end: its version is in use and nothing of the others is left. */
  async finish(): Promise<void> {
    await this.#runToEnd(['--full', this.#zip]);
    const inUse = await this.#checkSelling();
    if (inUse === this.version) throw new Error('the last import is not in use');
    if (this.#unfinished().length > 0) throw new Error(`left over: ${this.#unfinished().join()}`);
    const versions = listVersions(this.#agencyFolder);
    if (versions.length > KEEP) throw new Error(`${versions.length} versions, ${KEEP} are kept`);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  get #config(): string {
    return join(this.folder, 'guitai.toml');
  }

  get #agencyFolder(): string {
    return join(this.folder, 'data', 'catalog', 'agency');
  }

  #start(args: readonly string[]): ChildProcess {
    const command = [join(root, 'bin/guitai.js'), 'catalog', 'import', ...args, '--config', this.#config];
    return spawn(process.execPath, command, { cwd: this.folder, stdio: 'ignore' });
  }

  async #runToEnd(args: readonly string[]): Promise<void> {
    const [code] = await once(this.#start(args), 'exit');
    if (code !== 0) throw new Error(`guitai catalog import ${args.join(' ')}: ends with ${code}`);
  }

  /** The versions that the records name open whole, and a product is found and priced. Answers the agency's. */
  async #checkSelling(): Promise<string> {
    const config = parseConfig(readFileSync(this.#config, 'utf8'), {});
    assert(config.ok, 'the configuration is right');
    const folder = join(this.folder, 'data');
    const records = await openRecords({ config: config.value, folder });
    if (!records.ok) throw new Error(`the records do not open: ${records.error.code}`);
    const { store } = records.value;
    const list = openCatalogInUse(store, folder);
    const agency = openAgencyCatalogInUse(store, folder, KEEP);
    try {
      if (!list.ok) throw new Error(`the list does not open: ${list.error.code}`);
      priceOne(list.value);
      return this.#checkAgency(agency);
    } finally {
      if (list.ok) list.value.close();
      agency.close();
      await records.value.close();
    }
  }

  #checkAgency(agency: AgencyCatalogSwitch): string {
    const tables = agency.current();
    if (tables === undefined) throw new Error(`the agency's tables do not open: ${agency.fault()?.code}`);
    const { version } = tables.version;
    const whole = verifyAgencyCatalog(versionFile(this.#agencyFolder, version));
    if (!whole.ok) throw new Error(`${version}: ${whole.error.code} ${whole.error.detail}`);
    const [found] = tables.searchItems('fps', '2026-01-01', 1);
    if (found === undefined || tables.item(found.nationalCode, '2026-01-01')?.name !== found.name)
      throw new Error(`${version}: nothing is found`);
    return version;
  }

  /** An import killed between the last step of its file and the switch leaves one version more, until the next one. */
  #checkLeftovers(): void {
    if (this.#unfinished().length > 1) throw new Error(`left over: ${this.#unfinished().join()}`);
  }

  #unfinished(): readonly string[] {
    return readdirSync(this.#agencyFolder).filter((name) => !name.endsWith('.db'));
  }

  /**
   * A builder whose command is gone ends by itself. A killed one that the system has not taken away yet still counts as
   * alive to the next import, which then leaves its file to the one after.
   */
  async #buildersGone(): Promise<void> {
    const deadlineMs = performance.now() + BUILDER_GONE_MS;
    const isThere = () =>
      processes().some(({ command }) => command.includes(this.#agencyFolder)) ||
      this.#unfinished().some((name) => existsSync(`/proc/${/\.(\d+)\.building/.exec(name)?.[1]}`));
    while (isThere()) {
      if (performance.now() > deadlineMs) throw new Error('a builder outlives its command');
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
    }
  }
}

function priceOne(list: CatalogSwitch): void {
  const [product] = starterProducts();
  assert(product !== undefined, 'the starter list has products');
  const catalog = list.current();
  const found = catalog?.findByShopCode(product.shopCode);
  if (catalog === undefined || !found?.ok) throw new Error('the product is not found');
  const { amount } = catalog.priceLine(found.value, oneUnit);
  if (amount <= 0n) throw new Error('the product has no price');
}

async function end(pid: number, victim: Victim): Promise<void> {
  let builders = processes().filter(({ parent }) => parent === pid);
  // A builder that is not there yet is waited for, as long as its command lives.
  while (victim === 'builder' && builders.length === 0 && processes().some((one) => one.pid === pid)) {
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
    builders = processes().filter(({ parent }) => parent === pid);
  }
  const pids = [
    ...(victim === 'builder' ? [] : [pid]),
    ...(victim === 'command' ? [] : builders.map((builder) => builder.pid)),
  ];
  for (const one of pids) {
    try {
      process.kill(one, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}

interface Running {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

function processes(): readonly Running[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        if (state === 'Z') return [];
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
        return [{ pid: Number(name), parent: Number(parent), command }];
      } catch {
        return [];
      }
    });
}
