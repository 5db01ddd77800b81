import { type ChildProcess, spawn } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Above the well-known ports and below 32768, where Linux hands out ephemeral ports. */
const LOWEST_PORT = 12_000;
const HIGHEST_PORT = 32_000;
const READY_TIMEOUT_MS = 8_000;
const START_TRIES = 4;
const DAEMON_PATHS = ['/usr/sbin/pcscd', '/usr/local/sbin/pcscd', '/usr/bin/pcscd'];
const DRIVER_FOLDERS = ['/usr/lib/pcsc/drivers/serial', '/usr/local/lib/pcsc/drivers/serial'];
const DRIVER_NAMES = ['libifdvpcd.so', 'libifdvpcd.so.0.8'];
/** Compiled into pcscd; written by every instance that may, so the system's own entry is put back. */
const PID_FILE = '/run/pcscd/pcscd.pid';
/** Kept short: a unix socket path may have 107 bytes. */
const SOCKET_NAME = 'pcscd.comm';

export interface PrivatePcscdOptions {
  /** A folder of this instance alone: socket, reader configuration. Made when missing. */
  readonly folder: string;
  /** TCP port of the virtual reader's first slot, the second is one higher; below 32768. Default: a free pair. */
  readonly channelPort?: number;
  /** `none`: no reader at all, as after unplugging. */
  readonly readers?: 'vpcd' | 'none';
}

export interface PrivatePcscd {
  readonly pid: number;
  /** Environment of the clients: without it they would talk to the system's service. */
  readonly env: { readonly PCSCLITE_CSOCK_NAME: string };
  readonly socketPath: string;
  /** Port of slot 1; slot 2 listens on the next one. */
  readonly channelPort: number;
  /** Resolves when this pcscd has ended, by `stop` or otherwise. */
  readonly ended: Promise<void>;
  /** Ends this pcscd and nothing else; safe to call twice. */
  stop(): Promise<void>;
}

export type PcscdAvailability = { readonly ok: true } | { readonly ok: false; readonly missing: string[] };

/** Whether a private card service with a virtual reader can be started here; names the packages that lack. */
export function pcscdAvailable(): PcscdAvailability {
  const missing: string[] = [];
  if (process.platform !== 'linux') return { ok: false, missing: ['linux'] };
  if (daemonPath() === undefined) missing.push('pcscd');
  if (driverPath() === undefined) missing.push('vsmartcard-vpcd');
  return missing.length === 0 ? { ok: true } : { ok: false, missing };
}

/**
 * Starts a pcscd of our own on a private socket and waits until both slots accept cards. The system's
 * service, its socket and its configuration are not touched. It ends with `stop` and when this process ends.
 * Throws when it cannot be started: callers ask `pcscdAvailable` first.
 */
export async function startPrivatePcscd(options: PrivatePcscdOptions): Promise<PrivatePcscd> {
  const daemon = daemonPath();
  const driver = driverPath();
  if (daemon === undefined || driver === undefined) throw new Error('pcscd or the virtual reader is missing');
  for (let attempt = 1; ; attempt += 1) {
    const channelPort = options.channelPort ?? (await freePortPair());
    try {
      return await startOnce({ ...options, channelPort }, daemon, driver);
    } catch (error) {
      // The pair may have been taken between the look and the bind; a given port is the caller's choice.
      if (options.channelPort !== undefined || attempt >= START_TRIES) throw error;
    }
  }
}

async function startOnce(
  options: PrivatePcscdOptions & { readonly channelPort: number },
  daemon: string,
  driver: string,
): Promise<PrivatePcscd> {
  const { folder, channelPort } = options;
  const readerFolder = join(folder, 'readers');
  const socketPath = join(folder, SOCKET_NAME);
  await rm(readerFolder, { recursive: true, force: true });
  await mkdir(readerFolder, { recursive: true });
  if (options.readers !== 'none') {
    await writeFile(join(readerFolder, 'vpcd'), readerConfiguration(channelPort, driver));
  }
  const pidFileBefore = readIfThere(PID_FILE);
  const listener = await listenOn(`${socketPath}.new`);
  const child = spawnDaemon(daemon, readerFolder, descriptorOf(listener));
  // Closing a server removes the path it was bound to; under its new name the socket outlives that. Both in
  // one turn, or a client that comes meanwhile would be accepted by us instead of pcscd.
  renameSync(`${socketPath}.new`, socketPath);
  listener.close();
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  const stopWatchdog = watchdogFor(child);
  const stop = async (): Promise<void> => {
    // SIGKILL, because a polite end deletes the pid file, which may be the system service's.
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined)
      child.kill('SIGKILL');
    await ended;
    stopWatchdog();
    rmSync(socketPath, { force: true });
  };
  try {
    await waitUntilReady(child, options.readers === 'none' ? [] : [channelPort, channelPort + 1]);
  } catch (error) {
    await stop();
    throw error;
  } finally {
    putBackPidFile(pidFileBefore, child.pid);
  }
  const { pid } = child;
  if (pid === undefined) throw new Error('pcscd did not start');
  return { pid, env: { PCSCLITE_CSOCK_NAME: socketPath }, socketPath, channelPort, ended, stop };
}

function readerConfiguration(channelPort: number, driver: string): string {
  const channel = `0x${channelPort.toString(16)}`;
  return [
    'FRIENDLYNAME "Virtual PCD"',
    `DEVICENAME   /dev/null:${channel}`,
    `LIBPATH      ${driver}`,
    `CHANNELID    ${channel}`,
    '',
  ].join('\n');
}

/**
 * pcscd takes a ready socket like one from systemd: as descriptor 3, announced by LISTEN_FDS and by
 * LISTEN_PID, which must be its own pid; the shell knows that pid before it becomes pcscd.
 */
