import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '#core/clock';
import { parseConfig } from '#core/config/parse';
import { FakeCardReader } from '#drivers/card-reader/fake';
import { noCounterDevices } from '../../../src/main/devices.ts';
import { assemble } from '../../../src/main/shop.ts';
import { newFolder } from '../../helpers/till-records.ts';

/** A file system of its own, so that "no space left" is real. */
const disk = newFolder();
const canMount = mount(64);
if (canMount) unmount();

function mount(sizeKib: number): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeKib}k`, 'tmpfs', disk.path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Lazily: a shop that could not start keeps its log open till the end of the process. */
function unmount(): void {
  execFileSync('umount', ['-l', disk.path]);
}

afterEach(() => unmount());

describe.skipIf(!canMount)('a disk with too little room', () => {
  test('however little there is, a start ends with a code and a next step, never in the middle', async () => {
    const codes = new Set<string>();
    const tryWith = async (sizeKib: number) => {
      if (codes.size > 0) unmount();
      mount(sizeKib);
      const code = await startedOn(disk.path);
      codes.add(code);
      return code;
    };
    let enoughKib = 64;
    while ((await tryWith(enoughKib)) !== 'started') enoughKib += 64;
    // Where the records just open, the last pages are missing to what the till itself writes at its start.
    for (let sizeKib = enoughKib - 64; sizeKib < enoughKib; sizeKib += 4) await tryWith(sizeKib);
    expect(codes).toContain('store-disk-full');
    codes.delete('started');
    for (const code of codes) expect(code).toMatch(/^store-/);
  }, 120_000);

  test('lines that the full disk refuses cost the till nothing, and the log goes on when there is room', () => {
    mount(256);
    const ballast = join(disk.path, 'ballast');
    const file = join(disk.path, 'guitai.log');
    // A process of its own with a deadline: an error of the log that nobody hears ends or hangs a program.
    execFileSync(process.execPath, ['--input-type=module', '-e', LOGGING, file, ballast], {
      timeout: 20_000,
    });
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ msg: 'before' });
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ msg: 'after' });
  });
});

const LOGGING = `
  import { rmSync, writeFileSync } from 'node:fs';
  import { openLog } from '${new URL('../../../dist/src/main/log-file.js', import.meta.url).href}';
  const [file, ballast] = process.argv.slice(1);
  const log = openLog(file, 'info');
  log.info('before');
  for (let size = 262144; size >= 512; size /= 2)
    try { writeFileSync(ballast, Buffer.alloc(size), { flag: 'a' }); } catch {}
  for (let count = 0; count < 100; count += 1) log.info({ padding: 'x'.repeat(100) }, 'full');
  rmSync(ballast);
  log.info('after');
`;

/** `started`, or the code with which a shop with an empty data folder did not start. */
async function startedOn(folder: string): Promise<string> {
  const config = parseConfig('[server]\nport = 0\n[data]\nreserve_mb = 0\n', {});
  if (!config.ok) throw new Error(config.error.detail);
  const readers = new FakeCardReader({ readers: ['one'], clock: systemClock });
  const shop = await assemble(
    { config: config.value, folder },
    {
      readers,
      cardReaders: undefined,
      moduleReader: undefined,
      printer: undefined,
      counter: noCounterDevices,
    },
  );
  if (!shop.ok) {
    expect(shop.error.nextZh).not.toBe('');
    return shop.error.code;
  }
  await shop.value.stop();
  return 'started';
}
