import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { starterFile } from '#catalog/starter';
import type { TillView } from '#checkout/view';
import { systemClock } from '#core/clock';
import type { CardLike } from '#drivers/card-reader/port';
import { type AgencySimulator, startAgencySimulator } from '#simulators/agency/simulator';
import { VirtualPsam } from '#simulators/cards/psam';
import { makeTrainingCard } from '#simulators/cards/training-cards';
import type { TrainingCardId } from '#simulators/cards/training-facts';
import { trainingPsam } from '#simulators/cards/training-psam';
import { connectToVirtualReader, type VirtualReaderLink } from '#simulators/cards/vpcd-link';
import { type PrivatePcscd, startPrivatePcscd } from '#simulators/pcscd';
import { startVirtualPrinter, type VirtualPrinter } from '#simulators/printer/server';
import { agencyCatalog } from '../../src/main/training-goods.ts';
import { pinHash } from '../helpers/pin-hashes.ts';
import { trainingPolicies } from '../helpers/policies.ts';
import { serviceSeesNoCard } from './reader-look.ts';
import { openSlowLine, type SlowLine } from './slow-line.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const standby = new URL('standby.js', import.meta.url).href;
/** The card service looks every 0.4 s. */
const NOTICED_MS = 600;
/** On a machine that does much else beside it. */
const READY_MS = 60_000;
/** A command may build a whole catalogue, on a machine that runs other tests beside it. */
const COMMAND_MS = 60_000;
const KEYBOARD_PIN = '[pin]\nentry = "keyboard"\n';

export interface ShopOptions {
  readonly requestLifeMs?: number;
  /** Further lines of the configuration. */
  readonly toml?: string;
  /** Flags of Node itself. */
  readonly nodeFlags?: readonly string[];
  /** For many starts: the next program has read its code before it is told to begin. */
  readonly standby?: boolean;
}

export interface ShopProgramParts {
  readonly folder: string;
  readonly agency: AgencySimulator;
  readonly printer: VirtualPrinter;
  readonly pcscd: PrivatePcscd;
  readonly psam: VirtualReaderLink;
  readonly nodeFlags: readonly string[];
  readonly standby: boolean;
}

/**
 * The real program (`guitai serve`) in a process of its own, as a shop runs it: real pcscd with a virtual
 * card and PSAM, the agency over HTTP and a printer on TCP; driven over its API.
 */
export class ShopProgram {
  readonly folder: string;
  readonly agency: AgencySimulator;
  readonly printer: VirtualPrinter;
  readonly #clock = systemClock;
  readonly #channelPort: number;
  readonly #nodeFlags: readonly string[];
  readonly #standby: boolean;
  #pcscd: PrivatePcscd;
  #psam: VirtualReaderLink;
  #card: VirtualReaderLink | undefined;
  #line: SlowLine | undefined;
  #program: ChildProcess | undefined;
  /** Has read its code and waits. */
  #next: ChildProcess | undefined;
  url = '';

  protected constructor(parts: ShopProgramParts) {
    this.folder = parts.folder;
    this.agency = parts.agency;
    this.printer = parts.printer;
    this.#pcscd = parts.pcscd;
    this.#psam = parts.psam;
    this.#nodeFlags = parts.nodeFlags;
    this.#standby = parts.standby;
    this.#channelPort = parts.pcscd.channelPort;
  }

  static async start(options: ShopOptions = {}): Promise<ShopProgram> {
    const shop = new ShopProgram(await ShopProgram.prepare(options));
    await shop.startProgram();
    await shop.untilModuleReady();
    return shop;
  }

  /** Everything around the program, which is not started yet. */
  protected static async prepare(options: ShopOptions): Promise<ShopProgramParts> {
    const folder = mkdtempSync(join(tmpdir(), 'guitai-e2e-'));
    const clock = systemClock;
    const agency = await startAgencySimulator({
      clock,
      catalog: agencyCatalog(),
      policies: trainingPolicies(),
    });
    const printer = await startVirtualPrinter({ port: 0, clock });
    const pcscd = await startPrivatePcscd({ folder: join(folder, 'pcscd') });
    const psam = await insertModule(pcscd.channelPort);
    const configFile = join(folder, 'guitai.toml');
    const places = {
      port: await freePort(),
      agencyUrl: agency.url,
      printerPort: printer.port,
      requestLifeMs: options.requestLifeMs ?? 1_500,
    };
    writeFileSync(configFile, `${await configuration(places)}\n${options.toml ?? KEYBOARD_PIN}`);
    await startCatalog(configFile);
    return {
      folder,
      agency,
      printer,
      pcscd,
      psam,
      nodeFlags: options.nodeFlags ?? [],
      standby: options.standby ?? false,
    };
  }

