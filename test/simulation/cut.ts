import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleProgram } from './bundle.ts';
import { CutCheck, type Expected, type Verdict } from './cut-check.ts';
import { CutDisk, memoryOrDisk } from './cut-disk.ts';
import { type Mark, Told } from './cut-facts.ts';
import { type RecordedEntry, readRecording } from './cut-recording.ts';
import { seededRandom } from './seeded.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** A folder goes through so many power cuts before a new shop begins. */
const LIVES_PER_FOLDER = 5;
const ACTS_PER_LIFE = 60;

export interface CutPlan {
  readonly cuts: number;
  readonly seed: number;
  /** What SQLite is made to do instead of `synchronous = FULL`. */
  readonly synchronous?: 'NORMAL' | 'OFF';
  /** Default 100. */
  readonly cutsPerLife?: number;
}

export interface CutReport {
  readonly cuts: number;
  readonly lives: number;
  /** Recorded writes, syncs and the like. */
  readonly entries: number;
  readonly syncs: number;
  /** Steps of which somebody was told. */
  readonly told: number;
  readonly kept: number;
  readonly lost: number;
  readonly half: number;
  readonly damaged: number;
  /** The first of what was not kept, with what is needed to see it again. */
  readonly broken: readonly string[];
}

/** The library that records, and the program that is recorded, both made where they are missing. */
export async function prepareCuts(): Promise<{ readonly library: string; readonly writer: string }> {
  const library = join(root, 'dist/tools/record-io.so');
  mkdirSync(join(root, 'dist/tools'), { recursive: true });
  if (!existsSync(library)) {
    const source = join(root, 'tools/record-io.c');
    execFileSync('cc', ['-O2', '-shared', '-fPIC', '-pthread', '-o', library, source, '-ldl']);
  }
  return { library, writer: await bundleProgram('cut-writer') };
}