function spawnDaemon(daemon: string, readerFolder: string, socketDescriptor: number): ChildProcess {
  const script = 'export LISTEN_PID=$$ LISTEN_FDS=1; exec "$1" --foreground --critical --config "$2"';
  const shell = ['sh', '-c', script, 'sh', daemon, readerFolder];
  const setpriv = onPath('setpriv');
  // The kernel then ends pcscd with us, even after SIGKILL.
  const [command, ...args] = setpriv === undefined ? shell : [setpriv, '--pdeathsig', 'KILL', ...shell];
  const nodelay = packageFile('dist/tools/nodelay.so');
  return spawn(command ?? 'sh', args, {
    // A session of its own: Ctrl-C at the terminal reaches us first, and we end it in order.
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', socketDescriptor],
    env: { ...process.env, ...(nodelay === undefined ? {} : { LD_PRELOAD: nodelay }) },
  });
}

/** Without setpriv a shell waits for the end of our pipe and then ends that one pid. */
function watchdogFor(child: ChildProcess): () => void {
  if (onPath('setpriv') !== undefined || child.pid === undefined) return () => {};
  const watchdog = spawn('sh', ['-c', 'cat >/dev/null; kill -9 "$1" 2>/dev/null', 'sh', String(child.pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watchdog.on('error', () => {});
  watchdog.unref();
  return () => {
    watchdog.kill('SIGKILL');
  };
}

async function listenOn(path: string): Promise<Server> {
  const server = createServer();
  await rm(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => resolve());
  });
  return server;
}

/** Node has no public way to hand a listening socket to a foreign program; the handle's number is stable since v4. */
function descriptorOf(server: Server): number {
  const handle: unknown = Reflect.get(server, '_handle');
  const descriptor: unknown =
    typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'fd') : undefined;
  if (typeof descriptor !== 'number' || descriptor < 0) throw new Error('the socket has no descriptor');
  return descriptor;
}

async function waitUntilReady(child: ChildProcess, ports: readonly number[]): Promise<void> {
  const deadlineMs = performance.now() + READY_TIMEOUT_MS;
  for (;;) {
    const holders = ports.map((port) => holderOf(port, child.pid));
    if (holders.every((holder) => holder === 'ours')) break;
    if (holders.includes('other')) throw new Error(`port ${ports.join(' or ')} is taken`);
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
      throw new Error('pcscd ended while starting');
    }
    if (performance.now() > deadlineMs) throw new Error(`no virtual reader on ports ${ports.join(', ')}`);
    await pause(20);
  }
  // pcscd writes its pid file just after the readers; clients may already connect, the socket waits.
  for (let turn = 0; turn < 10 && pidInFile(readIfThere(PID_FILE)) !== child.pid; turn += 1) await pause(10);
}

/**
 * Who listens on `port`, asked of the kernel's tables: connecting would count as putting a card in, and a port
 * that somebody else holds looks the same from outside.
 */
function holderOf(port: number, pid: number | undefined): 'nobody' | 'ours' | 'other' {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => (readIfThere(table) ?? '').split('\n'));
  const inodes = rows.flatMap((row) => {
    const [, address, , state, , , , , , inode] = row.trim().split(/\s+/);
    return state === '0A' && address?.endsWith(local) === true && inode !== undefined ? [inode] : [];
  });
  if (inodes.length === 0) return 'nobody';
  return pid !== undefined && inodes.some((inode) => holdsSocket(pid, inode)) ? 'ours' : 'other';
}

function holdsSocket(pid: number, inode: string): boolean {
  const folder = `/proc/${pid}/fd`;
  return namesIn(folder).some((name) => targetOf(join(folder, name)) === `socket:[${inode}]`);
}

/** Descriptors come and go while we look, and so may the process. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return [];
    throw error;
  }
}

function targetOf(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

async function freePortPair(): Promise<number> {
  const pairs = Math.floor((HIGHEST_PORT - LOWEST_PORT) / 2);
  const first = Math.floor(Math.random() * pairs);
  for (let step = 0; step < pairs; step += 1) {
    const port = LOWEST_PORT + 2 * ((first + step) % pairs);
    if ((await isFree(port)) && (await isFree(port + 1))) return port;
  }
  throw new Error('no free pair of ports for the virtual reader');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    // All addresses, because that is what the virtual reader's driver binds.
    probe.listen({ port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

function putBackPidFile(before: string | undefined, ourPid: number | undefined): void {
  if (ourPid === undefined || pidInFile(readIfThere(PID_FILE)) !== ourPid) return;
  try {
    const earlier = pidInFile(before);
    if (before === undefined || earlier === undefined || !existsSync(`/proc/${earlier}`)) {
      rmSync(PID_FILE, { force: true });
    } else {
      writeFileSync(PID_FILE, before);
    }
  } catch {
    // Not ours to write: then pcscd could not write it either.
  }
}

/** pcscd fills the file up with zero bytes. */
function pidInFile(text: string | undefined): number | undefined {
  const pid = Number.parseInt(text ?? '', 10);
  return Number.isNaN(pid) ? undefined : pid;
}

function daemonPath(): string | undefined {
  return DAEMON_PATHS.find(isExecutable) ?? onPath('pcscd');
}

function driverPath(): string | undefined {
  return DRIVER_FOLDERS.flatMap((folder) => DRIVER_NAMES.map((name) => join(folder, name))).find((path) =>
    existsSync(path),
  );
}

function onPath(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function packageFile(relativePath: string): string | undefined {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
  const path = join(folder, relativePath);
  return existsSync(path) ? path : undefined;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