  /** Process id of the running program. */
  get pid(): number {
    const pid = this.#program?.pid;
    if (pid === undefined) throw new Error('the program does not run');
    return pid;
  }

  get configFile(): string {
    return join(this.folder, 'guitai.toml');
  }

  /** Environment of the real program and of commands: which card service they talk to. */
  get env(): NodeJS.ProcessEnv {
    return { ...process.env, ...this.#pcscd.env };
  }

  async startProgram(): Promise<void> {
    const program = this.#next ?? this.#spawn();
    this.#next = undefined;
    program.stdin?.end('begin');
    this.#program = program;
    this.url = await new Promise<string>((resolve, reject) => {
      let said = '';
      const timer = setTimeout(() => reject(new Error(`the program did not start: ${said}`)), READY_MS);
      const listen = (chunk: Buffer) => {
        said += chunk.toString('utf8');
        const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
        if (url === undefined) return;
        clearTimeout(timer);
        resolve(url);
      };
      program.stdout?.on('data', listen);
      program.stderr?.on('data', listen);
      program.once('exit', (code) => reject(new Error(`the program ended with ${code}: ${said}`)));
    });
    if (this.#standby) this.#next = this.#spawn();
  }

  #spawn(): ChildProcess {
    const flags = [...this.#nodeFlags, ...(this.#standby ? ['--import', standby] : [])];
    const args = [...flags, join(root, 'bin/guitai.js'), 'serve', '--config', this.configFile];
    return spawn(process.execPath, args, {
      cwd: this.folder,
      env: this.env,
      stdio: [this.#standby ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    });
  }

  /** `kill -9`, as a power cut does it. */
  async killProgram(): Promise<void> {
    const program = this.#program;
    if (program === undefined) return;
    const ended = new Promise((resolve) => program.once('exit', resolve));
    program.kill('SIGKILL');
    await ended;
  }

  /** A busy machine may overlook the module as it is put in; then it is put in again, as one would by hand. */
  protected async untilModuleReady(): Promise<void> {
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      const end = performance.now() + 4_000;
      while (performance.now() < end) {
        const { rows } = await this.api<{ rows: { part: string; state: string }[] }>('GET', '/api/doctor');
        if (rows.some(({ part, state }) => part === 'security-module' && state === 'ok')) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      await this.#psam.remove();
      this.#psam = await insertModule(this.#channelPort);
    }
    throw new Error('the security module is never seen');
  }

  /** Opens the shift over the API and makes the terminal's key known to the agency, as a shop does once. */
  async openShift(): Promise<void> {
    await this.#must('POST', '/api/shift/open', { number: '0101', pin: '1234' });
    await this.enrolKey();
  }

  async enrolKey(): Promise<void> {
    const enrolmentCode = this.agency.control.issueEnrolmentCode();
    await this.#must('POST', '/api/keys/enrol', { enrolmentCode });
  }

  async #must(method: string, path: string, body: unknown): Promise<void> {
    const answer = await this.api<{ error?: { code: string; detail?: string } }>(method, path, body);
    if (answer.error !== undefined) throw new Error(`${path}: ${answer.error.code} ${answer.error.detail}`);
  }

  /** Puts a card in; with `answerMs` each of its answers takes that long, with `mute` none ever comes. */
  async insert(
    card: TrainingCardId | CardLike,
    options: { readonly answerMs?: number; readonly mute?: boolean } = {},
  ): Promise<void> {
    await this.pull();
    const { answerMs } = options;
    if (answerMs !== undefined) this.#line = await openSlowLine(this.#channelPort, answerMs);
    this.#card = await connectToVirtualReader(typeof card === 'string' ? makeTrainingCard(card) : card, {
      host: '127.0.0.1',
      port: this.#line?.port ?? this.#channelPort,
      clock: this.#clock,
      reconnect: true,
      mute: options.mute ?? false,
    });
  }

  /** Pulls the card and waits until card service and till have noticed. */
  async pull(): Promise<void> {
    if (this.#card === undefined) return;
    await this.#card.remove();
    const removedMs = performance.now();
    await this.#line?.close();
    this.#card = undefined;
    this.#line = undefined;
    // A program that was just started says that the reader is empty before it has looked; and of a card that was pulled
    // in the middle of a command pcscd 1.9.9 never sees the next one unless it came to notice the pull.
    await new Promise((resolve) => setTimeout(resolve, removedMs + NOTICED_MS - performance.now()));
    try {
      await this.#untilEmpty();
    } catch (error) {
      // The slot has no card any more. If the service itself still holds one, the virtual reader's driver is
      // stuck (vpcd closes its connection outside its lock, from two threads); if not, the till is wrong.
      if (await serviceSeesNoCard(this.env)) throw error;
      process.stdout.write('the virtual reader is stuck: its service is started again\n');
      await this.killCardService();
      await this.startCardService();
      await this.#untilEmpty();
    }
  }

  async #untilEmpty(): Promise<void> {
    await this.until(
      'the reader is empty',
      ({ reader }) => !['card-present', 'fault'].includes(reader.state),
    );
  }

  /** Takes the card out without waiting for anybody to notice. */
  async yank(): Promise<void> {
    const card = this.#card;
    this.#card = undefined;
    await card?.remove();
  }

  /** Another card in place of the one that lies there, faster than the till can look. */
  async swap(card: TrainingCardId | CardLike): Promise<void> {
    const before = this.#card;
    const next = typeof card === 'string' ? makeTrainingCard(card) : card;
    await before?.remove();
    this.#card = await connectToVirtualReader(next, {
      host: '127.0.0.1',
      port: this.#channelPort,
      clock: this.#clock,
      reconnect: true,
    });
  }