/** Records lives of a till and cuts the power at random points of each; a folder outlives several cuts. */
export class PowerCuts {
  readonly #plan: CutPlan;
  readonly #parts: Awaited<ReturnType<typeof prepareCuts>>;
  readonly #folder = mkdtempSync(join(memoryOrDisk(), 'guitai-cut-'));
  readonly #random: () => number;
  readonly #check = new CutCheck();
  readonly #counts = {
    cuts: 0,
    lives: 0,
    entries: 0,
    syncs: 0,
    told: 0,
    kept: 0,
    lost: 0,
    half: 0,
    damaged: 0,
  };
  readonly #broken: string[] = [];
  /** What the folder of the life at hand began with. */
  #before = new Told();
  #root = '';

  constructor(plan: CutPlan, parts: Awaited<ReturnType<typeof prepareCuts>>) {
    this.#plan = plan;
    this.#parts = parts;
    this.#random = seededRandom(plan.seed);
  }

  async run(say: (line: string) => void = () => undefined): Promise<CutReport> {
    const { cuts, cutsPerLife = 100 } = this.#plan;
    while (this.#counts.cuts < cuts) {
      await this.#life(Math.min(cutsPerLife, cuts - this.#counts.cuts));
      if (this.#counts.lives % 10 === 0)
        say(`${this.#counts.cuts} of ${cuts}, ${this.#broken.length} broken`);
    }
    return { ...this.#counts, broken: this.#broken };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #life(cuts: number): Promise<void> {
    const number = this.#counts.lives % LIVES_PER_FOLDER;
    if (number === 0) this.#newShop();
    const base = new CutDisk(this.#root);
    const entries = await this.#record(number);
    const points = Array.from({ length: cuts }, () => Math.floor(this.#random() * (entries.length + 1)));
    const goesOn = Math.floor(this.#random() * cuts);
    let next: { readonly root: string; readonly told: Told } | undefined;
    const told = this.#before.copy();
    const marks = marksOf(entries);
    let at = 0;
    for (const [cut, point] of points.sort((a, b) => a - b).entries()) {
      for (; at < point; at += 1) {
        const entry = entries[at];
        if (entry === undefined) break;
        base.apply(entry);
        const mark = marks.get(at);
        if (mark !== undefined) told.add(mark);
      }
      const after = [...marks].find(([index]) => index >= point)?.[1];
      const staysAs =
        cut >= goesOn && next === undefined ? join(this.#folder, `after-${this.#counts.cuts}`) : '';
      const kept = await this.#cut(base, { told, next: after, life: number }, point, staysAs);
      if (staysAs !== '' && kept !== undefined) next = { root: staysAs, told: kept };
    }
    this.#counts.lives += 1;
    this.#goOn(next);
  }

  #newShop(): void {
    if (this.#root !== '') rmSync(this.#root, { recursive: true, force: true });
    this.#before = new Told();
    this.#root = join(this.#folder, `shop-${this.#counts.lives}`);
    mkdirSync(this.#root);
  }

  /** The next life begins with what one of the cuts left. */
  #goOn(next: { readonly root: string; readonly told: Told } | undefined): void {
    if (next === undefined) {
      this.#newShop();
      return;
    }
    rmSync(this.#root, { recursive: true, force: true });
    this.#root = next.root;
    this.#before = next.told;
  }

  /** Answers what the records hold; with `staysAs` the files are left there once more, as the cut left them. */
  async #cut(disk: CutDisk, expected: Expected, point: number, staysAs: string): Promise<Told | undefined> {
    const seed = Math.floor(this.#random() * 2 ** 32);
    const looked = join(this.#folder, `cut-${this.#counts.cuts}`);
    mkdirSync(looked);
    const way = disk.rebuild(looked, seededRandom(seed));
    const verdict: Verdict = await this.#check.look(looked, expected);
    rmSync(looked, { recursive: true, force: true });
    this.#counts.cuts += 1;
    this.#counts[verdict.kind] += 1;
    if (verdict.kind === 'kept') {
      if (staysAs !== '') {
        mkdirSync(staysAs);
        disk.rebuild(staysAs, seededRandom(seed));
      }
      return verdict.told;
    }
    if (this.#broken.length < 20) {
      const where = `life ${this.#counts.lives}, cut at ${point}, ${way} kept, seed ${seed}`;
      this.#broken.push(`${verdict.kind}: ${verdict.what} [${where}]`);
    }
    return undefined;
  }

  async #record(number: number): Promise<readonly RecordedEntry[]> {
    const { seed, synchronous = 'FULL' } = this.#plan;
    const log = join(this.#folder, `life-${this.#counts.lives}.record`);
    const marks = join(this.#folder, 'marks');
    const lifeSeed = Math.floor(this.#random() * 2 ** 31);
    const args = [this.#root, marks, lifeSeed, number, ACTS_PER_LIFE, synchronous].map(String);
    const child = spawn(process.execPath, [this.#parts.writer, ...args], {
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        LD_PRELOAD: this.#parts.library,
        GUITAI_RECORD_FOLDER: this.#root,
        GUITAI_RECORD_MARKS: marks,
        GUITAI_RECORD_LOG: log,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
    });
    const [code] = await once(child, 'close');
    if (code !== 0)
      throw new Error(`seed ${seed}: the till of life ${this.#counts.lives} ends with ${code}: ${said}`);
    const entries = readRecording(log);
    rmSync(log);
    this.#counts.entries += entries.length;
    this.#counts.syncs += entries.filter(({ kind }) => kind === 'sync').length;
    this.#counts.told += entries.filter(({ kind }) => kind === 'mark').length;
    return entries;
  }
}

function marksOf(entries: readonly RecordedEntry[]): ReadonlyMap<number, Mark> {
  const marks = new Map<number, Mark>();
  for (const [index, { kind, data }] of entries.entries()) {
    if (kind === 'mark') marks.set(index, JSON.parse(data.toString('utf8')) as Mark);
  }
  return marks;
}
