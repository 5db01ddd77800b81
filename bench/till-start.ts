import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { assert } from '#core/assert';
import { systemClock } from '#core/clock';
import { parseConfig } from '#core/config/parse';
import { catalogTools } from '#main';
import { type AgencySimulator, startAgencySimulator } from '#simulators/agency/simulator';
import { generatedCatalog } from './generated-catalog.ts';
import type { BenchContext } from './measure.ts';
import { packageRoot } from './processes.ts';

const { useCatalogOffline } = await catalogTools();

const DEADLINE_MS = 60_000;

/** A real shop ready to be started: data folder with the generated catalogue, configuration, agency. */
export interface PreparedShop {
  readonly folder: string;
  readonly configFile: string;
  readonly port: number;
}

export interface StartedTill {
  readonly pid: number;
  /** From the start of the process until the till answered its first question. */
  readonly readyMs: number;
  stop(): Promise<void>;
}

/** Runs `work` with a prepared shop; the agency simulator of that shop ends with it. */
export async function* withShop<T>(
  context: BenchContext,
  work: (shop: PreparedShop) => AsyncIterable<T>,
): AsyncIterable<T> {
  const { folder, version } = await generatedCatalog(context);
  const config = parseConfig('', {});
  assert(config.ok, 'an empty configuration is the default');
  const inUse = await useCatalogOffline({ config: config.value, folder }, version);
  assert(inUse.ok, 'nobody else uses the folder of this run');
  const agency = await startAgencySimulator({ clock: systemClock, policies: [] });
  try {
    const port = await freePort();
    const configFile = join(context.folder, 'guitai.toml');
    writeFileSync(configFile, configuration(folder, port, agency));
    yield* work({ folder, configFile, port });
  } finally {
    await agency.stop();
  }
}

/** `guitai serve` as a shop starts it; no card service answers, which is the slow case of the reader. */
export async function startTill(shop: PreparedShop): Promise<StartedTill> {
  const startMs = performance.now();
  const child = spawn(
    process.execPath,
    [join(packageRoot(), 'bin', 'guitai.js'), 'serve', '--config', shop.configFile],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...cleanEnvironment(), PCSCLITE_CSOCK_NAME: join(shop.folder, 'no-card-service') },
    },
  );
  let complaint = '';
  child.stderr?.on('data', (text) => {
    complaint += String(text);
  });
  await answering(shop, child, startMs + DEADLINE_MS, () => complaint);
  const readyMs = performance.now() - startMs;
  const { pid } = child;
  assert(pid !== undefined, 'a till that answers runs');
  return { pid, readyMs, stop: () => end(child) };
}

async function answering(
  shop: PreparedShop,
  child: ChildProcess,
  deadlineMs: number,
  complaint: () => string,
): Promise<void> {
  for (;;) {
    if ((await askTill(shop)) === 200) return;
    if (child.exitCode !== null || child.signalCode !== null || performance.now() > deadlineMs) {
      await end(child);
      throw new Error(`the till does not start: ${complaint().trim()}`);
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
}

/** HTTP status of the till's state, or undefined while nobody answers. */
function askTill({ folder, port }: PreparedShop): Promise<number | undefined> {
  let token: string;
  try {
    token = readFileSync(join(folder, 'api-token'), 'utf8').trim();
  } catch {
    return Promise.resolve(undefined);
  }
  return new Promise((resolve) => {
    const headers = { authorization: `Bearer ${token}` };
    const request = get({ host: '127.0.0.1', port, path: '/api/till', headers, agent: false }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode));
    });
    request.once('error', () => resolve(undefined));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => {
    child.once('exit', resolve);
  });
  child.kill('SIGTERM');
  const impatience = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(impatience);
}

function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GUITAI_')));
}

function configuration(folder: string, port: number, agency: AgencySimulator): string {
  return [
    '[shop]',
    'name = "示例大药房"',
    '[server]',
    `port = ${port}`,
    '[data]',
    `folder = ${JSON.stringify(folder)}`,
    '[agency]',
    `url = "${agency.url}"`,
    '',
  ].join('\n');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      assert(typeof address === 'object' && address !== null, 'a listening server has an address');
      probe.close(() => resolve(address.port));
    });
  });
}