  async killCardService(): Promise<void> {
    process.kill(this.#pcscd.pid, 'SIGKILL');
    await this.#pcscd.ended;
  }

  /** Starts it again on the same socket; with `none` as after the reader was unplugged. */
  async startCardService(readers: 'vpcd' | 'none' = 'vpcd'): Promise<void> {
    this.#pcscd = await startPrivatePcscd({
      folder: join(this.folder, 'pcscd'),
      channelPort: this.#channelPort,
      readers,
    });
  }

  /** One command line of `guitai` against this shop. */
  async guitai(...args: readonly string[]): Promise<ProgramEnd> {
    return runProgram([...args, '--config', this.configFile], this.env);
  }

  async api<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T> {
    const token = readFileSync(join(this.folder, 'data', 'api-token'), 'utf8').trim();
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return (await response.json()) as T;
  }

  view(): Promise<TillView> {
    return this.api<TillView>('GET', '/api/till');
  }

  async until(what: string, holds: (view: TillView) => boolean, withinMs = 10_000): Promise<TillView> {
    const end = performance.now() + withinMs;
    for (;;) {
      const view = await this.view();
      if (holds(view)) return view;
      if (performance.now() > end)
        throw new Error(`${what}: not within ${withinMs} ms: ${JSON.stringify(view)}`);
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
  }

  async close(): Promise<void> {
    this.#next?.kill('SIGKILL');
    const program = this.#program;
    if (program !== undefined && program.exitCode === null && program.signalCode === null) {
      const ended = new Promise((resolve) => program.once('exit', resolve));
      program.kill('SIGTERM');
      await ended;
    }
    await this.#card?.remove();
    await this.#psam.remove();
    await this.#pcscd.stop();
    await this.printer.stop();
    await this.agency.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The starter list becomes the catalogue in use, as a shop does it before it opens. */
async function startCatalog(configFile: string): Promise<void> {
  const ended = await runProgram(['catalog', 'import', starterFile(), '--config', configFile], process.env);
  if (ended.code !== 0) throw new Error(`the starter list does not import: ${ended.err}`);
}

/** A fixed port, so that commands find the till and the page finds it again after a restart. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

interface ShopPlaces {
  readonly port: number;
  readonly agencyUrl: string;
  readonly printerPort: number;
  readonly requestLifeMs: number;
}

export interface ProgramEnd {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs `bin/guitai.js` to its end, killed when it takes longer than a command may. */
export function runProgram(args: readonly string[], env: NodeJS.ProcessEnv): Promise<ProgramEnd> {
  const program = spawn(process.execPath, [join(root, 'bin/guitai.js'), ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const timer = setTimeout(() => program.kill('SIGKILL'), COMMAND_MS);
  let out = '';
  let err = '';
  program.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString('utf8');
  });
  program.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString('utf8');
  });
  return new Promise((resolve) =>
    program.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code, out, err });
    }),
  );
}

function insertModule(channelPort: number): Promise<VirtualReaderLink> {
  return connectToVirtualReader(new VirtualPsam(trainingPsam()), {
    host: '127.0.0.1',
    port: channelPort + 1,
    clock: systemClock,
    reconnect: true,
  });
}

async function configuration({ port, agencyUrl, printerPort, requestLifeMs }: ShopPlaces): Promise<string> {
  return `
[shop]
name = "端到端测试药店"
[server]
port = ${port}
[agency]
url = "${agencyUrl}"
answer_timeout_ms = 2000
request_life_ms = ${requestLifeMs}
[upload]
random_start_seconds = 0
[reader]
name = "00 00"
security_module = "00 01"
[printer]
address = "tcp://127.0.0.1:${printerPort}"
[offline]
enabled = true
basis = "test document"
[[operators]]
number = "0101"
name = "收银员甲"
pin_hash = "${await pinHash('1234')}"
[[operators]]
number = "0102"
name = "店长乙"
role = "manager"
pin_hash = "${await pinHash('5678')}"
`;
}
